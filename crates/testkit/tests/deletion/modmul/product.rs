//! Quotients and rests of another integer than the product of the factors.
//!
//! What is left over of the product is a power of 2^16, which one constraint alone sees; or a multiple of the field's
//! order p, which none sees. A multiple of p at the limb k makes the carry out of it larger by p / 2^16, about 0x7f00,
//! or, where bytes are not looked up, what a false byte takes over from there instead.

use p3_field::{Field, PrimeCharacteristicRing, PrimeField32};
use provasm_air::KoalaBear as F;
use provasm_air::chips::LIMBS;
use provasm_testkit::delete::{Kills, Liar};

use super::row::{Calls, Row, SUMS, modulus, plus, product, small};

/// The prime of these lies: all of its high bytes are 255, but for one that is 252.
const PRIME: usize = 0;

const ORDER: i64 = F::ORDER_U32 as i64;

/// Without a constraint on the product, without the range of a carry or of the quotient's last limb, or without the
/// bytes of a limb.
pub(crate) fn products(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let calls = Calls::new(liar);
    let factors = calls.factors(PRIME);
    let product_of_factors = product(&factors);
    for k in 0..SUMS {
        let mut row = Row::of(PRIME, factors, plus(product_of_factors, k, 1));
        row.sums[k] = -1;
        calls.tell(&row, kills);
    }
    for k in 0..SUMS - 1 {
        calls.tell(&Row::of(PRIME, factors, plus(product_of_factors, k, ORDER)), kills);
    }
    for limb in 0..2 * LIMBS {
        // A high byte counts once, at its own limb, as the other factor has a single one, of 1.
        let mut factors = factors;
        factors[1 - limb / LIMBS] = small(1 << 8);
        let mut row = Row::of(PRIME, factors, plus(product(&factors), limb % LIMBS, ORDER));
        row.high[limb] = 0x7f00;
        calls.tell(&row, kills);
    }
    for limb in 0..LIMBS {
        // A high byte counts at all limbs from its own on; 128 times 255 is about 0x7f00.
        let told = (limb..limb + LIMBS).fold(product_of_factors, |told, k| plus(told, k, ORDER));
        let mut row = Row::of(PRIME, factors, told);
        row.high[2 * LIMBS + limb] = -128;
        calls.tell(&row, kills);
    }
    calls.tell(&last_limb(), kills);
}

/// Tells what one times one is, with a last limb of the quotient whose products with the prime's limbs are all below
/// 2^29 in the field, so that carries can make up for them, but are no products of integers.
fn last_limb() -> Row {
    let last = -F::new(4369).inverse();
    let mut told = product(&[small(1); 2]);
    for (told, limb) in told[LIMBS..].iter_mut().zip(modulus(PRIME)) {
        let taken = (last * F::from_i64(limb)).as_canonical_u32();
        *told = if taken > F::ORDER_U32 / 2 { ORDER } else { 0 } - i64::from(taken);
    }
    let mut row = Row::of(PRIME, [small(1); 2], told);
    row.quotient[LIMBS] = last.as_canonical_u32().into();
    row
}
