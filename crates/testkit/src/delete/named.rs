//! Tables, rows and columns by their names.

use provasm_air::TableId;
use provasm_trace::Traces;

use super::honest::Honest;
use super::said::Place;

/// The position of a column in its table.
///
/// # Panics
/// When the table has no such column.
#[must_use]
pub fn column(id: TableId, name: &str) -> usize {
    let names = id.column_names();
    names.iter().position(|known| known == name).unwrap_or_else(|| panic!("{} has no column {name}", id.name()))
}

/// The position of a table; of one that is cut into parts, the first part's.
///
/// # Panics
/// When there is no such table.
#[must_use]
pub fn table(traces: &Traces, id: TableId) -> usize {
    let mut tables = traces.tables.iter();
    tables.position(|trace| trace.table.id == id).unwrap_or_else(|| panic!("no table {}", id.name()))
}

impl Honest<'_> {
    /// The rows of a table that are not padding; none if there is no such table.
    #[must_use]
    pub fn rows(&self, id: TableId) -> Vec<Place> {
        let tables = self.traces.tables.iter().enumerate().filter(|(_, trace)| trace.table.id == id);
        tables.flat_map(|(table, trace)| (0..trace.real).map(move |row| (table, row))).collect()
    }
}
