//! Rounds of Keccak with a bit that is none.
//!
//! A liar takes the limbs that a last round begins with apart differently: a bit is 2, 3, -1 or -2, and the bits above it
//! make up for that. Theta, rho, pi, chi and iota of what comes out are as the constraints say; the limbs that the round
//! leaves are no limbs, but nobody looks at them again.

use std::collections::BTreeSet;

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::rounds::Rounds;
use provasm_air::rounds::keccak::CONSTANT_BITS;
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::accel::keccak::{LANES, ROTATIONS, ROUNDS, pi_source};
use provasm_testkit::delete::{Deletion, Kills, Liar, Lie, Place, Thing};

const ID: TableId = TableId::Rounds(Rounds::Keccak);
const LANE: usize = 64;
const SIDE: usize = 5;
const LIMB: usize = 16;

/// The bits of a state, some of which may be other integers.
type Bits = Vec<i64>;

fn xor(a: i64, b: i64) -> i64 {
    a + b - 2 * a * b
}

fn field(value: i64) -> F {
    F::from_i64(value)
}

/// Where the columns are.
struct Columns {
    effect: usize,
    mixed: usize,
    plain: usize,
}

impl Columns {
    fn new() -> Self {
        let names = ID.column_names();
        let at = |name: &str| names.iter().position(|column| column == name).expect("a column");
        Self { effect: at("effect[0]"), mixed: at("mixed[0]"), plain: at("plain[0]") }
    }

    /// The state that an honest round begins with.
    fn before(&self, row: &[F]) -> Bits {
        let bit = |column: usize| i64::from(row[column].as_canonical_u32());
        let before = |i: usize| xor(bit(self.mixed + i), bit(self.effect + i % LANE + LANE * (i / LANE % SIDE)));
        (0..LANES * LANE).map(before).collect()
    }

    /// The round's row for a state, with `effect` in place of one bit of what theta adds, if that is as odd as it must be.
    fn fill(&self, row: &mut [F], before: &Bits, effect: Option<(usize, i64)>) -> Option<()> {
        let odd = |x: usize, z: usize| {
            (0..SIDE).map(|y| before[LANE * (x % SIDE + SIDE * y) + z % LANE]).sum::<i64>().rem_euclid(2)
        };
        let mut effects: Bits =
            (0..SIDE * LANE).map(|i| xor(odd(i / LANE + SIDE - 1, i), odd(i / LANE + 1, i + LANE - 1))).collect();
        if let Some((at, value)) = effect {
            if effects[at] != value.rem_euclid(2) {
                return None;
            }
            effects[at] = value;
        }
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
            row[self.plain + i] = field(xor(moved(0, bit), rest));
        }
        effects.iter().enumerate().for_each(|(i, &effect)| row[self.effect + i] = field(effect));
        mixed.iter().enumerate().for_each(|(i, &mixed)| row[self.mixed + i] = field(mixed));
        Some(())
    }
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

/// The rows of last rounds.
fn last_rounds(liar: &Liar<'_, '_>) -> Vec<Place> {
    let tables = liar.honest.traces.tables.iter().enumerate().filter(|(_, trace)| trace.table.id == ID);
    tables.flat_map(|(table, trace)| (ROUNDS - 1..trace.real).step_by(ROUNDS).map(move |row| (table, row))).collect()
}

/// Every bit of every `step`-th lane position, after theta and of what theta adds.
pub(crate) fn bits(liar: &Liar<'_, '_>, kills: &mut Kills, step: usize) {
    let columns = Columns::new();
    let shape = &liar.shapes[&ID];
    let rounds = last_rounds(liar);
    for at in (0..(LANES + SIDE) * LANE).step_by(step) {
        let column = columns.effect + at;
        let constraint = shape.constraints.iter().position(|of| *of == [column]).expect("that it is a bit");
        let deletion = Deletion { table: ID, thing: Thing::Constraint(constraint) };
        for &place in &rounds {
            for integer in [2, 3] {
                let lie = if at < SIDE * LANE {
                    effect(liar, &columns, place, at, integer)
                } else {
                    mixed(liar, &columns, place, at - SIDE * LANE, integer)
                };
                if let Some(lie) = lie.filter(|_| !kills.contains_key(&deletion)) {
                    liar.search(&deletion, lie, BTreeSet::new(), kills);
                }
            }
        }
    }
}

/// A lie about one bit of the state after theta.
fn mixed(liar: &Liar<'_, '_>, columns: &Columns, place: Place, at: usize, integer: i64) -> Option<Lie> {
    let mut row = liar.honest.cells(place).to_vec();
    let mut before = columns.before(&row);
    retell(&mut before, at, integer).or_else(|| retell(&mut before, at, 1 - integer))?;
    columns.fill(&mut row, &before, None)?;
    Some(Lie { rows: [(place, row)].into(), ..Lie::default() })
}

/// A lie about one bit of what theta adds: it is in five lanes.
fn effect(liar: &Liar<'_, '_>, columns: &Columns, place: Place, at: usize, integer: i64) -> Option<Lie> {
    let mut row = liar.honest.cells(place).to_vec();
    let mut before = columns.before(&row);
    for y in 0..SIDE {
        let bit = at + LANE * SIDE * y;
        // Of 0 and of 1 after theta.
        retell(&mut before, bit, integer).or_else(|| retell(&mut before, bit, 1 - integer))?;
    }
    columns.fill(&mut row, &before, Some((at, integer)))?;
    Some(Lie { rows: [(place, row)].into(), ..Lie::default() })
}
