//! Rounds of SHA-256 that are told wrongly, up to the registers that a call leaves.
//!
//! A bit that is none, a word that is no sum, a message that is another: everything after it follows, the call's row
//! adds what comes out to the state, and the hints that overwrite the registers find that. Flags that are no bits take
//! other rounds' constants, or skip rounds, or do them twice.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::rounds::sha256::{BLOCK_LIMBS, STATE_LIMBS, STEPS};
use provasm_air::{KoalaBear as F, TableId, bus};
use provasm_isa::Chip;
use provasm_isa::accel::sha256::BLOCK;
use provasm_testkit::delete::{Deletion, Kills, Liar, Lie, Place, column, table};

use crate::sha256_row::{Columns, Fault, ID, LIMB, Passed, Row, WORD};
use crate::window::overwrite;

/// What a bit is told to be, in quarters: 2, 3, -1 and -2, and what the top bit of a limb can be.
const QUARTERS: [i64; 9] = [8, 12, -4, -8, 1, -1, 3, 5, 7];

/// The flags of a step.
fn flags(step: usize) -> [i64; STEPS] {
    std::array::from_fn(|i| i64::from(i == step))
}

/// Lies about calls.
struct Calls<'l, 'h, 't> {
    liar: &'l Liar<'h, 't>,
    columns: Columns,
    /// Position of the table of rounds, and of the calls' own; how many calls there are.
    rounds: usize,
    own: usize,
    count: usize,
}

impl<'l, 'h, 't> Calls<'l, 'h, 't> {
    fn new(liar: &'l Liar<'h, 't>) -> Self {
        let [rounds, own] = [ID, TableId::Chip(Chip::Sha256)].map(|id| table(liar.honest.traces, id));
        Self { liar, columns: Columns::new(), rounds, own, count: liar.honest.traces.tables[own].real }
    }

    fn place(&self, call: usize, step: usize) -> Place {
        (self.rounds, STEPS * call + step)
    }

    fn clock(&self, call: usize) -> F {
        self.liar.honest.cells(self.place(call, 0))[self.columns.clock]
    }

    /// What an honest row takes.
    fn taken(&self, call: usize, step: usize) -> Passed {
        let said = self.liar.honest.said(self.place(call, step));
        let received = said.messages.iter().find(|((of, _), _)| bus::ALL[*of].0 == bus::SHA256);
        let ((_, fields), _) = received.expect("what it takes");
        let (state, sums) = fields[2..].split_at(STATE_LIMBS);
        Passed { state: state.try_into().expect("a state"), sums: sums.try_into().expect("sums") }
    }

    /// The state that honest rounds leave.
    fn left(&self, call: usize) -> [F; STATE_LIMBS] {
        let mixed = column(TableId::Chip(Chip::Sha256), "mixed[0]");
        std::array::from_fn(|i| self.liar.honest.cells((self.own, call))[mixed + i])
    }

    /// The rows of the last steps of a call, the first of which is at fault.
    fn rows(&self, call: usize, step: usize, fault: Fault) -> Option<(Lie, Passed)> {
        let mut lie = Lie::default();
        let mut passed = self.taken(call, step);
        for number in step..STEPS {
            let fault = (number == step).then_some(fault);
            let row = Row::new(&self.columns, self.clock(call), flags(number), fault).fill(&passed)?;
            passed = row.given();
            lie.rows.insert(self.place(call, number), row.cells);
        }
        Some((lie, passed))
    }

    /// Adds what the rounds leave to the state before the call, and leaves that in the registers.
    fn leave(&self, lie: &mut Lie, call: usize, mixed: &[F; STATE_LIMBS]) -> Option<()> {
        let (honest, id) = (self.liar.honest, TableId::Chip(Chip::Sha256));
        let place = (self.own, call);
        let mut row = honest.cells(place).to_vec();
        let [before, at_mixed, after] = ["before[0]", "mixed[0]", "after[0]"].map(|name| column(id, name));
        let mut carry = 0;
        for (i, &limb) in mixed.iter().enumerate() {
            carry = if i % 2 == 0 { 0 } else { carry };
            let sum = (row[before + i] + limb + F::from_u32(carry)).as_canonical_u32();
            if sum >= 2 << LIMB {
                return None;
            }
            row[at_mixed + i] = limb;
            row[after + i] = F::from_u32(sum & 0xffff);
            carry = sum >> LIMB;
        }
        lie.rows.insert(place, row);
        overwrite(honest, lie, place);
        Some(())
    }

    /// Tells a lie about a call whose rounds leave this. Returns what alone objects.
    fn tell(&self, mut lie: Lie, call: usize, mixed: &[F; STATE_LIMBS], kills: &mut Kills) -> Option<Deletion> {
        self.leave(&mut lie, call, mixed)?;
        self.liar.tell(lie, kills)
    }

    /// Whether a column is of the row's last words a and e: they are used as numbers alone, and a wrong bit of them
    /// says nothing false.
    fn is_number(&self, column: usize) -> bool {
        let last = WORD * (BLOCK - 1);
        (self.columns.a + last..self.columns.e).contains(&column) || column >= self.columns.e + last
    }

    /// Tells a fault, in the first call and at the first step in which it leaves something false and is caught.
    fn fault(&self, fault: Fault, steps: &[usize], kills: &mut Kills) -> Option<Deletion> {
        let mut calls = (0..self.count).flat_map(|call| steps.iter().map(move |&step| (call, step)));
        calls.find_map(|(call, step)| {
            let (lie, passed) = self.rows(call, step, fault)?;
            if passed.state != self.left(call) { self.tell(lie, call, &passed.state, kills) } else { None }
        })
    }

    /// A column's bit that is none. Of the schedule's words some are numbers alone in the last step.
    fn bit(&self, column: usize, kills: &mut Kills) {
        let expected = self.liar.bit(ID, column);
        let words = self.columns.words..self.columns.words + BLOCK * WORD;
        let steps: &[usize] = if words.contains(&column) { &[2, 1] } else { &[3] };
        let told = QUARTERS
            .into_iter()
            .any(|quarters| self.fault(Fault::Bit { column, quarters }, steps, kills) == Some(expected));
        assert!(told, "{} can be nothing but a bit", ID.column_names()[column]);
    }

    /// What is told with flags that are no bits.
    fn wrong_flags(&self, kills: &mut Kills) {
        let zeros = [F::ZERO; BLOCK_LIMBS];
        let message = |call: &usize| self.taken(*call, 0).sums == zeros;
        let empty = (0..self.count).find(message).expect("a call with a message of zeros");
        let last = self.taken(0, 3);
        let row = |call: usize, flags| Row::new(&self.columns, self.clock(call), flags, None);
        let padding = vec![F::ZERO; ID.width()];

        // The last step with the constants of two others less those of the first, which sends its sums: they are zero.
        let wrong = row(empty, [-1, 1, 1, 0]).fill(&self.taken(empty, 3)).expect("sums that fit");
        let lie = Lie { rows: [(self.place(empty, 3), wrong.cells.clone())].into(), ..Lie::default() };
        self.expect(0, self.tell(lie, empty, &wrong.given().state, kills));

        // No last step: a row takes what step 2 gives, as if it gave it back, and gives the state as the last.
        let words = &self.liar.honest.cells(self.place(0, 2))[self.columns.words..][..BLOCK * WORD];
        let wrong = row(0, [0, -1, 0, 1]).give(&last.state, words).expect("limbs");
        let lie = Lie { rows: [(self.place(0, 3), wrong.cells)].into(), ..Lie::default() };
        self.expect(1, self.tell(lie, 0, &last.state, kills));

        // Step 2 with other constants, which is the last one.
        let wrong = row(0, [0, 1, -1, 1]).fill(&self.taken(0, 2)).expect("sums that fit");
        let state = wrong.given().state;
        let lie = Lie { rows: [(self.place(0, 2), wrong.cells), (self.place(0, 3), padding)].into(), ..Lie::default() };
        self.expect(2, self.tell(lie, 0, &state, kills));

        // All steps again: a row takes what the last one gives, and gives it as what the first one takes.
        let end = self.left(0);
        let (table, beyond) = self.liar.honest.beyond(self.rounds);
        let again = row(0, [0, 0, 1, -1]).give(&end, &[]).expect("limbs");
        let mut lie = Lie { rows: [((table, beyond), again.cells)].into(), ..Lie::default() };
        let mut passed = Passed { state: end, sums: zeros };
        for step in 0..STEPS {
            let next = row(0, flags(step)).fill(&passed).expect("sums that fit");
            passed = next.given();
            lie.rows.insert((table, beyond + 1 + step), next.cells);
        }
        self.expect(3, self.tell(lie, 0, &passed.state, kills));
    }

    /// That a lie with a flag that is no bit was caught by the flag's constraint.
    fn expect(&self, flag: usize, told: Option<Deletion>) {
        assert_eq!(told, Some(self.liar.bit(ID, self.columns.step + flag)), "flag {flag}");
    }
}

/// Lies about the rounds.
pub(crate) fn rounds(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let calls = Calls::new(liar);
    let Columns { before_a, before_d, sums, words, .. } = calls.columns;
    let bits = (before_a..before_d).chain(words..ID.width()).filter(|&column| !calls.is_number(column));
    bits.for_each(|column| calls.bit(column, kills));
    // A word that is one more than the sum.
    for column in (words..ID.width()).step_by(WORD) {
        let told = calls.fault(Fault::Word { column }, &[3], kills);
        assert!(told.is_some(), "the word at {column} is no sum");
    }
    // A message with another bit.
    for limb in sums..sums + BLOCK_LIMBS {
        let column = words + LIMB * ((limb - sums) ^ 1);
        let told = calls.fault(Fault::Message { column }, &[0], kills);
        assert!(told.is_some(), "the message at {column} is another");
    }
    calls.wrong_flags(kills);
}
