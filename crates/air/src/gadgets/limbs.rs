//! Limb arithmetic shared by the chips.

use p3_field::{Field, PrimeCharacteristicRing};
use p3_koala_bear::KoalaBear;

use crate::bus::{self, Builder, constant};

/// 2^16 as a field element.
pub const LIMB: KoalaBear = KoalaBear::new(65_536);

/// `value` divided by a power of two in the field; an integer only when it divides.
#[must_use]
pub fn divided<E: PrimeCharacteristicRing + core::ops::Mul<KoalaBear, Output = E>>(value: E, by: u32) -> E {
    value * KoalaBear::new(by).inverse()
}

/// `W` limbs as the four of a message: the missing ones are zero.
#[must_use]
pub fn padded<B: Builder, const W: usize>(limbs: [B::Expr; W]) -> [B::Expr; 4] {
    let mut limbs = limbs.into_iter();
    core::array::from_fn(|_| limbs.next().unwrap_or(B::Expr::ZERO))
}

/// Variables as expressions.
#[must_use]
pub fn exprs<B: Builder, const W: usize>(vars: [B::Var; W]) -> [B::Expr; W] {
    vars.map(Into::into)
}

/// Two limbs as one number below 2^32: meaningful only where it cannot exceed the modulus.
#[must_use]
pub fn joined<B: Builder>(limbs: [B::Var; 2]) -> B::Expr {
    limbs[1] * LIMB + limbs[0]
}

/// Checks every limb to be below 2^16 where `active`.
pub fn check_limbs<B: Builder, const W: usize>(b: &mut B, limbs: [B::Expr; W], active: &B::Expr) {
    for limb in limbs {
        bus::range(b, limb, constant::<B>(16), active.clone());
    }
}

/// Checks `sign` to be the top bit of the limb `top` where `signed`, and 0 elsewhere.
pub fn check_sign<B: Builder>(b: &mut B, top: B::Expr, sign: B::Var, signed: B::Expr) {
    b.assert_bool(sign);
    // No sign where the operation does not ask for one.
    b.assert_zero((B::Expr::ONE - signed.clone()) * sign);
    // A wrong bit leaves 15 bits that are negative or too many.
    bus::range(b, top - sign * KoalaBear::new(32_768), constant::<B>(15), signed);
}

/// Checks bytes `low` and `(limb - low) / 256` where `active`; returns the high byte.
pub fn split_bytes<B: Builder>(b: &mut B, limb: B::Expr, low: B::Var, active: B::Expr) -> B::Expr {
    let high = divided(limb - low, 256);
    bus::send(b, bus::BYTES, [low.into(), high.clone()], active);
    high
}

/// Whether `a < n` for two-limb numbers, as a proof with two checked limbs.
pub fn check_below<B: Builder>(b: &mut B, a: [B::Expr; 2], n: [B::Expr; 2], cols: BelowCols<B::Var>, active: &B::Expr) {
    let BelowCols { below, borrow, difference } = cols;
    b.assert_bool(below);
    b.assert_bool(borrow);
    let [a0, a1] = a;
    let [n0, n1] = n;
    // below: n - 1 - a, else a - n; both as limbs with one borrow, neither negative.
    let sign = below.into().double() - B::Expr::ONE;
    let low = sign.clone() * (n0 - a0) - below + borrow * LIMB;
    let high = sign * (n1 - a1) - borrow;
    b.assert_zero(active.clone() * (low - difference[0]));
    b.assert_zero(active.clone() * (high - difference[1]));
    check_limbs(b, exprs::<B, 2>(difference), active);
}

crate::columns::columns! {
    /// A proven comparison of two-limb numbers.
    pub struct BelowCols<T> {
        /// Whether the first is below the second.
        pub below: T,
        /// Borrow out of the low limb of the difference.
        pub borrow: T,
        /// The non-negative difference.
        pub difference: [T; 2],
    }
}
