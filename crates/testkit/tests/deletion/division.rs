//! Divisions with a false step, after which everything is as it must be.

use p3_field::{Field, PrimeCharacteristicRing, PrimeField32};
use provasm_air::KoalaBear as F;
use provasm_isa::{Chip, Op};
use provasm_testkit::delete::{Kills, Liar};

use crate::alu::CARRY;
use crate::forged::{Row, limbs, tell};

/// Limbs, and carries out of them, that need not be what they should be.
type Limbs = [i64; 4];

const LIMB: i64 = 1 << 16;

/// A value or its negation.
#[derive(Clone, Copy, Default)]
struct Negated {
    out: Limbs,
    carry: Limbs,
}

/// What is told of a division.
#[derive(Clone, Copy, Default)]
struct Told {
    a: u64,
    b: u64,
    /// Whether it is 64-bit, signed and for the remainder, if not as the opcode says.
    flags: Option<[F; 3]>,
    /// The signs of dividend and divisor, if not their top bits.
    signs: Option<[bool; 2]>,
    /// The limb of the dividend's magnitude, of the divisor's and of the result at which [`CARRY`] goes up.
    faults: [Option<usize>; 3],
    /// What the quotient is too large by.
    more: u64,
    /// Makes the result another one.
    result: Option<fn(&mut Negated)>,
}

fn ints(value: u64) -> Limbs {
    std::array::from_fn(|i| (value >> (16 * i) & 0xffff) as i64)
}

fn number(limbs: Limbs) -> u64 {
    limbs.iter().rev().fold(0, |number, &limb| (number << 16) + limb as u64)
}

fn fields(limbs: Limbs) -> [F; 4] {
    limbs.map(F::from_i64)
}

fn bytes(limbs: Limbs) -> [i64; 8] {
    std::array::from_fn(|i| limbs[i / 2] >> (8 * (i % 2)) & 0xff)
}

impl Negated {
    fn of(value: Limbs, sign: bool, is64: bool, fault: Option<usize>) -> Self {
        if !sign {
            return Self { out: value, carry: [0; 4] };
        }
        let mut negated = Self::default();
        let mut carry = 0;
        for (i, value) in value.into_iter().enumerate() {
            let sum = value + if i == 2 && !is64 { 0 } else { carry };
            if fault == Some(i) {
                // Instead of 0, or 2^16 and a carry of 1.
                negated.out[i] = 1 - sum;
                carry = CARRY.into();
            } else {
                negated.out[i] = (-sum).rem_euclid(LIMB);
                carry = (sum + negated.out[i]) / LIMB;
            }
            negated.carry[i] = carry;
        }
        negated
    }

    fn put(&self, row: &mut Row, name: &str) {
        row.put(&format!("{name}.out"), &fields(self.out));
        row.put(&format!("{name}.carry"), &fields(self.carry));
    }
}

/// The part of a product that falls into a limb, before carries.
fn product_limb(x: [i64; 8], y: [i64; 8], limb: usize) -> i64 {
    let column = |sum: usize| (0..8).filter(|i| (i..=&(i + 7)).contains(&&sum)).map(|i| x[i] * y[sum - i]).sum::<i64>();
    column(2 * limb) + 256 * column(2 * limb + 1)
}

/// The row as it is told.
fn retold(mut row: Row, told: &Told) -> Row {
    if let Some(flags) = told.flags {
        ["is64", "signed", "remainder"].iter().zip(flags).for_each(|(name, flag)| row.set(name, flag));
    }
    let is64 = row.is("is64");
    let top = |value: u64| row.is("signed") && value >> if is64 { 63 } else { 31 } & 1 == 1;
    let signs = told.signs.unwrap_or([top(told.a), top(told.b)]);
    let dividend = Negated::of(ints(told.a), signs[0], is64, told.faults[0]);
    let divisor = Negated::of(ints(told.b), signs[1], is64, told.faults[1]);
    let (a, b) = (number(dividend.out), number(divisor.out));
    let (quotient, rest) = (ints(a / b + told.more), ints(a % b));

    let (x, y) = (bytes(quotient), bytes(divisor.out));
    let (mut carry, mut borrow) = (0, 1);
    for k in 0..3 {
        carry = (product_limb(x, y, k) + rest[k] + carry) >> 16;
        borrow = i64::from(divisor.out[k] < rest[k] + borrow);
        row.set(&format!("carry[{k}]"), F::from_i64(carry));
        row.set(&format!("borrow[{k}]"), F::from_i64(borrow));
    }
    let remainder = row.get("remainder");
    let [a_sign, b_sign] = signs.map(F::from_bool);
    let differ = F::from_bool(signs[0] != signs[1]);
    let sign = (a_sign - differ) * remainder + differ;
    let value = std::array::from_fn(|i| {
        let [quotient, rest] = [quotient, rest].map(|limbs| F::from_i64(limbs[i]));
        ((rest - quotient) * remainder + quotient).as_canonical_u32().into()
    });
    let mut result = Negated::of(value, sign == F::ONE, is64, told.faults[2]);
    told.result.into_iter().for_each(|change| change(&mut result));

    row.put("read_a.value", &limbs(told.a));
    row.put("read_b.value", &limbs(told.b));
    row.put("signs", &[a_sign, b_sign]);
    dividend.put(&mut row, "dividend");
    divisor.put(&mut row, "divisor");
    row.put("quotient", &fields(quotient));
    row.put("rest", &fields(rest));
    row.put("quotient_low", &fields(quotient.map(|limb| limb & 0xff)));
    row.put("divisor_low", &fields(divisor.out.map(|limb| limb & 0xff)));
    row.set("sign", sign);
    result.put(&mut row, "result");
    row
}

/// All of them.
pub(crate) fn lies(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let mut say = |op: Op, told: Told| {
        for row in Row::of(liar.honest, Chip::Div, op).into_iter().take(1) {
            tell(liar, [retold(row, &told)], kills);
        }
    };
    let of = |a: u64, b: u64| Told { a, b, ..Told::default() };
    let minus = |value: u64| value.wrapping_neg();
    // A signed division of -6 as one that is not: the flag for 64 bits is 2 instead.
    say(Op::DivS32, Told { flags: Some([F::TWO, F::ZERO, F::ZERO]), ..of(minus(6) & 0xffff_ffff, 2) });
    // The flag for 64 bits is 0, and a quarter of the one for the remainder makes up for it: 8 / 2 is 3.
    say(Op::DivU64, Told { flags: Some([F::ZERO, F::ZERO, F::TWO.square().inverse()]), ..of(8, 2) });
    // Unsigned values with signs, and a positive one.
    say(Op::DivU64, Told { signs: Some([true, false]), ..of(7, 2) });
    say(Op::DivU64, Told { signs: Some([false, true]), ..of(7, 2) });
    say(Op::DivS64, Told { signs: Some([false, true]), ..of(7, 2) });
    // The one quotient that overflows.
    say(Op::DivS64, of(1 << 63, minus(1)));
    // Magnitudes that are none.
    for (limb, value) in [(0, 0x8000_0000_0005_0000), (2, 0x9000 << 48)] {
        say(Op::DivS64, Told { faults: [Some(limb), None, None], ..of(value, 3) });
        say(Op::DivS64, Told { faults: [None, Some(limb), None], ..of(0x7000 << 48, value) });
        say(Op::DivS64, Told { faults: [None, None, Some(limb)], ..of(minus(5), 5) });
    }
    // The highest carry goes nowhere.
    say(Op::DivS32, Told { result: Some(|result| less(result, 1)), ..of(minus(5) & 0xffff_ffff, 5) });
    say(Op::DivS64, Told { result: Some(|result| less(result, 3)), ..of(minus(5), 5) });
    // A limb of -1 instead of 2^16 - 1 and a carry.
    let below = |result: &mut Negated| *result = Negated { out: [0, 0, -1, 0], carry: [0; 4] };
    say(Op::DivS64, Told { result: Some(below), ..of(minus(3 << 32), 3) });
    // A quotient whose product with the divisor has one limb above 2^64.
    for log in [32, 40, 48, 56] {
        let divisor = 1 << log;
        say(Op::DivU64, Told { more: divisor, ..of(divisor * 3 + 1, divisor) });
    }
}

/// A limb less by 1, and the carry out of it less by 1 / 2^16.
fn less(result: &mut Negated, limb: usize) {
    result.out[limb] -= 1;
    result.carry[limb] -= i64::from(CARRY);
}
