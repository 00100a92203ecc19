//! Addition, subtraction and logic on `W` limbs.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::Family;

use crate::bus::{self, Builder, Var};
use crate::columns::columns;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::{LIMB, check_limbs, divided, exprs, padded};
use crate::gadgets::register::{ReadCols, WriteCols};

columns! {
    /// `d = a + b` or `d = a - b`.
    pub struct AddCols<T, const W: usize> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// 1 to subtract.
        pub subtract: T,
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
        /// The result.
        pub out: [T; W],
        /// Carries (0, 1) or borrows (0, -1) out of each limb.
        pub carry: [T; W],
        /// The destination.
        pub write: WriteCols<T>,
    }

    /// `d = a + imm`.
    pub struct AddImmCols<T, const W: usize> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// Destination index.
        pub d: T,
        /// Source index.
        pub a: T,
        /// The constant.
        pub imm: [T; W],
        /// The source.
        pub read: ReadCols<T, W>,
        /// The result.
        pub out: [T; W],
        /// The destination.
        pub write: WriteCols<T>,
    }

    /// One bitwise operation on limbs.
    pub struct LogicCols<T, const W: usize> {
        /// The operation is `and`.
        pub and: T,
        /// The operation is `or`.
        pub or: T,
        /// The operation is `xor`.
        pub xor: T,
        /// Low bytes of the first operand's limbs.
        pub a_low: [T; W],
        /// Low bytes of the second operand's limbs.
        pub b_low: [T; W],
        /// Conjunctions of the low bytes.
        pub and_low: [T; W],
        /// Conjunctions of the high bytes.
        pub and_high: [T; W],
    }

    /// `d = a op b`, bitwise.
    pub struct BitwiseCols<T, const W: usize> {
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
        /// The operation.
        pub logic: LogicCols<T, W>,
        /// The destination.
        pub write: WriteCols<T>,
    }

    /// `d = a op imm`, bitwise.
    pub struct BitwiseImmCols<T, const W: usize> {
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
        /// The operation.
        pub logic: LogicCols<T, W>,
        /// The destination.
        pub write: WriteCols<T>,
    }
}

impl<V: Copy, const W: usize> AddCols<V, W> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, family: Family)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        b.assert_bool(self.subtract);
        let real = &self.real.into();
        self.cpu.fetch(
            b,
            family,
            Operands {
                flags: self.subtract.into(),
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

        let sign = B::Expr::ONE - self.subtract.into().double();
        let mut carry = B::Expr::ZERO;
        for i in 0..W {
            b.assert_eq(
                sign.clone() * self.read_b.value[i] + self.read_a.value[i] + carry,
                self.carry[i] * LIMB + self.out[i],
            );
            // 0 or the operation's sign: any other carry would make another sum pass.
            b.assert_zero((self.carry[i].into() - sign.clone()) * self.carry[i]);
            carry = self.carry[i].into();
        }
        let out = exprs::<B, W>(self.out);
        check_limbs(b, out.clone(), real);
        self.write.write(b, self.cpu.register::<B>(self.d), padded::<B, W>(out), self.cpu.slot::<B>(2), real);
    }
}

impl<V: Copy, const W: usize> AddImmCols<V, W> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, family: Family)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        let imm = padded::<B, W>(exprs::<B, W>(self.imm));
        self.cpu.fetch(b, family, Operands { d: self.d.into(), a: self.a.into(), imm, ..Operands::default() }, real);
        self.cpu.advance(b, real);
        self.read.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        let mut carry = B::Expr::ZERO;
        for i in 0..W {
            carry = divided(self.read.value[i] + self.imm[i] - self.out[i] + carry, 65_536);
            // The carry is 0 or 1, else the sum plus 2^16 would pass.
            b.assert_bool(carry.clone());
        }
        let out = exprs::<B, W>(self.out);
        check_limbs(b, out.clone(), real);
        self.write.write(b, self.cpu.register::<B>(self.d), padded::<B, W>(out), self.cpu.slot::<B>(2), real);
    }
}

impl<V: Copy, const W: usize> LogicCols<V, W> {
    /// Whether the row is an instruction: one operation is named.
    pub fn real<B: Builder<Var = V>>(&self) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        self.and + self.or + self.xor
    }

    fn flags<B: Builder<Var = V>>(&self) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        self.or * KoalaBear::TWO + self.and + self.xor * KoalaBear::new(4)
    }

    /// The limbs of `x op y`, for checked limbs.
    fn check<B: Builder<Var = V>>(&self, b: &mut B, x: [B::Expr; W], y: [B::Expr; W]) -> [B::Expr; W]
    where
        V: Var<B::Expr>,
    {
        for flag in [self.and, self.or, self.xor] {
            b.assert_bool(flag);
        }
        let real = self.real::<B>();
        b.assert_bool(real.clone());
        core::array::from_fn(|i| {
            let (x, y) = (x[i].clone(), y[i].clone());
            // The lookups prove all bytes to be bytes, so each split is the only one.
            let (x_low, y_low, and_low) = (self.a_low[i].into(), self.b_low[i].into(), self.and_low[i].into());
            bus::send(b, bus::AND, [x_low, y_low, and_low], real.clone());
            let x_high = divided(x.clone() - self.a_low[i], 256);
            let y_high = divided(y.clone() - self.b_low[i], 256);
            bus::send(b, bus::AND, [x_high, y_high, self.and_high[i].into()], real.clone());
            let and = self.and_high[i] * KoalaBear::new(256) + self.and_low[i];
            let sum = x + y;
            (sum.clone() - and.clone()) * self.or + (sum - and.double()) * self.xor + and * self.and
        })
    }
}

impl<V: Copy, const W: usize> BitwiseCols<V, W> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, family: Family)
    where
        V: Var<B::Expr>,
    {
        let real = &self.logic.real::<B>();
        self.cpu.fetch(
            b,
            family,
            Operands {
                flags: self.logic.flags::<B>(),
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
        let out = self.logic.check(b, exprs::<B, W>(self.read_a.value), exprs::<B, W>(self.read_b.value));
        self.write.write(b, self.cpu.register::<B>(self.d), padded::<B, W>(out), self.cpu.slot::<B>(2), real);
    }
}

impl<V: Copy, const W: usize> BitwiseImmCols<V, W> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, family: Family)
    where
        V: Var<B::Expr>,
    {
        let real = &self.logic.real::<B>();
        let imm = exprs::<B, W>(self.imm);
        self.cpu.fetch(
            b,
            family,
            Operands {
                flags: self.logic.flags::<B>(),
                d: self.d.into(),
                a: self.a.into(),
                imm: padded::<B, W>(imm.clone()),
                ..Operands::default()
            },
            real,
        );
        self.cpu.advance(b, real);
        self.read.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        let out = self.logic.check(b, exprs::<B, W>(self.read.value), imm);
        self.write.write(b, self.cpu.register::<B>(self.d), padded::<B, W>(out), self.cpu.slot::<B>(2), real);
    }
}
