//! A program and its input decide the program's key and id and the proof, byte by byte, on any number of threads.

use provasm::{Program, ProgramId};
use provasm_testkit::corpus::{Case, corpus};
use provasm_testkit::figure::Figure;
use provasm_testkit::guest_wasm;
use rayon::ThreadPoolBuilder;

/// On how many threads what was made on one is made again.
const THREADS: [usize; 2] = [1, 2];

/// What a run comes to: everything that is decided by program and input alone.
struct Made {
    id: ProgramId,
    /// What is fixed about the program, the commitment to it included; and the root of its initial cells.
    key: String,
    proof: Vec<u8>,
}

fn prove(program: impl FnOnce() -> Program + Send, entry: &str, args: &[u64], threads: usize) -> Made {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap_or_else(|error| panic!("{error}"));
    pool.install(|| {
        let program = program();
        let proven = program.prove(entry, args).unwrap_or_else(|error| panic!("{entry}: {error}"));
        let key = program.key().unwrap_or_else(|error| panic!("{entry}: {error}"));
        let key = format!("{:?} {:?}", key.header(), key.tree().root());
        Made { id: program.id(), key, proof: proven.proof }
    })
}

/// Makes everything on one thread, and again on one and on two; returns how many things were compared.
fn check(program: impl Fn() -> Program + Sync, entry: &str, args: &[u64]) -> usize {
    let first = prove(&program, entry, args, 1);
    for threads in THREADS {
        let Made { id, key, proof } = prove(&program, entry, args, threads);
        assert_eq!(id, first.id, "{entry} on {threads} threads");
        assert!(key == first.key, "{entry} on {threads} threads: another key");
        assert!(proof == first.proof, "{entry} on {threads} threads: another proof");
    }
    3 * THREADS.len()
}

fn print(what: &str, compared: usize) {
    let measured = "ids, keys and proofs of a second run on one thread, and of one on two";
    Figure::held(14, what, compared).measured(measured).print();
}

#[test]
fn corpus_proofs_are_the_same_on_any_threads() {
    let cases = corpus();
    let chosen = ["memory", "control", "bridges", "table null"];
    let is_chosen = |case: &&Case| chosen.contains(&case.name.as_str());
    let compile = |case: &Case| Program::from_compiled((*case.program).clone());
    let compared = cases.iter().filter(is_chosen).map(|case| check(|| compile(case), &case.entry, &case.args));
    print("runs of the corpus made again", compared.sum());
}

#[test]
fn guest_proofs_are_the_same_on_any_threads() {
    let wasm = guest_wasm("fib.wasm").expect("fib.wasm is committed");
    let compile = || Program::compile(&wasm).unwrap_or_else(|error| panic!("{error}"));
    print("a guest's run made again", check(compile, "fib", &[15]));
}
