//! Hints and messages.

use provasm_isa::Family;

use crate::bus::{Builder, Var};
use crate::columns::columns;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::{check_limbs, exprs, padded};
use crate::gadgets::register::WriteCols;

columns! {
    /// `d` = a value that the prover chooses.
    pub struct HintCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// Destination index.
        pub d: T,
        /// What the executor is asked for.
        pub kind: T,
        /// The value.
        pub value: [T; 4],
        /// The destination.
        pub write: WriteCols<T>,
    }

    /// A message: it does nothing.
    pub struct LogCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// Index of the register that holds the message's address.
        pub a: T,
        /// Index of the register that holds its length.
        pub b: T,
    }
}

impl<V: Copy> HintCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        let imm = padded::<B, 1>([self.kind.into()]);
        self.cpu.fetch(b, Family::Hint, Operands { d: self.d.into(), imm, ..Operands::default() }, real);
        self.cpu.advance(b, real);
        let value = exprs::<B, 4>(self.value);
        check_limbs(b, value.clone(), real);
        self.write.write(b, self.cpu.register::<B>(self.d), value, self.cpu.slot::<B>(2), real);
    }
}

impl<V: Copy> LogCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        self.cpu.fetch(b, Family::Log, Operands { a: self.a.into(), b: self.b.into(), ..Operands::default() }, real);
        self.cpu.advance(b, real);
    }
}
