//! Runs in segments: the claim does not depend on how they are cut.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use provasm::{Claim, Error, Inputs, Limits, Outcome, Program, ProveOptions, SegmentStore, verify};

/// Sums the squares below n in memory that it grows.
const SQUARES: &str = r#"(module (memory 1) (global $calls (mut i32) (i32.const 0))
    (func $square (param i32) (result i32)
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (i32.mul (local.get 0) (local.get 0)))
    (func (export "squares") (param i32) (result i32) (local $i i32) (local $at i32)
        (drop (memory.grow (i32.const 1)))
        (loop $next
            (local.set $at (i32.add (i32.const 65532) (i32.mul (local.get $i) (i32.const 4))))
            (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (call $square (local.get $i))))
            (i32.store offset=4 (local.get $at) (i32.load (local.get $at)))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $next (i32.lt_u (local.get $i) (local.get 0))))
        (i32.load (local.get $at))))"#;

fn program() -> Program {
    Program::compile(SQUARES.as_bytes()).unwrap()
}

#[test]
fn every_cut_satisfies_the_constraints() -> Result<(), Error> {
    let program = program();
    let total = program.run("squares", &[5], Limits::default())?.instructions;
    for first in 1..=total {
        let mut segments = 0;
        program.segments(
            "squares",
            &[5],
            Inputs::default(),
            Limits::default(),
            |index| (index == 0).then_some(first),
            |traces| {
                segments += 1;
                assert_eq!(provasm::check_traces(&traces), [], "segment {segments}, cut after {first}");
                Ok(())
            },
        )?;
        assert_eq!(segments, if first == total { 1 } else { 2 });
    }
    Ok(())
}

#[test]
fn the_claim_is_the_same_however_the_run_is_cut() -> Result<(), Error> {
    let program = program();
    let prove = |cut_every| program.prove_with("squares", &[5], &ProveOptions { cut_every, ..ProveOptions::default() });
    let outcome = Outcome::Returned(vec![(0..5).map(|i| i * i).sum()]);
    let claim = Claim::new("squares", &[5], &[], &[], outcome);
    for cut_every in [None, Some(40), Some(33)] {
        let proven = prove(cut_every)?;
        assert_eq!(proven.claim, claim);
        let verified = verify(&proven.proof, &program.id())?;
        assert_eq!((verified.claim, verified.segments), (proven.claim, proven.segments));
        assert_eq!(proven.segments, cut_every.map_or(1, |every| proven.run.instructions.div_ceil(every)));
    }
    Ok(())
}

/// Keeps nothing, and fails or panics when asked to.
struct Broken {
    panics: bool,
}

impl SegmentStore for Broken {
    fn get(&self, _: u64) -> io::Result<Option<Vec<u8>>> {
        Ok(None)
    }

    fn put(&self, _: u64, _: &[u8]) -> io::Result<()> {
        assert!(!self.panics, "a store that panics");
        Err(io::ErrorKind::StorageFull.into())
    }
}

#[test]
fn a_broken_store_ends_the_work() {
    let program = program();
    for jobs in [1, 2] {
        let prove = |panics| {
            let store = Broken { panics };
            let options = ProveOptions { cut_every: Some(40), jobs, store: Some(&store), ..ProveOptions::default() };
            program.prove_with("squares", &[5], &options)
        };
        assert!(matches!(prove(false), Err(Error::Store(reason)) if reason.kind() == io::ErrorKind::StorageFull));
        assert!(catch_unwind(AssertUnwindSafe(|| prove(true))).is_err(), "the panic is passed on");
    }
}
