//! How many rows a segment has in each table, without filling them.

use provasm_air::fixed::{LOG_HEIGHT_MIN, part_log_heights};
use provasm_air::{Fixed, Table, TableId};
use provasm_execute::Recording;

use crate::tree::Walk;

/// Rows of a segment in one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableRows {
    /// The table.
    pub table: TableId,
    /// Rows that are not padding.
    pub real: usize,
    /// Rows with padding, of all parts.
    pub height: usize,
}

/// The rows that [`crate::generate`] fills, table by table. Tables without rows are left out.
#[must_use]
pub fn rows(tables: &[Table], recording: &Recording, walk: &Walk) -> Vec<TableRows> {
    let rows = |table: &Table| {
        let in_parts = |real: usize| {
            let heights = part_log_heights(real, table.id.width());
            (real, heights.into_iter().map(|log_height| 1 << log_height).sum())
        };
        let (real, height) = match table.id {
            TableId::Chip(chip) => in_parts(recording.steps_of(chip).len()),
            TableId::Rounds(rounds) => in_parts(recording.steps_of(rounds.chip()).len() * rounds.rows()),
            TableId::Bridges => in_parts(recording.bridges.len()),
            TableId::Cells => in_parts(walk.leaves.len()),
            TableId::Pages => in_parts(walk.pages.len()),
            TableId::Nodes => in_parts(walk.node_rows().len()),
            TableId::Claim => (1, 1 << LOG_HEIGHT_MIN),
            TableId::Rom | TableId::Range | TableId::Bytes | TableId::Shift => {
                let height = 1 << table.fixed.as_ref().map_or(LOG_HEIGHT_MIN, Fixed::log_height);
                (height, height)
            }
        };
        TableRows { table: table.id, real, height }
    };
    tables.iter().map(rows).filter(|rows| rows.height > 0).collect()
}
