//! What a call of each accelerator costs, and the same hash in plain WebAssembly: proves a few calls and many, and prints the
//! difference per call.
//!
//!     cargo run --release --package provasm --example accelerators -- guests/wasm
//!
//! Columns: instructions, cells and interactions of a call without padding (all tables, the routine's and the loop's
//! instructions included), CPU-milliseconds of proving a call (all that the proof costs beyond the short one's), and
//! milliseconds of verifying the longer proof.

use std::path::Path;
use std::time::Instant;

use provasm::{Cost, Program, ProveOptions, memory, verify};

/// Imports, and a call on buffers at addresses that differ.
const CALLS: [(&str, &str, &str, u64); 6] = [
    ("sha256_compress", "i32 i32 i32", "(i32.const 64) (i32.const 128) (i32.const 1)", 2_000),
    ("keccak_f1600", "i32", "(i32.const 64)", 300),
    (
        "blake3_compress",
        "i32 i32 i64 i32 i32 i32",
        "(i32.const 64) (i32.const 128) (i64.const 7) (i32.const 64) (i32.const 0) (i32.const 64)",
        4_000,
    ),
    ("poseidon2_permute", "i32", "(i32.const 64)", 20_000),
    ("secp256k1_field_mul", "i32 i32 i32", "(i32.const 64) (i32.const 128) (i32.const 64)", 20_000),
    ("bn254_scalar_mul", "i32 i32 i32", "(i32.const 64) (i32.const 128) (i32.const 64)", 20_000),
];

/// Guests that hash in plain WebAssembly: name, file, entry, arguments after the length, bytes for each unit of work.
const PLAIN: [(&str, &str, &str, usize, u64); 3] = [
    ("SHA-256, a block", "sha256.wasm", "input_has_digest", 4, 64),
    ("Keccak-f[1600]", "keccak256.wasm", "keccak256", 0, 136),
    ("BLAKE3, a compression", "blake3.wasm", "blake3", 0, 64),
];

/// Units of work of the shorter and the longer plain run.
const PLAIN_UNITS: [u64; 2] = [16, 256];

/// A run that was proven and verified.
struct Measured {
    instructions: u64,
    cost: Cost,
    cpu_seconds: f64,
    verify_seconds: f64,
}

/// CPU-seconds of this process so far.
fn cpu_seconds() -> f64 {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the process, in parentheses, may hold spaces; user and system time are fields 14 and 15.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS_PER_SECOND
}

fn measure(program: &Program, entry: &str, args: &[u64]) -> Result<Measured, provasm::Error> {
    let since = cpu_seconds();
    let proven = program.prove_with(entry, args, &ProveOptions::default())?;
    let cpu_seconds = cpu_seconds() - since;
    let start = Instant::now();
    verify(&proven.proof, &program.id())?;
    let verify_seconds = start.elapsed().as_secs_f64();
    Ok(Measured { instructions: proven.run.instructions, cost: proven.cost, cpu_seconds, verify_seconds })
}

/// Cells and interactions without padding.
fn unpadded(cost: &Cost) -> (u64, u64) {
    let sum = |width: fn(&provasm::TableCost) -> usize| {
        cost.tables.iter().map(|table| (table.rows * width(table)) as u64).sum::<u64>()
    };
    (sum(|table| table.columns), sum(|table| table.interactions))
}

/// Prints the difference of two runs per unit of work.
fn print(name: &str, short: &Measured, long: &Measured, units: u64) {
    let (short_cost, long_cost) = (unpadded(&short.cost), unpadded(&long.cost));
    let per = |more: u64, less: u64| more.saturating_sub(less) / units;
    println!(
        "{name:24} {:12} {:9} {:12} {:10.3} {:10.1}",
        per(long.instructions, short.instructions),
        per(long_cost.0, short_cost.0),
        per(long_cost.1, short_cost.1),
        1e3 * (long.cpu_seconds - short.cpu_seconds) / units as f64,
        1e3 * long.verify_seconds,
    );
}

/// A module whose export `main` calls an import as often as its argument says.
fn module(import: &str, params: &str, call: &str) -> String {
    format!(
        r#"(module (import "provasm" "{import}" (func $call (param {params}))) (memory 1)
            (func (export "main") (param $left i64)
              (loop $again
                (call $call {call})
                (local.set $left (i64.sub (local.get $left) (i64.const 1)))
                (br_if $again (i64.ne (local.get $left) (i64.const 0))))))"#
    )
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    memory::keep_freed_memory();
    let folder = std::env::args().nth(1).ok_or("the folder with the guests' modules")?;
    println!("{:24} instructions     cells interactions     CPU-ms verify ms", "call");
    for (import, params, call, count) in CALLS {
        let program = Program::compile(module(import, params, call).as_bytes())?;
        // The first proof of a program also makes its key.
        measure(&program, "main", &[1])?;
        let (short, long) = (measure(&program, "main", &[1])?, measure(&program, "main", &[count + 1])?);
        print(import, &short, &long, count);
    }
    println!("\n{:24} instructions     cells interactions     CPU-ms verify ms", "plain");
    for (name, file, entry, zeros, bytes) in PLAIN {
        let program = Program::compile(&std::fs::read(Path::new(&folder).join(file))?)?;
        let run = |units: u64| {
            let args: Vec<u64> = std::iter::once(units * bytes).chain((0..zeros).map(|_| 0)).collect();
            measure(&program, entry, &args)
        };
        run(1)?;
        let [short, long] = PLAIN_UNITS;
        print(name, &run(short)?, &run(long)?, long - short);
    }
    Ok(())
}
