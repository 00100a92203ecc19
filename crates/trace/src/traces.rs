//! All tables of a segment.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use p3_matrix::dense::RowMajorMatrix;
use provasm_air::claim::{ClaimValues, MachineState, limbs};
use provasm_air::columns::Cells;
use provasm_air::fixed::{LOG_HEIGHT_MIN, log_height_for, part_log_heights};
use provasm_air::rounds::Rounds;
use provasm_air::rounds::blake3::Blake3RoundCols;
use provasm_air::rounds::keccak::KeccakRoundCols;
use provasm_air::rounds::sha256::Sha256RoundCols;
use provasm_air::row::Row;
use provasm_air::system::ClaimCols;
use provasm_air::{Fixed, Table, TableId};
use provasm_execute::{Position, Recording, Step, WindowAccess};
use provasm_isa::{Chip, Op};
use provasm_program::Program;
use rayon::prelude::*;

use crate::count::Uses;
use crate::fill::{FillRound, bridge_row, cell_row, fill_call, fill_row, node_rows, page_row};
use crate::tree::Walk;

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

/// All filled tables of a segment, in proof order. A table that was cut appears once per part, one
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

/// The parts of a table whose rows come from `items`, each of a given height.
fn parts<I>(table: &Table, items: &[I], fill: impl Fn(&[I], usize) -> RowMajorMatrix<KoalaBear>) -> Vec<Trace> {
    let mut rest = items;
    let part = |log_height: usize| {
        let (items, after) = rest.split_at(rest.len().min(1 << log_height));
        rest = after;
        Trace { table: table.clone(), rows: fill(items, log_height), real: items.len() }
    };
    part_log_heights(items.len(), table.id.width()).into_iter().map(part).collect()
}

/// The parts of an instruction table.
fn chip_parts(table: &Table, chip: Chip, program: &Program, recording: &Recording) -> Vec<Trace> {
    let steps = recording.steps_of(chip);
    if let Some(registers) = steps.first().map(|step| program.code[step.pc as usize].op.window()).filter(|&n| n > 0) {
        return call_parts(table, chip, program, steps, recording.windows_of(chip), registers);
    }
    let width = table.id.width();
    parts(table, steps, |steps, log_height| {
        let mut rows = RowMajorMatrix::new(KoalaBear::zero_vec(width << log_height), width);
        let chunks = rows.values.par_chunks_mut(width * ROWS_PER_TASK).zip(steps.par_chunks(ROWS_PER_TASK));
        chunks.for_each(|(rows, steps)| {
            for (row, step) in rows.chunks_exact_mut(width).zip(steps) {
                fill_row(chip, step, &program.code[step.pc as usize], row);
            }
        });
        rows
    })
}

/// The parts of a table of calls, each of which transforms a window of registers.
fn call_parts(
    table: &Table,
    chip: Chip,
    program: &Program,
    steps: &[Step],
    windows: &[WindowAccess],
    registers: usize,
) -> Vec<Trace> {
    let width = table.id.width();
    let calls: Vec<(&Step, &[WindowAccess])> = steps.iter().zip(windows.chunks_exact(registers)).collect();
    parts(table, &calls, |calls, log_height| {
        let mut rows = RowMajorMatrix::new(KoalaBear::zero_vec(width << log_height), width);
        for (row, (step, window)) in rows.values.chunks_exact_mut(width).zip(calls) {
            fill_call(chip, step, &program.code[step.pc as usize], window, row);
        }
        rows
    })
}

/// The parts of a table of the rounds of calls.
fn round_parts<C: FillRound>(table: &Table, rounds: Rounds, recording: &Recording) -> Vec<Trace> {
    let (steps, windows) = (recording.steps_of(rounds.chip()), recording.windows_of(rounds.chip()));
    let registers = windows.len() / steps.len().max(1);
    let calls = steps.iter().zip(windows.chunks_exact(registers.max(1)));
    let rounds = calls.flat_map(|(step, window)| {
        let before: Vec<u64> = window.iter().map(|access| access.before).collect();
        C::rounds(step.clock, &before)
    });
    let rounds: Vec<C::Round> = rounds.collect();
    let width = table.id.width();
    parts(table, &rounds, |rounds, log_height| {
        let mut rows = RowMajorMatrix::new(KoalaBear::zero_vec(width << log_height), width);
        rows.values.par_chunks_exact_mut(width).zip(rounds).for_each(|(row, round)| {
            let mut cells = row.iter_mut();
            C::fill(round).put(&mut |cell| cells.next().into_iter().for_each(|slot| *slot = cell));
        });
        rows
    })
}

/// The parts of a table each of whose rows is made of one item.
fn row_parts<I, C: Cells<KoalaBear>>(table: &Table, items: &[I], row: impl Fn(&I) -> C) -> Vec<Trace> {
    parts(table, items, |items, _| from_rows(items.iter().map(&row)).0)
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

/// The results that a segment gives: their numbers and values.
#[must_use]
pub fn results_of(program: &Program, recording: &Recording) -> Vec<(u8, u64)> {
    let result = |step: &Step| {
        let instr = program.code.get(step.pc as usize).filter(|instr| instr.op == Op::Result)?;
        Some((u8::try_from(instr.imm).ok()?, step.out))
    };
    recording.steps_of(Chip::Io).iter().filter_map(result).collect()
}

/// The machine at a segment's start and at its end.
#[must_use]
pub fn states_of(recording: &Recording, walk: &Walk) -> (MachineState, MachineState) {
    let Position { pc, fp } = recording.begin;
    let before = MachineState { pc, fp, root: walk.root_before };
    let end = if recording.outcome.is_some() { Position { pc: 0, fp: 0 } } else { recording.end };
    (before, MachineState { pc: end.pc, fp: end.fp, root: walk.root_after })
}

/// Adds the uses of fixed rows that one table makes, in a program of so many instructions.
fn count_uses(uses: Uses, trace: &Trace, code: usize) -> Uses {
    let width = trace.rows.width;
    // Padding sends nothing.
    let rows = &trace.rows.values[..width * trace.real];
    let count = |mut uses: Uses, rows: &[KoalaBear]| {
        for main in rows.chunks_exact(width) {
            Row { main, next: main, fixed: &[], is_first: false, is_last: false }.evaluate(&trace.table, &mut uses);
        }
        uses
    };
    // Adding up counts takes longer than counting a short table.
    if trace.real <= ROWS_PER_TASK {
        return count(uses, rows);
    }
    let chunks = rows.par_chunks(width * ROWS_PER_TASK).fold(|| Uses::new(code), count);
    match chunks.reduce_with(|a, b| a.merge(&b)) {
        Some(sum) => sum.merge(&uses),
        None => uses,
    }
}

/// The claim's row, with the arguments that the segment took and the pages it touched.
fn claim_row(program: &Program, recording: &Recording, walk: &Walk, claim: &ClaimValues<'_>) -> ClaimCols<KoalaBear> {
    let mut row = claim.row();
    for step in recording.steps_of(Chip::Io) {
        let instr = &program.code[step.pc as usize];
        let taken = row.argument_taken.get_mut(instr.imm as usize).filter(|_| instr.op == Op::Arg);
        taken.into_iter().for_each(|taken| *taken = KoalaBear::ONE);
    }
    row.end_clock = KoalaBear::from_u32(recording.end_clock);
    row.pages = limbs(recording.pages);
    row.touched = KoalaBear::from_u32(walk.pages_born_at(0));
    row
}

/// Fills in how many touched pages each growth of the memory made.
fn count_pages(traces: &mut [Trace], recording: &Recording, walk: &Walk) {
    let mut steps = recording.steps_of(Chip::MemoryGrow).iter();
    for trace in traces.iter_mut().filter(|trace| trace.table.id == TableId::Chip(Chip::MemoryGrow)) {
        let width = trace.rows.width;
        for (row, step) in trace.rows.values.chunks_exact_mut(width).take(trace.real).zip(&mut steps) {
            // The count is the last column.
            row[width - 1] = KoalaBear::from_u32(walk.pages_born_at(step.clock));
        }
    }
}

/// The tables that instructions and cells fill; the others are empty yet.
fn fill(table: &Table, program: &Program, recording: &Recording, walk: &Walk, claim: &ClaimValues<'_>) -> Vec<Trace> {
    match table.id {
        TableId::Chip(chip) => chip_parts(table, chip, program, recording),
        TableId::Rounds(rounds) => match rounds {
            Rounds::Sha256 => round_parts::<Sha256RoundCols<KoalaBear>>(table, rounds, recording),
            Rounds::Keccak => round_parts::<KeccakRoundCols<KoalaBear>>(table, rounds, recording),
            Rounds::Blake3 => round_parts::<Blake3RoundCols<KoalaBear>>(table, rounds, recording),
        },
        TableId::Bridges => row_parts(table, &recording.bridges, bridge_row),
        TableId::Cells => row_parts(table, &walk.leaves, cell_row),
        TableId::Pages => row_parts(table, &walk.pages, page_row),
        TableId::Nodes => {
            parts(table, &walk.node_rows(), |rows, log_height| node_rows(rows, table.id.width(), log_height))
        }
        TableId::Claim => {
            let (rows, real) = from_rows(std::iter::once(claim_row(program, recording, walk, claim)));
            vec![Trace { table: table.clone(), rows, real }]
        }
        _ => vec![Trace { table: table.clone(), rows: RowMajorMatrix::new(Vec::new(), table.id.width()), real: 0 }],
    }
}

/// Fills all tables of a recorded segment, cut into parts.
#[must_use]
pub fn generate(program: &Program, tables: &[Table], recording: &Recording, walk: &Walk) -> Traces {
    let (before, after) = states_of(recording, walk);
    let outcome = recording.outcome.as_ref().map(|outcome| (outcome.code(), outcome.exit_code()));
    let results = results_of(program, recording);
    let claim = ClaimValues { before, after, outcome, args: &recording.args, results: &results };
    let mut traces: Vec<Trace> =
        tables.iter().flat_map(|table| fill(table, program, recording, walk, &claim)).collect();
    count_pages(&mut traces, recording, walk);

    let code = program.code.len();
    let uses = traces
        .iter()
        .filter(|trace| trace.real > 0 && looks_up(trace.table.id))
        .fold(Uses::new(code), |uses, trace| count_uses(uses, trace, code));

    for trace in &mut traces {
        let log_height = trace.table.fixed.as_ref().map_or(LOG_HEIGHT_MIN, Fixed::log_height);
        trace.rows = match trace.table.id {
            TableId::Rom => times(log_height, &[&uses.rom]),
            TableId::Range => times(log_height, &[&uses.range]),
            TableId::Bytes => times(log_height, &[&uses.and, &uses.bytes]),
            TableId::Shift => times(log_height, &[&uses.shift]),
            _ => continue,
        };
        trace.real = 1 << log_height;
    }
    Traces { tables: traces, public_values: claim.public_values() }
}

/// Whether a table's rows look anything up in fixed tables.
fn looks_up(id: TableId) -> bool {
    !matches!(id, TableId::Claim | TableId::Cells | TableId::Nodes)
}
