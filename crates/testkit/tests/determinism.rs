//! A program and its input decide the proof, byte by byte, on any number of threads.

use provasm::{Program, ProgramId};
use provasm_testkit::corpus::{Case, corpus};
use provasm_testkit::guest_wasm;
use rayon::ThreadPoolBuilder;

/// The program's id and the proof.
fn prove(program: impl FnOnce() -> Program + Send, entry: &str, args: &[u64], threads: usize) -> (ProgramId, Vec<u8>) {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap_or_else(|error| panic!("{error}"));
    pool.install(|| {
        let program = program();
        let proven = program.prove(entry, args).unwrap_or_else(|error| panic!("{entry}: {error}"));
        (program.id(), proven.proof)
    })
}

fn check(program: impl Fn() -> Program + Sync, entry: &str, args: &[u64]) {
    let first = prove(&program, entry, args, 1);
    for threads in [1, 2] {
        let (id, proof) = prove(&program, entry, args, threads);
        assert_eq!(id, first.0, "{entry} on {threads} threads");
        assert!(proof == first.1, "{entry} on {threads} threads: another proof");
    }
}

#[test]
fn corpus_proofs_are_the_same_on_any_threads() {
    let cases = corpus();
    let chosen = ["memory", "control", "bridges", "table null"];
    let is_chosen = |case: &&Case| chosen.contains(&case.name.as_str());
    for case in cases.iter().filter(is_chosen) {
        check(|| Program::from_compiled((*case.program).clone()), &case.entry, &case.args);
    }
}

#[test]
fn guest_proofs_are_the_same_on_any_threads() {
    let wasm = guest_wasm("fib.wasm").expect("fib.wasm is committed");
    let compile = || Program::compile(&wasm).unwrap_or_else(|error| panic!("{error}"));
    check(compile, "fib", &[15]);
}
