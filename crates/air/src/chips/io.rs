//! The entry's arguments and results, the ways a run ends by itself, and growing the memory.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::layout::{STATIC_BASE, STATIC_MEMORY_SIZE};
use provasm_isa::{EXITED, Family};

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::{LIMB, check_limbs, exprs, joined, padded};
use crate::gadgets::register::{ReadCols, WriteCols, access};

/// Kind of an argument on the io bus.
pub const IO_ARGUMENT: u32 = 1;
/// Kind of a result on the io bus.
pub const IO_RESULT: u32 = 2;

columns! {
    /// `arg`, `result`, `halt` or `exit`.
    pub struct IoCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// `arg`.
        pub argument: T,
        /// `result`.
        pub result: T,
        /// `halt`.
        pub halt: T,
        /// `exit`.
        pub exit: T,
        /// Index of the register.
        pub register: T,
        /// Number of the argument or result.
        pub index: T,
        /// The value.
        pub value: [T; 4],
        /// The register before.
        pub before: [T; 4],
        /// Clock of the register's access before.
        pub previous: T,
    }

    /// `memory.grow`.
    pub struct MemoryGrowCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// Destination index.
        pub d: T,
        /// Index of the register that holds the pages to add.
        pub a: T,
        /// Pages the memory can have.
        pub max: [T; 2],
        /// Pages to add.
        pub delta: ReadCols<T, 2>,
        /// Size in pages, before.
        pub size: ReadCols<T, 2>,
        /// Whether it fits.
        pub fits: T,
        /// Carry of the low limb of what is left or lacks: -2 to 1.
        pub carry: T,
        /// Low limb of what is left, or lacks, minus one.
        pub slack: [T; 2],
        /// Size in pages, after.
        pub after: [T; 2],
        /// The destination.
        pub write: WriteCols<T>,
        /// Touched pages of those it adds.
        pub touched: T,
    }
}

impl<V: Copy> IoCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        for flag in [self.argument, self.result, self.halt, self.exit] {
            b.assert_bool(flag);
        }
        let goes_on = &(self.argument + self.result);
        let reads = &(self.result + self.exit);
        let accesses = &(goes_on.clone() + self.exit);
        let ends = &(self.halt + self.exit);
        let real = &(goes_on.clone() + ends.clone());
        b.assert_bool(real.clone());
        let flags = self.result * KoalaBear::TWO
            + self.argument
            + self.halt * KoalaBear::new(4)
            + self.exit * KoalaBear::new(8);
        self.cpu.fetch(
            b,
            Family::Io,
            Operands {
                flags,
                d: self.argument * self.register,
                a: reads.clone() * self.register,
                imm: padded::<B, 1>([self.index.into()]),
                ..Operands::default()
            },
            real,
        );
        self.cpu.arrive(b, real);
        self.cpu.leave(b, self.cpu.pc + KoalaBear::ONE, self.cpu.fp.into(), goes_on);
        let code = self.exit * KoalaBear::new(EXITED.into());
        bus::send(b, bus::OUTCOME, [code, self.exit * self.value[0], self.exit * self.value[1]], ends.clone());

        // An argument is written in slot 2, a result or an exit code read in slot 0.
        let now = self.argument * KoalaBear::TWO + self.cpu.clock;
        let (before, value) = (exprs::<B, 4>(self.before), exprs::<B, 4>(self.value));
        for (before, value) in before.iter().zip(&value) {
            b.assert_zero((before.clone() - value.clone()) * reads.clone());
        }
        let address = self.cpu.register::<B>(self.register);
        access(b, address, before, self.previous.into(), value.clone(), now, accesses);
        let [v0, v1, v2, v3] = value;
        let fields =
            |kind: u32| [constant::<B>(kind), self.index.into(), v0.clone(), v1.clone(), v2.clone(), v3.clone()];
        bus::receive(b, bus::IO, fields(IO_ARGUMENT), self.argument.into());
        bus::send(b, bus::IO, fields(IO_RESULT), self.result.into());
    }
}

impl<V: Copy> MemoryGrowCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        for flag in [self.real, self.fits, self.after[1]] {
            b.assert_bool(flag);
        }
        let real = &self.real.into();
        let imm = padded::<B, 2>(exprs::<B, 2>(self.max));
        self.cpu.fetch(
            b,
            Family::MemoryGrow,
            Operands { d: self.d.into(), a: self.a.into(), imm, ..Operands::default() },
            real,
        );
        self.cpu.advance(b, real);
        self.delta.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        let size_cell = constant::<B>(STATIC_BASE + STATIC_MEMORY_SIZE);
        self.size.update(b, size_cell, exprs::<B, 2>(self.after), self.cpu.slot::<B>(1), real);
        self.check_fits(b, real);

        let pages = joined::<B>(self.size.value);
        let after = joined::<B>(self.after);
        // Where it fits, nothing exceeds 2^17, so the sum is one of integers.
        let delta = joined::<B>(self.delta.value);
        b.assert_eq(after.clone(), delta * self.fits + pages.clone());
        bus::range(b, self.after[0].into(), constant::<B>(16), real.clone());
        // The pages from the old size up to the new are born. Where it does not fit there are none, and
        // padding vouches for nothing.
        b.assert_zero((B::Expr::ONE - self.real) * self.touched);
        bus::provide(b, bus::GROWTH, [pages, after, self.cpu.slot::<B>(0)], self.touched.into());

        let out = core::array::from_fn(|i| {
            (self.size.value[i].into() - constant::<B>(0xffff)) * self.fits + constant::<B>(0xffff)
        });
        self.write.write(b, self.cpu.register::<B>(self.d), padded::<B, 2>(out), self.cpu.slot::<B>(2), real);
    }

    /// Proves `fits` by limbs: max - size - delta >= 0, or size + delta - max - 1 >= 0. Both are below 2^32, as the
    /// size is at most the maximum.
    fn check_fits<B: Builder<Var = V>>(&self, b: &mut B, real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        let sign = self.fits.into().double() - B::Expr::ONE;
        let left = |i: usize| self.max[i] - self.size.value[i] - self.delta.value[i];
        let carry = self.carry.into();
        let low = sign.clone() * left(0) + self.fits - B::Expr::ONE - carry.clone() * LIMB;
        let high = sign * left(1) + carry.clone();
        b.assert_zero((low - self.slack[0]) * self.real);
        b.assert_zero((high - self.slack[1]) * self.real);
        let two = KoalaBear::TWO;
        let product = (carry.clone() + two) * (carry.clone() + KoalaBear::ONE) * (carry.clone() - KoalaBear::ONE);
        b.assert_zero(product * carry);
        check_limbs(b, exprs::<B, 2>(self.slack), real);
        b.assert_zero((B::Expr::ONE - self.real) * self.fits);
    }
}
