//! Rows of multiplications, made of factors, a quotient and a rest that need not be theirs.

use std::array::from_fn;

use p3_field::{Field, PrimeCharacteristicRing, PrimeField32};
use provasm_air::chips::LIMBS;
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::Chip;
use provasm_isa::accel::modmul::MODULI;
use provasm_testkit::delete::{Honest, Kills, Liar, Lie, Place, column};

const ID: TableId = TableId::Chip(Chip::ModMul);

/// Limbs of 16 bits, least significant first; while an integer is under construction, of any size and sign.
pub(super) type Limbs = [i64; LIMBS];

/// Limbs of a product, for each of which there is a constraint.
pub(super) const SUMS: usize = 2 * LIMBS;

/// The limbs of a prime.
pub(super) fn modulus(prime: usize) -> Limbs {
    from_fn(|i| (MODULI[prime][i / 4] >> (16 * (i % 4)) & 0xffff) as i64)
}

/// An integer of one limb.
pub(super) fn small(integer: i64) -> Limbs {
    from_fn(|i| if i == 0 { integer } else { 0 })
}

/// An integer with an amount added to one limb.
pub(super) fn plus<const N: usize>(mut integer: [i64; N], limb: usize, amount: i64) -> [i64; N] {
    integer[limb] += amount;
    integer
}

/// The limbs of the same integer that are none too large, save the last, which has the sign.
pub(super) fn carried<const N: usize>(mut limbs: [i64; N]) -> [i64; N] {
    for i in 0..N - 1 {
        limbs[i + 1] += limbs[i] >> 16;
        limbs[i] &= 0xffff;
    }
    limbs
}

fn sum_of_products(x: &[i64], y: &[i64], k: usize) -> i64 {
    (0..=k).filter_map(|i| Some(x.get(i)? * y.get(k - i)?)).sum()
}

/// The product of factors.
pub(super) fn product([a, b]: &[Limbs; 2]) -> [i64; SUMS] {
    from_fn(|k| sum_of_products(a, b, k))
}

/// Divides by a prime, bit by bit: the quotient and the rest.
pub(super) fn divide(dividend: [i64; SUMS], modulus: &Limbs) -> ([i64; LIMBS + 1], Limbs) {
    let dividend = carried(dividend);
    assert!(dividend[SUMS - 1] >= 0, "a dividend that is not negative");
    let (mut quotient, mut rest) = ([0; SUMS + 1], [0; LIMBS + 1]);
    // The last limb may have as many bits as two.
    for bit in (0..16 * SUMS + 16).rev() {
        let limb = (bit / 16).min(SUMS - 1);
        rest = rest.map(|limb| 2 * limb);
        rest[0] += dividend[limb] >> (bit - 16 * limb) & 1;
        let less = carried(from_fn(|i| rest[i] - modulus.get(i).unwrap_or(&0)));
        let is_below = less[LIMBS] < 0;
        rest = if is_below { carried(rest) } else { less };
        quotient[bit / 16] |= i64::from(!is_below) << (bit % 16);
    }
    (from_fn(|i| quotient[i]), from_fn(|i| rest[i]))
}

/// A row, as integers.
#[derive(Clone)]
pub(super) struct Row {
    /// The instruction's prime.
    pub(super) prime: usize,
    /// Its flags.
    pub(super) flags: [i64; 6],
    /// The factors.
    pub(super) factors: [Limbs; 2],
    /// The quotient.
    pub(super) quotient: [i64; LIMBS + 1],
    /// The rest.
    pub(super) rest: Limbs,
    /// Added to the high bytes of the factors, and of the quotient.
    pub(super) high: [i64; 3 * LIMBS],
    /// What the constraints on the product are told to be.
    pub(super) sums: [i64; SUMS],
    /// The marks of pairs of limbs, the borrow and the difference; found if there are none.
    pub(super) below: Option<([i64; 8], i64, [i64; 2])>,
}

impl Row {
    /// A row that tells this quotient and rest of factors.
    pub(super) fn new(prime: usize, factors: [Limbs; 2], quotient: [i64; LIMBS + 1], rest: Limbs) -> Self {
        let flags = from_fn(|i| i64::from(i == prime));
        Self { prime, flags, factors, quotient, rest, high: [0; 3 * LIMBS], sums: [0; SUMS], below: None }
    }

    /// A row that tells the quotient and the rest of an integer that is not the product of the factors.
    pub(super) fn of(prime: usize, factors: [Limbs; 2], told: [i64; SUMS]) -> Self {
        let (quotient, rest) = divide(told, &modulus(prime));
        Self::new(prime, factors, quotient, rest)
    }

    /// The sum of all primes, each times its flag, by limbs; and their high bytes.
    fn modulus(&self) -> [Limbs; 2] {
        let primes: [Limbs; 6] = from_fn(modulus);
        let weighed = |of: &dyn Fn(i64) -> i64| {
            from_fn(|i| primes.iter().zip(self.flags).map(|(prime, flag)| flag * of(prime[i])).sum())
        };
        [weighed(&|limb| limb), weighed(&|limb| limb >> 8)]
    }

    /// The proof that the rest is below the prime, by the most significant pair of limbs in which they differ.
    fn below(&self) -> ([i64; 8], i64, [i64; 2]) {
        let [modulus, _] = self.modulus();
        let difference = |i: usize| modulus[i] - self.rest[i];
        let pair = (0..8).rev().find(|pair| difference(2 * pair) != 0 || difference(2 * pair + 1) != 0).unwrap_or(0);
        let [low, high] = [difference(2 * pair), difference(2 * pair + 1)];
        let borrow = i64::from(low < 1);
        (from_fn(|i| i64::from(i == pair)), borrow, [low - 1 + (borrow << 16), high - borrow])
    }

    /// Its cells, in place of those of an honest row.
    fn cells(&self, honest: &[F]) -> Vec<F> {
        let mut row = honest.to_vec();
        let mut put = |name: &str, integers: &[i64]| {
            let first = column(ID, name);
            row[first..].iter_mut().zip(integers).for_each(|(cell, &integer)| *cell = F::from_i64(integer));
        };
        let [modulus, modulus_high] = self.modulus();
        let [x, y] = self.factors;
        let limbs: Vec<i64> = x.into_iter().chain(y).chain(self.quotient).collect();
        let high: [i64; 3 * LIMBS] = from_fn(|i| (limbs[i] >> 8) + self.high[i]);
        let (differ, borrow, difference) = self.below.unwrap_or_else(|| self.below());
        put("prime[0]", &self.flags);
        put("before[0]", &limbs[..2 * LIMBS]);
        put("high[0]", &high[..2 * LIMBS]);
        put("quotient[0]", &self.quotient);
        put("quotient_high[0]", &high[2 * LIMBS..]);
        put("rest[0]", &self.rest);
        put("differ[0]", &differ);
        put("borrow", &[borrow]);
        put("difference[0]", &difference);
        let carry = column(ID, "carry[0]");
        let mut below = F::ZERO;
        for (k, carry) in row[carry..carry + SUMS - 1].iter_mut().enumerate() {
            let rest = self.rest.get(k).unwrap_or(&0);
            let sum = sum_of_products(&x, &y, k) - sum_of_products(&self.quotient, &modulus, k) - rest;
            below = (F::from_i64(sum - self.sums[k]) + below) * F::from_u32(1 << 16).inverse();
            let high_bytes = sum_of_products(&high[..LIMBS], &high[LIMBS..2 * LIMBS], k)
                - sum_of_products(&high[2 * LIMBS..], &modulus_high, k);
            *carry = below - F::from_i64(high_bytes);
        }
        row
    }
}

/// The calls that are lied about.
pub(super) struct Calls<'l, 'h, 't> {
    pub(super) liar: &'l Liar<'h, 't>,
    places: Vec<Place>,
}

impl<'l, 'h, 't> Calls<'l, 'h, 't> {
    pub(super) fn new(liar: &'l Liar<'h, 't>) -> Self {
        Self { liar, places: liar.honest.rows(ID) }
    }

    fn honest(&self) -> &Honest<'t> {
        self.liar.honest
    }

    fn place(&self, prime: usize) -> Place {
        let flag = column(ID, &format!("prime[{prime}]"));
        let is_it = |place: &&Place| self.honest().cells(**place)[flag] == F::ONE;
        *self.places.iter().find(is_it).expect("a call for every prime")
    }

    /// The factors of the call for a prime.
    pub(super) fn factors(&self, prime: usize) -> [Limbs; 2] {
        let cells = &self.honest().cells(self.place(prime))[column(ID, "before[0]")..];
        [0, LIMBS].map(|first| from_fn(|i| i64::from(cells[first + i].as_canonical_u32())))
    }

    /// Tells a row in place of the call for its prime. Whether it kills something.
    pub(super) fn tell(&self, row: &Row, kills: &mut Kills) -> bool {
        let place = self.place(row.prime);
        let mut lie = Lie::default();
        lie.rows.insert(place, row.cells(self.honest().cells(place)));
        let known = kills.len();
        self.liar.tell(self.liar.settle(lie), kills);
        kills.len() > known
    }
}
