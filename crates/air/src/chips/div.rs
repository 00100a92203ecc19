//! Division and remainder, 32- and 64-bit, and their traps.
//!
//! Signed operations divide magnitudes: |a| = q |b| + r with r < |b| over the integers, so a zero
//! divisor satisfies no row, and the one quotient that overflows is refused by its sign.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::{Family, Trap};

use crate::bus::{self, Builder, Var, constant};
use crate::chips::mul::{PRODUCT_CARRY_BITS, bytes_of, product_limb};
use crate::columns::columns;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::{LIMB, check_limbs, check_sign, exprs};
use crate::gadgets::register::{ReadCols, WriteCols};

columns! {
    /// A value and its negation modulo 2^32 or 2^64, chosen by a sign.
    pub struct NegateCols<T> {
        /// The value, negated if the sign says so.
        pub out: [T; 4],
        /// Carries of value + out.
        pub carry: [T; 4],
    }

    /// `d = a / b` or `d = a mod b`.
    pub struct DivCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// 64-bit, else 32-bit.
        pub is64: T,
        /// Signed.
        pub signed: T,
        /// Remainder, else quotient.
        pub remainder: T,
        /// Destination index.
        pub d: T,
        /// Dividend index.
        pub a: T,
        /// Divisor index.
        pub b: T,
        /// The dividend.
        pub read_a: ReadCols<T, 4>,
        /// The divisor.
        pub read_b: ReadCols<T, 4>,
        /// Signs of dividend and divisor.
        pub signs: [T; 2],
        /// Magnitude of the dividend.
        pub dividend: NegateCols<T>,
        /// Magnitude of the divisor.
        pub divisor: NegateCols<T>,
        /// Magnitude of the quotient.
        pub quotient: [T; 4],
        /// Magnitude of the remainder.
        pub rest: [T; 4],
        /// Low bytes of the quotient's limbs.
        pub quotient_low: [T; 4],
        /// Low bytes of the divisor's limbs.
        pub divisor_low: [T; 4],
        /// Carries of quotient times divisor plus remainder.
        pub carry: [T; 3],
        /// Borrows of divisor minus remainder minus one.
        pub borrow: [T; 3],
        /// Sign of the result.
        pub sign: T,
        /// The result.
        pub result: NegateCols<T>,
        /// The destination.
        pub write: WriteCols<T>,
    }

    /// A division that traps.
    pub struct DivTrapCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 if the divisor is zero.
        pub by_zero: T,
        /// 1 if the quotient overflows.
        pub overflow: T,
        /// 64-bit, else 32-bit.
        pub is64: T,
        /// Signed.
        pub signed: T,
        /// Remainder, else quotient.
        pub remainder: T,
        /// Destination index.
        pub d: T,
        /// Dividend index.
        pub a: T,
        /// Divisor index.
        pub b: T,
        /// The dividend.
        pub read_a: ReadCols<T, 4>,
        /// The divisor.
        pub read_b: ReadCols<T, 4>,
    }
}

impl<V: Copy> NegateCols<V> {
    /// Constrains `out` to be `value`, or its negation where `sign` is 1; returns it, checked.
    fn check<B: Builder<Var = V>>(
        &self,
        b: &mut B,
        value: [B::Expr; 4],
        sign: V,
        is64: V,
        real: &B::Expr,
    ) -> [B::Expr; 4]
    where
        V: Var<B::Expr>,
    {
        let mut carry = B::Expr::ZERO;
        for (i, value) in value.into_iter().enumerate() {
            // A 32-bit chain ends after two limbs.
            let carry_in = if i == 2 { carry * is64 } else { carry };
            b.assert_bool(self.carry[i]);
            // No carry where nothing is negated.
            b.assert_zero((B::Expr::ONE - sign) * self.carry[i]);
            // value + out is 0 or 2^width, limb by limb.
            b.assert_zero((value.clone() + self.out[i] + carry_in - self.carry[i] * LIMB) * sign);
            b.assert_zero((B::Expr::ONE - sign) * (value - self.out[i]));
            carry = self.carry[i].into();
        }
        let out = exprs::<B, 4>(self.out);
        check_limbs(b, out.clone(), real);
        out
    }
}

/// The limb with the sign bit.
fn top<B: Builder>(limbs: &[B::Expr; 4], is64: B::Var) -> B::Expr {
    (limbs[3].clone() - limbs[1].clone()) * is64 + limbs[1].clone()
}

/// `if choose then x else y`, limb by limb.
fn choose<B: Builder>(choose: B::Var, x: &[B::Expr; 4], y: &[B::Expr; 4]) -> [B::Expr; 4] {
    core::array::from_fn(|i| (x[i].clone() - y[i].clone()) * choose + y[i].clone())
}

impl<V: Copy> DivCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        for flag in [self.real, self.is64, self.signed, self.remainder] {
            b.assert_bool(flag);
        }
        let real = &self.real.into();
        let flags = self.signed * KoalaBear::TWO + self.is64 + self.remainder * KoalaBear::new(4);
        self.cpu.fetch(
            b,
            Family::Div,
            Operands { flags, d: self.d.into(), a: self.a.into(), b: self.b.into(), ..Operands::default() },
            real,
        );
        self.cpu.advance(b, real);
        self.read_a.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        self.read_b.read(b, self.cpu.register::<B>(self.b), self.cpu.slot::<B>(1), real);

        let a = exprs::<B, 4>(self.read_a.value);
        let divisor = exprs::<B, 4>(self.read_b.value);
        check_sign(b, top::<B>(&a, self.is64), self.signs[0], self.signed.into());
        check_sign(b, top::<B>(&divisor, self.is64), self.signs[1], self.signed.into());
        let a = self.dividend.check(b, a, self.signs[0], self.is64, real);
        let divisor = self.divisor.check(b, divisor, self.signs[1], self.is64, real);
        self.check_division(b, &a, &divisor, real);
        let out = self.check_result(b, real);
        self.write.write(b, self.cpu.register::<B>(self.d), out, self.cpu.slot::<B>(2), real);
    }

    /// `a = quotient * divisor + rest` and `rest < divisor` over the integers.
    fn check_division<B: Builder<Var = V>>(&self, b: &mut B, a: &[B::Expr; 4], divisor: &[B::Expr; 4], real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        let quotient = exprs::<B, 4>(self.quotient);
        check_limbs(b, quotient.clone(), real);
        check_limbs(b, exprs::<B, 4>(self.rest), real);
        let x = bytes_of(b, quotient, self.quotient_low, real);
        let y = bytes_of(b, divisor.clone(), self.divisor_low, real);
        let mut carry = B::Expr::ZERO;
        for (k, a) in a.iter().enumerate() {
            let carry_out = self.carry.get(k).map_or(B::Expr::ZERO, |&carry| carry.into());
            b.assert_eq(product_limb::<B>(&x, &y, k) + self.rest[k] + carry, carry_out.clone() * LIMB + a.clone());
            carry = carry_out;
        }
        for carry in self.carry {
            bus::range(b, carry.into(), constant::<B>(PRODUCT_CARRY_BITS), real.clone());
        }
        // Nothing of the product lies above 2^64: the sums are of non-negative integers.
        for k in 4..8 {
            b.assert_zero(product_limb::<B>(&x, &y, k));
        }
        let mut borrow = real.clone();
        for (k, divisor) in divisor.iter().enumerate() {
            let borrow_out = self.borrow.get(k).map_or(B::Expr::ZERO, |&borrow| borrow.into());
            let difference = divisor.clone() - self.rest[k] - borrow + borrow_out.clone() * LIMB;
            bus::range(b, difference, constant::<B>(16), real.clone());
            borrow = borrow_out;
        }
        for borrow in self.borrow {
            b.assert_bool(borrow);
        }
    }

    /// The result with its sign.
    fn check_result<B: Builder<Var = V>>(&self, b: &mut B, real: &B::Expr) -> [B::Expr; 4]
    where
        V: Var<B::Expr>,
    {
        let [a, d] = self.signs;
        let differ = a + d - (a * d).double();
        // A remainder has the dividend's sign, a quotient is negative when the signs differ.
        b.assert_eq(self.sign, (a.into() - differ.clone()) * self.remainder + differ.clone());
        let quotient = exprs::<B, 4>(self.quotient);
        // A signed quotient that is not negative has no top bit: else it overflowed and trapped.
        let positive = (B::Expr::ONE - self.remainder) * (B::Expr::ONE - differ) * self.signed;
        bus::range(b, top::<B>(&quotient, self.is64), constant::<B>(15), positive);
        let value = choose::<B>(self.remainder, &exprs::<B, 4>(self.rest), &quotient);
        self.result.check(b, value, self.sign, self.is64, real)
    }
}

impl<V: Copy> DivTrapCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        for flag in [self.by_zero, self.overflow, self.is64, self.signed, self.remainder] {
            b.assert_bool(flag);
        }
        let real = &(self.by_zero + self.overflow);
        b.assert_bool(real.clone());
        let flags = self.signed * KoalaBear::TWO + self.is64 + self.remainder * KoalaBear::new(4);
        self.cpu.fetch(
            b,
            Family::Div,
            Operands { flags, d: self.d.into(), a: self.a.into(), b: self.b.into(), ..Operands::default() },
            real,
        );
        self.read_a.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        self.read_b.read(b, self.cpu.register::<B>(self.b), self.cpu.slot::<B>(1), real);

        // Only a signed quotient overflows.
        b.assert_zero((B::Expr::ONE - self.signed) * self.overflow);
        b.assert_zero(self.overflow * self.remainder);
        for i in 0..4 {
            b.assert_zero(self.by_zero * self.read_b.value[i]);
            // The smallest integer ...
            let is_top = if i == 3 { self.is64.into() } else { B::Expr::ONE - self.is64 };
            let smallest = if i % 2 == 1 { is_top * KoalaBear::new(32_768) } else { B::Expr::ZERO };
            b.assert_zero((self.read_a.value[i].into() - smallest) * self.overflow);
            // ... divided by minus one.
            let ones = if i < 2 { B::Expr::ONE } else { self.is64.into() } * KoalaBear::new(65_535);
            b.assert_zero((self.read_b.value[i].into() - ones) * self.overflow);
        }
        let code = |trap: Trap| KoalaBear::new(u32::from(trap.code()));
        let kind = self.by_zero * code(Trap::DivideByZero) + self.overflow * code(Trap::IntegerOverflow);
        self.cpu.finish(b, kind, real);
    }
}
