//! Stacks, names, recursion, traps, lines.

use provasm_compile::{Program, compile};
use provasm_execute::{Limits, Machine, Outcome};
use provasm_isa::{Chip, Trap};
use provasm_profile::{ChipCosts, DEPTH_MAX, FrameKind, FunctionCost, Profile, Profiler, flamegraph};

/// A module with two functions in a loop of calls, and debug information; see `fixture/lines.c`.
static LINES: &[u8] = include_bytes!("fixture/lines.wasm");

/// Every instruction costs one cell.
fn costs() -> ChipCosts {
    let mut costs = ChipCosts::default();
    Chip::ALL.iter().for_each(|chip| costs.add(*chip, 1, 1, 2));
    costs
}

fn run(program: &Program, wasm: &[u8], entry: &str, args: &[u64]) -> (Outcome, Profile) {
    let mut profiler = Profiler::new(program, wasm);
    let run = Machine::new(program, Limits::default()).invoke_observed(entry, args, &mut profiler);
    let run = run.expect("a run").expect("an end");
    let profile = profiler.finish(&costs());
    assert_eq!(profile.total.instructions, run.instructions);
    assert_eq!(profile.total.cells, run.instructions);
    assert_eq!(profile.total.interactions, 2 * run.instructions);
    (run.outcome, profile)
}

fn profile(text: &str, args: &[u64]) -> (Outcome, Profile) {
    let wasm = wat::parse_str(text).expect("a module");
    let program = compile(&wasm, &Default::default()).expect("a program");
    run(&program, &wasm, "main", args)
}

#[track_caller]
fn function<'p>(profile: &'p Profile, name: &str) -> &'p FunctionCost {
    let found = profile.functions.iter().find(|function| function.frame.name == name);
    found.unwrap_or_else(|| panic!("no {name} in {:?}", profile.functions))
}

/// The stacks of a profile without their counts.
fn stacks(profile: &Profile) -> Vec<String> {
    let mut stacks: Vec<String> =
        profile.stacks.folded().lines().filter_map(|line| Some(line.rsplit_once(' ')?.0.to_owned())).collect();
    stacks.sort();
    stacks
}

#[test]
fn recursion_counts_once() {
    let (outcome, profile) = profile(
        r#"(module (func $fib (export "main") (param i32) (result i32)
            (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
                (then (local.get 0))
                (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
                               (call $fib (i32.sub (local.get 0) (i32.const 2))))))))"#,
        &[6],
    );
    assert_eq!(outcome, Outcome::Returned(vec![8]));
    let (fib, entry) = (function(&profile, "fib"), function(&profile, "entry main"));
    assert_eq!((fib.calls, entry.calls), (25, 1));
    assert_eq!(fib.own, fib.total);
    assert_eq!(entry.total, profile.total);
    assert_eq!(fib.own.cells + entry.own.cells, profile.total.cells);
    let deepest = stacks(&profile).into_iter().map(|stack| stack.matches("fib").count()).max();
    assert_eq!(deepest, Some(6));
}

#[test]
fn deep_recursion_stays_within_the_depth() {
    let (_, profile) = profile(
        r#"(module
            (func $down (param i32) (if (local.get 0) (then (call $up (i32.sub (local.get 0) (i32.const 1))))))
            (func $up (param i32) (call $down (local.get 0)))
            (func (export "main") (param i32) (call $down (local.get 0))))"#,
        &[1000],
    );
    assert_eq!(function(&profile, "down").calls, 1001);
    assert_eq!(function(&profile, "up").calls, 1000);
    let depths = (0..profile.stacks.stacks.len()).map(|stack| profile.stacks.path(stack as u32).len());
    assert_eq!(depths.max(), Some(DEPTH_MAX + 1));
    assert_eq!(function(&profile, "entry main").total, profile.total);
}

#[test]
fn a_trap_in_a_callee_is_counted_there() {
    let (outcome, profile) = profile(
        r#"(module (func $divide (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
            (func (export "main") (param i32) (result i32) (call $divide (local.get 0))))"#,
        &[0],
    );
    assert_eq!(outcome, Outcome::Trapped(Trap::DivideByZero));
    let chips = &function(&profile, "divide").chips;
    assert!(chips.iter().any(|chip| chip.chip == Chip::DivTrap && chip.amount.instructions == 1), "{chips:?}");
}

#[test]
fn tail_calls_replace_their_caller() {
    let (_, profile) = profile(
        r#"(module
            (type $t (func (param i32)))
            (table funcref (elem $last))
            (func $last (param i32))
            (func $middle (param i32) (return_call_indirect (type $t) (local.get 0) (i32.const 0)))
            (func $first (param i32) (return_call $middle (local.get 0)))
            (func $after)
            (func (export "main") (param i32) (call $first (local.get 0)) (call $after)))"#,
        &[1],
    );
    let main = "entry main;main";
    let expect = ["entry main".to_owned(), main.to_owned()].into_iter();
    let callees = ["after", "first", "last", "middle"].map(|name| format!("{main};{name}"));
    assert_eq!(stacks(&profile), expect.chain(callees).collect::<Vec<_>>());
}

#[test]
fn unaligned_accesses_have_their_own_chip() {
    let (_, profile) = profile(
        r#"(module (memory 1) (func (export "main") (param i32) (result i64)
            (i64.add (i64.load (local.get 0)) (i64.load (i32.const 16)))))"#,
        &[3],
    );
    let count = |chip| profile.chips.iter().find(|found| found.chip == chip).map(|found| found.amount.instructions);
    assert_eq!((count(Chip::LoadUnaligned), count(Chip::LoadWord)), (Some(1), Some(1)));
}

#[test]
fn names_come_from_the_name_section() {
    let (_, profile) = profile(r#"(module (func $"core::f::h0123456789abcdef" (export "main")))"#, &[]);
    assert_eq!(function(&profile, "core::f").frame.kind, FrameKind::Function);
    assert_eq!(function(&profile, "entry main").frame.kind, FrameKind::Routine);
    assert!(!profile.has_lines && profile.lines.is_empty());
}

#[test]
fn debug_information_gives_lines_and_inlined_functions() {
    let program = compile(LINES, &Default::default()).unwrap();
    let (outcome, profile) = run(&program, LINES, "factorials", &[8]);
    assert_eq!(outcome, Outcome::Returned(vec![5_167]));
    assert!(profile.has_lines);
    let lines: Vec<(&str, u32)> =
        profile.lines.iter().map(|line| (line.line.file.rsplit('/').next().unwrap(), line.line.number)).collect();
    let source = include_str!("fixture/lines.c");
    let line = |text: &str| source.lines().position(|line| line.contains(text)).unwrap() as u32 + 1;
    for text in ["product *= n", "if (n & 1)", "sum += odd"] {
        assert!(lines.contains(&("lines.c", line(text))), "{text}: {lines:?}");
    }
    assert_eq!(function(&profile, "factorial").frame.kind, FrameKind::Inlined);
    assert_eq!(function(&profile, "odd").calls, 8);
    assert!(
        stacks(&profile).contains(&"entry factorials;factorials;odd;factorial".to_owned()),
        "{:?}",
        stacks(&profile)
    );
    let counted: u64 = profile.lines.iter().map(|line| line.amount.instructions).sum();
    let routines: u64 = function(&profile, "entry factorials").own.instructions;
    assert_eq!(counted, profile.total.instructions - routines);
}

#[test]
fn debug_information_that_cannot_be_read_is_ignored() {
    let program = compile(LINES, &Default::default()).unwrap();
    for damaged in 0..LINES.len() {
        let mut wasm = LINES.to_vec();
        wasm[damaged] ^= 0x5a;
        let mut profiler = Profiler::new(&program, &wasm);
        let run = Machine::new(&program, Limits::default()).invoke_observed("factorials", &[2], &mut profiler);
        let instructions = run.unwrap().unwrap().instructions;
        assert_eq!(profiler.finish(&costs()).total.instructions, instructions);
    }
}

#[test]
fn the_flamegraph_is_well_formed() {
    let (_, profile) = profile(
        r#"(module (func $"Vec<T>::\"f\" & g" (param i32))
            (func (export "main") (param i32) (call $"Vec<T>::\"f\" & g" (local.get 0))))"#,
        &[1],
    );
    let svg = flamegraph(&profile.stacks, "a < b");
    let mut open = Vec::new();
    let body = svg.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").unwrap();
    for (tag, text) in body.split('<').skip(1).map(|part| part.split_once('>').expect("a tag that ends")) {
        let name = tag.trim_end_matches('/').split(' ').next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        let entities = text.split('&').skip(1);
        assert!(entities.clone().all(|text| ["amp;", "lt;", "gt;", "quot;"].iter().any(|name| text.starts_with(name))));
    }
    assert!(open.is_empty(), "{open:?}");
    assert_eq!(svg.matches("<title>").count(), profile.stacks.stacks.len());
}
