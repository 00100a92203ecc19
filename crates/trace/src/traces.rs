//! All tables of a run.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use p3_matrix::dense::RowMajorMatrix;
use provasm_air::claim::ClaimValues;
use provasm_air::columns::Cells;
use provasm_air::fixed::{LOG_HEIGHT_MIN, log_height_for, part_log_heights};
use provasm_air::row::Row;
use provasm_air::system::ClaimCols;
use provasm_air::{Fixed, Table, TableId};
use provasm_execute::{Bridge, Outcome, Recording, Step};
use provasm_isa::{Chip, Op};
use provasm_program::Program;
use rayon::prelude::*;

use crate::count::Uses;
use crate::fill::{bridge_row, cell_rows, fill_row, page_rows};

/// Rows filled or counted by one task.
const ROWS_PER_TASK: usize = 1 << 14;

/// One filled table, or a part of one.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The table.
    pub table: Table,
    /// Its rows, padded to a power of two.
    pub rows: RowMajorMatrix<KoalaBear>,
    /// How many of them are not padding.
    pub real: usize,
}

/// All filled tables of a run, in proof order. A table that was cut appears once per part, one
/// without rows not at all.
#[derive(Clone, Debug)]
pub struct Traces {
    /// The tables.
    pub tables: Vec<Trace>,
    /// The public values of the claim.
    pub public_values: Vec<KoalaBear>,
}

fn from_rows<C: Cells<KoalaBear>>(rows: impl Iterator<Item = C>) -> (RowMajorMatrix<KoalaBear>, usize) {
    let mut values = Vec::new();
    rows.for_each(|row| row.put(&mut |cell| values.push(cell)));
    let real = values.len() / C::WIDTH;
    values.resize(C::WIDTH << log_height_for(real), KoalaBear::ZERO);
    (RowMajorMatrix::new(values, C::WIDTH), real)
}

/// The parts of an instruction table.
fn chip_parts(table: &Table, chip: Chip, program: &Program, steps: &[Step]) -> Vec<Trace> {
    let width = table.id.width();
    let mut rest = steps;
    let part = |log_height: usize| {
        let (steps, after) = rest.split_at(rest.len().min(1 << log_height));
        rest = after;
        let mut rows = RowMajorMatrix::new(KoalaBear::zero_vec(width << log_height), width);
        let chunks = rows.values.par_chunks_mut(width * ROWS_PER_TASK).zip(steps.par_chunks(ROWS_PER_TASK));
        chunks.for_each(|(rows, steps)| {
            for (row, step) in rows.chunks_exact_mut(width).zip(steps) {
                fill_row(chip, step, &program.code[step.pc as usize], row);
            }
        });
        Trace { table: table.clone(), rows, real: steps.len() }
    };
    part_log_heights(steps.len()).into_iter().map(part).collect()
}

/// The parts of the table of bridges.
fn bridge_parts(table: &Table, bridges: &[Bridge]) -> Vec<Trace> {
    let mut rest = bridges;
    let part = |log_height: usize| {
        let (bridges, after) = rest.split_at(rest.len().min(1 << log_height));
        rest = after;
        let (rows, real) = from_rows(bridges.iter().map(bridge_row));
        Trace { table: table.clone(), rows, real }
    };
    part_log_heights(bridges.len()).into_iter().map(part).collect()
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
fn count_uses(trace: &Trace, none: &Uses) -> Uses {
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
    chunks.fold(|| none.clone(), count).reduce_with(|a, b| a.merge(&b)).unwrap_or_else(|| none.clone())
}

/// The claim's row, with the arguments that the run took.
fn claim_row(program: &Program, recording: &Recording, claim: &ClaimValues<'_>) -> ClaimCols<KoalaBear> {
    let mut row = claim.row();
    for step in recording.steps_of(Chip::Io) {
        let instr = &program.code[step.pc as usize];
        let taken = row.argument_taken.get_mut(instr.imm as usize).filter(|_| instr.op == Op::Arg);
        taken.into_iter().for_each(|taken| *taken = KoalaBear::ONE);
    }
    row
}

/// The tables that instructions and cells fill; the others are empty yet.
fn fill(table: &Table, program: &Program, recording: &Recording, claim: &ClaimValues<'_>) -> Vec<Trace> {
    let (rows, real) = match table.id {
        TableId::Chip(chip) => return chip_parts(table, chip, program, recording.steps_of(chip)),
        TableId::Bridges => return bridge_parts(table, &recording.bridges),
        TableId::Claim => from_rows(std::iter::once(claim_row(program, recording, claim))),
        TableId::Cells => from_rows(cell_rows(recording)),
        _ => (RowMajorMatrix::new(Vec::new(), table.id.width()), 0),
    };
    vec![Trace { table: table.clone(), rows, real }]
}

/// Fills all tables of a recorded run, cut into parts.
#[must_use]
pub fn generate(program: &Program, tables: &[Table], recording: &Recording) -> Traces {
    let claim = claim_values(program, recording);
    let mut traces: Vec<Trace> = tables.iter().flat_map(|table| fill(table, program, recording, &claim)).collect();

    let pages = recording.grows.last().map_or(program.memory_pages, |grow| grow.to) as usize;
    let none = Uses::new(program.code.len(), pages);
    let uses = traces
        .iter()
        .filter(|trace| trace.real > 0)
        .fold(none.clone(), |uses, trace| uses.merge(&count_uses(trace, &none)));

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
