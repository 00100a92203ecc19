//! Forging cells of filled tables, and judging whether a proof could be made of the result.
//!
//! A verdict is exact and costs two evaluations of a row: of honest tables every constraint holds
//! and every bus balances, so a forgery is caught exactly when it violates a constraint of a row
//! that sees the cell, changes what these rows send, or changes a cell that the claim pins.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::row::{Row, Sink};
use provasm_air::system::CLAIM_PINS;
use provasm_air::{Fixed, KoalaBear, TableId, bus};
use provasm_trace::{Trace, Traces};

/// The longest message on any bus.
const FIELDS_MAX: usize = 9;

/// A cell with another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forgery {
    /// Position of the table among the traces.
    pub table: usize,
    /// The row.
    pub row: usize,
    /// The column.
    pub column: usize,
    /// Its new value.
    pub value: KoalaBear,
}

impl Forgery {
    /// Makes the forgery, and returns the value that was there.
    pub fn apply(&self, traces: &mut Traces) -> KoalaBear {
        let rows = &mut traces.tables[self.table].rows;
        std::mem::replace(&mut rows.values[rows.width * self.row + self.column], self.value)
    }
}

/// What becomes of a forgery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A constraint does not hold.
    Constraint,
    /// A bus does not balance.
    Balance,
    /// The claim's row is not the public values.
    Claim,
    /// Nothing notices, and the row sends nothing before and after.
    Inert,
    /// Nothing notices.
    Accepted,
}

impl Verdict {
    /// Whether no proof could be made.
    #[must_use]
    pub fn is_caught(self) -> bool {
        matches!(self, Verdict::Constraint | Verdict::Balance | Verdict::Claim)
    }
}

type Message = (usize, [u32; FIELDS_MAX]);

/// Collects what rows say, before the forgery and after it.
struct Ledger {
    is_violated: bool,
    entries: Vec<(Message, KoalaBear)>,
    sign: KoalaBear,
}

impl Sink for Ledger {
    fn constraint(&mut self, _: usize, value: KoalaBear) {
        self.is_violated |= value != KoalaBear::ZERO;
    }

    fn message(&mut self, bus: &str, fields: &[KoalaBear], count: KoalaBear) {
        if count == KoalaBear::ZERO {
            return;
        }
        let bus = bus::ALL.iter().position(|(name, ..)| *name == bus).unwrap_or(usize::MAX);
        let mut message = [0; FIELDS_MAX];
        for (slot, field) in message.iter_mut().zip(fields) {
            *slot = field.as_canonical_u32();
        }
        self.entries.push(((bus, message), count * self.sign));
    }
}

impl Ledger {
    /// Whether every message is sent as often after as before.
    fn balances(&mut self) -> bool {
        self.entries.sort_unstable_by_key(|(message, _)| *message);
        let mut same = self.entries.chunk_by(|(a, _), (b, _)| a == b);
        same.all(|entries| entries.iter().map(|(_, count)| *count).sum::<KoalaBear>() == KoalaBear::ZERO)
    }
}

/// Whether a table's constraints on a row see the row after it.
fn sees_next(id: TableId) -> bool {
    id == TableId::Cells
}

/// A row with `main` in its place, in its surroundings.
fn row_with<'t>(trace: &'t Trace, row: usize, main: &'t [KoalaBear], next: Option<&'t [KoalaBear]>) -> Row<'t> {
    let width = trace.rows.width;
    let height = trace.rows.values.len() / width;
    let fixed = match &trace.table.fixed {
        Some(Fixed::Known(matrix)) => &matrix.values[matrix.width * row..matrix.width * (row + 1)],
        _ => &[],
    };
    let is_last = row + 1 == height;
    let after = || if is_last { main } else { cells(trace, row + 1) };
    Row { main, next: next.unwrap_or_else(after), fixed, is_first: row == 0, is_last }
}

fn cells(trace: &Trace, row: usize) -> &[KoalaBear] {
    let width = trace.rows.width;
    &trace.rows.values[width * row..width * (row + 1)]
}

/// Tells a ledger what the row before says, when it sees this one.
fn tell_before(trace: &Trace, row: usize, main: &[KoalaBear], ledger: &mut Ledger) {
    if row > 0 && sees_next(trace.table.id) {
        row_with(trace, row - 1, cells(trace, row - 1), Some(main)).evaluate(&trace.table, ledger);
    }
}

/// Judges a forgery in honest tables.
#[must_use]
pub fn judge(traces: &Traces, forgery: &Forgery) -> Verdict {
    let trace = &traces.tables[forgery.table];
    let honest = cells(trace, forgery.row);
    let mut forged = honest.to_vec();
    forged[forgery.column] = forgery.value;

    let mut ledger = Ledger { is_violated: false, entries: Vec::new(), sign: KoalaBear::ONE };
    row_with(trace, forgery.row, &forged, None).evaluate(&trace.table, &mut ledger);
    let is_inert = ledger.entries.is_empty();
    tell_before(trace, forgery.row, &forged, &mut ledger);
    if ledger.is_violated {
        return Verdict::Constraint;
    }
    ledger.sign = -KoalaBear::ONE;
    row_with(trace, forgery.row, honest, None).evaluate(&trace.table, &mut ledger);
    tell_before(trace, forgery.row, honest, &mut ledger);
    if !ledger.balances() {
        return Verdict::Balance;
    }
    let is_claim = trace.table.id == TableId::Claim && forgery.row == 0;
    let pinned = CLAIM_PINS.iter().filter(|pin| pin.column == forgery.column);
    let mut values = pinned.map(|pin| traces.public_values.get(pin.public_value));
    if is_claim && values.any(|value| value != Some(&forgery.value)) {
        return Verdict::Claim;
    }
    if is_inert { Verdict::Inert } else { Verdict::Accepted }
}
