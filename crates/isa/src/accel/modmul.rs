//! Multiplication of 256-bit integers modulo the primes of three elliptic curves.
//!
//! Integers are limbs of 64 bits, least significant first. The division also gives the quotient, which a proof needs.

/// An integer below 2^256.
pub type Integer = [u64; 4];

/// The primes, in the order of their numbers.
pub const MODULI: [Integer; 6] = [
    // secp256k1's field and the order of its group: SEC 2, version 2.0, section 2.4.1.
    [0xffff_fffe_ffff_fc2f, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff],
    [0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, 0xffff_ffff_ffff_fffe, 0xffff_ffff_ffff_ffff],
    // Curve25519's field, 2^255 - 19, and the order of its prime-order subgroup: RFC 7748, section 4.1.
    [0xffff_ffff_ffff_ffed, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0x7fff_ffff_ffff_ffff],
    [0x5812_631a_5cf5_d3ed, 0x14de_f9de_a2f7_9cd6, 0, 0x1000_0000_0000_0000],
    // The field of alt_bn128 and the order of its group: EIP-196, where the field is EIP-197's too.
    [0x3c20_8c16_d87c_fd47, 0x9781_6a91_6871_ca8d, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029],
    [0x43e1_f593_f000_0001, 0x2833_e848_79b9_7091, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029],
];

/// A product divided by a modulus: the product is `quotient` times the modulus plus `rest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Division {
    /// The quotient. Below 2^260 for the moduli here, none of which is below 2^252.
    pub quotient: [u64; 5],
    /// The rest, below the modulus.
    pub rest: Integer,
}

/// Replaces cells 0 to 3 of a window by their product with cells 4 to 7, modulo the prime with this number.
/// False if there is no such prime; the window stays as it is.
#[must_use]
pub fn modmul(modulus: u64, window: &mut [u64; 8]) -> bool {
    let Some(modulus) = usize::try_from(modulus).ok().and_then(|number| MODULI.get(number)) else { return false };
    let [a0, a1, a2, a3, b @ ..] = *window;
    let Division { rest, .. } = multiply(&[a0, a1, a2, a3], &b, modulus);
    window[..4].copy_from_slice(&rest);
    true
}

/// `a b` divided by a modulus whose highest limb is not zero.
#[must_use]
pub fn multiply(a: &Integer, b: &Integer, modulus: &Integer) -> Division {
    divide(product(a, b), modulus)
}

/// The low limb of a double one.
#[expect(clippy::cast_possible_truncation, reason = "the low half")]
const fn low(wide: u128) -> u64 {
    wide as u64
}

fn product(a: &Integer, b: &Integer) -> [u64; 8] {
    let mut product = [0; 8];
    for (i, &a) in a.iter().enumerate() {
        let mut carry = 0;
        for (j, &b) in b.iter().enumerate() {
            (product[i + j], carry) = a.carrying_mul_add(b, product[i + j], carry);
        }
        product[i + 4] = carry;
    }
    product
}

/// `limbs` times 2^bits, for at most 64 bits, as `N` limbs.
fn shifted<const N: usize>(limbs: &[u64], bits: u32) -> [u64; N] {
    let limb = |i: usize| u128::from(limbs.get(i).copied().unwrap_or(0));
    core::array::from_fn(|i| {
        let below = i.checked_sub(1).map_or(0, limb);
        low(((limb(i) << 64 | below) << bits) >> 64)
    })
}

/// Knuth's algorithm D (The Art of Computer Programming, volume 2, section 4.3.1), for a divisor of four limbs.
fn divide(dividend: [u64; 8], divisor: &Integer) -> Division {
    // With its top bit set, the divisor's highest limb tells a digit of the quotient up to two.
    let bits = divisor[3].leading_zeros();
    let divisor: Integer = shifted(divisor, bits);
    let dividend: [u64; 9] = shifted(&dividend, bits);
    // Below 2^(192 + bits), so below the divisor.
    let [.., r0, r1, r2, r3] = dividend;
    let mut rest = [r0, r1, r2, r3];
    let mut quotient = [0; 5];
    for (digit, next) in quotient.iter_mut().zip(dividend).rev() {
        (*digit, rest) = divide_digit(next, &rest, &divisor);
    }
    // Back by `bits`: forward by the others of a limb, and a limb down.
    let [_, r0, r1, r2, r3] = shifted(&rest, 64 - bits);
    Division { quotient, rest: [r0, r1, r2, r3] }
}

/// One limb of a quotient, and the rest: of `rest 2^64 + next` by a divisor above `rest` with its top bit set.
fn divide_digit(next: u64, rest: &Integer, divisor: &Integer) -> (u64, Integer) {
    let top = u128::from(rest[3]) << 64 | u128::from(rest[2]);
    // The rest is below the divisor, so the quotient's limb is a limb.
    let mut digit = low((top / u128::from(divisor[3])).min(u64::MAX.into()));
    let mut limbs = [next, rest[0], rest[1], rest[2], rest[3]];
    let mut is_negative = subtract_multiple(&mut limbs, divisor, digit);
    while is_negative {
        digit -= 1;
        is_negative = !add(&mut limbs, divisor);
    }
    let [r0, r1, r2, r3, _] = limbs;
    (digit, [r0, r1, r2, r3])
}

/// Subtracts `divisor digit`; whether the result is negative, and then it is 2^320 too large.
fn subtract_multiple(limbs: &mut [u64; 5], divisor: &Integer, digit: u64) -> bool {
    let (mut carry, mut borrow) = (0, false);
    for (limb, &part) in limbs.iter_mut().zip(divisor.iter().chain(&[0])) {
        let multiple;
        (multiple, carry) = part.carrying_mul(digit, carry);
        (*limb, borrow) = limb.borrowing_sub(multiple, borrow);
    }
    borrow
}

/// Adds `divisor`; whether the sum passes 2^320, and then it is that much too small.
fn add(limbs: &mut [u64; 5], divisor: &Integer) -> bool {
    let mut carry = false;
    for (limb, &part) in limbs.iter_mut().zip(divisor.iter().chain(&[0])) {
        (*limb, carry) = limb.carrying_add(part, carry);
    }
    carry
}
