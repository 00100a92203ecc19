//! Running: loops without an end, memories and tables that grow, recursion and floods of host calls, until a limit stops
//! them.

use provasm::{Error, Inputs, Limits, Program, RunOutcome, Trap};
use provasm_execute::ExecuteError;
use provasm_testkit::figure::Figure;

use crate::allocator::peak;

/// Instructions that a run may take.
const INSTRUCTIONS: u64 = 3_000_000;
/// Pages that it may have.
const PAGES: u32 = 16;

/// Bytes of memory that a run takes beside its pages: frames, static cells, tables.
const BESIDE: usize = 32 << 20;
/// Bytes of memory for an instruction, which writes a cell of the host region or of memory at most.
const PER_INSTRUCTION: usize = 4;

/// How a run ends.
#[derive(Debug)]
enum End {
    /// After as many instructions as it may take.
    Instructions,
    /// When it asks for more pages than it may have.
    Pages,
    /// With a trap.
    Trap(Trap),
}

/// A body of `main`, and how it ends.
const RUNS: &[(&str, &str, End)] = &[
    ("an endless loop", "(loop $l (br $l))", End::Instructions),
    ("a loop that branches on a table", "(loop $l (br_table $l $l $l (local.get $i)))", End::Instructions),
    ("endless tail calls", "(return_call $tail (i32.const 0))", End::Instructions),
    ("endless recursion", "(call $deeper)", End::Trap(Trap::CallStackExhausted)),
    ("recursion with large frames", "(call $large)", End::Trap(Trap::CallStackExhausted)),
    ("a memory that grows page by page", "(loop $l (drop (memory.grow (i32.const 1))) (br $l))", End::Pages),
    ("a memory that grows at once", "(drop (memory.grow (i32.const 60000))) unreachable", End::Pages),
    (
        "a memory that cannot grow so far",
        "(drop (memory.grow (i32.const -1))) unreachable",
        End::Trap(Trap::Unreachable),
    ),
    ("a table that grows", "(loop $l (drop (table.grow $t (ref.null func) (i32.const 1))) (br $l))", End::Instructions),
    (
        "memory filled again and again",
        "(loop $l (memory.fill (i32.const 0) (i32.const 7) (i32.const 65536)) (br $l))",
        End::Instructions,
    ),
    (
        "memory copied to where there is none",
        "(memory.copy (i32.const 1) (i32.const 0) (i32.const -1))",
        End::Trap(Trap::MemoryOutOfBounds),
    ),
    (
        "a table filled beyond its end",
        "(table.fill $t (i32.const 0) (ref.null func) (i32.const -1))",
        End::Trap(Trap::TableOutOfBounds),
    ),
    ("a flood of output", "(loop $l (call $write (i32.const 0) (i32.const 65536)) (br $l))", End::Instructions),
    ("a flood of empty output", "(loop $l (call $write (i32.const 0) (i32.const 0)) (br $l))", End::Instructions),
    (
        "output from where there is no memory",
        "(call $write (i32.const 1) (i32.const 65536))",
        End::Trap(Trap::MemoryOutOfBounds),
    ),
    (
        "a flood of reading",
        "(loop $l (drop (call $read (i32.const 0) (i32.const 0) (i32.const 65536))) (br $l))",
        End::Instructions,
    ),
    (
        "a flood of private reading",
        "(loop $l (drop (call $private (i32.const 0) (i32.const 65536))) (br $l))",
        End::Instructions,
    ),
    ("a flood of messages", "(loop $l (call $log (i32.const 0) (i32.const 65536)) (br $l))", End::Instructions),
];

fn module(body: &str) -> String {
    let locals = "(local i64 i64 i64 i64 i64 i64 i64 i64) ".repeat(1000);
    format!(
        r#"(module
            (import "provasm" "output_write" (func $write (param i32 i32)))
            (import "provasm" "input_read" (func $read (param i32 i32 i32) (result i32)))
            (import "provasm" "private_read" (func $private (param i32 i32) (result i32)))
            (import "provasm" "log" (func $log (param i32 i32)))
            (memory (export "memory") 1) (table $t 2 funcref)
            (func $tail (param i32) (return_call $tail (local.get 0)))
            (func $deeper (call $deeper) (call $deeper))
            (func $large {locals} (call $large) (call $large))
            (func (export "main") (local $i i32) {body}))"#
    )
}

#[test]
fn runs_are_stopped() {
    let mut worst = (0, "");
    for (what, body, end) in RUNS {
        let program = Program::compile(module(body).as_bytes()).unwrap_or_else(|error| panic!("{what}: {error}"));
        let limits = Limits { instructions_max: INSTRUCTIONS, memory_pages_max: PAGES, ..Limits::default() };
        let inputs = Inputs { public: &[1; 100_000], private: &[2; 100_000] };
        let (run, bytes) = peak(|| program.run_with("main", &[], inputs, limits));
        match (end, &run) {
            (End::Instructions, Err(Error::Execute(ExecuteError::InstructionLimit { instructions: INSTRUCTIONS }))) => {
            }
            (End::Pages, Err(Error::Execute(ExecuteError::MemoryLimit { allowed: PAGES, .. }))) => {}
            (End::Trap(trap), Ok(run)) if run.outcome == RunOutcome::Trapped(*trap) => {}
            (end, run) => panic!("{what}: {end:?} expected, {run:?}"),
        }
        let allowed = BESIDE + (PAGES as usize * 65_536) + PER_INSTRUCTION * INSTRUCTIONS as usize;
        println!("{what}: {} KiB", bytes >> 10);
        assert!(bytes <= allowed, "{what}: {bytes} bytes of memory, allowed are {allowed}");
        worst = worst.max((bytes, what));
    }
    let measured = format!("memory at most {} MiB ({})", worst.0 >> 20, worst.1);
    Figure::held(11, "runs stopped by a limit or a trap", RUNS.len()).measured(measured).print();
}
