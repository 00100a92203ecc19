//! Calls are proven, and the proofs verify.

use provasm::{Program, ProveOptions, verify};
use provasm_testkit::Random;

use crate::program::{HASHES, program_of, random_window};

#[test]
fn calls_are_proven() {
    let mut random = Random::new(0x9000f);
    for op in HASHES {
        let windows: Vec<Vec<u64>> = (0..3).map(|_| random_window(op, &mut random)).collect();
        let program = Program::from_compiled(program_of(op, &windows));
        // Whole, and with calls in different segments.
        for cut_every in [None, Some(30)] {
            let options = ProveOptions { cut_every, ..ProveOptions::default() };
            let proven = program.prove_with("main", &[], &options).unwrap_or_else(|error| panic!("{op:?}: {error}"));
            let started = std::time::Instant::now();
            let verified = verify(&proven.proof, &program.id()).unwrap_or_else(|error| panic!("{op:?}: {error}"));
            println!("{op:?}: {} segments, {} bytes, {:?}", proven.segments, proven.proof.len(), started.elapsed());
            assert_eq!(verified.claim, proven.claim, "{op:?}");
        }
    }
}
