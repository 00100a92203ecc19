//! Rests that are not below the prime, or that are not limbs.
//!
//! One factor is 1 and the quotient 0, so the rest is the other factor: the liar has to show that it is below the
//! prime.

use std::array::from_fn;

use provasm_air::chips::LIMBS;
use provasm_testkit::delete::{Kills, Liar};

use super::row::{Calls, Limbs, Row, carried, modulus, plus, product, small};

/// A prime with room for a larger integer, in every limb.
const PRIME: usize = 4;

/// The number of primes, and of the pairs of an integer's limbs.
const PRIMES: usize = 6;
const PAIRS: usize = 8;

/// A rest that is not below the prime, and how it is said to be.
fn above(rest: Limbs, differ: [i64; PAIRS], borrow: i64, difference: [i64; 2]) -> Row {
    let mut row = Row::new(PRIME, [rest, small(1)], [0; LIMBS + 1], rest);
    row.below = Some((differ, borrow, difference));
    row
}

/// The lowest pair is marked.
fn lowest() -> [i64; PAIRS] {
    from_fn(|pair| i64::from(pair == 0))
}

/// Without what makes the rest one of limbs and below the prime, and without that the prime is one.
pub(crate) fn rests(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let calls = Calls::new(liar);
    let mut tell = |row: &Row| calls.tell(row, kills);
    let prime = modulus(PRIME);
    // A limb above the marked pair is larger.
    for limb in 2..LIMBS {
        tell(&above(plus(plus(prime, limb, 1), 0, -1), lowest(), 0, [0, 0]));
    }
    (0..PAIRS - 1).for_each(|pair| {
        tell(&marked(&prime, pair));
    });
    // Larger by 1, and by 2^16: the difference less one is negative, and in the field that is 0x7eff limbs of 2^16 and
    // 0xffff.
    tell(&above(plus(prime, 0, 1), lowest(), -0x7eff, [0xffff, 0x7eff]));
    for low in [0, -2] {
        tell(&above(plus(prime, 0, 1), lowest(), 0, [low, 0]));
    }
    for high in [0, -2] {
        tell(&above(plus(prime, 1, 1), lowest(), 1, [0xffff, high]));
    }
    limbs(&calls, kills);
    (0..PRIMES).for_each(|flag| flags(&calls, flag, kills));
}

/// A rest of which the highest pair of limbs is larger, with minus one as a mark, so that three pairs are marked that
/// add up to one.
fn marked(prime: &Limbs, minus: usize) -> Row {
    let highest = PAIRS - 1;
    let larger = plus(*prime, 2 * highest, 1);
    // The difference of a pair counts once if it is marked last, and negatively if that mark is minus one. The pair
    // marked second must be equal.
    let (second, rest) = if minus == highest - 1 {
        (minus - 1, plus(larger, 2 * (minus - 1), -2))
    } else {
        (highest - 1, plus(larger, 2 * minus, 2))
    };
    let differ = from_fn(|pair| i64::from(pair == highest || pair == second) - i64::from(pair == minus));
    above(rest, differ, 0, [0, 0])
}

/// Rests one of whose limbs is none.
fn limbs(calls: &Calls<'_, '_, '_>, kills: &mut Kills) {
    let factors = calls.factors(PRIME);
    let honest = Row::of(PRIME, factors, product(&factors));
    for limb in 0..LIMBS - 1 {
        // The limb above makes up for it.
        let row = |by: i64| {
            let rest = plus(plus(honest.rest, limb, by << 16), limb + 1, -by);
            Row { rest, ..honest.clone() }
        };
        let _is_killed = calls.tell(&row(1), kills) || calls.tell(&row(-1), kills);
    }
    // A prime less: the highest limb is negative.
    let prime = modulus(PRIME);
    let rest = carried(from_fn(|i| honest.rest[i] - prime[i]));
    calls.tell(&Row { rest, quotient: carried(plus(honest.quotient, 0, 1)), ..honest }, kills);
}

/// Two primes together, less another one: what is left of their sum with a rest is that rest.
fn flags(calls: &Calls<'_, '_, '_>, minus: usize, kills: &mut Kills) {
    let others: Vec<usize> = (0..PRIMES).filter(|&other| other != minus).collect();
    for (first, second) in others.iter().flat_map(|&first| others.iter().map(move |&second| (first, second))) {
        let Some(prime) = (first + second).checked_sub(minus).filter(|&prime| first < second && prime < PRIMES) else {
            continue;
        };
        let [one, two, less] = [first, second, minus].map(modulus);
        // A limb of the sum may have more than 16 bits, and must not be further from the rest's than a borrow reaches.
        for limb in [0, 0xffff] {
            let rest = plus(small(0), LIMBS - 2, limb);
            let all: Limbs = carried(from_fn(|i| one[i] + two[i] - less[i] + rest[i]));
            let mut row = Row::new(prime, [all, small(1)], from_fn(|i| i64::from(i == 0)), rest);
            row.flags = from_fn(|i| i64::from(i == first || i == second) - i64::from(i == minus));
            if (0..1 << 16).contains(&all[LIMBS - 1]) && calls.tell(&row, kills) {
                return;
            }
        }
    }
}
