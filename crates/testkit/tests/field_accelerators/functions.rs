//! The functions against other implementations.

use num_bigint::BigUint;
use provasm_isa::accel::modmul::{Integer, MODULI, modmul, multiply};
use provasm_testkit::Random;

use crate::inputs::{edges, integer};

/// Random pairs of factors for each modulus.
const RANDOM_PAIRS: usize = 10_000;

/// The primes as the standards write them.
const PRIMES: [&str; 6] = [
    "115792089237316195423570985008687907853269984665640564039457584007908834671663",
    "115792089237316195423570985008687907852837564279074904382605163141518161494337",
    "57896044618658097711785492504343953926634992332820282019728792003956564819949",
    "7237005577332262213973186563042994240857116359379907606001950938285454250989",
    "21888242871839275222246405745257275088696311157297823662689037894645226208583",
    "21888242871839275222246405745257275088548364400416034343698204186575808495617",
];

fn big(limbs: &[u64]) -> BigUint {
    BigUint::from_slice(&limbs.iter().flat_map(|limb| [*limb as u32, (limb >> 32) as u32]).collect::<Vec<_>>())
}

fn check(modulus: usize, a: &Integer, b: &Integer) {
    let division = multiply(a, b, &MODULI[modulus]);
    let product = big(a) * big(b);
    let prime = big(&MODULI[modulus]);
    assert_eq!(big(&division.quotient), &product / &prime, "{a:x?} {b:x?} {modulus}");
    assert_eq!(big(&division.rest), product % prime, "{a:x?} {b:x?} {modulus}");

    let mut window = [a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3]];
    assert!(modmul(modulus as u64, &mut window));
    assert_eq!((&window[..4], &window[4..]), (&division.rest[..], &b[..]));
}

#[test]
fn the_primes_are_those_of_the_standards() {
    for (prime, expect) in MODULI.iter().zip(PRIMES) {
        assert_eq!(big(prime).to_string(), expect);
    }
    assert_eq!(big(&MODULI[2]) + 19u32, BigUint::from(1u32) << 255);
}

#[test]
fn products_are_those_of_num_bigint() {
    let mut random = Random::new(0x0d);
    for modulus in 0..MODULI.len() {
        let edges = edges(modulus);
        edges.iter().for_each(|a| edges.iter().for_each(|b| check(modulus, a, b)));
        for i in 0..RANDOM_PAIRS {
            let edge = edges[random.below(edges.len())];
            check(modulus, &integer(&mut random), &if i % 4 == 0 { edge } else { integer(&mut random) });
        }
    }
}

/// Dividends whose first guess at a limb of the quotient is too large, by one and by two.
#[test]
fn guesses_at_the_quotient_are_corrected() {
    let divisors =
        [[u64::MAX, 0, 0, 1 << 63], [u64::MAX, u64::MAX, u64::MAX, 1 << 63], [0, u64::MAX, u64::MAX, 1 << 63]];
    let mut random = Random::new(0x0e);
    for divisor in divisors {
        for _ in 0..RANDOM_PAIRS / 10 {
            let limb = |random: &mut Random| [0, 1, u64::MAX, 1 << 63, random.next_u64()][random.below(5)];
            let [a, b] = [(); 2].map(|()| [(); 4].map(|()| limb(&mut random)));
            let division = multiply(&a, &b, &divisor);
            let product = big(&a) * big(&b);
            assert_eq!(big(&division.quotient), &product / big(&divisor), "{a:x?} {b:x?} {divisor:x?}");
            assert_eq!(big(&division.rest), product % big(&divisor), "{a:x?} {b:x?} {divisor:x?}");
        }
    }
}

#[test]
fn other_numbers_name_no_prime() {
    for number in [6, 7, 1 << 32, u64::MAX] {
        let mut window = [5; 8];
        assert!(!modmul(number, &mut window));
        assert_eq!(window, [5; 8]);
    }
}
