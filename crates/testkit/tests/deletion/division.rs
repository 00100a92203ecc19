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
    /// The quotient, if it is another one, without a remainder.
    quotient: Option<u64>,
    /// There is no quotient, but a remainder that is not below the divisor: the limb at which [`CARRY`] is borrowed.
    borrowed: Option<usize>,
    /// The limb after which [`CARRY`] is carried to the next, of quotient times divisor.
    carried: Option<usize>,
    /// A limb of the divisor, and by how much its high byte is less, and the low one more by 256 times as much.
    split: Option<(usize, i64)>,
    /// Makes the dividend's magnitude, the divisor's and the result others.
    change: [Option<Change>; 3],
}

impl Told {
    fn of(a: u64, b: u64) -> Self {
        Self { a, b, ..Self::default() }
    }
}

/// A change of a value that is negated, or not.
type Change = fn(&mut Negated);

fn ints(value: u64) -> Limbs {
    std::array::from_fn(|i| (value >> (16 * i) & 0xffff) as i64)
}

fn number(limbs: Limbs) -> u128 {
    limbs.iter().rev().fold(0, |number, &limb| (number << 16) + limb as u128)
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

/// Carries of quotient times divisor plus remainder, and borrows of divisor minus remainder minus one.
fn set_steps(row: &mut Row, told: &Told, dividend: Limbs, divisor: Limbs, quotient: Limbs, rest: Limbs) {
    let (x, y) = (bytes(quotient), bytes(divisor));
    let (mut carry, mut borrow) = (0, 1);
    for (k, ((dividend, divisor), rest)) in dividend.into_iter().zip(divisor).zip(rest).take(3).enumerate() {
        carry = (product_limb(x, y, k) + rest + carry - dividend) / LIMB;
        borrow = i64::from(divisor < rest + borrow);
        if told.carried == Some(k) {
            carry = CARRY.into();
        }
        if let Some(limb) = told.borrowed {
            borrow = if k == limb { CARRY.into() } else { (k < limb).into() };
        }
        row.set(&format!("carry[{k}]"), F::from_i64(carry));
        row.set(&format!("borrow[{k}]"), F::from_i64(borrow));
    }
}

/// The row as it is told.
fn retold(mut row: Row, told: &Told) -> Row {
    if let Some(flags) = told.flags {
        ["is64", "signed", "remainder"].iter().zip(flags).for_each(|(name, flag)| row.set(name, flag));
    }
    let is64 = row.is("is64");
    let top = |value: u64| row.is("signed") && value >> if is64 { 63 } else { 31 } & 1 == 1;
    let signs = told.signs.unwrap_or([top(told.a), top(told.b)]);
    let mut dividend = Negated::of(ints(told.a), signs[0], is64, told.faults[0]);
    let mut divisor = Negated::of(ints(told.b), signs[1], is64, told.faults[1]);
    told.change[0].into_iter().for_each(|change| change(&mut dividend));
    told.change[1].into_iter().for_each(|change| change(&mut divisor));
    let (a, b) = (number(dividend.out), number(divisor.out));
    let (quotient, rest) = match told.quotient {
        Some(quotient) => (u128::from(quotient), 0),
        None if told.borrowed.is_some() => (0, a),
        None => (a / b, a % b),
    };
    let (quotient, rest) = (ints(quotient as u64), ints(rest as u64));

    set_steps(&mut row, told, dividend.out, divisor.out, quotient, rest);
    let remainder = row.get("remainder");
    let [a_sign, b_sign] = signs.map(F::from_bool);
    let differ = F::from_bool(signs[0] != signs[1]);
    let sign = (a_sign - differ) * remainder + differ;
    let value = std::array::from_fn(|i| {
        let [quotient, rest] = [quotient, rest].map(|limbs| F::from_i64(limbs[i]));
        ((rest - quotient) * remainder + quotient).as_canonical_u32().into()
    });
    let mut result = Negated::of(value, sign == F::ONE, is64, told.faults[2]);
    told.change[2].into_iter().for_each(|change| change(&mut result));

    row.put("read_a.value", &limbs(told.a));
    row.put("read_b.value", &limbs(told.b));
    row.put("signs", &[a_sign, b_sign]);
    dividend.put(&mut row, "dividend");
    divisor.put(&mut row, "divisor");
    row.put("quotient", &fields(quotient));
    row.put("rest", &fields(rest));
    row.put("quotient_low", &fields(quotient.map(|limb| limb & 0xff)));
    let mut low = divisor.out.map(|limb| limb & 0xff);
    told.split.into_iter().for_each(|(limb, less)| low[limb] += 256 * less);
    row.put("divisor_low", &fields(low));
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
    flags(&mut say);
    magnitudes(&mut say);
    products(&mut say);
    splits(&mut say);
}

fn minus(value: u64) -> u64 {
    value.wrapping_neg()
}

/// Flags that are no bits, and signs that are not those of the operands.
fn flags(say: &mut impl FnMut(Op, Told)) {
    let of = Told::of;
    // A signed division of -6 as one that is not: the flag for 64 bits is 2 instead.
    say(Op::DivS32, Told { flags: Some([F::TWO, F::ZERO, F::ZERO]), ..of(minus(6) & 0xffff_ffff, 2) });
    // The flag for 64 bits is 0, and a quarter of the one for the remainder makes up for it: 8 / 2 is 3.
    say(Op::DivU64, Told { flags: Some([F::ZERO, F::ZERO, F::TWO.square().inverse()]), ..of(8, 2) });
    // Unsigned values with signs, and positive ones.
    for signs in [[true, false], [false, true]] {
        say(Op::DivU64, Told { signs: Some(signs), ..of(7, 2) });
        say(Op::DivS64, Told { signs: Some(signs), ..of(7, 2) });
    }
    // The one quotient that overflows.
    say(Op::DivS64, of(1 << 63, minus(1)));
}

/// Magnitudes and results that are not what they are made of.
fn magnitudes(say: &mut impl FnMut(Op, Told)) {
    let of = Told::of;
    // Magnitudes that are none.
    for (limb, value) in [(0, 0x8000_0000_0005_0000), (2, 0x9000 << 48)] {
        say(Op::DivS64, Told { faults: [Some(limb), None, None], ..of(value, 3) });
        say(Op::DivS64, Told { faults: [None, Some(limb), None], ..of(0x7000 << 48, value) });
        say(Op::DivS64, Told { faults: [None, None, Some(limb)], ..of(minus(5), 5) });
    }
    let changed: [Change; 4] =
        [|value| value.out[0] += 1, |value| value.out[1] += 1, |value| value.out[2] += 1, |value| value.out[3] += 1];
    for change in changed.map(Some) {
        say(Op::DivS64, Told { change: [change, None, None], ..of(minus(5), 3) });
        say(Op::DivS64, Told { change: [None, change, None], ..of(77, minus(5)) });
    }
    // The highest carry goes nowhere.
    let (low, mask): ([Change; 2], u64) = ([|value| more(value, 1), |value| less(value, 1)], 0xffff_ffff);
    say(Op::DivS32, Told { change: [Some(low[0]), None, None], ..of(minus(5) & mask, 3) });
    say(Op::DivS32, Told { change: [None, Some(low[0]), None], ..of(0x7fff_ffff, minus(5) & mask) });
    say(Op::DivS32, Told { change: [None, None, Some(low[1])], ..of(minus(5) & mask, 5) });
    let high: [Change; 2] = [|value| more(value, 3), |value| less(value, 3)];
    say(Op::DivS64, Told { change: [Some(high[0]), None, None], ..of(minus(5), 3) });
    say(Op::DivS64, Told { change: [None, Some(high[0]), None], ..of(0x7fff << 48, minus(5)) });
    say(Op::DivS64, Told { change: [None, None, Some(high[1])], ..of(minus(5), 5) });
    // A limb of -1 instead of 2^16 - 1 and a carry.
    let below: Change = |value| *value = Negated { out: [0, 0, -1, 0], carry: [0; 4] };
    say(Op::DivS64, Told { change: [None, None, Some(below)], ..of(minus(3 << 32), 3) });
    // A magnitude of 32 bits that is larger by 2^64, as one limb is 2^16.
    let large: [Change; 2] = [
        |value| {
            value.out[2..].copy_from_slice(&[LIMB, LIMB - 1]);
            value.carry[2..].fill(1);
        },
        |value| {
            value.out[3] = LIMB;
            value.carry[3] = 1;
        },
    ];
    for change in large {
        say(Op::DivS32, Told { change: [Some(change), None, None], ..of(minus(6) & mask, 3) });
    }
}

/// Quotients whose product with the divisor is another, and remainders that are too large.
fn products(say: &mut impl FnMut(Op, Told)) {
    let of = Told::of;
    for limb in 0..3 {
        let unit = 1 << (16 * limb);
        // A remainder that is five times the divisor.
        say(Op::DivU64, Told { borrowed: Some(limb), ..of((unit * 5) << 16, unit << 16) });
        // 0 divided by 1.
        let quotient = Some(unit + ((unit * u64::from(CARRY.unsigned_abs())) << 16));
        say(Op::DivU64, Told { carried: Some(limb), quotient, ..of(0, 1) });
    }
    // A quotient whose product with the divisor has one limb above 2^64.
    for log in [32, 40, 48, 56] {
        let divisor = 1 << log;
        say(Op::DivU64, Told { quotient: Some(divisor + 3), ..of(divisor * 3, divisor) });
    }
}

/// Limbs of the divisor that are split into what are no bytes: a multiple of the field's order moves from one limb of
/// the product to the next, where it is lost.
fn splits(say: &mut impl FnMut(Op, Told)) {
    let order = u64::from(F::ORDER_U32);
    let moved = i64::from(CARRY.unsigned_abs());
    for limb in 0..3 {
        // The limb above 2^64 is moved into the one below, which is then the order and 255.
        let divisor = (order + 255) << (16 * limb) >> 8;
        let quotient = Some(1 << (56 - 16 * limb));
        say(Op::DivU64, Told { quotient, split: Some((limb, moved)), ..Told::of(255 << 48, divisor) });
    }
    // Of two limbs above 2^64, the second is moved into the first, which is then the order: 257 z and y.
    let (y, z) = (order % 257, order / 257);
    let (quotient, divisor) = (257 << 24, (y + (z << 8)) << 32);
    let moved = product_limb(bytes(ints(quotient)), bytes(ints(divisor)), 5);
    let split = Some((3, moved));
    say(Op::DivU64, Told { quotient: Some(quotient), split, ..Told::of(y << 56, divisor) });
}

/// A limb more by 1, and the carry out of it more by 1 / 2^16.
fn more(value: &mut Negated, limb: usize) {
    value.out[limb] += 1;
    value.carry[limb] += i64::from(CARRY);
}

/// A limb less by 1, and the carry out of it less by 1 / 2^16.
fn less(value: &mut Negated, limb: usize) {
    value.out[limb] -= 1;
    value.carry[limb] -= i64::from(CARRY);
}
