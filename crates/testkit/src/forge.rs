//! Forging cells of filled tables, and judging whether a proof could be made of the result.
//!
//! A verdict is exact and costs two evaluations of a row: of honest tables every constraint holds
//! and every bus balances, and no table sees more than one row, so a forgery alone is caught exactly
//! when it violates a constraint of its row, changes what the row sends, or changes a cell that the
//! claim pins.
//!
//! A forger would also recount the lookups: how often a row that is looked up is used is the prover's to say.
//! [`Judge::recounted`] lets him, and catches only what no count repairs.

use std::collections::HashMap;

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::fixed::RANGE_BITS_MAX;
use provasm_air::row::{Row, Sink};
use provasm_air::system::CLAIM_PINS;
use provasm_air::{Fixed, KoalaBear, TableId, bus};
use provasm_isa::Chip;
use provasm_trace::{Trace, Traces, Violation};

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
    /// Makes the forgery, and returns the one that takes it back.
    #[must_use]
    pub fn apply(self, traces: &mut Traces) -> Self {
        let rows = &mut traces.tables[self.table].rows;
        let cell = &mut rows.values[rows.width * self.row + self.column];
        Self { value: std::mem::replace(cell, self.value), ..self }
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

/// A bus, by its position among all, and a message's fields.
type Message = (usize, Vec<u32>);

fn message_of(bus: &str, fields: &[KoalaBear]) -> Message {
    let message = fields.iter().map(KoalaBear::as_canonical_u32).collect();
    (bus::ALL.iter().position(|(name, ..)| *name == bus).unwrap_or(usize::MAX), message)
}

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
        self.entries.push((message_of(bus, fields), count * self.sign));
    }
}

impl Ledger {
    /// The messages that are not sent as often after as before.
    fn unbalanced(&mut self) -> Vec<Message> {
        self.entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let same = self.entries.chunk_by(|(a, _), (b, _)| a == b);
        let sums = same.map(|entries| (&entries[0].0, entries.iter().map(|(_, count)| *count).sum::<KoalaBear>()));
        sums.filter(|(_, sum)| *sum != KoalaBear::ZERO).map(|(message, _)| message.clone()).collect()
    }
}

/// A row with `main` in its place. The row after it is no table's business.
fn row_with<'t>(trace: &'t Trace, row: usize, main: &'t [KoalaBear]) -> Row<'t> {
    let width = trace.rows.width;
    let height = trace.rows.values.len() / width;
    let fixed = match &trace.table.fixed {
        Some(Fixed::Known(matrix)) => &matrix.values[matrix.width * row..matrix.width * (row + 1)],
        _ => &[],
    };
    Row { main, next: main, fixed, is_first: row == 0, is_last: row + 1 == height }
}

fn cells(trace: &Trace, row: usize) -> &[KoalaBear] {
    let width = trace.rows.width;
    &trace.rows.values[width * row..width * (row + 1)]
}

/// A row, by the position of its table among the traces.
type Place = (usize, usize);

/// Messages that lookups find in tables of the program or the run, and where.
struct Provided {
    place: Place,
    messages: HashMap<Message, Place>,
}

impl Sink for Provided {
    fn constraint(&mut self, _: usize, _: KoalaBear) {}

    fn message(&mut self, bus: &str, fields: &[KoalaBear], _: KoalaBear) {
        if LISTED.contains(&bus) {
            self.messages.insert(message_of(bus, fields), self.place);
        }
    }
}

/// Whether tables that are the same for every program hold this message; nothing of other buses.
#[must_use]
pub fn is_common(bus: &str, fields: &[u32]) -> Option<bool> {
    match (bus, fields) {
        (bus::RANGE, &[value, bits]) => Some(bits <= RANGE_BITS_MAX && value < 1 << bits),
        (bus::AND, &[a, b, and]) => Some(a < 256 && b < 256 && and == a & b),
        (bus::BYTES, &[a, b]) => Some(a < 256 && b < 256),
        _ => None,
    }
}

/// Buses whose lookups have to be listed to know them; those of the others are computed.
const LISTED: [&str; 3] = [bus::PROGRAM, bus::SHIFT, bus::GROWTH];

/// The columns that are counts, which are the prover's to say: bus, table, column.
const COUNTS: [(&str, TableId, &str); 7] = [
    (bus::PROGRAM, TableId::Rom, "times"),
    (bus::RANGE, TableId::Range, "times"),
    (bus::AND, TableId::Bytes, "and"),
    (bus::BYTES, TableId::Bytes, "pair"),
    (bus::SHIFT, TableId::Shift, "times"),
    (bus::GROWTH, TableId::Claim, "touched"),
    (bus::GROWTH, TableId::Chip(Chip::MemoryGrow), "touched"),
];

/// Whether messages on a bus are lookups.
#[must_use]
pub fn is_lookup(bus: &str) -> bool {
    COUNTS.iter().any(|(of, ..)| *of == bus)
}

/// Whether a table's rows are looked up on a bus.
#[must_use]
pub fn is_provider(bus: &str, id: TableId) -> bool {
    COUNTS.iter().any(|(of, table, _)| *of == bus && *table == id)
}

/// The position of a column in its table.
fn position(id: TableId, column: &str) -> Option<usize> {
    id.column_names().iter().position(|name| name == column)
}

/// Judges forgeries in honest tables.
pub struct Judge<'t> {
    traces: &'t Traces,
    provided: HashMap<Message, Place>,
    /// Tables and columns that are counts.
    counts: Vec<(TableId, usize)>,
}

impl<'t> Judge<'t> {
    /// A judge of forgeries in these tables, which are honest.
    #[must_use]
    pub fn new(traces: &'t Traces) -> Self {
        let mut provided = Provided { place: (0, 0), messages: HashMap::new() };
        let lists = |id: TableId| COUNTS.iter().any(|(bus, of, _)| *of == id && LISTED.contains(bus));
        for (table, trace) in traces.tables.iter().enumerate().filter(|(_, trace)| lists(trace.table.id)) {
            for row in 0..trace.real {
                provided.place = (table, row);
                row_with(trace, row, cells(trace, row)).evaluate(&trace.table, &mut provided);
            }
        }
        let counts = COUNTS.iter().filter_map(|(_, id, column)| Some((*id, position(*id, column)?))).collect();
        Self { traces, provided: provided.messages, counts }
    }

    /// Whether a lookup of this message succeeds, in a row other than the forged one.
    fn is_provided(&self, message: &Message, forged: Place) -> bool {
        let Some((bus, ..)) = bus::ALL.get(message.0) else { return false };
        match is_common(bus, &message.1) {
            Some(is_found) => is_found,
            None => LISTED.contains(bus) && self.provided.get(message).is_some_and(|place| *place != forged),
        }
    }

    /// What becomes of a forgery of one cell, all others staying as they are.
    #[must_use]
    pub fn alone(&self, forgery: &Forgery) -> Verdict {
        self.judge(forgery, |_| false)
    }

    /// What becomes of a forgery when the lookups are recounted: its row may look up anything
    /// that can be found. A row that only looks up is inert.
    #[must_use]
    pub fn recounted(&self, forgery: &Forgery) -> Verdict {
        let is_count = self.is_count(forgery);
        let forged = (forgery.table, forgery.row);
        self.judge(forgery, |message| !is_count && self.is_provided(message, forged))
    }

    /// Whether a forgery is of a count, which nothing else repairs.
    #[must_use]
    pub fn is_count(&self, forgery: &Forgery) -> bool {
        self.counts.contains(&(self.traces.tables[forgery.table].table.id, forgery.column))
    }

    fn judge(&self, forgery: &Forgery, is_free: impl Fn(&Message) -> bool) -> Verdict {
        let trace = &self.traces.tables[forgery.table];
        let honest = cells(trace, forgery.row);
        let mut forged = honest.to_vec();
        forged[forgery.column] = forgery.value;

        let mut ledger = Ledger { is_violated: false, entries: Vec::new(), sign: KoalaBear::ONE };
        row_with(trace, forgery.row, &forged).evaluate(&trace.table, &mut ledger);
        let is_inert = ledger.entries.iter().all(|(message, _)| is_free(message));
        if ledger.is_violated {
            return Verdict::Constraint;
        }
        ledger.sign = -KoalaBear::ONE;
        row_with(trace, forgery.row, honest).evaluate(&trace.table, &mut ledger);
        if !ledger.unbalanced().iter().all(is_free) {
            return Verdict::Balance;
        }
        if self.is_pinned(forgery) {
            return Verdict::Claim;
        }
        if is_inert { Verdict::Inert } else { Verdict::Accepted }
    }

    /// Whether the claim says otherwise.
    fn is_pinned(&self, forgery: &Forgery) -> bool {
        let is_claim = self.traces.tables[forgery.table].table.id == TableId::Claim && forgery.row == 0;
        let mut pins = CLAIM_PINS.iter().filter(|pin| is_claim && pin.column == forgery.column);
        pins.any(|pin| self.traces.public_values.get(pin.public_value) != Some(&forgery.value))
    }

    /// The forgeries of counts that balance the lookups of tables with these violations, if that
    /// is all that is wrong with them.
    #[must_use]
    pub fn recount(&self, violations: &[Violation]) -> Option<Vec<Forgery>> {
        violations.iter().map(|violation| self.recount_one(violation)).collect()
    }

    /// The forgeries of counts that balance those of the violations that are lookups.
    #[must_use]
    pub fn recount_lookups(&self, violations: &[Violation]) -> Vec<Forgery> {
        violations.iter().filter_map(|violation| self.recount_one(violation)).collect()
    }

    fn recount_one(&self, violation: &Violation) -> Option<Forgery> {
        let Violation::Balance { bus, message, surplus, .. } = violation else { return None };
        let providers = COUNTS.iter().filter(|(of, ..)| of == bus);
        let mut counts = providers.flat_map(|&(_, id, count)| {
            let tables = self.traces.tables.iter().enumerate().filter(move |(_, trace)| trace.table.id == id);
            tables.filter_map(move |(table, trace)| Some((table, trace, position(id, count)?)))
        });
        counts.find_map(|(table, trace, column)| {
            let row = (0..trace.real).find(|&row| {
                let mut search = Search { bus, message, is_found: false };
                row_with(trace, row, cells(trace, row)).evaluate(&trace.table, &mut search);
                search.is_found
            })?;
            Some(Forgery { table, row, column, value: cells(trace, row)[column] + KoalaBear::from_u32(*surplus) })
        })
    }
}

/// Looks for a message, whatever its count.
struct Search<'s> {
    bus: &'s str,
    message: &'s [u32],
    is_found: bool,
}

impl Sink for Search<'_> {
    fn constraint(&mut self, _: usize, _: KoalaBear) {}

    fn message(&mut self, bus: &str, fields: &[KoalaBear], _: KoalaBear) {
        self.is_found |=
            bus == self.bus && fields.iter().map(KoalaBear::as_canonical_u32).eq(self.message.iter().copied());
    }
}
