//! Arithmetic modulo 2^255 - 19 on five limbs of weight 2^(51 i).
//!
//! Limbs of a tight element are below 2^52, those of a loose one below 2^54. That is wider than in the original, whose
//! elements are therefore elements here.
#![allow(non_camel_case_types, missing_docs, reason = "the names are those of the original")]

use core::ops::{Index, IndexMut};

use provasm_guest::{Ed25519Field, Residue};

const LIMB_BITS: u32 = 51;
const LIMB_MAX: u64 = (1 << LIMB_BITS) - 1;
/// Four times the prime, in limbs that exceed every tight one.
const FOUR_PRIMES: [u64; 5] = [4 * (LIMB_MAX - 18), 4 * LIMB_MAX, 4 * LIMB_MAX, 4 * LIMB_MAX, 4 * LIMB_MAX];

pub type fiat_25519_u1 = u8;
pub type fiat_25519_i1 = i8;
pub type fiat_25519_u2 = u8;
pub type fiat_25519_i2 = i8;

macro_rules! element {
    ($name:ident) => {
        #[derive(Clone, Copy, Debug)]
        pub struct $name(pub [u64; 5]);

        impl Index<usize> for $name {
            type Output = u64;

            fn index(&self, limb: usize) -> &u64 {
                &self.0[limb]
            }
        }

        impl IndexMut<usize> for $name {
            fn index_mut(&mut self, limb: usize) -> &mut u64 {
                &mut self.0[limb]
            }
        }
    };
}

element!(fiat_25519_loose_field_element);
element!(fiat_25519_tight_field_element);

/// The same number with all limbs below 2^51 but the last, which is below 2^52.
const fn carried(limbs: &[u64; 5]) -> [u64; 5] {
    let [mut l0, mut l1, mut l2, mut l3, mut l4] = *limbs;
    // 2^255 is 19.
    l0 += 19 * (l4 >> LIMB_BITS);
    l4 &= LIMB_MAX;
    l1 += l0 >> LIMB_BITS;
    l2 += l1 >> LIMB_BITS;
    l3 += l2 >> LIMB_BITS;
    l4 += l3 >> LIMB_BITS;
    [l0 & LIMB_MAX, l1 & LIMB_MAX, l2 & LIMB_MAX, l3 & LIMB_MAX, l4]
}

/// The number in words of 64 bits. It need not be below the prime.
fn words(limbs: &[u64; 5]) -> [u64; 4] {
    let [l0, l1, l2, l3, l4] = carried(limbs);
    [l0 | l1 << 51, l1 >> 13 | l2 << 38, l2 >> 26 | l3 << 25, l3 >> 39 | l4 << 12]
}

/// The limbs of a number below 2^255.
const fn limbs([w0, w1, w2, w3]: [u64; 4]) -> [u64; 5] {
    [
        w0 & LIMB_MAX,
        (w0 >> 51 | w1 << 13) & LIMB_MAX,
        (w1 >> 38 | w2 << 26) & LIMB_MAX,
        (w2 >> 25 | w3 << 39) & LIMB_MAX,
        w3 >> 12,
    ]
}

fn product(a: &[u64; 4], b: &[u64; 4]) -> Residue<Ed25519Field> {
    Residue::product(a, b)
}

pub const fn fiat_25519_cmovznz_u64(out1: &mut u64, arg1: fiat_25519_u1, arg2: u64, arg3: u64) {
    *out1 = if arg1 == 0 { arg2 } else { arg3 };
}

pub const fn fiat_25519_selectznz(out1: &mut [u64; 5], arg1: fiat_25519_u1, arg2: &[u64; 5], arg3: &[u64; 5]) {
    *out1 = if arg1 == 0 { *arg2 } else { *arg3 };
}

pub fn fiat_25519_carry_mul(
    out1: &mut fiat_25519_tight_field_element,
    arg1: &fiat_25519_loose_field_element,
    arg2: &fiat_25519_loose_field_element,
) {
    out1.0 = limbs(product(&words(&arg1.0), &words(&arg2.0)).to_words());
}

pub fn fiat_25519_carry_square(out1: &mut fiat_25519_tight_field_element, arg1: &fiat_25519_loose_field_element) {
    let words = words(&arg1.0);
    out1.0 = limbs(product(&words, &words).to_words());
}

pub fn fiat_25519_carry_scmul_121666(out1: &mut fiat_25519_tight_field_element, arg1: &fiat_25519_loose_field_element) {
    out1.0 = limbs(product(&words(&arg1.0), &[121_666, 0, 0, 0]).to_words());
}

pub const fn fiat_25519_carry(out1: &mut fiat_25519_tight_field_element, arg1: &fiat_25519_loose_field_element) {
    out1.0 = carried(&arg1.0);
}

pub fn fiat_25519_add(
    out1: &mut fiat_25519_loose_field_element,
    arg1: &fiat_25519_tight_field_element,
    arg2: &fiat_25519_tight_field_element,
) {
    out1.0 = core::array::from_fn(|i| arg1.0[i] + arg2.0[i]);
}

pub fn fiat_25519_sub(
    out1: &mut fiat_25519_loose_field_element,
    arg1: &fiat_25519_tight_field_element,
    arg2: &fiat_25519_tight_field_element,
) {
    out1.0 = core::array::from_fn(|i| FOUR_PRIMES[i] + arg1.0[i] - arg2.0[i]);
}

pub fn fiat_25519_opp(out1: &mut fiat_25519_loose_field_element, arg1: &fiat_25519_tight_field_element) {
    out1.0 = core::array::from_fn(|i| FOUR_PRIMES[i] - arg1.0[i]);
}

pub const fn fiat_25519_relax(out1: &mut fiat_25519_loose_field_element, arg1: &fiat_25519_tight_field_element) {
    out1.0 = arg1.0;
}

/// The bytes of the number below the prime.
pub fn fiat_25519_to_bytes(out1: &mut [u8; 32], arg1: &fiat_25519_tight_field_element) {
    *out1 = product(&words(&arg1.0), &[1, 0, 0, 0]).to_le_bytes();
}

/// The element of a number below 2^255.
pub const fn fiat_25519_from_bytes(out1: &mut fiat_25519_tight_field_element, arg1: &[u8; 32]) {
    let mut words = [0; 4];
    let mut i = 0;
    while i < 32 {
        words[i / 8] |= (arg1[i] as u64) << (8 * (i % 8));
        i += 1;
    }
    out1.0 = limbs(words);
}

#[cfg(test)]
mod tests {
    use fiat_crypto_original::curve25519_64 as original;

    use super::*;

    fn original_bytes(limbs: [u64; 5]) -> [u8; 32] {
        let mut tight = original::fiat_25519_tight_field_element([0; 5]);
        original::fiat_25519_carry(&mut tight, &original::fiat_25519_loose_field_element(limbs));
        let mut bytes = [0; 32];
        original::fiat_25519_to_bytes(&mut bytes, &tight);
        bytes
    }

    fn bytes(limbs: [u64; 5]) -> [u8; 32] {
        let mut bytes = [0; 32];
        fiat_25519_to_bytes(&mut bytes, &fiat_25519_tight_field_element(limbs));
        bytes
    }

    /// Elements at the edges, and others.
    fn elements() -> [[u64; 5]; 8] {
        let tight = 1 << 51;
        [
            [0; 5],
            [1, 0, 0, 0, 0],
            [LIMB_MAX - 18, LIMB_MAX, LIMB_MAX, LIMB_MAX, LIMB_MAX],
            [LIMB_MAX - 17, LIMB_MAX, LIMB_MAX, LIMB_MAX, LIMB_MAX],
            [tight; 5],
            [LIMB_MAX; 5],
            [0x1234_5678_9abc, 0x7_0123_4567_89ab, 5, 0, 0x4_ffff_0000_ffff],
            [0, 0, 0, 0, tight],
        ]
    }

    #[test]
    fn results_are_those_of_the_original() {
        use original::{fiat_25519_loose_field_element as Loose, fiat_25519_tight_field_element as Tight};
        for a in elements() {
            assert_eq!(bytes(a), original_bytes(a));
            let (mut ours, mut theirs) = (fiat_25519_tight_field_element([0; 5]), Tight([0; 5]));
            fiat_25519_carry_square(&mut ours, &fiat_25519_loose_field_element(a));
            original::fiat_25519_carry_square(&mut theirs, &Loose(a));
            assert_eq!(bytes(ours.0), original_bytes(theirs.0));
            fiat_25519_carry_scmul_121666(&mut ours, &fiat_25519_loose_field_element(a));
            original::fiat_25519_carry_scmul_121666(&mut theirs, &Loose(a));
            assert_eq!(bytes(ours.0), original_bytes(theirs.0));
            for b in elements() {
                fiat_25519_carry_mul(&mut ours, &fiat_25519_loose_field_element(a), &fiat_25519_loose_field_element(b));
                original::fiat_25519_carry_mul(&mut theirs, &Loose(a), &Loose(b));
                assert_eq!(bytes(ours.0), original_bytes(theirs.0));
                let (mut our_loose, mut their_loose) = (fiat_25519_loose_field_element([0; 5]), Loose([0; 5]));
                fiat_25519_add(&mut our_loose, &fiat_25519_tight_field_element(a), &fiat_25519_tight_field_element(b));
                original::fiat_25519_add(&mut their_loose, &Tight(a), &Tight(b));
                assert_eq!(bytes(carried(&our_loose.0)), original_bytes(their_loose.0));
                fiat_25519_sub(&mut our_loose, &fiat_25519_tight_field_element(a), &fiat_25519_tight_field_element(b));
                original::fiat_25519_sub(&mut their_loose, &Tight(a), &Tight(b));
                assert_eq!(bytes(carried(&our_loose.0)), original_bytes(their_loose.0));
            }
        }
    }

    #[test]
    fn loose_elements_of_any_size_are_multiplied() {
        let largest = [(1 << 54) - 1; 5];
        let mut reduced = [0; 5];
        reduced.copy_from_slice(&carried(&carried(&largest)));
        let (mut ours, mut same) = (fiat_25519_tight_field_element([0; 5]), fiat_25519_tight_field_element([0; 5]));
        fiat_25519_carry_square(&mut ours, &fiat_25519_loose_field_element(largest));
        fiat_25519_carry_square(&mut same, &fiat_25519_loose_field_element(reduced));
        assert_eq!(ours.0, same.0);
    }

    #[test]
    fn bytes_are_read() {
        let bytes_of: [u8; 32] = core::array::from_fn(|i| i as u8 + 1);
        let mut element = fiat_25519_tight_field_element([0; 5]);
        fiat_25519_from_bytes(&mut element, &bytes_of);
        assert_eq!(bytes(element.0), bytes_of);
    }
}
