//! Rounds of Keccak that are told wrongly, up to the registers that a call leaves.
//!
//! A liar takes the limbs that a last round begins with apart differently: a bit is 2, 3, -1 or -2, and the bits above
//! it make up for that. Theta, rho, pi, chi and iota of what comes out are as the constraints say; the limbs that the
//! round leaves are no limbs, but the hints that overwrite the registers do not look at them. Or theta adds another
//! bit, or iota is told one; or flags that are no bits add up to a round's number and choose another constant.

use std::collections::BTreeSet;

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::rounds::Rounds;
use provasm_air::rounds::keccak::{CONSTANT_BITS, LIMBS};
use provasm_air::{KoalaBear as F, TableId, bus};
use provasm_isa::Chip;
use provasm_isa::accel::keccak::{LANES, ROTATIONS, ROUND_CONSTANTS, ROUNDS, pi_source};
use provasm_testkit::delete::{Deletion, Kills, Liar, Lie, Place, column, table};

use crate::window::overwrite;

const ID: TableId = TableId::Rounds(Rounds::Keccak);
const LANE: usize = 64;
const SIDE: usize = 5;
const LIMB: usize = 16;

/// The bits of a state, some of which may be other integers.
type Bits = Vec<i64>;

fn xor(a: i64, b: i64) -> i64 {
    a + b - 2 * a * b
}

/// What theta adds to a state: if bits are other integers, what is as odd as they are.
fn effects(before: &Bits) -> Bits {
    let odd = |x: usize, z: usize| {
        (0..SIDE).map(|y| before[LANE * (x % SIDE + SIDE * y) + z % LANE]).sum::<i64>().rem_euclid(2)
    };
    (0..SIDE * LANE).map(|i| xor(odd(i / LANE + SIDE - 1, i), odd(i / LANE + 1, i + LANE - 1))).collect()
}

/// Makes a bit of a limb this integer, by changing the bits above.
fn retell(bits: &mut Bits, at: usize, integer: i64) -> Option<()> {
    let above = at + 1..at / LIMB * LIMB + LIMB;
    let value = (at..above.end).rev().fold(0, |value, i| 2 * value + bits[i]);
    let rest = value - integer;
    if rest < 0 || rest % 2 != 0 || rest / 2 >= 1 << above.len() {
        return None;
    }
    bits[at] = integer;
    above.enumerate().for_each(|(i, bit)| bits[bit] = ((rest / 2) >> i) & 1);
    Some(())
}

/// Flags of which `wrong` is no bit, that add up to one, and times their numbers to a round's number: those that are 1,
/// what the wrong one is, and the round. The constant that they choose is another one than the round's; if it is not
/// the last round, it has bits alone.
fn wrong_flags(wrong: usize) -> Option<(BTreeSet<usize>, i64, usize)> {
    let threes = (0..ROUNDS).flat_map(|i| (i + 1..ROUNDS).flat_map(move |j| (j..ROUNDS).map(move |k| [i, j, k])));
    threes.into_iter().find_map(|flags| {
        let flags: BTreeSet<usize> = flags.into();
        let value = 1 - i64::try_from(flags.len()).ok()?;
        let sum = i64::try_from(flags.iter().sum::<usize>()).ok()?;
        let number = usize::try_from(sum + value * i64::try_from(wrong).ok()?).ok()?;
        let bit = |round: usize, bit: usize| i64::from(ROUND_CONSTANTS[round] >> bit & 1 == 1);
        let flip = |at: usize| flags.iter().map(|&flag| bit(flag, at)).sum::<i64>() + value * bit(wrong, at);
        let are_bits = || CONSTANT_BITS.iter().all(|&at| [0, 1].contains(&flip(at)));
        let suits = !flags.contains(&wrong)
            && number < ROUNDS
            && (number == ROUNDS - 1 || are_bits())
            && CONSTANT_BITS.iter().any(|&at| flip(at) != bit(number, at));
        suits.then_some((flags, value, number))
    })
}

/// Lies about calls.
struct Calls<'l, 'h, 't> {
    liar: &'l Liar<'h, 't>,
    /// Where the columns begin.
    round: usize,
    effect: usize,
    mixed: usize,
    plain: usize,
    /// Position of the table of rounds, and of the calls' own; how many calls there are.
    rounds: usize,
    own: usize,
    count: usize,
}

impl<'l, 'h, 't> Calls<'l, 'h, 't> {
    fn new(liar: &'l Liar<'h, 't>) -> Self {
        let [round, effect, mixed, plain] =
            ["round[0]", "effect[0]", "mixed[0]", "plain[0]"].map(|name| column(ID, name));
        let [rounds, own] = [ID, TableId::Chip(Chip::Keccak)].map(|id| table(liar.honest.traces, id));
        let count = liar.honest.traces.tables[own].real;
        Self { liar, round, effect, mixed, plain, rounds, own, count }
    }

    fn place(&self, call: usize, round: usize) -> Place {
        (self.rounds, ROUNDS * call + round)
    }

    /// The state that an honest round begins with.
    fn before(&self, row: &[F]) -> Bits {
        let bit = |column: usize| i64::from(row[column].as_canonical_u32());
        let before = |i: usize| xor(bit(self.mixed + i), bit(self.effect + i % LANE + LANE * (i / LANE % SIDE)));
        (0..LANES * LANE).map(before).collect()
    }

    /// The round's row for a state, to which theta adds this.
    fn fill(&self, row: &mut [F], before: &Bits, effects: &Bits) {
        // The exclusive or with what theta adds is the state before.
        let mixed = |i: usize| {
            let effect = effects[i % LANE + LANE * (i / LANE % SIDE)];
            (before[i] - effect) / (1 - 2 * effect)
        };
        let mixed: Bits = (0..LANES * LANE).map(mixed).collect();
        let moved = |lane: usize, bit: usize| {
            let source = pi_source(lane);
            mixed[LANE * source + (bit + LANE - ROTATIONS[source] as usize) % LANE]
        };
        for (i, bit) in CONSTANT_BITS.into_iter().enumerate() {
            let rest = moved(2, bit) - moved(1, bit) * moved(2, bit);
            row[self.plain + i] = F::from_i64(xor(moved(0, bit), rest));
        }
        effects.iter().enumerate().for_each(|(i, &effect)| row[self.effect + i] = F::from_i64(effect));
        mixed.iter().enumerate().for_each(|(i, &mixed)| row[self.mixed + i] = F::from_i64(mixed));
    }

    /// The limbs that a row leaves.
    fn left(&self, place: Place, row: &[F]) -> Vec<F> {
        let said = self.liar.honest.say(place, row);
        let is_sent = |count: F| count == F::ONE;
        let sent = said.messages.iter().find(|((of, _), count)| bus::ALL[*of].0 == bus::KECCAK && is_sent(*count));
        let ((_, fields), _) = sent.expect("what it leaves");
        fields[fields.len() - LIMBS..].to_vec()
    }

    /// Tells a row of a call with what follows of it, if that is false. Returns what alone objects.
    fn tell(&self, call: usize, round: usize, row: Vec<F>, kills: &mut Kills) -> Option<Deletion> {
        let honest = self.liar.honest;
        let mut lie = Lie::default();
        let mut left = self.left(self.place(call, round), &row);
        lie.rows.insert(self.place(call, round), row);
        for round in round + 1..ROUNDS {
            let limbs: Option<Vec<u16>> = left.iter().map(|limb| u16::try_from(limb.as_canonical_u32()).ok()).collect();
            let bits = limbs?.into_iter().flat_map(|limb| (0..LIMB).map(move |i| i64::from(limb >> i & 1)));
            let before: Bits = bits.collect();
            let mut row = honest.cells(self.place(call, round)).to_vec();
            self.fill(&mut row, &before, &effects(&before));
            left = self.left(self.place(call, round), &row);
            lie.rows.insert(self.place(call, round), row);
        }
        let id = TableId::Chip(Chip::Keccak);
        let (place, after) = ((self.own, call), column(id, "after[0]"));
        let mut row = honest.cells(place).to_vec();
        row[after..after + LIMBS].copy_from_slice(&left);
        if row == honest.cells(place) {
            return None;
        }
        lie.rows.insert(place, row);
        overwrite(honest, &mut lie, place);
        self.liar.tell(lie, kills)
    }

    /// A last round that begins with another state, to which theta adds something.
    fn last(&self, call: usize, before: &Bits, effects: &Bits, kills: &mut Kills) -> Option<Deletion> {
        let mut row = self.liar.honest.cells(self.place(call, ROUNDS - 1)).to_vec();
        self.fill(&mut row, before, effects);
        self.tell(call, ROUNDS - 1, row, kills)
    }

    /// A lie about one bit of the state after theta.
    fn mixed(&self, call: usize, at: usize, integer: i64, kills: &mut Kills) -> Option<Deletion> {
        let mut before = self.before(self.liar.honest.cells(self.place(call, ROUNDS - 1)));
        retell(&mut before, at, integer).or_else(|| retell(&mut before, at, 1 - integer))?;
        self.last(call, &before, &effects(&before), kills)
    }

    /// A lie about one bit of what theta adds: it is in five lanes.
    fn effect(&self, call: usize, at: usize, integer: i64, kills: &mut Kills) -> Option<Deletion> {
        let mut before = self.before(self.liar.honest.cells(self.place(call, ROUNDS - 1)));
        for y in 0..SIDE {
            let bit = at + LANE * SIDE * y;
            // Of 0 and of 1 after theta.
            retell(&mut before, bit, integer).or_else(|| retell(&mut before, bit, 1 - integer))?;
        }
        let mut effects = effects(&before);
        if effects[at] != integer.rem_euclid(2) {
            return None;
        }
        effects[at] = integer;
        self.last(call, &before, &effects, kills)
    }

    /// A bit of what theta adds, or after theta, that is none.
    fn bit(&self, at: usize, kills: &mut Kills) {
        let expected = self.liar.bit(ID, self.effect + at);
        let told = (0..self.count).any(|call| {
            [2, 3].into_iter().any(|integer| {
                let told = match at.checked_sub(SIDE * LANE) {
                    None => self.effect(call, at, integer, kills),
                    Some(at) => self.mixed(call, at, integer, kills),
                };
                told == Some(expected)
            })
        });
        assert!(told, "{} can be nothing but a bit", ID.column_names()[self.effect + at]);
    }

    /// A flag that is no bit.
    fn flag(&self, wrong: usize, kills: &mut Kills) {
        let (flags, value, number) = wrong_flags(wrong).expect("flags");
        let mut row = self.liar.honest.cells(self.place(0, number)).to_vec();
        (0..ROUNDS).for_each(|flag| row[self.round + flag] = F::from_bool(flags.contains(&flag)));
        row[self.round + wrong] = F::from_i64(value);
        let expected = self.liar.bit(ID, self.round + wrong);
        assert_eq!(self.tell(0, number, row, kills), Some(expected), "flag {wrong}");
    }
}

/// Lies about the rounds. The top bits of limbs are left out: they are bits without their constraints.
pub(crate) fn rounds(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let calls = Calls::new(liar);
    let bits = (0..(LANES + SIDE) * LANE).filter(|at| at % LIMB != LIMB - 1);
    bits.for_each(|at| calls.bit(at, kills));
    (0..ROUNDS).for_each(|flag| calls.flag(flag, kills));
    let row = liar.honest.cells(calls.place(0, ROUNDS - 1));
    let before = calls.before(row);
    // Theta adds the other bit.
    for at in (0..SIDE * LANE).step_by(2) {
        let mut effects = effects(&before);
        effects[at] ^= 1;
        assert!(calls.last(0, &before, &effects, kills).is_some(), "theta adds another bit {at}");
    }
    for i in 0..CONSTANT_BITS.len() {
        let mut row = row.to_vec();
        row[calls.plain + i] = F::ONE - row[calls.plain + i];
        assert!(calls.tell(0, ROUNDS - 1, row, kills).is_some(), "iota is told another bit {i}");
    }
}
