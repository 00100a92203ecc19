//! A profile as one JSON object: the fields of a run's report, then its functions, chips, lines and tables.

use anyhow::Context;
use provasm::{Amount, ChipCost, Cost, FrameKind, FunctionCost, LineCost, Profiled};
use serde::Serialize;

use crate::failure::Failure;
use crate::report::Report;

#[derive(Serialize)]
struct Object<'p> {
    #[serde(flatten)]
    report: Report,
    functions: Vec<Function<'p>>,
    chips: Vec<Chip>,
    /// None when the module does not tell its source lines.
    lines: Option<Vec<Line<'p>>>,
    tables: Vec<Table>,
}

/// A function's own instructions, and with those of everything it called.
#[derive(Serialize)]
struct Function<'p> {
    name: &'p str,
    kind: &'static str,
    calls: u64,
    #[serde(flatten)]
    own: Counts,
    with_callees: Counts,
    chips: Vec<Chip>,
}

#[derive(Serialize)]
struct Chip {
    chip: &'static str,
    #[serde(flatten)]
    amount: Counts,
}

#[derive(Serialize)]
struct Line<'p> {
    file: &'p str,
    line: u32,
    #[serde(flatten)]
    amount: Counts,
}

#[derive(Serialize)]
struct Counts {
    instructions: u64,
    cells: u64,
    interactions: u64,
}

/// A table of the proof, its segments together.
#[derive(Serialize)]
struct Table {
    table: &'static str,
    rows: usize,
    rows_with_padding: usize,
    columns: usize,
    interactions_per_row: usize,
}

impl From<Amount> for Counts {
    fn from(Amount { instructions, cells, interactions }: Amount) -> Self {
        Self { instructions, cells, interactions }
    }
}

fn chips(chips: &[ChipCost]) -> Vec<Chip> {
    chips.iter().map(|chip| Chip { chip: chip.chip.name(), amount: chip.amount.into() }).collect()
}

fn function(function: &FunctionCost) -> Function<'_> {
    let kind = match function.frame.kind {
        FrameKind::Function => "function",
        FrameKind::Inlined => "inlined",
        FrameKind::Routine => "routine",
        FrameKind::NoRoom => "no room",
    };
    Function {
        name: &function.frame.name,
        kind,
        calls: function.calls,
        own: function.own.into(),
        with_callees: function.total.into(),
        chips: chips(&function.chips),
    }
}

fn line(cost: &LineCost) -> Line<'_> {
    Line { file: &cost.line.file, line: cost.line.number, amount: cost.amount.into() }
}

fn tables(cost: &Cost) -> Vec<Table> {
    let table = |table: &provasm::TableCost| Table {
        table: table.table.name(),
        rows: table.rows,
        rows_with_padding: table.height,
        columns: table.columns,
        interactions_per_row: table.interactions,
    };
    cost.tables.iter().map(table).collect()
}

/// The object as a line of text.
pub(super) fn text(report: Report, found: &Profiled) -> Result<String, Failure> {
    let profile = &found.profile;
    let object = Object {
        report: Report { peak_memory_bytes: provasm::memory::peak_bytes(), ..report },
        functions: profile.functions.iter().map(function).collect(),
        chips: chips(&profile.chips),
        lines: profile.has_lines.then(|| profile.lines.iter().map(line).collect()),
        tables: tables(&found.cost),
    };
    let mut text = serde_json::to_string(&object).context("encoding the profile").map_err(Failure::Failed)?;
    text.push('\n');
    Ok(text)
}
