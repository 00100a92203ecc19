//! A profile as tables for people.

use std::fmt::Write;

use provasm::{FrameKind, FunctionCost, Profile, Profiled, TableCost};
use provasm_air::TableId;

use crate::report::grouped;

/// Characters of a function's name shown at most.
const NAME_MAX: usize = 100;

/// All tables, of at most `top` lines each; one of source lines if they are wanted.
pub(super) fn text(found: &Profiled, top: usize, with_lines: bool) -> String {
    let profile = &found.profile;
    let mut text = functions(profile, top);
    if with_lines {
        text.push_str(&lines(profile, top));
    }
    text.push_str(&chips(profile, top));
    text.push_str(&parts(found));
    text
}

fn functions(profile: &Profile, top: usize) -> String {
    let heading = ["own cells", "", "with callees", "", "calls", "mostly", "function"];
    let functions = profile.functions.iter().take(top).map(|function| {
        let calls =
            if function.frame.kind == FrameKind::Inlined { "inlined".to_owned() } else { grouped(function.calls) };
        [
            grouped(function.own.cells),
            share(function.own.cells, profile.total.cells),
            grouped(function.total.cells),
            share(function.total.cells, profile.total.cells),
            calls,
            mostly(function),
            shortened(&function.frame.name),
        ]
    });
    table(heading, functions, profile.functions.len())
}

/// The chip that takes most of a function's own cells, and how much.
fn mostly(function: &FunctionCost) -> String {
    let chip = function.chips.first().filter(|chip| chip.amount.cells > 0);
    chip.map_or_else(String::new, |chip| {
        format!("{} {}", chip.chip.name(), share(chip.amount.cells, function.own.cells))
    })
}

fn lines(profile: &Profile, top: usize) -> String {
    let lines = profile.lines.iter().take(top).map(|line| {
        let place = format!("{}:{}", line.line.file, line.line.number);
        let cells = line.amount.cells;
        [grouped(cells), share(cells, profile.total.cells), grouped(line.amount.instructions), place]
    });
    table(["own cells", "", "instructions", "line"], lines, profile.lines.len())
}

fn chips(profile: &Profile, top: usize) -> String {
    let chips = profile.chips.iter().take(top).map(|chip| {
        let cells = chip.amount.cells;
        [
            grouped(cells),
            share(cells, profile.total.cells),
            grouped(chip.amount.instructions),
            grouped(cells / chip.amount.instructions.max(1)),
            chip.chip.name().to_owned(),
        ]
    });
    table(["cells", "", "instructions", "cells each", "chip"], chips, profile.chips.len())
}

/// What the cells of all tables are for, as they are proven.
fn parts(found: &Profiled) -> String {
    let all = found.cost.cells();
    let padding = found.cost.tables.iter().filter(|table| matches!(table.table, TableId::Chip(_) | TableId::Rounds(_)));
    let padding: u64 = padding.map(|table| ((table.height - table.rows) * table.columns) as u64).sum();
    let of = |part: &[TableId]| {
        let tables = found.cost.tables.iter().filter(|table| part.contains(&table.table));
        tables.map(|table: &TableCost| (table.height * table.columns) as u64).sum()
    };
    let parts = [
        ("instructions", found.profile.total.cells),
        ("padding of their tables", padding),
        ("state tree: cells, pages and nodes that are touched", of(&[TableId::Cells, TableId::Pages, TableId::Nodes])),
        ("bridges: cells that were not touched for long", of(&[TableId::Bridges])),
        (
            "code, lookup tables, claim",
            of(&[TableId::Rom, TableId::Range, TableId::Bytes, TableId::Shift, TableId::Claim]),
        ),
    ];
    let count = parts.len();
    let parts = parts.map(|(name, cells)| [grouped(cells), share(cells, all), name.to_owned()]);
    table(["cells", "", "of the whole proof"], parts.into_iter(), count)
}

/// A table with a heading, its columns aligned to the right, the last to the left; and how many lines are left out.
fn table<const N: usize>(heading: [&str; N], rows: impl Iterator<Item = [String; N]>, count: usize) -> String {
    let rows: Vec<[String; N]> = std::iter::once(heading.map(str::to_owned)).chain(rows).collect();
    let left_out = (count + 1).saturating_sub(rows.len());
    let widths: [usize; N] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    let mut text = String::new();
    for row in &rows {
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            let written = if column + 1 == N { writeln!(text, "{cell}") } else { write!(text, "{cell:>width$}  ") };
            debug_assert!(written.is_ok(), "writing to a string");
        }
    }
    if left_out > 0 {
        text.push_str(&format!("and {} more\n", grouped(left_out as u64)));
    }
    text.push('\n');
    text
}

#[expect(clippy::cast_precision_loss, reason = "a share for people")]
fn share(part: u64, whole: u64) -> String {
    format!("{:.1} %", 100.0 * part as f64 / whole.max(1) as f64)
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME_MAX {
        return name.to_owned();
    }
    name.chars().take(NAME_MAX - 1).chain(['…']).collect()
}
