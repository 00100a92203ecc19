//! Multiplications with a false quotient, rest, carry or prime, everything else as it suits the forger.

use p3_field::{Field, PrimeCharacteristicRing};
use provasm_air::{KoalaBear, bus};
use provasm_isa::Op;
use provasm_isa::accel::modmul::{Division, Integer, MODULI, multiply};
use provasm_testkit::Random;

use crate::calls::{CallRow, Wrong, forged};
use crate::inputs::{ORDER, integer, window};

const LIMBS: usize = 16;

fn limbs<const N: usize>(integer: &[u64]) -> [i64; N] {
    core::array::from_fn(|i| integer.get(i / 4).map_or(0, |word| (word >> (16 * (i % 4)) & 0xffff) as i64))
}

/// `x + y` as one limb more.
fn sum(x: &Integer, y: &Integer) -> [u64; 5] {
    let mut carry = false;
    let mut sum = [0; 5];
    for i in 0..4 {
        (sum[i], carry) = x[i].carrying_add(y[i], carry);
    }
    sum[4] = carry.into();
    sum
}

/// What a row says: that the product of its window's factors is `quotient` times a prime plus `rest`.
struct Claim {
    prime: usize,
    quotient: [i64; 17],
    rest: [i64; LIMBS],
}

impl Claim {
    fn of(prime: usize, division: &Division) -> Self {
        Self { prime, quotient: limbs(&division.quotient), rest: limbs(&division.rest) }
    }

    /// Writes it to a row. The carries solve all constraints on the product but the last, as elements of the field.
    fn write(&self, row: &mut CallRow<'_>) {
        let modulus: [i64; LIMBS] = limbs(&MODULI[self.prime]);
        row.set_all("prime", &core::array::from_fn::<_, 6, _>(|i| i64::from(i == self.prime)));
        row.set_all("quotient", &self.quotient);
        row.set_all("quotient_high", &self.quotient[..LIMBS].iter().map(|limb| limb >> 8).collect::<Vec<_>>());
        row.set_all("rest", &self.rest);
        let pair = (0..8).rev().find(|i| modulus[2 * i..2 * i + 2] != self.rest[2 * i..2 * i + 2]).unwrap_or(0);
        self.mark(row, pair);
        solve_carries(row, self.prime);
    }

    /// Marks a pair of limbs as the one that decides, with the borrow that leaves the low limb a limb.
    fn mark(&self, row: &mut CallRow<'_>, pair: usize) {
        let modulus: [i64; LIMBS] = limbs(&MODULI[self.prime]);
        let [low, high] = [2 * pair, 2 * pair + 1].map(|i| modulus[i] - self.rest[i]);
        let borrow = i64::from(low < 1);
        row.set_all("differ", &core::array::from_fn::<_, 8, _>(|i| i64::from(i == pair)));
        row.set_all("borrow", &[borrow]);
        row.set_all("difference", &[low - 1 + (borrow << 16), high - borrow]);
    }
}

/// Sets every carry to what the constraint of its limb asks for.
fn solve_carries(row: &mut CallRow<'_>, prime: usize) {
    let modulus: [i64; LIMBS] = limbs(&MODULI[prime]);
    let element = |value: i64| KoalaBear::from_i64(value);
    let scale = KoalaBear::from_u32(1 << 16).inverse();
    let mut below = KoalaBear::ZERO;
    for k in 0..31 {
        let (mut sum, mut high) = (KoalaBear::ZERO, KoalaBear::ZERO);
        for (i, j) in (0..=k).map(|i| (i, k - i)).filter(|&(i, j)| i <= LIMBS && j < LIMBS) {
            sum -= row.get("quotient", i) * element(modulus[j]);
            if i < LIMBS {
                sum += row.get("before", i) * row.get("before", LIMBS + j);
                high += row.get("high", i) * row.get("high", LIMBS + j);
                high -= row.get("quotient_high", i) * element(modulus[j] >> 8);
            }
        }
        if k < LIMBS {
            sum -= row.get("rest", k);
        }
        below = (sum + below) * scale;
        row.set("carry", k, below - high);
    }
}

fn case(random: &mut Random, prime: usize) -> (Integer, Integer, Division) {
    let (a, b) = (integer(random), integer(random));
    (a, b, multiply(&a, &b, &MODULI[prime]))
}

/// The claims of the honest row: nothing is wrong with them, so that what follows is tried on whole rows.
#[test]
fn honest_claims_pass() {
    let mut random = Random::new(0x15);
    for prime in 0..MODULI.len() {
        let (a, b, division) = case(&mut random, prime);
        let wrong = forged(Op::ModMul, (prime as u64, window(&a, &b)), &division.rest, |row| {
            Claim::of(prime, &division).write(row);
        });
        assert!(wrong.constraints == 0 && wrong.buses.is_empty(), "{prime}: {wrong:?}");
    }
}

/// The rest and the prime, with a quotient one smaller: true over the integers, and not below the prime. Whichever pair
/// of limbs is marked, something is wrong; with some it is a range check alone.
#[test]
fn rests_are_below_the_prime() {
    let mut random = Random::new(0x16);
    for (prime, modulus) in MODULI.iter().enumerate() {
        // The prime and a little: the rest is the little times the other factor, so that there is room for the prime.
        let factors =
            [(0, 1), (0, random.next_u64()), (random.next_u64() >> 34, 1), (random.next_u64() >> 50, 1 << 10)];
        for (little, b) in factors {
            let [a0, a1, a2, a3, _] = sum(&[little, 0, 0, 0], modulus);
            let (a, b) = ([a0, a1, a2, a3], [b, 0, 0, 0]);
            let mut division = multiply(&a, &b, modulus);
            let [r0, r1, r2, r3, overflow] = sum(&division.rest, modulus);
            assert_eq!((overflow, division.quotient[0] > 0), (0, true));
            division.rest = [r0, r1, r2, r3];
            division.quotient[0] -= 1;
            let wrong = |pair: usize| {
                forged(Op::ModMul, (prime as u64, window(&a, &b)), &division.rest, |row| {
                    let claim = Claim::of(prime, &division);
                    claim.write(row);
                    claim.mark(row, pair);
                })
            };
            let wrongs = [0, 1, 2, 3, 4, 5, 6, 7].map(wrong);
            assert!(wrongs.iter().all(|wrong| wrong.constraints > 0 || wrong.is_range_alone()), "{prime}: {wrongs:?}");
            assert!(wrongs.iter().any(Wrong::is_range_alone), "{prime}: {wrongs:?}");
        }
    }
}

/// Rests and quotients that satisfy everything modulo the field's order, and are false.
#[test]
fn what_holds_in_the_field_alone_is_refused() {
    let mut random = Random::new(0x17);
    for (prime, case_number) in (0..MODULI.len()).flat_map(|prime| (0..4).map(move |case| (prime, case))) {
        let (a, b, honest) = case(&mut random, prime);
        let mut claim = Claim::of(prime, &honest);
        let mut after = honest.rest;
        match case_number {
            // A multiple of the field's order more: the last constraint sees nothing.
            0 | 1 => {
                let more = u64::from(ORDER) * (1 + (random.next_u64() >> 40) * case_number);
                let [r0, r1, r2, r3, _] = sum(&honest.rest, &[more, 0, 0, 0]);
                after = [r0, r1, r2, r3];
                claim.rest = limbs(&after);
            }
            // Any rest, and a quotient whose last limb makes up for it in the field, but is none.
            2 => {
                after = multiply(&integer(&mut random), &[1, 0, 0, 0], &MODULI[prime]).rest;
                claim.rest = limbs(&after);
            }
            // Any limbs for the quotient too.
            _ => claim.quotient = limbs(&[(); 5].map(|()| random.next_u64() >> 60 | random.next_u64() << 4)),
        }
        let wrong = forged(Op::ModMul, (prime as u64, window(&a, &b)), &after, |row| {
            claim.write(row);
            if case_number > 1 {
                // In the field, what is left over divided by 2^256 times the prime.
                let base = KoalaBear::from_u32(1 << 16);
                let value =
                    |limbs: &[KoalaBear]| limbs.iter().rev().fold(KoalaBear::ZERO, |sum, limb| sum * base + *limb);
                let column =
                    |name: &str, from: usize, to: usize| (from..to).map(|i| row.get(name, i)).collect::<Vec<_>>();
                let modulus = value(&limbs::<LIMBS>(&MODULI[prime]).map(KoalaBear::from_i64));
                let left = value(&column("before", 0, 16)) * value(&column("before", 16, 32))
                    - value(&column("quotient", 0, 17)) * modulus
                    - value(&column("rest", 0, 16));
                let last = row.get("quotient", 16) + left * (base.exp_u64(16) * modulus).inverse();
                row.set("quotient", 16, last);
                solve_carries(row, prime);
            }
        });
        assert!(wrong.is_range_alone(), "{prime} {case_number}: {wrong:?}");
    }
}

/// The last limb of the quotient is looked up. A false result that needs it to be large is among the lies of the deletion suite.
#[test]
fn the_quotients_last_limb_is_small() {
    let mut random = Random::new(0x1d);
    for prime in 0..MODULI.len() {
        let (a, b, honest) = case(&mut random, prime);
        for limb in [16, -1, 1 << 16] {
            let wrong = forged(Op::ModMul, (prime as u64, window(&a, &b)), &honest.rest, |row| {
                row.set("quotient", 16, KoalaBear::from_i64(limb));
            });
            assert_eq!(wrong.buses, [bus::RANGE], "{prime} {limb}: {wrong:?}");
        }
    }
}

#[test]
fn quotients_that_are_off_by_one_are_refused() {
    let mut random = Random::new(0x18);
    for prime in 0..MODULI.len() {
        let (a, b, honest) = case(&mut random, prime);
        for (limb, by) in [(0, 1), (0, -1), (7, 1), (15, -1), (16, 1)] {
            let mut claim = Claim::of(prime, &honest);
            claim.quotient[limb] += by;
            let wrong = forged(Op::ModMul, (prime as u64, window(&a, &b)), &honest.rest, |row| claim.write(row));
            assert!(wrong.constraints > 0, "{prime} {limb} {by}: {wrong:?}");
        }
    }
}

/// A false high byte moves what a carry takes over, and the carries make up for it.
#[test]
fn high_bytes_that_carries_make_up_for_are_refused() {
    let mut random = Random::new(0x19);
    for prime in 0..MODULI.len() {
        let (a, b, honest) = case(&mut random, prime);
        for (column, limb) in
            [("high", 0), ("high", 15), ("high", 16), ("high", 31), ("quotient_high", 0), ("quotient_high", 15)]
        {
            for by in [1, -1] {
                let wrong = forged(Op::ModMul, (prime as u64, window(&a, &b)), &honest.rest, |row| {
                    let byte = row.get(column, limb) + KoalaBear::from_i64(by);
                    row.set(column, limb, byte);
                    solve_carries(row, prime);
                });
                let has_bytes = wrong.buses.iter().any(|bus| bus == bus::BYTES);
                assert!(has_bytes && wrong.constraints == 0, "{prime} {column} {limb}: {wrong:?}");
            }
        }
    }
}

/// A carry one larger, with the limbs of the rest that make up for it.
#[test]
fn carries_that_rests_make_up_for_are_refused() {
    let mut random = Random::new(0x1a);
    let (a, b, honest) = case(&mut random, 0);
    for (limb, by) in (0..15).flat_map(|limb| [(limb, 1), (limb, -1)]) {
        let wrong = forged(Op::ModMul, (0, window(&a, &b)), &honest.rest, |row| {
            let [carry, low, high] =
                [row.int("carry", limb) + by, row.int("rest", limb) - (by << 16), row.int("rest", limb + 1) + by];
            row.set("carry", limb, KoalaBear::from_i64(carry));
            row.set("rest", limb, KoalaBear::from_i64(low));
            row.set("rest", limb + 1, KoalaBear::from_i64(high));
        });
        assert!(wrong.buses.iter().any(|bus| bus == bus::RANGE), "{limb} {by}: {wrong:?}");
    }
}

/// The product modulo another prime than the instruction's.
#[test]
fn the_prime_is_the_instructions() {
    let mut random = Random::new(0x1b);
    for (prime, other) in (0..6).flat_map(|prime| (0..6).map(move |other| (prime, other))).filter(|(x, y)| x != y) {
        let (a, b) = (integer(&mut random), integer(&mut random));
        let division = multiply(&a, &b, &MODULI[other]);
        let wrong = forged(Op::ModMul, (prime as u64, window(&a, &b)), &division.rest, |row| {
            Claim::of(other, &division).write(row);
        });
        assert_eq!((wrong.constraints, &wrong.buses[..]), (0, &[bus::PROGRAM.to_owned()][..]));
    }
}

/// Two primes at once, or fractions of them, whose numbers add up to the instruction's.
#[test]
fn one_prime_is_named() {
    let mut random = Random::new(0x1c);
    let (a, b, honest) = case(&mut random, 3);
    for flags in [[0, 1, 1, 0, 0, 0], [0, 3, 0, 0, 0, 0], [-1, 1, 1, 0, 0, 0], [0, 0, 0, 0, 2, -1], [1, 0, 0, 1, 0, 0]]
    {
        let wrong = forged(Op::ModMul, (3, window(&a, &b)), &honest.rest, |row| row.set_all("prime", &flags));
        assert!(wrong.constraints > 0, "{flags:?}: {wrong:?}");
    }
}
