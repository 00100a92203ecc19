//! Shifts and rotations of `W` limbs.

use p3_field::PrimeCharacteristicRing;
use provasm_isa::Family;

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::{divided, exprs, padded};
use crate::gadgets::register::{ReadCols, WriteCols};
use crate::gadgets::shift::ShiftCols;
use crate::rom::shift_key;

columns! {
    /// `d = a` shifted by a constant.
    pub struct ShiftImmCols<T, const W: usize> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// Destination index.
        pub d: T,
        /// Source index.
        pub a: T,
        /// The source.
        pub read: ReadCols<T, W>,
        /// The shift, routed by the program.
        pub shift: ShiftCols<T, W>,
        /// The destination.
        pub write: WriteCols<T>,
    }

    /// `d = a` shifted by `b`.
    pub struct ShiftVarCols<T, const W: usize> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// The kind, as in [`provasm_isa::Family::ShiftVar32`].
        pub kind: T,
        /// Destination index.
        pub d: T,
        /// Source index.
        pub a: T,
        /// Index of the amount.
        pub b: T,
        /// The source.
        pub read_a: ReadCols<T, W>,
        /// The amount's register.
        pub read_b: ReadCols<T, W>,
        /// The amount, reduced by the width.
        pub amount: T,
        /// The shift, routed by the shift table.
        pub shift: ShiftCols<T, W>,
        /// The destination.
        pub write: WriteCols<T>,
    }
}

impl<V: Copy, const W: usize> ShiftImmCols<V, W> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, family: Family)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        let imm = [self.shift.bits.into(), self.shift.power.into(), B::Expr::ZERO, B::Expr::ZERO];
        self.cpu.fetch(
            b,
            family,
            Operands { flags: self.shift.flags::<B>(), d: self.d.into(), a: self.a.into(), imm, ..Operands::default() },
            real,
        );
        self.cpu.advance(b, real);
        self.read.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        let out = self.shift.check(b, exprs::<B, W>(self.read.value), real);
        self.write.write(b, self.cpu.register::<B>(self.d), padded::<B, W>(out), self.cpu.slot::<B>(2), real);
    }
}

impl<V: Copy, const W: usize> ShiftVarCols<V, W> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, family: Family)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        self.cpu.fetch(
            b,
            family,
            Operands {
                flags: self.kind.into(),
                d: self.d.into(),
                a: self.a.into(),
                b: self.b.into(),
                ..Operands::default()
            },
            real,
        );
        self.cpu.advance(b, real);
        self.read_a.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        self.read_b.read(b, self.cpu.register::<B>(self.b), self.cpu.slot::<B>(1), real);

        // The table holds amounts below the width only, so this split of the limb is the only one.
        let width_log = if W == 2 { 5 } else { 6 };
        let rest = divided(self.read_b.value[0] - self.amount, 1 << width_log);
        bus::range(b, rest, constant::<B>(16 - width_log), real.clone());
        let key = constant::<B>(shift_key(family, 0)) + self.kind;
        let routing = self.shift.flags::<B>();
        let fields = [key, self.amount.into(), routing, self.shift.bits.into(), self.shift.power.into()];
        bus::send(b, bus::SHIFT, fields, real.clone());

        let out = self.shift.check(b, exprs::<B, W>(self.read_a.value), real);
        self.write.write(b, self.cpu.register::<B>(self.d), padded::<B, W>(out), self.cpu.slot::<B>(2), real);
    }
}
