//! The field gives what integers give, and scalars what k256 gives.

extern crate std;
use std::vec::Vec;

use elliptic_curve::{
    PrimeField,
    bigint::U256,
    subtle::{Choice, ConditionallySelectable, ConstantTimeEq},
};
use k256::Scalar;
use num_bigint::BigUint;

use crate::{
    field::FieldElement5x52 as Element,
    provasm::{field_inverse, scalar_inverse, scalar_product},
};

const PRIME: U256 = U256::from_be_hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");

/// Numbers below 2^256, those near the ends and the prime among them.
fn numbers() -> Vec<U256> {
    let near = |number: U256| {
        (0..4_u64).flat_map(move |by| [number.wrapping_add(&by.into()), number.wrapping_sub(&by.into())])
    };
    let ends = [U256::ZERO, PRIME, U256::ONE.wrapping_shl(255), U256::ONE.wrapping_shl(64)];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut numbers: Vec<U256> = ends.into_iter().flat_map(near).collect();
    numbers.extend((0..24).map(|_| U256::from_words([word(), word(), word(), word()])));
    numbers
}

fn integer(number: U256) -> BigUint {
    let element = Element::from_u256_unchecked(number);
    BigUint::from_bytes_be(&element.to_bytes())
}

fn prime() -> BigUint {
    integer(PRIME)
}

fn elements() -> impl Iterator<Item = (Element, BigUint)> {
    numbers().into_iter().map(|number| (Element::from_u256_unchecked(number), integer(number)))
}

/// Whether an element is an integer modulo the prime, and is it itself when normalized.
#[track_caller]
fn same(element: Element, expect: BigUint) {
    assert_eq!(integer(element.normalize().to_u256()), expect % prime());
}

#[test]
fn numbers_below_the_prime_are_elements() {
    for number in numbers() {
        let is_below = integer(number) < prime();
        let bytes = Element::from_u256_unchecked(number).to_bytes();
        for element in [Element::from_u256(number), Element::from_bytes(&bytes)] {
            assert_eq!(bool::from(element.is_some()), is_below, "{number}");
        }
        same(Element::from_bytes_unchecked(&bytes.into()), integer(number));
    }
    same(Element::ZERO, 0_u8.into());
    same(Element::ONE, 1_u8.into());
    same(Element::from_u64(u64::MAX), u64::MAX.into());
}

#[test]
fn what_is_said_of_elements() {
    for (element, number) in elements() {
        let (normal, number) = (element.normalize(), number % prime());
        let is_zero = number == BigUint::ZERO;
        assert_eq!(bool::from(normal.is_odd()), number.bit(0));
        assert_eq!(bool::from(normal.is_zero()), is_zero);
        assert_eq!(bool::from(element.normalizes_to_zero()), is_zero);
        assert!(bool::from(normal.ct_eq(&Element::from_u256_unchecked(normal.to_u256()))));
        assert!(!bool::from(normal.ct_eq(&normal.add(&Element::ONE))));
        same(element.normalize_weak(), number);
    }
}

#[test]
fn sums_and_products() {
    for (a, in_integers) in elements() {
        same(a.negate(1), prime() * 2_u8 - &in_integers);
        same(a.square(), &in_integers * &in_integers);
        for factor in [0, 1, 3, 21, u32::MAX] {
            same(a.mul_single(factor), &in_integers * factor);
        }
        for (b, other) in elements() {
            same(a.add(&b), &in_integers + &other);
            same(a.mul(&b), &in_integers * &other);
            same(Element::conditional_select(&a, &b, Choice::from(0)), in_integers.clone());
            same(Element::conditional_select(&a, &b, Choice::from(1)), other);
        }
    }
}

#[test]
fn inverses() {
    for (element, number) in elements() {
        match field_inverse(&element.normalize().to_u256()).into_option() {
            Some(inverse) => same(element.mul(&Element::from_u256_unchecked(inverse)), 1_u8.into()),
            None => assert_eq!(number % prime(), BigUint::ZERO),
        }
    }
}

#[test]
fn scalars() {
    let of = |scalar: Scalar| U256::from_be_slice(&scalar.to_bytes());
    for number in numbers() {
        let bytes = Element::from_u256_unchecked(number).to_bytes();
        let Some(scalar) = Scalar::from_repr(bytes).into_option() else { continue };
        assert_eq!(scalar_inverse(&number).into_option(), scalar.invert().into_option().map(of));
        assert_eq!(scalar_product(&number, &number), of(scalar.square()));
    }
}
