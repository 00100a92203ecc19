//! How a proof grows with the length of the run: proves a call segment by segment and prints what each one took.
//!
//!     cargo run --release --package provasm --example growth -- FILE.wasm ENTRY LOG_CELLS [ARGUMENT…]
//!
//! Columns: segment, instructions, committed cells and interactions in percent of what a segment can have, cells of the state
//! tables (what joining segments costs) in percent of all cells, seconds of proving, bytes of proof.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Instant;

use provasm::{Event, Program, ProveOptions, Workload, memory, verify};

fn percent(part: u64, of: u64) -> f64 {
    100.0 * part as f64 / of.max(1) as f64
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    memory::keep_freed_memory();
    let mut args = std::env::args().skip(1);
    let usage = "FILE.wasm ENTRY LOG_CELLS [ARGUMENT…]";
    let (file, entry) = (args.next().ok_or(usage)?, args.next().ok_or(usage)?);
    let log_cells: u32 = args.next().ok_or(usage)?.parse()?;
    let args = args.map(|arg| arg.parse()).collect::<Result<Vec<u64>, _>>()?;
    let program = Program::compile(&std::fs::read(&file)?)?;
    program.key()?;
    let workload = Workload { jobs: 1, code: program.compiled().code.len() };
    println!("segments of 2^{log_cells} cells are expected to take {} MiB", workload.memory_bytes(log_cells) >> 20);
    println!("segment instructions  cells % interactions %  seconds  instructions/s  peak MiB");
    let started = Mutex::new(HashMap::new());
    let tell = |event: Event| match event {
        Event::Started { segment, cells, interactions, .. } => {
            started.lock().unwrap().insert(segment, (Instant::now(), cells, interactions));
        }
        Event::Finished { segment, instructions, .. } => {
            let Some((since, cells, interactions)) = started.lock().unwrap().remove(&segment) else { return };
            let seconds = since.elapsed().as_secs_f64();
            println!(
                "{segment:7} {instructions:12} {:8.1} {:14.1} {seconds:8.2} {:15.0} {:9}",
                percent(cells, 1 << log_cells),
                percent(interactions, 1 << (log_cells - 1)),
                instructions as f64 / seconds,
                memory::peak_bytes().unwrap_or(0) >> 20,
            );
        }
        Event::Executed { .. } | Event::Ended { .. } => {}
    };
    let options = ProveOptions { segment_log_cells: log_cells, progress: Some(&tell), ..ProveOptions::default() };
    let proven = program.prove_with(&entry, &args, &options)?;
    let start = Instant::now();
    let verified = verify(&proven.proof, &program.id())?;
    let verify_seconds = start.elapsed().as_secs_f64();
    let state = |name: &str| ["Cells", "Pages", "Nodes"].contains(&name);
    for table in &proven.cost.tables {
        let cells = (table.height * table.columns) as u64;
        let is_state = if state(table.table.name()) { " (state)" } else { "" };
        println!(
            "{:14} {:10} rows {:5.1} % of cells{is_state}",
            table.table.name(),
            table.rows,
            percent(cells, proven.cost.cells())
        );
    }
    let state_cells: usize = proven
        .cost
        .tables
        .iter()
        .filter(|table| state(table.table.name()))
        .map(|table| table.height * table.columns)
        .sum();
    println!(
        "{} instructions, {} segments: executed in {:.1} s, proven in {:.1} s ({:.0}/s), {} bytes, verified in {:.3} s, {:.1} bits; \
         joining {:.1} % of cells; peak {} MiB",
        proven.run.instructions,
        verified.segments,
        proven.execute_seconds,
        proven.prove_seconds,
        proven.run.instructions as f64 / proven.prove_seconds,
        proven.proof.len(),
        verify_seconds,
        verified.security_bits,
        percent(state_cells as u64, proven.cost.cells()),
        memory::peak_bytes().unwrap_or(0) >> 20,
    );
    Ok(())
}
