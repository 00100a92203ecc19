//! Static cells and cells of the host region, by index.
//!
//! Given an index in a register, proves that the cell at that index was read into a
//! register, or written from one. An index that names no such cell has no row.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::Family;
use provasm_isa::layout::{HOST_BASE, STATIC_BASE};

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::{exprs, joined};
use crate::gadgets::register::{ReadCols, WriteCols};

columns! {
    /// `d` = a cell, or a cell = `b`.
    pub struct StaticCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// `static.get` or `host.get`.
        pub get: T,
        /// `static.set` or `host.set`.
        pub set: T,
        /// A cell of the host region.
        pub host: T,
        /// Index of the register that holds the cell's index.
        pub a: T,
        /// Index of the register that takes the value, or gives it.
        pub register: T,
        /// The cell's index.
        pub index: ReadCols<T, 2>,
        /// The source: the cell, or the register.
        pub source: ReadCols<T, 4>,
        /// The destination: the register, or the cell.
        pub write: WriteCols<T>,
    }
}

/// Bits of a static index's high limb, so that static cells end where registers begin.
const STATIC_HIGH_BITS: u32 = 8;
/// Bits of a host index's high limb.
const HOST_HIGH_BITS: u32 = 12;

impl<V: Copy> StaticCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.get);
        b.assert_bool(self.set);
        b.assert_bool(self.host);
        // One of the two: the flags' sum would else fetch an instruction of another kind.
        let real = &(self.get + self.set);
        b.assert_bool(real.clone());
        self.cpu.fetch(
            b,
            Family::Static,
            Operands {
                flags: self.set * KoalaBear::TWO + self.get + self.host * KoalaBear::new(4),
                d: self.get * self.register,
                a: self.a.into(),
                b: self.set * self.register,
                ..Operands::default()
            },
            real,
        );
        self.cpu.advance(b, real);

        // The limbs above are zero, by the read, and the low one has 16 bits as every limb has.
        self.index.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        // A larger index would reach a register or a link, or leave the address space.
        let bits = self.host * KoalaBear::new(HOST_HIGH_BITS - STATIC_HIGH_BITS) + constant::<B>(STATIC_HIGH_BITS);
        bus::range(b, self.index.value[1].into(), bits, real.clone());
        let base = self.host * KoalaBear::new(HOST_BASE - STATIC_BASE) + constant::<B>(STATIC_BASE);
        let cell = joined::<B>(self.index.value) + base;
        let register = self.cpu.register::<B>(self.register);
        // Both sides are accessed in every row: the flags say only which of them is the cell.
        let distance = cell - register.clone();
        let (from, to) = (register.clone() + distance.clone() * self.get, register + distance * self.set);
        self.source.read(b, from, self.cpu.slot::<B>(1), real);
        self.write.write(b, to, exprs::<B, 4>(self.source.value), self.cpu.slot::<B>(2), real);
    }
}
