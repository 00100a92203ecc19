//! What a row says: the values of its constraints, and its messages.

use p3_field::PrimeCharacteristicRing;
use provasm_air::row::{Row, Sink};
use provasm_air::{Fixed, KoalaBear, bus};
use provasm_trace::Trace;

/// A row, by the position of its table among the traces. Rows beyond the table's height are padding that it could have.
pub type Place = (usize, usize);

/// A message on a bus, which is given by its position among all.
pub type Message = (usize, Vec<KoalaBear>);

/// What a row says.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The values of the constraints.
    pub constraints: Vec<KoalaBear>,
    /// The messages, and how often each is sent.
    pub messages: Vec<(Message, KoalaBear)>,
}

impl Sink for Said {
    fn constraint(&mut self, _: usize, value: KoalaBear) {
        self.constraints.push(value);
    }

    fn message(&mut self, name: &str, fields: &[KoalaBear], count: KoalaBear) {
        let bus = bus::ALL.iter().position(|(known, ..)| *known == name).expect("a bus of the list");
        self.messages.push(((bus, fields.to_vec()), count));
    }
}

/// What a row says with these cells.
#[must_use]
pub(super) fn say(trace: &Trace, row: usize, main: &[KoalaBear]) -> Said {
    let fixed = match &trace.table.fixed {
        Some(Fixed::Known(matrix)) => &matrix.values[matrix.width * row..matrix.width * (row + 1)],
        _ => &[],
    };
    let mut said = Said::default();
    // No table sees the row after, or asks which is the last.
    Row { main, next: main, fixed, is_first: row == 0, is_last: false }.evaluate(&trace.table, &mut said);
    said
}

/// The cells of a row that the table has.
pub(super) fn cells(trace: &Trace, row: usize) -> &[KoalaBear] {
    let width = trace.rows.width;
    &trace.rows.values[width * row..width * (row + 1)]
}

/// How many rows a table has.
#[must_use]
pub fn height(trace: &Trace) -> usize {
    trace.rows.values.len() / trace.rows.width
}

/// Whether a value is one.
#[must_use]
pub(super) fn is_one(value: KoalaBear) -> bool {
    value == KoalaBear::ONE
}
