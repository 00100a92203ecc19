//! Checking filled tables without a proof: every constraint, every bus, every pin.

use std::collections::HashMap;
use std::fmt;

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

type Message = (&'static str, Vec<u32>);

/// Collects what rows say.
struct Checker {
    table: TableId,
    row: usize,
    violations: Vec<Violation>,
    balances: HashMap<Message, (KoalaBear, TableId, usize)>,
}

impl Sink for Checker {
    fn constraint(&mut self, index: usize, value: KoalaBear) {
        if value != KoalaBear::ZERO {
            self.violations.push(Violation::Constraint { table: self.table, row: self.row, constraint: index });
        }
    }

    fn message(&mut self, bus: &str, fields: &[KoalaBear], count: KoalaBear) {
        if count == KoalaBear::ZERO {
            return;
        }
        let name = provasm_air::bus::ALL.iter().find(|(name, ..)| *name == bus).map_or("unknown", |(name, ..)| *name);
        let key = (name, fields.iter().map(PrimeField32::as_canonical_u32).collect());
        let entry = self.balances.entry(key).or_insert((KoalaBear::ZERO, self.table, self.row));
        entry.0 += count;
    }
}

fn check_table(trace: &Trace, checker: &mut Checker) {
    let width = trace.rows.width;
    let height = trace.rows.values.len() / width;
    let fixed = match &trace.table.fixed {
        Some(Fixed::Known(matrix)) => Some(matrix),
        _ => None,
    };
    checker.table = trace.table.id;
    for row in 0..height {
        checker.row = row;
        let at = |row: usize| &trace.rows.values[width * row..width * (row + 1)];
        let fixed = fixed.map_or(&[][..], |matrix| &matrix.values[matrix.width * row..matrix.width * (row + 1)]);
        let is_last = row + 1 == height;
        let next = at(if is_last { row } else { row + 1 });
        Row { main: at(row), next, fixed, is_first: row == 0, is_last }.evaluate(&trace.table, checker);
    }
}

/// Everything wrong with filled tables, constraints first; empty when a proof can be made.
#[must_use]
pub fn check(traces: &Traces) -> Vec<Violation> {
    let mut checker =
        Checker { table: TableId::Claim, row: 0, violations: Vec::new(), balances: HashMap::new() };
    for trace in &traces.tables {
        check_table(trace, &mut checker);
        if trace.table.id == TableId::Claim {
            for pin in &CLAIM_PINS {
                if trace.rows.values.get(pin.column) != traces.public_values.get(pin.public_value) {
                    checker.violations.push(Violation::Claim { column: pin.column });
                }
            }
        }
    }
    let unbalanced = checker.balances.into_iter().filter(|(_, (count, ..))| *count != KoalaBear::ZERO);
    let mut balances: Vec<Violation> = unbalanced
        .map(|((bus, message), (count, table, row))| {
            let surplus = count.as_canonical_u32();
            Violation::Balance { bus: bus.to_owned(), message, surplus, table, row }
        })
        .collect();
    balances.sort_by_cached_key(|violation| format!("{violation:?}"));
    checker.violations.extend(balances);
    checker.violations
}
