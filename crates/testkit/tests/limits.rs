//! The limits of docs/limits.md that a program meets while it runs.

use provasm_compile::{Limits as ModuleLimits, Options, compile_with_exports};
use provasm_execute::{ExecuteError, Limits, Machine, Outcome};
use provasm_isa::Trap;
use provasm_isa::layout::STACK_REGISTERS;
use provasm_program::Program;

const FAILED: u64 = u32::MAX as u64;

fn program(wat: &str) -> Program {
    compile_with_exports(&wat::parse_str(wat).expect("valid text"), &Options::default()).expect("it compiles").program
}

fn returned(machine: &mut Machine<'_>, entry: &str, arg: u64) -> u64 {
    match machine.invoke(entry, &[arg]).expect("it runs").outcome {
        Outcome::Returned(results) => results[0],
        Outcome::Exited(code) => panic!("{entry} {arg}: exited with {code}"),
        Outcome::Trapped(trap) => panic!("{entry} {arg}: {trap}"),
    }
}

#[test]
fn tables_grow_by_as_much_as_allowed() {
    let grow = r#"(func (export "grow") (param i32) (result i32) (table.grow $t (ref.null func) (local.get 0)))"#;
    let room = u64::from(ModuleLimits::default().table_growth_max);
    let without = program(&format!("(module (table $t 10 funcref) {grow})"));
    let mut machine = Machine::new(&without, Limits::default());
    assert_eq!(returned(&mut machine, "grow", room + 1), FAILED);
    assert_eq!(returned(&mut machine, "grow", room), 10);
    assert_eq!(returned(&mut machine, "grow", 1), FAILED);
    // A declared maximum comes first.
    let declared = program(&format!("(module (table $t 10 12 funcref) {grow})"));
    let mut machine = Machine::new(&declared, Limits::default());
    assert_eq!(returned(&mut machine, "grow", 3), FAILED);
    assert_eq!(returned(&mut machine, "grow", 2), 10);
}

#[test]
fn memories_grow_by_as_much_as_allowed() {
    let grow = r#"(func (export "grow") (param i32) (result i32) (memory.grow $m (local.get 0)))"#;
    let only = program(&format!("(module (memory $m 1) {grow})"));
    let mut machine = Machine::new(&only, Limits::default());
    assert_eq!(returned(&mut machine, "grow", 65_536), FAILED);
    assert_eq!(returned(&mut machine, "grow", 300), 1);
    let room = u64::from(ModuleLimits::default().memory_growth_max);
    let several = program(&format!("(module (memory 1) (memory $m 1) {grow})"));
    let mut machine = Machine::new(&several, Limits::default());
    assert_eq!(returned(&mut machine, "grow", room + 1), FAILED);
    assert_eq!(returned(&mut machine, "grow", room), 1);
    assert_eq!(returned(&mut machine, "grow", 1), FAILED);
}

#[test]
fn calls_nest_until_the_registers_end() {
    let endless = program(
        r#"(module (global $depth (mut i32) (i32.const 0))
            (func $deeper (param i32) (result i32)
                (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
                (i32.add (local.get 0) (call $deeper (i32.const 1))))
            (func (export "deeper") (param i32) (result i32) (call $deeper (local.get 0)))
            (func (export "depth") (param i32) (result i32) (global.get $depth)))"#,
    );
    let mut machine = Machine::new(&endless, Limits::default());
    let end = machine.invoke("deeper", &[7]).expect("it runs").outcome;
    assert_eq!(end, Outcome::Trapped(Trap::CallStackExhausted));
    let depth = returned(&mut machine, "depth", 0);
    println!("depth {depth}");
    assert!((u64::from(STACK_REGISTERS) / 7..=u64::from(STACK_REGISTERS) / 5).contains(&depth), "depth {depth}");
}

#[test]
fn runs_end_at_their_limits() {
    let wat = r#"(module (memory 1)
        (func (export "loop") (param i32) (result i32) (loop (br 0)) unreachable)
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#;
    let program = program(wat);
    let limits = Limits { instructions_max: 1000, memory_pages_max: 4, ..Limits::default() };
    let mut machine = Machine::new(&program, limits);
    assert_eq!(machine.invoke("loop", &[0]), Err(ExecuteError::InstructionLimit { instructions: 1000 }));
    let mut machine = Machine::new(&program, limits);
    assert_eq!(returned(&mut machine, "grow", 3), 1);
    assert_eq!(machine.invoke("grow", &[1]), Err(ExecuteError::MemoryLimit { pages: 5, allowed: 4 }));
}

#[test]
fn functions_of_many_values_are_no_entries() {
    let wat = format!(r#"(module (func (export "many") (param {})))"#, "i32 ".repeat(33));
    let program = program(&wat);
    let mut machine = Machine::new(&program, Limits::default());
    let error = machine.invoke("many", &[0; 33]);
    assert_eq!(error, Err(ExecuteError::UnknownEntry { name: "many".to_owned() }));
}
