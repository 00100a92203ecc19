//! Rows of modular multiplications.

use p3_field::PrimeCharacteristicRing;
use provasm_air::chips::{LIMBS, ModMulCols};
use provasm_execute::{Step, WindowAccess};
use provasm_isa::Instr;
use provasm_isa::accel::modmul::{Division, Integer, MODULI, multiply};

use super::accel::{before, previous};
use super::{F, FillCall, cpu, f, flag};

/// The limbs of 16 bits of an integer.
fn limbs<const N: usize>(integer: &[u64]) -> [i64; N] {
    core::array::from_fn(|i| integer.get(i / 4).map_or(0, |word| (word >> (16 * (i % 4)) & 0xffff) as i64))
}

fn high_bytes<const N: usize>(limbs: &[i64]) -> [i64; N] {
    core::array::from_fn(|i| limbs[i] >> 8)
}

fn elements<const N: usize>(integers: [i64; N]) -> [F; N] {
    integers.map(F::from_i64)
}

/// The sum of the products of limbs whose positions add up to `k`.
fn sum_of_products(x: &[i64], y: &[i64], k: usize) -> i64 {
    let pairs = x.iter().enumerate().filter_map(|(i, x)| Some((x, y.get(k.checked_sub(i)?)?)));
    pairs.map(|(x, y)| x * y).sum()
}

/// How the rest is proven to be below the prime: the marked pair of limbs, the borrow and the difference less one.
fn below(rest: &[i64; LIMBS], prime: &[i64; LIMBS]) -> ([F; 8], F, [F; 2]) {
    let pair = (0..8).rev().find(|pair| rest[2 * pair..2 * pair + 2] != prime[2 * pair..2 * pair + 2]).unwrap_or(0);
    let difference = [0, 1].map(|i| prime[2 * pair + i] - rest[2 * pair + i]);
    let borrow = difference[0] < 1;
    let borrowed = i64::from(borrow);
    (
        core::array::from_fn(|i| flag(i == pair)),
        flag(borrow),
        elements([difference[0] - 1 + (borrowed << 16), difference[1] - borrowed]),
    )
}

impl FillCall for ModMulCols<F> {
    fn fill(step: &Step, instr: &Instr, window: &[WindowAccess]) -> Self {
        let number = usize::try_from(instr.imm).unwrap_or(0).min(MODULI.len() - 1);
        let factor = |first: usize| -> Integer { core::array::from_fn(|i| window[first + i].before) };
        let (a, b, prime) = (factor(0), factor(4), &MODULI[number]);
        let Division { quotient, rest } = multiply(&a, &b, prime);

        let (x, y): ([i64; LIMBS], [i64; LIMBS]) = (limbs(&a), limbs(&b));
        let (quotient, modulus): ([i64; LIMBS + 1], [i64; LIMBS]) = (limbs(&quotient), limbs(prime));
        let rest: [i64; LIMBS] = limbs(&rest);
        let (x_high, y_high): ([i64; LIMBS], [i64; LIMBS]) = (high_bytes(&x), high_bytes(&y));
        let (quotient_high, modulus_high): ([i64; LIMBS], [i64; LIMBS]) = (high_bytes(&quotient), high_bytes(&modulus));
        let mut above = 0;
        let carry = core::array::from_fn(|k| {
            let rest = rest.get(k).copied().unwrap_or(0);
            let sum = sum_of_products(&x, &y, k) - sum_of_products(&quotient, &modulus, k) - rest;
            above = (sum + above) >> 16;
            above - sum_of_products(&x_high, &y_high, k) + sum_of_products(&quotient_high, &modulus_high, k)
        });
        let (differ, borrow, difference) = below(&rest, &modulus);
        let high: [i64; 2 * LIMBS] = core::array::from_fn(|i| if i < LIMBS { x_high[i] } else { y_high[i - LIMBS] });
        Self {
            cpu: cpu(step),
            prime: core::array::from_fn(|i| flag(i == number)),
            first: f(instr.d.into()),
            before: before(window),
            previous: previous(window),
            high: elements(high),
            quotient: elements(quotient),
            quotient_high: elements(quotient_high),
            rest: elements(rest),
            carry: elements(carry),
            differ,
            borrow,
            difference,
        }
    }
}
