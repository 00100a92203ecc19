//! Logic on bits, as arithmetic. Everything here takes bits and, where it says so, gives bits.

use p3_field::PrimeCharacteristicRing;

use crate::bus::Builder;

/// The exclusive or of two bits.
#[inline(always)]
#[must_use]
pub fn xor<B: Builder>(a: B::Expr, b: B::Expr) -> B::Expr {
    a.clone() + b.clone() - (a * b).double()
}

/// `one` where the bit `which` is 1, else `zero`.
#[inline(always)]
#[must_use]
pub fn choose<B: Builder>(which: B::Expr, one: B::Expr, zero: B::Expr) -> B::Expr {
    zero.clone() + which * (one - zero)
}

/// The number with these bits, of which the last one is the lowest.
#[inline(always)]
#[must_use]
pub fn composed<B: Builder>(bits: impl Iterator<Item = B::Expr>) -> B::Expr {
    bits.fold(B::Expr::ZERO, |number, bit| number.double() + bit)
}
