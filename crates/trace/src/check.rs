//! Checking filled tables without a proof: every constraint, every bus, every pin.

use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use p3_koala_bear::KoalaBear;
use provasm_air::row::{Row, Sink};
use provasm_air::system::CLAIM_PINS;
use provasm_air::{Fixed, TableId};

use crate::traces::{Trace, Traces};

/// Something in the filled tables that no proof could be made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A constraint does not hold.
    Constraint {
        /// The table.
        table: TableId,
        /// The row.
        row: usize,
        /// The constraint's number within the table.
        constraint: usize,
    },
    /// A message is not sent as often as it is received.
    Balance {
        /// The bus.
        bus: String,
        /// The message's fields.
        message: Vec<u32>,
        /// Sends minus receives, in the field.
        surplus: u32,
        /// The first row that sends or receives it.
        table: TableId,
        /// Its number.
        row: usize,
    },
    /// The claim's row is not the public values.
    Claim {
        /// The column.
        column: usize,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Violation::Constraint { table, row, constraint } => {
                write!(f, "table {}, row {row}: constraint {constraint} does not hold", table.name())
            }
            Violation::Balance { bus, message, surplus, table, row } => {
                let surplus = if *surplus > KoalaBear::ORDER_U32 / 2 {
                    format!("received {} times more than sent", KoalaBear::ORDER_U32 - surplus)
                } else {
                    format!("sent {surplus} times more than received")
                };
                write!(f, "bus {bus}, message {message:?}: {surplus}; first in table {}, row {row}", table.name())
            }
            Violation::Claim { column } => write!(f, "claim column {column} differs from the public value"),
        }
    }
}

/// Groups that messages are summed in by hash. Only the unbalanced ones are looked into, so that
/// checking a long run takes no memory per message.
const GROUPS: usize = 1 << 16;

/// A message's hash.
fn hash(bus: &str, fields: &[KoalaBear]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bus.hash(&mut hasher);
    fields.iter().for_each(|field| field.as_canonical_u32().hash(&mut hasher));
    hasher.finish()
}

/// First look: constraints, and sums of messages weighted by their hashes.
struct Survey {
    table: TableId,
    row: usize,
    violations: Vec<Violation>,
    sums: Vec<u64>,
}

impl Sink for Survey {
    fn constraint(&mut self, index: usize, value: KoalaBear) {
        if value != KoalaBear::ZERO {
            self.violations.push(Violation::Constraint { table: self.table, row: self.row, constraint: index });
        }
    }

    fn message(&mut self, bus: &str, fields: &[KoalaBear], count: KoalaBear) {
        if count == KoalaBear::ZERO {
            return;
        }
        let hash = hash(bus, fields);
        let count = count.as_canonical_u32();
        let sum = &mut self.sums[hash as usize % GROUPS];
        *sum = if count > KoalaBear::ORDER_U32 / 2 {
            sum.wrapping_sub(hash.wrapping_mul(u64::from(KoalaBear::ORDER_U32 - count)))
        } else {
            sum.wrapping_add(hash.wrapping_mul(u64::from(count)))
        };
    }
}

/// A bus and a message's fields.
type Message = (&'static str, Vec<u32>);

/// Second look: every message of the unbalanced groups, with its surplus and the first row.
struct Search<'s> {
    table: TableId,
    row: usize,
    sums: &'s [u64],
    balances: HashMap<Message, (KoalaBear, TableId, usize)>,
}

impl Sink for Search<'_> {
    fn constraint(&mut self, _: usize, _: KoalaBear) {}

    fn message(&mut self, bus: &str, fields: &[KoalaBear], count: KoalaBear) {
        if count == KoalaBear::ZERO || self.sums[hash(bus, fields) as usize % GROUPS] == 0 {
            return;
        }
        let name = provasm_air::bus::ALL.iter().find(|(name, ..)| *name == bus).map_or("unknown", |(name, ..)| *name);
        let key = (name, fields.iter().map(PrimeField32::as_canonical_u32).collect());
        let entry = self.balances.entry(key).or_insert((KoalaBear::ZERO, self.table, self.row));
        entry.0 += count;
    }
}

/// Shows `sink` every row of a table, after telling it which.
fn visit<S: Sink>(trace: &Trace, sink: &mut S, at_row: impl Fn(&mut S, TableId, usize)) {
    let width = trace.rows.width;
    let height = trace.rows.values.len() / width;
    let fixed = match &trace.table.fixed {
        Some(Fixed::Known(matrix)) => Some(matrix),
        _ => None,
    };
    for row in 0..height {
        at_row(sink, trace.table.id, row);
        let at = |row: usize| &trace.rows.values[width * row..width * (row + 1)];
        let fixed = fixed.map_or(&[][..], |matrix| &matrix.values[matrix.width * row..matrix.width * (row + 1)]);
        let is_last = row + 1 == height;
        let next = at(if is_last { row } else { row + 1 });
        Row { main: at(row), next, fixed, is_first: row == 0, is_last }.evaluate(&trace.table, sink);
    }
}

/// Everything wrong with filled tables, constraints first; empty when a proof can be made.
#[must_use]
pub fn check(traces: &Traces) -> Vec<Violation> {
    let mut survey = Survey { table: TableId::Claim, row: 0, violations: Vec::new(), sums: vec![0; GROUPS] };
    for trace in &traces.tables {
        visit(trace, &mut survey, |survey, table, row| (survey.table, survey.row) = (table, row));
        if trace.table.id == TableId::Claim {
            for pin in &CLAIM_PINS {
                if trace.rows.values.get(pin.column) != traces.public_values.get(pin.public_value) {
                    survey.violations.push(Violation::Claim { column: pin.column });
                }
            }
        }
    }
    let mut violations = survey.violations;
    if survey.sums.iter().any(|&sum| sum != 0) {
        violations.extend(unbalanced(traces, &survey.sums));
    }
    violations
}

/// The unbalanced messages, in a fixed order.
fn unbalanced(traces: &Traces, sums: &[u64]) -> Vec<Violation> {
    let mut search = Search { table: TableId::Claim, row: 0, sums, balances: HashMap::new() };
    for trace in &traces.tables {
        visit(trace, &mut search, |search, table, row| (search.table, search.row) = (table, row));
    }
    let unbalanced = search.balances.into_iter().filter(|(_, (count, ..))| *count != KoalaBear::ZERO);
    let mut balances: Vec<Violation> = unbalanced
        .map(|((bus, message), (count, table, row))| {
            let surplus = count.as_canonical_u32();
            Violation::Balance { bus: bus.to_owned(), message, surplus, table, row }
        })
        .collect();
    balances.sort_by_cached_key(|violation| format!("{violation:?}"));
    balances
}
