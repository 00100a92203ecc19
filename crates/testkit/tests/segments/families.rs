//! A small program that exercises every instruction family, proven instruction by instruction.
//!
//! `PROVASM_LONG=1` proves it in longer segments, too.

use std::collections::BTreeSet;

use provasm::{Limits, Outcome, Program, ProveOptions, verify};
use provasm_execute::record;
use provasm_isa::{Family, Trap};
use provasm_testkit::figure::Figure;
use provasm_testkit::is_long;

/// Every family once or a few times; `unreachable` is the last.
const MODULE: &str = r#"(module
    (memory 1 2)
    (table $t 4 8 funcref)
    (elem $t (i32.const 0) func $double $tail)
    (type $unary (func (param i32) (result i32)))
    (global $g (mut i32) (i32.const 3))
    (func $double (type $unary) (i32.mul (local.get 0) (i32.const 2)))
    (func $tail (type $unary) (return_call_indirect $t (type $unary) (local.get 0) (i32.const 0)))
    (func $arithmetic (param $a i32) (param $b i64) (result i64) (local $c i64)
        (local.set $a (i32.sub (i32.add (local.get $a) (global.get $g)) (i32.const 7)))
        (local.set $a (i32.xor (i32.and (local.get $a) (i32.const 0xfff)) (local.get $a)))
        (local.set $a (i32.shl (i32.rotl (local.get $a) (i32.const 5)) (local.get $a)))
        (local.set $a (i32.mul (local.get $a) (local.get $a)))
        (local.set $a (i32.extend8_s (local.get $a)))
        (local.set $a (i32.div_s (local.get $a) (i32.const 3)))
        (local.set $a (i32.add (local.get $a) (i32.lt_s (local.get $a) (global.get $g))))
        (local.set $a (i32.add (local.get $a) (i32.ge_u (local.get $a) (i32.const 9))))
        (local.set $c (i64.add (local.get $b) (i64.extend_i32_s (local.get $a))))
        (local.set $c (i64.add (local.get $c) (i64.const 77)))
        (local.set $c (i64.or (local.get $c) (i64.and (local.get $b) (i64.const 0xff00ff))))
        (local.set $c (i64.xor (i64.shr_s (local.get $c) (local.get $b)) (i64.shr_u (local.get $c) (i64.const 3))))
        (local.set $c (i64.mul (local.get $c) (local.get $b)))
        (local.set $c (i64.add (local.get $c) (i64.popcnt (local.get $c))))
        (local.set $c (i64.add (local.get $c) (i64.extend_i32_u (i64.lt_u (local.get $c) (local.get $b)))))
        (local.set $c (i64.add (local.get $c) (i64.extend_i32_u (i64.gt_s (local.get $c) (i64.const 4)))))
        (select (local.get $c) (local.get $b) (local.get $a)))
    (func $control (param $n i32) (param $m i64) (result i32)
        (block $a (block $b (block $c
            (br_table $a $b $c (local.get $n))) (drop (i32.const 0))) (drop (i32.const 1)))
        (block $x (br_if $x (i32.lt_u (local.get $n) (global.get $g))) (global.set $g (i32.const 5)))
        (block $x (br_if $x (i32.eq (local.get $n) (i32.const 1))) (global.set $g (i32.const 6)))
        (block $x (br_if $x (i64.ne (local.get $m) (i64.extend_i32_u (local.get $n)))) (global.set $g (i32.const 7)))
        (block $x (br_if $x (i64.gt_s (local.get $m) (i64.const 50))) (global.set $g (i32.const 8)))
        (table.set $t (i32.const 2) (table.get $t (local.get $n)))
        (call_indirect $t (type $unary) (local.get $n) (i32.const 1)))
    (func (export "main") (param i32 i64) (result i64) (local $sum i64)
        (drop (memory.grow (i32.const 1)))
        (i64.store offset=65536 (i32.const 0) (call $arithmetic (local.get 0) (local.get 1)))
        (i32.store16 offset=65536 (i32.const 11) (call $control (local.get 0) (local.get 1)))
        (i64.store32 offset=3 (i32.const 65536) (local.get 1))
        (i64.store8 (i32.const 65536) (i64.load offset=65536 (i32.const 3)))
        (local.set $sum (i64.add (i64.load8_s (i32.const 65540)) (i64.load32_u (i32.const 65540))))
        (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (memory.size))))
        (if (i64.ne (local.get $sum) (i64.const 0)) (then unreachable))
        (local.get $sum)))"#;

const ARGS: [u64; 2] = [1, 0x0123_4567_89ab_cdef];

/// What the first module has no use for: host functions.
const HOST_MODULE: &str = r#"(module
    (import "provasm" "private_read" (func $private_read (param i32 i32) (result i32)))
    (import "provasm" "log" (func $log (param i32 i32)))
    (import "provasm" "sha256_compress" (func $sha256 (param i32 i32 i32)))
    (import "provasm" "keccak_f1600" (func $keccak (param i32)))
    (import "provasm" "blake3_compress" (func $blake3 (param i32 i32 i64 i32 i32 i32)))
    (import "provasm" "poseidon2_permute" (func $poseidon2 (param i32)))
    (import "provasm" "bn254_scalar_mul" (func $product (param i32 i32 i32)))
    (memory 1)
    (func (export "main") (param i32 i64) (result i64)
        (drop (call $private_read (i32.const 8) (i32.const 3)))
        (call $log (i32.const 0) (i32.const 4))
        (i64.store (i32.const 24) (local.get 1))
        (call $sha256 (i32.const 0) (i32.const 32) (i32.const 2))
        (call $keccak (i32.const 0))
        (call $blake3 (i32.const 3) (i32.const 40) (local.get 1) (i32.const 64) (local.get 0) (i32.const 120))
        (call $poseidon2 (i32.const 0))
        (call $product (i32.const 0) (i32.const 32) (i32.const 16))
        (i64.load (i32.const 16))))"#;

/// Proves a module's run in segments of these sizes; returns the families it uses, how it ended, and the segments.
fn prove(module: &str, sizes: &[u64]) -> (BTreeSet<Family>, Outcome, u64) {
    let program = Program::compile(module.as_bytes()).expect("it compiles");
    let (run, recording) = record(program.compiled(), "main", &ARGS, Limits::default()).expect("it runs");
    let steps = recording.steps.iter().flatten();
    let families = steps.map(|step| program.compiled().code[step.pc as usize].op.family()).collect();
    let whole = program.prove("main", &ARGS).expect("it is proven");
    let mut segments = 0;
    for &size in sizes {
        let options = ProveOptions { cut_every: Some(size), ..ProveOptions::default() };
        let proven = program.prove_with("main", &ARGS, &options).expect("it is proven");
        let verified = verify(&proven.proof, &program.id()).expect("it verifies");
        assert_eq!((&verified.claim, verified.segments), (&whole.claim, run.instructions.div_ceil(size)));
        segments += verified.segments;
    }
    (families, whole.claim.outcome, segments)
}

#[test]
fn every_family_is_proven_wherever_the_run_is_cut() {
    let (mut families, outcome, segments) = prove(MODULE, if is_long() { &[1, 2, 3, 7] } else { &[1] });
    assert_eq!(outcome, Outcome::Trapped(Trap::Unreachable.code()));
    // The routines of host functions are long, and loads and stores for the most part.
    let (of_host, outcome, segments_of_host) = prove(HOST_MODULE, if is_long() { &[1, 7, 31] } else { &[31] });
    assert!(matches!(outcome, Outcome::Returned(_)), "{outcome:?}");
    families.extend(of_host);
    let missing: Vec<&Family> = Family::ALL.iter().filter(|family| !families.contains(family)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let segments = (segments + segments_of_host) as usize;
    let measured = format!("{} instruction families", families.len());
    Figure::held(12, "segments of runs that use every family, proven", segments).measured(measured).print();
}
