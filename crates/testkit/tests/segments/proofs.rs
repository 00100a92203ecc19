//! Short runs, proven in segments of every size: each proof verifies, and all claim the same.

use provasm::{Claim, Outcome, Program, Proof, ProveOptions, verify};
use provasm_isa::{Op, Trap};
use provasm_program::ValType;
use provasm_testkit::assemble::{A, Assembly, B, D};
use provasm_testkit::figure::Figure;

/// Proves a run in segments of each of these sizes, verifies the proofs and returns how many there are.
fn check(program: &Program, entry: &str, args: &[u64], sizes: &[u64], outcome: &Outcome) -> Vec<Proof> {
    let expected = Claim::new(entry, args, &[], &[], outcome.clone());
    let prove = |size: &u64| {
        let options = ProveOptions { cut_every: Some(*size), ..ProveOptions::default() };
        let proven =
            program.prove_with(entry, args, &options).unwrap_or_else(|error| panic!("{entry} {size}: {error}"));
        let verified = verify(&proven.proof, &program.id()).unwrap_or_else(|error| panic!("{entry} {size}: {error}"));
        assert_eq!((&proven.claim, &verified.claim), (&expected, &expected), "{size}");
        let segments = proven.run.instructions.div_ceil(*size);
        assert_eq!((proven.segments, verified.segments), (segments, segments), "{size}");
        Proof::from_bytes(&proven.proof).unwrap_or_else(|error| panic!("{entry} {size}: {error}"))
    };
    sizes.iter().map(prove).collect()
}

/// Prints how many segments were proven, and in how many proofs.
fn print(what: &str, proofs: &[Proof]) {
    let segments = proofs.iter().map(|proof| proof.segments.len()).sum();
    Figure::held(12, what, segments).measured(format!("in {} proofs", proofs.len())).print();
}

/// The numbers of the results that each segment gives.
fn results(proof: &Proof) -> Vec<Vec<u8>> {
    let numbers = |results: &[(u8, u64)]| results.iter().map(|(index, _)| *index).collect();
    proof.segments.iter().map(|segment| numbers(&segment.claim.results)).collect()
}

#[test]
fn arguments_are_taken_and_results_given_in_different_segments() {
    let mut assembly = Assembly::new(0, 0);
    assembly.entry("swap", &[ValType::I64, ValType::I32], &[ValType::I32, ValType::I64]);
    assembly.instr(Op::Arg, A, 0, 0, 0);
    assembly.instr(Op::Arg, B, 0, 0, 1);
    assembly.instr(Op::Result, 0, B, 0, 0);
    assembly.instr(Op::Result, 0, A, 0, 1);
    assembly.halt();
    let program = Program::from_compiled(assembly.finish());
    let args = [u64::MAX - 5, 0xffff_fffe];
    let proofs = check(&program, "swap", &args, &[1, 2, 3, 4, 5], &Outcome::Returned(vec![args[1], args[0]]));
    let given: Vec<_> = proofs.iter().map(results).collect();
    assert_eq!(given[0], [vec![], vec![], vec![0], vec![1], vec![]]);
    assert_eq!(given[1], [vec![], vec![0, 1], vec![]]);
    assert_eq!(given[2], [vec![0], vec![1]]);
    assert_eq!(given[4], [vec![0, 1]]);
    print("segments between arguments and results, proven", &proofs);
}

#[test]
fn a_run_traps_at_a_boundary() {
    let mut assembly = Assembly::new(1, 1);
    assembly.entry("unreachable", &[], &[ValType::I32]);
    assembly.constant(A, 1);
    assembly.instr(Op::Trap, 0, 0, 0, Trap::Unreachable.code().into());
    assembly.entry("out of bounds", &[], &[]);
    assembly.constant(A, 65_529);
    assembly.instr(Op::Load64, D, A, 0, 0);
    let program = Program::from_compiled(assembly.finish());
    let mut proofs = check(&program, "unreachable", &[], &[1, 2], &Outcome::Trapped(Trap::Unreachable.code()));
    let outcome = Outcome::Trapped(Trap::MemoryOutOfBounds.code());
    proofs.extend(check(&program, "out of bounds", &[], &[1, 2], &outcome));
    print("segments of runs that trap at a boundary, proven", &proofs);
}

#[test]
fn memory_grows_at_a_boundary() {
    let mut assembly = Assembly::new(1, 2);
    assembly.entry("grow", &[], &[ValType::I64]);
    assembly.constant(A, 65_536);
    assembly.constant(B, 1);
    assembly.instr(Op::MemoryGrow, D, B, 0, 2);
    // In segments of 3 the next is the first access to the page, in longer ones it is in the same segment.
    assembly.instr(Op::Store64, 0, A, A, 8);
    assembly.instr(Op::Load64, D, A, 0, 8);
    assembly.instr(Op::Result, 0, D, 0, 0);
    assembly.halt();
    let program = Program::from_compiled(assembly.finish());
    let proofs = check(&program, "grow", &[], &[1, 3, 4, 7], &Outcome::Returned(vec![65_536]));
    print("segments around a growth of the memory, proven", &proofs);
}

/// The last page there can be is added, used, and used up: no more can be added.
#[test]
fn a_memory_of_65536_pages_is_proven() {
    let last = (1 << 32) - 8;
    let mut assembly = Assembly::new(65_535, 65_536);
    assembly.entry("full", &[], &[ValType::I32, ValType::I64]);
    assembly.constant(A, 1);
    assembly.instr(Op::MemoryGrow, D, A, 0, 65_536);
    assembly.access(Op::Store64, last, 8, 0x0123_4567_89ab_cdef);
    assembly.constant(A, 1);
    assembly.instr(Op::MemoryGrow, D, A, 0, 65_536);
    assembly.instr(Op::Result, 0, D, 0, 0);
    assembly.access(Op::Load64, last, 0, 0);
    assembly.instr(Op::Result, 0, D, 0, 1);
    assembly.halt();
    let program = Program::from_compiled(assembly.finish());
    let outcome = Outcome::Returned(vec![u32::MAX.into(), 0x0123_4567_89ab_cdef]);
    let proofs = check(&program, "full", &[], &[3, 100], &outcome);
    print("segments with 65,536 pages of memory, proven", &proofs);
}

#[test]
fn a_start_function_is_longer_than_a_segment() {
    let module = r#"(module (global $sum (mut i64) (i64.const 5))
        (func $start (local $i i64)
            (loop $next
                (global.set $sum (i64.mul (global.get $sum) (i64.const 3)))
                (local.set $i (i64.add (local.get $i) (i64.const 1)))
                (br_if $next (i64.lt_u (local.get $i) (i64.const 4)))))
        (start $start)
        (func (export "sum") (param i64) (result i64) (i64.add (global.get $sum) (local.get 0))))"#;
    let program = Program::compile(module.as_bytes()).expect("it compiles");
    let proofs = check(&program, "sum", &[7], &[5, 9, 1000], &Outcome::Returned(vec![5 * 81 + 7]));
    assert!(proofs[0].segments.len() > 4, "{} segments", proofs[0].segments.len());
    print("segments within a start function, proven", &proofs);
}

#[test]
fn programs_that_do_nothing_are_proven() {
    let modules = [
        r#"(module (func (export "nothing")))"#,
        r#"(module (func (export "nothing") return))"#,
        r#"(module (memory 0 0) (func (export "nothing") nop))"#,
        r#"(module (memory 1) (table 1 funcref) (global i64 (i64.const 7)) (func (export "nothing")))"#,
        r#"(module (func $start) (start $start) (func (export "nothing")))"#,
    ];
    let mut proofs = Vec::new();
    for module in modules {
        let program = Program::compile(module.as_bytes()).expect("it compiles");
        proofs.extend(check(&program, "nothing", &[], &[1, 100], &Outcome::Returned(vec![])));
    }
    let module = r#"(module (func (export "same") (param i64) (result i64) (local.get 0)))"#;
    let program = Program::compile(module.as_bytes()).expect("it compiles");
    proofs.extend(check(&program, "same", &[u64::MAX], &[1, 100], &Outcome::Returned(vec![u64::MAX])));
    print("segments of programs that do nothing, proven", &proofs);
}
