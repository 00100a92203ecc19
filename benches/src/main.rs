//! The slowdown report: proving against native execution of the same source, in one run.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml [-- NAME…]` prints one line per guest.
//! Native times are the least of many repetitions; proving is done once, from executing to the
//! proof's bytes, and verified. CPU seconds are those of the process, from `/proc`.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use provasm::memory::{keep_freed_memory, peak_bytes};
use provasm::{Limits, Outcome, Program, verify};

/// A guest: its wasm file, the export, the parameter, and the same function compiled natively.
struct Guest {
    name: &'static str,
    entry: &'static str,
    parameter: u32,
    native: extern "C" fn(u32) -> u64,
}

const GUESTS: &[Guest] = &[
    Guest { name: "fib", entry: "fib", parameter: 25, native: guest_fib::fib },
    Guest { name: "sha256", entry: "sha256", parameter: 65_536, native: guest_sha256::sha256 },
    Guest { name: "keccak256", entry: "keccak256", parameter: 32_768, native: guest_keccak256::keccak256 },
    Guest { name: "blake3", entry: "blake3", parameter: 65_536, native: guest_blake3::blake3 },
    Guest { name: "sort", entry: "sort", parameter: 20_000, native: guest_sort::sort },
    Guest { name: "json", entry: "json", parameter: 300, native: guest_json::json },
    Guest { name: "regex", entry: "regex", parameter: 100, native: guest_regex::regex },
    Guest { name: "interpreter", entry: "interpreter", parameter: 10_000, native: guest_interpreter::interpreter },
    Guest { name: "json-float", entry: "json_float", parameter: 100, native: guest_json_float::json_float },
    Guest { name: "matmul", entry: "matmul_f64", parameter: 32, native: guest_matmul::matmul_f64 },
    Guest { name: "nbody", entry: "nbody", parameter: 200, native: guest_nbody::nbody },
];

/// Least time of a native call over at least 50 ms and 20 calls.
fn native_seconds(guest: &Guest) -> f64 {
    let start = Instant::now();
    let mut least = Duration::MAX;
    let mut calls = 0;
    while calls < 20 || start.elapsed() < Duration::from_millis(50) {
        let call = Instant::now();
        black_box((guest.native)(black_box(guest.parameter)));
        least = least.min(call.elapsed());
        calls += 1;
    }
    least.as_secs_f64()
}

/// CPU seconds this process has used, if the system says so.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

fn measure(guest: &Guest) -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../guests/wasm").join(format!("{}.wasm", guest.name));
    let wasm = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    let program = Program::compile(&wasm)?;
    let id = program.id();
    let args = [u64::from(guest.parameter)];

    let start = Instant::now();
    let run = program.run(guest.entry, &args, Limits::default())?;
    let run_seconds = start.elapsed().as_secs_f64();
    let native = native_seconds(guest);

    let cpu = cpu_seconds().unwrap_or(f64::NAN);
    let proven = program.prove(guest.entry, &args)?;
    let cpu = cpu_seconds().unwrap_or(f64::NAN) - cpu;
    anyhow::ensure!(proven.claim.outcome == Outcome::Returned(vec![(guest.native)(guest.parameter)]));

    let start = Instant::now();
    let verified = verify(&proven.proof, &id)?;
    let verify_seconds = start.elapsed().as_secs_f64();
    let instructions = run.instructions as f64;
    println!(
        "| {} {} | {:.2} M | {:.2} M | {:.3} | {:.0} M/s | {:.1} | {:.1} | {} | {:.1} | {:.1} | {:.0} k/s | {:.3} ms | {:.0} x | {:.0} KB | {:.1} ms | {:.1} | {:.1} GB |",
        guest.name,
        guest.parameter,
        run.wasm_ops as f64 / 1e6,
        instructions / 1e6,
        instructions / run.wasm_ops as f64,
        instructions / run_seconds / 1e6,
        proven.cost.cells() as f64 / instructions,
        proven.cost.interactions() as f64 / instructions,
        verified.segments,
        proven.prove_seconds,
        cpu,
        instructions / proven.prove_seconds / 1e3,
        native * 1e3,
        proven.prove_seconds / native,
        proven.proof.len() as f64 / 1e3,
        verify_seconds * 1e3,
        verified.security_bits,
        peak_bytes().unwrap_or(0) as f64 / 1e9,
    );
    Ok(())
}

fn main() -> Result<()> {
    keep_freed_memory();
    let names: Vec<String> = std::env::args().skip(1).collect();
    println!(
        "| program | WASM ops | instructions | per op | run | cells per instruction | interactions per instruction | segments | prove, s | CPU-s | proven | native | slowdown | proof | verify | bits | peak memory so far |"
    );
    println!("|{}", "---|".repeat(17));
    let wanted = |guest: &&Guest| names.is_empty() || names.iter().any(|name| name == guest.name);
    GUESTS.iter().filter(wanted).try_for_each(measure)
}
