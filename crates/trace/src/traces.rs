//! All tables of a run.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use p3_matrix::dense::RowMajorMatrix;
use provasm_air::claim::ClaimValues;
use provasm_air::columns::Cells;
use provasm_air::fixed::{LOG_HEIGHT_MIN, log_height_for};
use provasm_air::row::Row;
use provasm_air::{Fixed, Table, TableId};
use provasm_execute::{Outcome, Recording};
use provasm_isa::Chip;
use provasm_program::Program;
use rayon::prelude::*;

use crate::count::Uses;
use crate::fill::{bridge_row, cell_rows, fill_row, page_rows};

/// Rows filled or counted by one task.
const ROWS_PER_TASK: usize = 1 << 14;

/// One filled table.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The table.
    pub table: Table,
    /// Its rows, padded to a power of two.
    pub rows: RowMajorMatrix<KoalaBear>,
    /// How many of them are not padding.
    pub real: usize,
}

/// All filled tables of a run, in proof order.
#[derive(Clone, Debug)]
pub struct Traces {
    /// The tables.
    pub tables: Vec<Trace>,
    /// The public values of the claim.
    pub public_values: Vec<KoalaBear>,
}

fn blank(width: usize, rows: usize) -> RowMajorMatrix<KoalaBear> {
    RowMajorMatrix::new(KoalaBear::zero_vec(width << log_height_for(rows)), width)
}

fn from_rows<C: Cells<KoalaBear>>(rows: impl Iterator<Item = C>) -> (RowMajorMatrix<KoalaBear>, usize) {
    let mut values = Vec::new();
    rows.for_each(|row| row.put(&mut |cell| values.push(cell)));
    let real = values.len() / C::WIDTH;
    values.resize(C::WIDTH << log_height_for(real), KoalaBear::ZERO);
    (RowMajorMatrix::new(values, C::WIDTH), real)
}

fn chip_rows(chip: Chip, program: &Program, recording: &Recording) -> (RowMajorMatrix<KoalaBear>, usize) {
    let steps = recording.steps_of(chip);
    let width = TableId::Chip(chip).width();
    let mut rows = blank(width, steps.len());
    let chunks = rows.values.par_chunks_mut(width * ROWS_PER_TASK).zip(steps.par_chunks(ROWS_PER_TASK));
    chunks.for_each(|(rows, steps)| {
        for (row, step) in rows.chunks_exact_mut(width).zip(steps) {
            fill_row(chip, step, &program.code[step.pc as usize], row);
        }
    });
    (rows, steps.len())
}

/// Columns of a fixed table: how often each row is used.
fn times(log_height: usize, counts: &[&[u32]]) -> RowMajorMatrix<KoalaBear> {
    let width = counts.len();
    let mut rows = RowMajorMatrix::new(KoalaBear::zero_vec(width << log_height), width);
    for (column, counts) in counts.iter().enumerate() {
        for (row, &count) in rows.values.chunks_exact_mut(width).zip(*counts) {
            row[column] = KoalaBear::from_u32(count);
        }
    }
    rows
}

/// The claim's values for a recorded run.
fn claim_values<'r>(program: &Program, recording: &'r Recording) -> ClaimValues<'r> {
    let (outcome, results): (u32, &[u64]) = match &recording.run.outcome {
        Outcome::Returned(results) => (0, results),
        Outcome::Trapped(trap) => (u32::from(trap.code()), &[]),
    };
    let args = &recording.args;
    ClaimValues { entry_pc: recording.entry_pc, pages: program.memory_pages, outcome, args, results }
}

/// Counts the uses of fixed rows that one table makes.
fn count_uses(trace: &Trace, blank: &Uses) -> Uses {
    let width = trace.rows.width;
    // Padding sends nothing, and the row after the last matters to constraints only.
    let rows = &trace.rows.values[..width * trace.real];
    let chunks = rows.par_chunks(width * ROWS_PER_TASK);
    let count = |mut uses: Uses, rows: &[KoalaBear]| {
        for main in rows.chunks_exact(width) {
            Row { main, next: main, fixed: &[], is_first: false, is_last: false }.evaluate(&trace.table, &mut uses);
        }
        uses
    };
    chunks.fold(|| blank.clone(), count).reduce_with(|a, b| a.merge(&b)).unwrap_or_else(|| blank.clone())
}

/// Fills all tables of a recorded run.
#[must_use]
pub fn generate(program: &Program, tables: &[Table], recording: &Recording) -> Traces {
    let claim = claim_values(program, recording);
    let fill = |table: &Table| {
        let (rows, real) = match table.id {
            TableId::Claim => from_rows(std::iter::once(claim.row())),
            TableId::Cells => from_rows(cell_rows(recording)),
            TableId::Bridges => from_rows(recording.bridges.iter().map(bridge_row)),
            TableId::Chip(chip) => chip_rows(chip, program, recording),
            // Filled below, once every use is known.
            _ => (blank(table.id.width(), 1 << LOG_HEIGHT_MIN), 0),
        };
        Trace { table: table.clone(), rows, real }
    };
    let mut traces: Vec<Trace> = tables.iter().map(fill).collect();

    let pages = recording.grows.last().map_or(program.memory_pages, |grow| grow.to) as usize;
    let blank = Uses::new(program.code.len(), pages);
    let counted = |trace: &Trace| matches!(trace.table.id, TableId::Chip(_) | TableId::Cells | TableId::Bridges);
    let uses = traces
        .iter()
        .filter(|trace| counted(trace) && trace.real > 0)
        .fold(blank.clone(), |uses, trace| uses.merge(&count_uses(trace, &blank)));

    for trace in &mut traces {
        let log_height = trace.table.fixed.as_ref().map_or(LOG_HEIGHT_MIN, Fixed::log_height);
        (trace.rows, trace.real) = match trace.table.id {
            TableId::Pages => from_rows(page_rows(recording, program.memory_pages, &uses.pages)),
            TableId::Rom => (times(log_height, &[&uses.rom]), 1 << log_height),
            TableId::Image => (times(log_height, &[&vec![1; program.cells.len()]]), 1 << log_height),
            TableId::Range => (times(log_height, &[&uses.range]), 1 << log_height),
            TableId::Bytes => (times(log_height, &[&uses.and, &uses.bytes]), 1 << log_height),
            TableId::Shift => (times(log_height, &[&uses.shift]), 1 << log_height),
            _ => continue,
        };
    }
    Traces { tables: traces, public_values: claim.public_values() }
}
