//! What a run costs to prove.

use p3_air::symbolic::AirLayout;
use p3_lookup::InteractionSymbolicBuilder;
use provasm_air::{KoalaBear, Table, TableId};
use provasm_trace::{Trace, Traces};

/// The challenge field, for counting declarations only.
type Challenge = provasm_proof::Challenge;

/// Committed cells and interactions of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableCost {
    /// The table.
    pub table: TableId,
    /// Rows that are not padding.
    pub rows: usize,
    /// Rows with padding.
    pub height: usize,
    /// Columns the prover fills.
    pub columns: usize,
    /// Interactions per row.
    pub interactions: usize,
}

/// Committed cells and interactions of a run, padding included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Per table, in proof order.
    pub tables: Vec<TableCost>,
}

/// Interactions a table declares per row.
pub(crate) fn interactions(table: &Table) -> usize {
    InteractionSymbolicBuilder::<KoalaBear, Challenge>::from_air(table, AirLayout::from_air::<KoalaBear>(table))
        .global_interactions()
        .len()
}

impl Cost {
    pub(crate) fn of(traces: &Traces) -> Self {
        let cost = |trace: &Trace| TableCost {
            table: trace.table.id,
            rows: trace.real,
            height: trace.rows.values.len() / trace.rows.width,
            columns: trace.rows.width,
            interactions: interactions(&trace.table),
        };
        Self { tables: traces.tables.iter().map(cost).collect() }
    }

    /// Committed cells: rows with padding, times columns.
    #[must_use]
    pub fn cells(&self) -> u64 {
        self.tables.iter().map(|table| (table.height * table.columns) as u64).sum()
    }

    /// Bytes of memory that proving takes at its peak, about: cells and interactions are each
    /// stacked and padded to a power of two. Measured; see BENCHMARKS.md.
    #[must_use]
    pub fn memory_bytes(&self) -> u64 {
        const BYTES_PER_CELL: u64 = 28;
        const BYTES_PER_INTERACTION: u64 = 58;
        const BYTES_AT_LEAST: u64 = 64 << 20;
        BYTES_PER_CELL * self.cells().next_power_of_two()
            + BYTES_PER_INTERACTION * self.interactions().next_power_of_two()
            + BYTES_AT_LEAST
    }

    /// Interactions: rows with padding, times interactions per row.
    #[must_use]
    pub fn interactions(&self) -> u64 {
        self.tables.iter().map(|table| (table.height * table.interactions) as u64).sum()
    }
}
