//! What a run costs to prove.

use provasm_air::{Table, TableId};
use provasm_trace::{TableRows, Trace, Traces};

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

/// What a row of a table costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowCost {
    pub(crate) table: TableId,
    pub(crate) columns: usize,
    pub(crate) interactions: usize,
}

impl RowCost {
    pub(crate) fn of(table: &Table) -> Self {
        Self { table: table.id, columns: table.id.width(), interactions: table.interactions() }
    }
}

/// Committed cells and interactions of a segment or a run, padding included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Per table.
    pub tables: Vec<TableCost>,
}

impl Cost {
    pub(crate) fn of(traces: &Traces) -> Self {
        let cost = |trace: &Trace| TableCost {
            table: trace.table.id,
            rows: trace.real,
            height: trace.rows.values.len() / trace.rows.width,
            columns: trace.rows.width,
            interactions: trace.table.interactions(),
        };
        let mut total = Self::default();
        traces.tables.iter().for_each(|trace| total.add(&Self { tables: vec![cost(trace)] }));
        total
    }

    /// Of a segment with these rows.
    pub(crate) fn of_rows(costs: &[RowCost], rows: &[TableRows]) -> Self {
        let cost = |rows: &TableRows| {
            let RowCost { table, columns, interactions } = *costs.iter().find(|cost| cost.table == rows.table)?;
            Some(TableCost { table, rows: rows.real, height: rows.height, columns, interactions })
        };
        Self { tables: rows.iter().filter_map(cost).collect() }
    }

    /// Committed cells: rows with padding, times columns.
    #[must_use]
    pub fn cells(&self) -> u64 {
        self.tables.iter().map(|table| (table.height * table.columns) as u64).sum()
    }

    /// Adds another segment: its tables to those of the same kind.
    pub(crate) fn add(&mut self, other: &Self) {
        for table in &other.tables {
            match self.tables.iter_mut().find(|known| known.table == table.table) {
                Some(known) => {
                    known.rows += table.rows;
                    known.height += table.height;
                }
                None => self.tables.push(table.clone()),
            }
        }
    }

    /// Interactions: rows with padding, times interactions per row.
    #[must_use]
    pub fn interactions(&self) -> u64 {
        self.tables.iter().map(|table| (table.height * table.interactions) as u64).sum()
    }
}

/// What proving a run's segments is told of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workload {
    /// Segments proven at the same time.
    pub jobs: usize,
    /// Instructions of the program's code.
    pub code: usize,
}

impl Workload {
    /// Bytes of memory that proving takes at its peak, about, besides the run's own memory: segments have at most
    /// `2^log_cells` cells and half as many interactions, each stacked and padded to a power of two; every proof opens the
    /// commitment to the code. Measured; see BENCHMARKS.md.
    #[must_use]
    pub fn memory_bytes(self, log_cells: u32) -> u64 {
        const BYTES_PER_CELL: u64 = 28;
        const BYTES_PER_INTERACTION: u64 = 58;
        const BYTES_PER_INSTRUCTION: u64 = 1_000;
        const BYTES_PER_JOB: u64 = 256 << 20;
        const BYTES_AT_LEAST: u64 = 512 << 20;
        let cells = 1u64.checked_shl(log_cells).unwrap_or(u64::MAX);
        let code = (self.code as u64).next_power_of_two().saturating_mul(BYTES_PER_INSTRUCTION);
        let stacked =
            cells.saturating_mul(BYTES_PER_CELL).saturating_add((cells / 2).saturating_mul(BYTES_PER_INTERACTION));
        let job = stacked.saturating_add(BYTES_PER_JOB).saturating_add(code);
        job.saturating_mul(self.jobs as u64).saturating_add(BYTES_AT_LEAST).saturating_add(code)
    }
}
