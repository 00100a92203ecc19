//! What a segment costs to prove, counted while it is executed.

use provasm_air::fixed::part_log_heights;
use provasm_air::rounds::Rounds;
use provasm_air::{Fixed, Table, TableId};
use provasm_execute::{Counts, Meter};
use provasm_isa::Chip;

/// Cells and interactions of one row.
#[derive(Clone, Copy, Debug, Default)]
struct RowCost {
    cells: u64,
    interactions: u64,
}

/// Fits as many instructions into a segment as its cells and interactions allow, padding included.
///
/// Committed cells and interactions are each stacked and padded to a power of two, so a segment
/// is cheapest when both are just below one.
#[derive(Clone, Debug)]
pub struct SegmentMeter {
    cells_max: u64,
    interactions_max: u64,
    rows_max: u64,
    /// Of tables whose height is the same in every segment.
    fixed: RowCost,
    chips: [RowCost; Chip::COUNT],
    /// Of each table of rounds, which has several rows for each step of its chip.
    rounds: [RowCost; Rounds::COUNT],
    bridge: RowCost,
    cell: RowCost,
    node: RowCost,
    page: RowCost,
}

impl SegmentMeter {
    /// A meter for segments of at most `2^log_cells` cells, half as many interactions, and `rows_max` instructions with
    /// padding, in these tables.
    #[must_use]
    pub fn new(tables: &[Table], log_cells: u32, rows_max: u64) -> Self {
        let cells_max = 1u64.checked_shl(log_cells).unwrap_or(u64::MAX);
        let mut meter = Self {
            cells_max,
            interactions_max: cells_max / 2,
            rows_max,
            fixed: RowCost::default(),
            chips: [RowCost::default(); Chip::COUNT],
            rounds: [RowCost::default(); Rounds::COUNT],
            bridge: RowCost::default(),
            cell: RowCost::default(),
            node: RowCost::default(),
            page: RowCost::default(),
        };
        for table in tables {
            let row = RowCost { cells: table.id.width() as u64, interactions: table.interactions() as u64 };
            match table.id {
                TableId::Chip(chip) => meter.chips[chip as usize] = row,
                TableId::Rounds(rounds) => meter.rounds[rounds as usize] = row,
                TableId::Bridges => meter.bridge = row,
                TableId::Cells => meter.cell = row,
                TableId::Nodes => meter.node = row,
                TableId::Pages => meter.page = row,
                TableId::Claim | TableId::Rom | TableId::Range | TableId::Bytes | TableId::Shift => {
                    let log_height = table.fixed.as_ref().map_or(provasm_air::fixed::LOG_HEIGHT_MIN, Fixed::log_height);
                    meter.fixed.add(row, 1 << log_height);
                }
            }
        }
        meter
    }
}

impl RowCost {
    fn add(&mut self, row: RowCost, rows: u64) {
        self.cells += row.cells * rows;
        self.interactions += row.interactions * rows;
    }
}

/// Rows of a table with padding.
fn padded(rows: u64, cost: RowCost) -> u64 {
    let heights = part_log_heights(usize::try_from(rows).unwrap_or(usize::MAX), cost.cells as usize);
    heights.into_iter().map(|log_height| 1 << log_height).sum()
}

impl Meter for SegmentMeter {
    fn fits(&self, counts: &Counts) -> bool {
        let mut total = self.fixed;
        let mut rows = 0;
        // A chip that the program has no use for has no columns here.
        for (&row, &count) in self.chips.iter().zip(&counts.steps).filter(|(row, _)| row.cells > 0) {
            let height = padded(count, row);
            total.add(row, height);
            rows += height;
        }
        for (&row, rounds) in self.rounds.iter().zip(Rounds::ALL).filter(|(row, _)| row.cells > 0) {
            total.add(row, padded(counts.steps[rounds.chip() as usize] * rounds.rows() as u64, row));
        }
        // A node that does not change has one row instead of two; which ones do is known at the end.
        let others = [
            (self.bridge, counts.bridges),
            (self.cell, counts.cells),
            (self.page, counts.pages),
            (self.node, 2 * counts.nodes),
        ];
        others.into_iter().for_each(|(row, count)| total.add(row, padded(count, row)));
        total.cells <= self.cells_max && total.interactions <= self.interactions_max && rows <= self.rows_max
    }
}
