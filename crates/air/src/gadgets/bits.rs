//! Logic on bits, as arithmetic. Everything here takes bits and, where it says so, gives bits.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;

use crate::bus::Builder;

/// The exclusive or of two bits.
#[inline(always)]
#[must_use]
pub fn xor<B: Builder>(a: B::Expr, b: B::Expr) -> B::Expr {
    a.clone() + b.clone() - a * b * KoalaBear::TWO
}

/// `one` where the bit `which` is 1, else `zero`.
#[inline(always)]
#[must_use]
pub fn choose<B: Builder>(which: B::Expr, one: B::Expr, zero: B::Expr) -> B::Expr {
    zero.clone() + which * (one - zero)
}

/// The number with these bits, of which the last one is the lowest.
///
/// It is not doubled by adding it to itself: whoever walks through the expression would come to each bit twice as often as
/// to the next.
#[inline(always)]
#[must_use]
pub fn composed<B: Builder>(bits: impl Iterator<Item = B::Expr>) -> B::Expr {
    bits.fold(B::Expr::ZERO, |number, bit| number * KoalaBear::TWO + bit)
}
