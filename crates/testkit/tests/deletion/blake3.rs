//! Last rounds of BLAKE3 with one faulty step, after which everything is done as it should be: the call takes the state
//! that comes of it.
//!
//! Where a limb's carry is not checked, or the top bit of a limb, the word may be wrong by the field's order p: its low
//! limb is wrong by 1 and its high one by 0x7f00, and 1 plus 2^16 times 0x7f00 is zero.

use std::array::from_fn;
use std::collections::HashMap;

use p3_field::{Field, PrimeCharacteristicRing, PrimeField32};
use provasm_air::rounds::Rounds;
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::Chip;
use provasm_isa::accel::blake3::{QUARTERS, ROUNDS, STATE};
use provasm_testkit::delete::{Kills, Liar, Lie, Place, column};

use crate::window::overwrite;

const ID: TableId = TableId::Rounds(Rounds::Blake3);
const CALL: TableId = TableId::Chip(Chip::Blake3);

/// Quarter rounds of columns; those of diagonals come after them.
const COLUMNS: usize = 4;

/// Columns of the words that a quarter round leaves, and of their conjunctions.
const WORDS: [[&str; 2]; 4] =
    [["half_a[0]", "half_ad[0]"], ["half_c[0]", "half_bc[0]"], ["a[0]", "ad[0]"], ["c[0]", "bc[0]"]];

/// A step of a quarter round that is done wrongly.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// A sum, for which this limb's carry is not checked.
    Sum { word: usize, limb: usize },
    /// An exclusive or with a sum, for which the conjunction of these bytes is not looked up.
    Xor { word: usize, byte: usize },
    /// The rotation by twelve bits, for which no halves of bytes are looked up.
    Halves,
    /// The rotation by seven bits of a diagonal's word, for which the top bit of this limb may be any.
    Top { limb: usize },
}

/// A faulty step, and the quarter round it is in.
type Fault = (usize, Step);

/// Every fault of a round.
fn faults() -> Vec<Fault> {
    let mut steps = vec![Step::Halves];
    for word in 0..4 {
        steps.extend([0, 1].map(|limb| Step::Sum { word, limb }));
        steps.extend([0, 1, 2, 3].map(|byte| Step::Xor { word, byte }));
    }
    let mut faults: Vec<Fault> = (0..QUARTERS.len()).flat_map(|i| steps.iter().map(move |&step| (i, step))).collect();
    faults.extend((COLUMNS..QUARTERS.len()).flat_map(|i| [0, 1].map(|limb| (i, Step::Top { limb }))));
    faults
}

/// The word that is wrong by the field's order, and whether it is larger.
fn wrong_by_order(word: u32) -> (u32, bool) {
    word.checked_add(F::ORDER_U32).map_or_else(|| (word.wrapping_sub(F::ORDER_U32), false), |sum| (sum, true))
}

fn bytes(word: u32) -> [F; 4] {
    word.to_le_bytes().map(F::from_u8)
}

/// A row under construction.
struct Row<'r> {
    cells: &'r mut [F],
    columns: &'r HashMap<String, usize>,
    fault: Fault,
}

impl Row<'_> {
    fn is(&self, quarter: usize, step: Step) -> bool {
        self.fault == (quarter, step)
    }

    fn put(&mut self, name: &str, at: usize, cells: &[F]) {
        let first = self.columns[name] + at;
        self.cells[first..first + cells.len()].copy_from_slice(cells);
    }

    /// As many words as there are, from parts of this many bits.
    fn words(&self, name: &str, bits: u32, count: usize) -> Vec<u32> {
        let first = self.columns[name];
        let parts = 32 / bits as usize;
        let word = |parts: &[F]| parts.iter().rev().fold(0, |word, part| word << bits | part.as_canonical_u32());
        self.cells[first..first + parts * count].chunks_exact(parts).map(word).collect()
    }

    /// A sum and its exclusive or with another word, both written.
    fn sum_and_xor(&mut self, quarter: usize, word: usize, sum: u32, other: u32) -> [u32; 2] {
        let sum = match self.fault {
            (q, Step::Sum { word: w, limb: 0 }) if (q, w) == (quarter, word) => wrong_by_order(sum).0,
            (q, Step::Sum { word: w, limb: 1 }) if (q, w) == (quarter, word) => sum.wrapping_add(1 << 16),
            _ => sum,
        };
        let bits = (0..4).filter(|&byte| self.is(quarter, Step::Xor { word, byte })).map(|byte| 1 << (8 * byte));
        let xor = sum ^ other ^ bits.sum::<u32>();
        let ([left, right], exclusive) = ([sum, other].map(bytes), bytes(xor));
        let and: [F; 4] = from_fn(|i| (left[i] + right[i] - exclusive[i]).halve());
        let [name, conjunction] = WORDS[word];
        self.put(name, 4 * quarter, &left);
        self.put(conjunction, 4 * quarter, &and);
        [sum, xor]
    }

    /// Rotated by four bits to the left, byte by byte.
    fn rotate_by_four(&mut self, quarter: usize, word: u32) -> u32 {
        let rotated = word.rotate_left(4) ^ u32::from(self.is(quarter, Step::Halves));
        // With y the bytes before and z those after, the halves are h[i] = (16 y[i] - z[i] + h[i - 1]) / 256.
        let added: [F; 4] = from_fn(|i| bytes(word)[i] * F::new(16) - bytes(rotated)[i]);
        let all = added.into_iter().fold(F::ZERO, |all, added| (all + added) * F::new(256).inverse());
        let mut half = all * (F::ONE - F::new(256).exp_u64(4).inverse()).inverse();
        let halves = added.map(|added| {
            half = (half + added) * F::new(256).inverse();
            half
        });
        self.put("nibbles[0]", 4 * quarter, &halves);
        rotated
    }

    /// Rotated by one bit to the left.
    fn rotate_by_one(&mut self, quarter: usize, word: u32) -> u32 {
        let mut rotated = word.rotate_left(1);
        let Some(diagonal) = quarter.checked_sub(COLUMNS) else {
            self.put("tops[0]", 4 * quarter, &bytes(word >> 7 & 0x0101_0101));
            return rotated;
        };
        let mut tops = [word >> 15 & 1, word >> 31].map(F::from_u32);
        for (limb, turn) in [(0, 0), (1, 16)] {
            if self.is(quarter, Step::Top { limb }) {
                let (wrong, is_larger) = wrong_by_order(rotated.rotate_left(turn));
                rotated = wrong.rotate_left(turn);
                tops[limb] += if is_larger { F::new(0x7f00) } else { -F::new(0x7f00) };
            }
        }
        self.put("odd_tops[0]", 2 * diagonal, &tops);
        rotated
    }

    /// Does the round over again, with the fault; the state after it.
    fn fill(&mut self) -> [u32; STATE] {
        let parts = [("before_a[0]", 16), ("before_b[0]", 8), ("before_c[0]", 16), ("before_d[0]", 8)];
        let before: Vec<u32> = parts.iter().flat_map(|&(name, bits)| self.words(name, bits, STATE / 4)).collect();
        let mut state: [u32; STATE] = from_fn(|i| before[i]);
        let message = self.words("message[0]", 16, STATE);
        for (i, places) in QUARTERS.into_iter().enumerate() {
            let [a, b, c, d] = places.map(|place| state[place]);
            let [a, d] = self.sum_and_xor(i, 0, a.wrapping_add(b).wrapping_add(message[2 * i]), d);
            let d = d.rotate_right(16);
            let [c, b] = self.sum_and_xor(i, 1, c.wrapping_add(d), b);
            let b = self.rotate_by_four(i, b.rotate_right(16));
            let [a, d] = self.sum_and_xor(i, 2, a.wrapping_add(b).wrapping_add(message[2 * i + 1]), d);
            let d = d.rotate_right(8);
            let [c, b] = self.sum_and_xor(i, 3, c.wrapping_add(d), b);
            let b = self.rotate_by_one(i, b.rotate_right(8));
            places.into_iter().zip([a, b, c, d]).for_each(|(place, word)| state[place] = word);
        }
        state
    }
}

/// The row of a call whose rounds leave this state.
fn call(honest: &[F], state: &[u32; STATE]) -> Vec<F> {
    let [before, mixed, and] = ["before[0]", "mixed[0]", "and[0]"].map(|name| column(CALL, name));
    let limb = |i: usize| honest[before + i].as_canonical_u32();
    let mut row = honest.to_vec();
    for (i, &word) in state.iter().enumerate() {
        let other = match i.checked_sub(STATE / 2) {
            Some(i) => limb(2 * i + 1) << 16 | limb(2 * i),
            None => state[i + STATE / 2],
        };
        row[mixed + 4 * i..][..4].copy_from_slice(&bytes(word));
        row[and + 4 * i..][..4].copy_from_slice(&bytes(word & other));
    }
    row
}

/// Every fault, in the last round of one call after the other until it kills.
pub(crate) fn last_rounds(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let honest = liar.honest;
    let clock_of_call = column(CALL, "cpu.clock");
    let calls = honest.rows(CALL);
    let columns: HashMap<String, usize> = ID.column_names().into_iter().zip(0..).collect();
    let rounds: Vec<Place> = honest.rows(ID).into_iter().skip(ROUNDS - 1).step_by(ROUNDS).collect();
    for fault in faults() {
        let known = kills.len();
        for &round in &rounds {
            if kills.len() > known {
                break;
            }
            let mut row = honest.cells(round).to_vec();
            let is_its_call = |place: &Place| honest.cells(*place)[clock_of_call] == row[columns["clock"]];
            let place = *calls.iter().find(|place| is_its_call(place)).expect("the call");
            let state = Row { cells: &mut row, columns: &columns, fault }.fill();
            let mut lie = Lie::default();
            lie.rows.extend([(round, row), (place, call(honest.cells(place), &state))]);
            overwrite(honest, &mut lie, place);
            liar.tell(lie, kills);
        }
    }
}
