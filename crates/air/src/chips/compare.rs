//! Comparisons of `W` limbs, into a register or into a jump.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::Family;

use crate::bus::{Builder, Var};
use crate::columns::columns;
use crate::gadgets::compare::CompareCols;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::{exprs, padded};
use crate::gadgets::register::{ReadCols, WriteCols};

columns! {
    /// `d = a compared with b`.
    pub struct SetCols<T, const W: usize> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// Destination index.
        pub d: T,
        /// First source index.
        pub a: T,
        /// Second source index.
        pub b: T,
        /// The first source.
        pub read_a: ReadCols<T, W>,
        /// The second source.
        pub read_b: ReadCols<T, W>,
        /// The comparison.
        pub compare: CompareCols<T, W>,
        /// The destination.
        pub write: WriteCols<T>,
    }

    /// `d = a compared with imm`.
    pub struct SetImmCols<T, const W: usize> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// Destination index.
        pub d: T,
        /// Source index.
        pub a: T,
        /// The constant.
        pub imm: [T; W],
        /// The source.
        pub read: ReadCols<T, W>,
        /// The comparison.
        pub compare: CompareCols<T, W>,
        /// The destination.
        pub write: WriteCols<T>,
    }

    /// Jump if `a compared with b`.
    pub struct BranchCols<T, const W: usize> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// First source index.
        pub a: T,
        /// Second source index.
        pub b: T,
        /// Where it jumps.
        pub target: T,
        /// The first source.
        pub read_a: ReadCols<T, W>,
        /// The second source.
        pub read_b: ReadCols<T, W>,
        /// The comparison.
        pub compare: CompareCols<T, W>,
    }

    /// Jump if `a compared with imm`.
    pub struct BranchImmCols<T, const W: usize> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// Source index.
        pub a: T,
        /// Where it jumps.
        pub target: T,
        /// The constant.
        pub imm: [T; W],
        /// The source.
        pub read: ReadCols<T, W>,
        /// The comparison.
        pub compare: CompareCols<T, W>,
    }
}

/// The next pc of a conditional jump.
fn next_pc<B: Builder>(cpu: &CpuCols<B::Var>, holds: B::Var, target: B::Var) -> B::Expr {
    let next = cpu.pc + KoalaBear::ONE;
    (target.into() - next.clone()) * holds + next
}

impl<V: Copy, const W: usize> SetCols<V, W> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, family: Family)
    where
        V: Var<B::Expr>,
    {
        let real = &self.compare.real::<B>();
        self.cpu.fetch(
            b,
            family,
            Operands {
                flags: self.compare.flags::<B>(),
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
        self.compare.check(b, exprs::<B, W>(self.read_a.value), exprs::<B, W>(self.read_b.value));
        let out = padded::<B, 1>([self.compare.holds.into()]);
        self.write.write(b, self.cpu.register::<B>(self.d), out, self.cpu.slot::<B>(2), real);
    }
}

impl<V: Copy, const W: usize> SetImmCols<V, W> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, family: Family)
    where
        V: Var<B::Expr>,
    {
        let real = &self.compare.real::<B>();
        let imm = exprs::<B, W>(self.imm);
        self.cpu.fetch(
            b,
            family,
            Operands {
                flags: self.compare.flags::<B>(),
                d: self.d.into(),
                a: self.a.into(),
                imm: padded::<B, W>(imm.clone()),
                ..Operands::default()
            },
            real,
        );
        self.cpu.advance(b, real);
        self.read.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        self.compare.check(b, exprs::<B, W>(self.read.value), imm);
        let out = padded::<B, 1>([self.compare.holds.into()]);
        self.write.write(b, self.cpu.register::<B>(self.d), out, self.cpu.slot::<B>(2), real);
    }
}

impl<V: Copy, const W: usize> BranchCols<V, W> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, family: Family)
    where
        V: Var<B::Expr>,
    {
        let real = &self.compare.real::<B>();
        let imm = padded::<B, 1>([self.target.into()]);
        self.cpu.fetch(
            b,
            family,
            Operands {
                flags: self.compare.flags::<B>(),
                a: self.a.into(),
                b: self.b.into(),
                imm,
                ..Operands::default()
            },
            real,
        );
        self.read_a.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        self.read_b.read(b, self.cpu.register::<B>(self.b), self.cpu.slot::<B>(1), real);
        self.compare.check(b, exprs::<B, W>(self.read_a.value), exprs::<B, W>(self.read_b.value));
        self.cpu.jump(b, next_pc::<B>(&self.cpu, self.compare.holds, self.target), real);
    }
}

impl<V: Copy, const W: usize> BranchImmCols<V, W> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, family: Family)
    where
        V: Var<B::Expr>,
    {
        let real = &self.compare.real::<B>();
        let imm = exprs::<B, W>(self.imm);
        self.cpu.fetch(
            b,
            family,
            Operands {
                flags: self.compare.flags::<B>(),
                a: self.a.into(),
                b: self.target.into(),
                imm: padded::<B, W>(imm.clone()),
                ..Operands::default()
            },
            real,
        );
        self.read.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        self.compare.check(b, exprs::<B, W>(self.read.value), imm);
        self.cpu.jump(b, next_pc::<B>(&self.cpu, self.compare.holds, self.target), real);
    }
}
