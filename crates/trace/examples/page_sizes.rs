//! What the boundary of a segment would cost with larger pages: how many cells the hashes commit, in percent of a full
//! segment, if every page with a touched cell were hashed whole.
//!
//!     cargo run --release --package provasm-trace --example page_sizes -- FILE.wasm ENTRY LOG_CELLS [ARGUMENT…]

use std::collections::BTreeMap;

use provasm_air::TableId;
use provasm_air::fixed::tables_of;
use provasm_compile::{Options, compile};
use provasm_execute::{BLOCK_CELLS, CellBlock, Cut, Execution, Inputs, Limits};
use provasm_isa::layout::{LEAF_CELLS, TREE_DEPTH};
use provasm_trace::SegmentMeter;

/// Touched groups of `2^level` leaves, and whether anything in them changes.
fn groups(blocks: &[CellBlock], level: u32) -> BTreeMap<u32, bool> {
    let mut groups = BTreeMap::new();
    for block in blocks {
        let touched = block.last_clock.iter().enumerate().filter(|(_, clock)| **clock != 0);
        for (i, _) in touched {
            let leaf = (block.number * BLOCK_CELLS as u32 + i as u32) / LEAF_CELLS;
            *groups.entry(leaf >> level).or_default() |= block.before[i] != block.after[i];
        }
    }
    groups
}

/// Rows of hashes for these groups: one if nothing changes, else two.
fn rows(groups: &BTreeMap<u32, bool>) -> u64 {
    groups.values().map(|&changes| 1 + u64::from(changes)).sum()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let usage = "FILE.wasm ENTRY LOG_CELLS [ARGUMENT…]";
    let (file, entry) = (args.next().ok_or(usage)?, args.next().ok_or(usage)?);
    let log_cells: u32 = args.next().ok_or(usage)?.parse()?;
    let args = args.map(|arg| arg.parse()).collect::<Result<Vec<u64>, _>>()?;
    let program = compile(&std::fs::read(&file)?, &Options::default())?;
    let meter = SegmentMeter::new(&tables_of(&program), log_cells, u64::MAX);
    let mut execution = Execution::new(&program, &entry, &args, Inputs::default(), Limits::default())?;
    let percent = |cells: u64| 100.0 * cells as f64 / f64::from(1 << log_cells);
    println!("segment  touched leaves  changed   cells of hashes and leaves in %, for pages of 2, 4, 8, … cells");
    while let Some(recording) = execution.next(Cut::When(&meter))? {
        let levels: Vec<_> = (0..=TREE_DEPTH).map(|level| groups(&recording.blocks, level)).collect();
        let leaves = &levels[0];
        let changed = leaves.values().filter(|changes| **changes).count();
        print!("{:7} {:15} {changed:8}  ", recording.index, leaves.len());
        for page in 0..10 {
            let above: u64 = levels[page + 1..].iter().map(rows).sum();
            let within = ((1 << page) - 1) * rows(&levels[page]);
            let leaf_rows = (1 << page) * levels[page].len() as u64;
            let cells = (above + within) * TableId::Nodes.width() as u64 + leaf_rows * TableId::Cells.width() as u64;
            print!(" {:6.1}", percent(cells));
        }
        println!();
    }
    Ok(())
}
