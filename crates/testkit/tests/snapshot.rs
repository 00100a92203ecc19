//! Snapshots: a program that begins where a machine stands does what the machine would do.

use provasm_execute::{Limits, Machine, Outcome, record};
use provasm_isa::Trap;
use provasm_program::Program;
use provasm_testkit::tables::{check_used, fill_first, tables_of};

/// A counter in a global, in memory and in a page that is grown, begun by a start function.
const MODULE: &str = r#"(module
    (memory (export "memory") 1 4)
    (global $count (mut i64) (i64.const 5))
    (data (i32.const 4) "seven")
    (func $start (global.set $count (i64.add (global.get $count) (i64.const 100))))
    (start $start)
    (func (export "count") (param i64) (result i64)
        (global.set $count (i64.add (global.get $count) (local.get 0)))
        (i64.store (i32.const 65528) (i64.add (i64.load (i32.const 65528)) (global.get $count)))
        (i64.load (i32.const 65528)))
    (func (export "grow") (param i64) (result i64)
        (i64.extend_i32_u (memory.grow (i32.const 1)))
        (i64.store (i32.const 65540) (local.get 0)))
    (func (export "trap") (param i64) (result i64)
        (i64.store (i32.const 0) (local.get 0))
        unreachable))"#;

fn program() -> Program {
    provasm::Program::compile(MODULE.as_bytes()).expect("it compiles").compiled().clone()
}

/// Invokes on a machine what its snapshot records, and compares how both end.
fn check(machine: &mut Machine<'_>, entry: &str, arg: u64) -> Outcome {
    let snapshot = machine.snapshot();
    assert!(snapshot.cells.is_sorted_by(|a, b| a.address < b.address));
    let (recorded, recording) = record(&snapshot, entry, &[arg], Limits::default()).expect("the snapshot runs");
    let mut continued = Machine::new(&snapshot, Limits::default());
    assert_eq!(continued.invoke(entry, &[arg]).as_ref(), Ok(&recorded));

    let run = machine.invoke(entry, &[arg]).expect("the machine runs");
    assert_eq!(recorded, run, "{entry} {arg}");
    assert!(continued.memory() == machine.memory(), "{entry} {arg}");
    assert_eq!(continued.snapshot().cells, machine.snapshot().cells, "{entry} {arg}");
    assert_eq!(check_used(&fill_first(&snapshot, &tables_of(&snapshot), &recording)), [], "{entry} {arg}");
    run.outcome
}

#[test]
fn snapshots_continue() {
    let program = program();
    let mut machine = Machine::new(&program, Limits::default());
    assert_eq!(machine.snapshot(), program, "nothing has happened");
    // The start function runs within the first.
    assert_eq!(check(&mut machine, "count", 1), Outcome::Returned(vec![106]));
    assert_eq!(check(&mut machine, "count", 2), Outcome::Returned(vec![214]));
    assert_eq!(check(&mut machine, "grow", 3), Outcome::Returned(vec![1]));
    assert_eq!(machine.snapshot().memory_pages, 2);
    assert_eq!(check(&mut machine, "trap", 4), Outcome::Trapped(Trap::Unreachable));
    assert_eq!(check(&mut machine, "count", 5), Outcome::Returned(vec![327]));
    assert_eq!(machine.snapshot().start, None);
}

#[test]
fn a_start_function_that_ran_alone_is_not_run_again() {
    let program = program();
    let mut machine = Machine::new(&program, Limits::default());
    assert_eq!(machine.start(), Ok(Outcome::Returned(Vec::new())));
    assert_eq!(check(&mut machine, "count", 1), Outcome::Returned(vec![106]));
}
