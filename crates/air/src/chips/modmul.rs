//! Multiplication modulo one of six primes.
//!
//! Given a window of 8 registers, 256-bit integers A and B, this AIR proves that the first becomes R with
//! A B = Q M + R over the integers and R < M, where M is the prime that the instruction names.
//!
//! **The product.** With limbs of 16 bits, the terms of weight 2^(16 k) add up to
//!
//! ```text
//! S[k] = sum over i + j = k of A[i] B[j] - Q[i] M[j],  less R[k],
//! ```
//!
//! too much for a field of 31 bits. What can be had of it in small pieces is the part that belongs to the limb above: with
//! H[k] = sum over i + j = k of the products of the limbs' high bytes, the integer S[k] - 2^16 H[k] + H[k-1] is the sum of
//! all products of *bytes* whose weight is 2^(16 k) or 2^(16 k + 8). The constraints are, with carries C,
//!
//! ```text
//! S[k] - 2^16 H[k] + H[k-1] + C[k-1] - 2^16 C[k] = 0   for k = 0 to 31.
//! ```
//!
//! **They hold over the integers.** A byte is at most 255, at most 16 pairs (i, j) have one sum, and 15 have the next
//! smaller or larger. So the products of A and B, and likewise those of Q below 2^256 and M, are from 0 to
//! 255^2 (16 (1 + 2 * 256) + 15) < 534_701_000. The limb of Q above them is below 16, so its product is below 2^20; R[k]
//! is below 2^16, and C[k] is at least -2^13 and below 2^13 as its range check says. The left side lies between
//! -(534_701_000 + 2^20 + 2^16 + 2^13 + 2^29) and 534_701_000 + 2^13 + 2^29, less than 1_073_000_000 in size, and the
//! modulus is above 2_130_000_000: it is zero in the field only if it is zero.
//!
//! **They say what is claimed.** Multiplied by 2^(16 k) and added up, all H[k] and C[k] fall out, as there are no H[31] and
//! C[31], and A B - Q M - R = 0 is left. An honest carry is smaller than 535_900_000 / 65_535 < 2^13 in size, and an honest Q
//! is below 2^260, since no M is below 2^252.
//!
//! **R < M.** Of the pairs of limbs in which R and M differ, the most significant is marked; the pairs above it are
//! equal, and there M's less R's is at least one, as a number of two limbs with a borrow.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::Family;
use provasm_isa::accel::modmul::{Integer, MODULI};

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::{LIMB, check_limbs, exprs};
use crate::gadgets::window::Window;

/// Limbs of an integer.
pub const LIMBS: usize = 16;

/// Bits of the quotient's limb above those.
const TOP_BITS: u32 = 4;

/// Bits of a carry: half of them negative.
const CARRY_BITS: u32 = 14;

columns! {
    /// A modular multiplication.
    pub struct ModMulCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for the prime with this number.
        pub prime: [T; 6],
        /// First register of the window.
        pub first: T,
        /// Limbs of the window before: the factors.
        pub before: [T; 32],
        /// Clocks of its registers' accesses before.
        pub previous: [T; 8],
        /// High bytes of the factors' limbs.
        pub high: [T; 32],
        /// The quotient.
        pub quotient: [T; 17],
        /// High bytes of its limbs, save the last.
        pub quotient_high: [T; 16],
        /// The rest, which is the result.
        pub rest: [T; 16],
        /// Carry out of each sum of products.
        pub carry: [T; 31],
        /// 1 at the most significant pair of limbs in which the rest is not the prime.
        pub differ: [T; 8],
        /// Borrow out of the low limb of that pair's difference.
        pub borrow: T,
        /// That difference less one.
        pub difference: [T; 2],
    }
}

/// A limb of a prime, and its high byte.
const fn limb_of(prime: &Integer, i: usize) -> (u32, u32) {
    let limb = (prime[i / 4] >> (16 * (i % 4))) as u32 & 0xffff;
    (limb, limb >> 8)
}

/// The sum of the products of limbs whose positions add up to `k`.
fn sum_of_products<B: Builder>(x: &[B::Expr], y: &[B::Expr], k: usize) -> B::Expr {
    let pairs = x.iter().enumerate().filter_map(|(i, x)| Some((x, y.get(k.checked_sub(i)?)?)));
    pairs.map(|(x, y)| x.clone() * y.clone()).sum()
}

impl<V: Copy> ModMulCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        let prime = exprs::<B, 6>(self.prime);
        self.prime.into_iter().for_each(|flag| b.assert_bool(flag));
        let real = &prime.iter().cloned().sum::<B::Expr>();
        // One prime or, in padding, none.
        b.assert_bool(real.clone());
        let weighed = |weight: &dyn Fn(usize) -> u32| -> B::Expr {
            prime.iter().enumerate().map(|(i, flag)| flag.clone() * KoalaBear::new(weight(i))).sum()
        };
        let number = weighed(&|i| [0, 1, 2, 3, 4, 5][i]);
        let operands = Operands {
            d: self.first.into(),
            imm: [number, B::Expr::ZERO, B::Expr::ZERO, B::Expr::ZERO],
            ..Operands::default()
        };
        self.cpu.fetch(b, Family::ModMul, operands, real);
        self.cpu.advance(b, real);

        let modulus: [B::Expr; LIMBS] = core::array::from_fn(|i| weighed(&|prime| limb_of(&MODULI[prime], i).0));
        let modulus_high: [B::Expr; LIMBS] = core::array::from_fn(|i| weighed(&|prime| limb_of(&MODULI[prime], i).1));
        self.check_bytes(b, real);
        self.check_product(b, &modulus, &modulus_high, real);
        let rest = exprs::<B, LIMBS>(self.rest);
        check_limbs(b, rest.clone(), real);
        self.check_below(b, &modulus, real);
        let window = Window { first: self.first, before: &self.before, previous: &self.previous, after: &rest };
        window.transform(b, &self.cpu, real);
    }

    /// Splits the limbs of the factors and of the quotient into bytes, which proves the quotient's to be limbs.
    fn check_bytes<B: Builder<Var = V>>(&self, b: &mut B, real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        let factors = self.before.into_iter().zip(self.high);
        for (limb, high) in factors.chain(self.quotient.into_iter().zip(self.quotient_high)) {
            let low = limb - high * KoalaBear::new(256);
            bus::send(b, bus::BYTES, [low, high.into()], real.clone());
        }
        bus::range(b, self.quotient[LIMBS].into(), constant::<B>(TOP_BITS), real.clone());
    }

    /// A B = Q M + R: see the module's text.
    fn check_product<B: Builder<Var = V>>(
        &self,
        b: &mut B,
        modulus: &[B::Expr; LIMBS],
        modulus_high: &[B::Expr; LIMBS],
        real: &B::Expr,
    ) where
        V: Var<B::Expr>,
    {
        let factors = exprs::<B, 32>(self.before);
        let factors_high = exprs::<B, 32>(self.high);
        let (quotient, quotient_high) = (exprs::<B, 17>(self.quotient), exprs::<B, 16>(self.quotient_high));
        let ((x, y), (x_high, y_high)) = (factors.split_at(LIMBS), factors_high.split_at(LIMBS));
        // H[k - 1] + C[k - 1].
        let mut below = B::Expr::ZERO;
        for k in 0..2 * LIMBS {
            let high = sum_of_products::<B>(x_high, y_high, k) - sum_of_products::<B>(&quotient_high, modulus_high, k);
            let carry = self.carry.get(k).map_or(B::Expr::ZERO, |&carry| carry.into());
            let above = high + carry;
            let rest = self.rest.get(k).map_or(B::Expr::ZERO, |&rest| rest.into());
            let sum = sum_of_products::<B>(x, y, k) - sum_of_products::<B>(&quotient, modulus, k) - rest;
            b.assert_zero(sum + below - above.clone() * LIMB);
            below = above;
        }
        for carry in self.carry {
            let shifted = carry + KoalaBear::new(1 << (CARRY_BITS - 1));
            bus::range(b, shifted, constant::<B>(CARRY_BITS), real.clone());
        }
    }

    /// R < M.
    fn check_below<B: Builder<Var = V>>(&self, b: &mut B, modulus: &[B::Expr; LIMBS], real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        let mut marked = B::Expr::ZERO;
        let [mut low, mut high] = [B::Expr::ZERO, B::Expr::ZERO];
        for (pair, &differ) in self.differ.iter().enumerate().rev() {
            b.assert_bool(differ);
            marked += differ;
            let [low_difference, high_difference] = [2 * pair, 2 * pair + 1].map(|i| modulus[i].clone() - self.rest[i]);
            // Above the marked pair the limbs are equal.
            let above = B::Expr::ONE - marked.clone();
            b.assert_zero(above.clone() * low_difference.clone());
            b.assert_zero(above * high_difference.clone());
            low += low_difference * differ;
            high += high_difference * differ;
        }
        // Exactly one pair is marked.
        b.assert_eq(marked, real.clone());
        // high 2^16 + low - 1 is not negative: it is `difference`. In padding `real` is 0, as all is.
        b.assert_bool(self.borrow);
        b.assert_eq(self.difference[0], low - real.clone() + self.borrow * LIMB);
        b.assert_eq(self.difference[1], high - self.borrow);
        check_limbs(b, exprs::<B, 2>(self.difference), real);
    }
}
