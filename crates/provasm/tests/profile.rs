//! A profile is what proving costs.

use provasm::{FrameKind, Inputs, Limits, Profiled, Program, ProveOptions, RunOutcome};

/// Calls of all kinds, memory that grows, floats, and a division that can trap.
const MODULE: &str = r#"(module
    (memory 1 4)
    (table funcref (elem $fib $unaligned))
    (type $unary (func (param i32) (result i32)))
    (func $fib (param i32) (result i32)
        (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
            (then (local.get 0))
            (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
                           (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
    (func $unaligned (param i32) (result i32)
        (drop (memory.grow (i32.const 1)))
        (i32.store (local.get 0) (i32.const 7))
        (i32.store (i32.const 65600) (i32.const 7))
        (i32.load (local.get 0)))
    (func $float (param i32) (result i32)
        (i32.trunc_f64_s (f64.sqrt (f64.convert_i32_u (local.get 0)))))
    (func $divide (param i32) (result i32) (i32.div_u (i32.const 100) (local.get 0)))
    (func (export "main") (param i32) (result i32)
        (i32.add
            (i32.add (call_indirect (type $unary) (i32.const 10) (i32.const 0))
                     (call_indirect (type $unary) (i32.const 3) (i32.const 1)))
            (i32.add (call $float (i32.const 81)) (call $divide (local.get 0))))))"#;

fn profile(argument: u64) -> (Program, Profiled) {
    let wasm = wat::parse_str(MODULE).unwrap();
    let program = Program::compile(&wasm).unwrap();
    let profiled = program.profile(&wasm, "main", &[argument], Inputs::default(), Limits::default()).unwrap();
    (program, profiled)
}

#[test]
fn the_cost_is_that_of_the_tables() {
    for argument in [0, 3] {
        let (program, profiled) = profile(argument);
        let checked = program.check("main", &[argument], Limits::default()).unwrap();
        assert_eq!(profiled.cost, checked.cost);
        assert_eq!(profiled.segments, 1);
        assert_eq!(profiled.run, checked.run);
    }
    let (program, profiled) = profile(3);
    assert_eq!(profiled.cost, program.prove_with("main", &[3], &ProveOptions::default()).unwrap().cost);
}

#[test]
fn functions_chips_and_stacks_add_up() {
    for argument in [0, 3] {
        let (_, Profiled { run, profile, cost, .. }) = profile(argument);
        assert_eq!(profile.total.instructions, run.instructions);
        assert_eq!(matches!(run.outcome, RunOutcome::Trapped(_)), argument == 0);

        for chip in &profile.chips {
            let table = cost.tables.iter().find(|table| table.table.name() == chip.chip.name()).unwrap();
            assert_eq!(chip.amount.instructions, table.rows as u64, "{:?}", chip.chip);
            assert_eq!(chip.amount.cells, (table.rows * table.columns) as u64);
            assert_eq!(chip.amount.interactions, (table.rows * table.interactions) as u64);
        }
        let names: Vec<&str> = profile.chips.iter().map(|chip| chip.chip.name()).collect();
        let tables = cost.tables.iter().map(|table| table.table.name());
        assert_eq!(tables.filter(|name| names.contains(name)).count(), names.len());

        let own = |costs: &mut dyn Iterator<Item = u64>| costs.sum::<u64>();
        assert_eq!(own(&mut profile.functions.iter().map(|function| function.own.cells)), profile.total.cells);
        assert_eq!(own(&mut profile.stacks.stacks.iter().map(|stack| stack.own.cells)), profile.total.cells);
        for function in &profile.functions {
            assert_eq!(own(&mut function.chips.iter().map(|chip| chip.amount.cells)), function.own.cells);
        }
        let roots = profile.stacks.stacks.iter().filter(|stack| stack.caller.is_none());
        assert_eq!(own(&mut roots.map(|stack| stack.total.cells)), profile.total.cells);
    }
}

#[test]
fn accelerators_cost_what_their_rounds_do() {
    let module = r#"(module
        (import "provasm" "keccak_f1600" (func $keccak (param i32)))
        (import "provasm" "input_read" (func $read (param i32 i32 i32) (result i32)))
        (memory 1)
        (func (export "main") (result i32)
            (call $keccak (i32.const 8))
            (call $read (i32.const 0) (i32.const 8) (i32.const 200))))"#;
    let wasm = wat::parse_str(module).unwrap();
    let program = Program::compile(&wasm).unwrap();
    let inputs = Inputs { public: b"input", private: &[] };
    let Profiled { run, profile, cost, .. } = program.profile(&wasm, "main", &[], inputs, Limits::default()).unwrap();
    assert_eq!(run.outcome, RunOutcome::Returned(vec![5]));
    assert_eq!(cost, program.check_with("main", &[], inputs, Limits::default()).unwrap().cost);

    let shared = ["Claim", "Cells", "Pages", "Nodes", "Bridges", "Rom", "Range", "Bytes", "Shift"];
    let of_instructions = cost.tables.iter().filter(|table| !shared.contains(&table.table.name()));
    let cells: u64 = of_instructions.map(|table| (table.rows * table.columns) as u64).sum();
    assert_eq!(profile.total.cells, cells);
    let keccak = profile.chips.iter().find(|chip| chip.chip.name() == "Keccak").unwrap();
    assert_eq!(keccak.amount.instructions, 1);
    let rounds = cost.tables.iter().find(|table| table.table.name() == "KeccakRounds").unwrap();
    assert!(keccak.amount.cells > (rounds.rows * rounds.columns) as u64);
    let routines = profile.functions.iter().filter(|function| function.frame.kind == FrameKind::Routine);
    let names: Vec<&str> = routines.map(|routine| routine.frame.name.as_str()).collect();
    for name in ["keccak", "input_read"] {
        assert!(names.iter().any(|routine| routine.contains(name)), "{name}: {names:?}");
    }
}

#[test]
fn routines_are_functions_of_their_own() {
    let (_, Profiled { profile, .. }) = profile(3);
    let kind = |name: &str| profile.functions.iter().find(|function| function.frame.name == name).map(|f| f.frame.kind);
    assert_eq!(kind("fib"), Some(FrameKind::Function));
    assert_eq!(kind("entry main"), Some(FrameKind::Routine));
    let routines = profile.functions.iter().filter(|function| function.frame.kind == FrameKind::Routine);
    assert!(routines.clone().any(|routine| routine.frame.name.contains("sqrt")), "{:?}", routines.collect::<Vec<_>>());
}
