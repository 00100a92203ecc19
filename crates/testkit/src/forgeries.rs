//! Which cells of filled tables are forged, and what they become.

use std::collections::BTreeSet;

use p3_field::PrimeCharacteristicRing;
use provasm_air::{KoalaBear, TableId};
use provasm_trace::{Trace, Traces};

use crate::Random;
use crate::forge::Forgery;

/// Real rows of a table that are forged.
const ROWS_MAX: usize = 64;
/// Real rows of a table of nodes or rounds that are forged: they are wide, and alike.
const WIDE_ROWS_MAX: usize = 12;
/// Rows that are looked at for another value of a column.
const OTHERS_MAX: usize = 64;

/// The first row, the last, the one in the middle, and rows in between; then the first and the last of padding.
#[must_use]
pub fn rows_of(trace: &Trace) -> Vec<usize> {
    let (real, height) = (trace.real, trace.rows.values.len() / trace.rows.width);
    let rows_max = match trace.table.id {
        TableId::Nodes | TableId::Rounds(_) => WIDE_ROWS_MAX,
        _ => ROWS_MAX,
    };
    let spread = (0..rows_max).map(|i| i * real.saturating_sub(1) / (rows_max - 1));
    let padding = [real, height - 1].into_iter().filter(|row| *row >= real && *row < height);
    spread.chain([real / 2]).filter(|row| *row < real).chain(padding).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The other values a cell is given: one more, zero, the greatest, a random one, and another row's.
#[must_use]
pub fn values(trace: &Trace, row: usize, column: usize, random: &mut Random) -> Vec<KoalaBear> {
    let width = trace.rows.width;
    let cell = |row: usize| trace.rows.values[width * row + column];
    let present = cell(row);
    let anything = KoalaBear::from_u64(random.next_u64());
    let mut values = vec![present + KoalaBear::ONE, KoalaBear::ZERO, -KoalaBear::ONE, anything];
    if trace.real > 0 {
        let first = random.below(trace.real);
        let mut others = (0..trace.real.min(OTHERS_MAX)).map(|i| cell((first + i) % trace.real));
        values.extend(others.find(|value| *value != present));
    }
    let values: BTreeSet<KoalaBear> = values.into_iter().filter(|value| *value != present).collect();
    values.into_iter().collect()
}

/// The forgeries of a row's cells.
#[must_use]
pub fn of_row(traces: &Traces, table: usize, row: usize, random: &mut Random) -> Vec<Forgery> {
    let trace = &traces.tables[table];
    let of_cell = |column: usize| {
        let values = values(trace, row, column, random);
        values.into_iter().map(move |value| Forgery { table, row, column, value })
    };
    (0..trace.rows.width).flat_map(of_cell).collect()
}

/// Every forgery to try on a run's tables.
#[must_use]
pub fn forgeries(traces: &Traces, random: &mut Random) -> Vec<Forgery> {
    let rows = traces
        .tables
        .iter()
        .enumerate()
        .flat_map(|(table, trace)| rows_of(trace).into_iter().map(move |row| (table, row)));
    rows.flat_map(|(table, row)| of_row(traces, table, row, random)).collect()
}
