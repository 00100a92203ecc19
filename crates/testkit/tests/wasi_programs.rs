//! The committed WASI programs do what their cases in `guests/wasi` say: output and exit code. Runs are checked against
//! the constraints, and one run of a program proven, as far as they are short enough. `PROVASM_LONG=1` has no bound.

use std::fs;
use std::path::{Path, PathBuf};

use provasm::wasi::World;
use provasm::{Inputs, Limits, Outcome, Program, ProveOptions, RunOutcome, verify};
use provasm_testkit::{guest_wasm, is_long};

/// Instructions of a run whose constraints are checked.
const CHECKED_INSTRUCTIONS_MAX: u64 = 100_000;
/// Instructions of a run that is proven.
const PROVEN_INSTRUCTIONS_MAX: u64 = 1_000_000;
const ENTRY: &str = "_start";

/// A run of a program and what it must do.
struct Case {
    folder: PathBuf,
    world: World,
    stdout: Vec<u8>,
    code: u32,
}

impl Case {
    fn read(program: &str, folder: PathBuf) -> Self {
        // A file that is not there is empty.
        let file = |name: &str| fs::read(folder.join(name)).unwrap_or_default();
        let text = |name: &str| String::from_utf8(file(name)).expect("a file in UTF-8");
        let args = [program].into_iter().map(str::to_owned).chain(text("args").lines().map(str::to_owned)).collect();
        let mut world = World { args, stdin: file("stdin"), ..World::default() };
        if folder.join("dir").is_dir() {
            world.add_folder(&folder.join("dir")).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        }
        let code = text("code");
        let code = if code.is_empty() { 0 } else { code.trim().parse().expect("a number") };
        Self { stdout: file("stdout"), code, world, folder }
    }
}

/// The programs and their cases, sorted.
fn programs() -> Vec<(String, Vec<Case>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests/wasi");
    let names = |folder: &Path| {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name in UTF-8"))
            .collect();
        names.sort();
        names
    };
    let cases = |program: &String| {
        let folder = root.join(program).join("cases");
        folder.is_dir().then(|| names(&folder).iter().map(|name| Case::read(program, folder.join(name))).collect())
    };
    names(&root).into_iter().filter_map(|program| Some((program.clone(), cases(&program)?))).collect()
}

fn check_case(program: &Program, case: &Case) -> u64 {
    let name = case.folder.display();
    let public = case.world.encode().unwrap_or_else(|error| panic!("{name}: {error}"));
    let inputs = Inputs { public: &public, private: &[] };
    let run = program.run_with(ENTRY, &[], inputs, Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
    println!("{name}: {} instructions, {} operators", run.instructions, run.wasm_ops);
    assert_eq!(String::from_utf8_lossy(&run.output), String::from_utf8_lossy(&case.stdout), "{name}");
    let code = match &run.outcome {
        RunOutcome::Exited(code) => *code,
        RunOutcome::Returned(_) => 0,
        RunOutcome::Trapped(trap) => panic!("{name}: {trap:?}"),
    };
    assert_eq!(code, case.code, "{name}");
    if run.instructions <= CHECKED_INSTRUCTIONS_MAX {
        let report = program.check_with(ENTRY, &[], inputs, Limits::default()).expect("a run that was made before");
        assert!(report.violations.is_empty(), "{name}: {:?}", report.violations);
    }
    run.instructions
}

fn prove_case(program: &Program, case: &Case) {
    let name = case.folder.display();
    let public = case.world.encode().expect("a world that was encoded before");
    let options = ProveOptions { inputs: Inputs { public: &public, private: &[] }, ..ProveOptions::default() };
    let proven = program.prove_with(ENTRY, &[], &options).unwrap_or_else(|error| panic!("{name}: {error}"));
    println!("{name}: proven in {:.1} s, {} bytes", proven.prove_seconds, proven.proof.len());
    let verified = verify(&proven.proof, &program.id()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(verified.claim, proven.claim, "{name}");
    let code = match verified.claim.outcome {
        Outcome::Exited(code) => code,
        Outcome::Returned(_) => 0,
        Outcome::Trapped(trap) => panic!("{name}: trap {trap}"),
    };
    assert_eq!(code, case.code, "{name}");
}

#[test]
fn wasi_programs_do_what_their_cases_say() {
    let programs = programs();
    assert!(!programs.is_empty(), "guests/wasi has programs");
    for (name, cases) in programs {
        let wasm = guest_wasm(&format!("{name}.wasm")).unwrap_or_else(|| panic!("{name}.wasm is committed"));
        let program = Program::compile(&wasm).unwrap_or_else(|error| panic!("{name}: {error}"));
        println!("{name}: {} instructions of code", program.compiled().code.len());
        // The longest run that succeeds and is short enough stands for the program.
        let runs: Vec<(u64, &Case)> = cases.iter().map(|case| (check_case(&program, case), case)).collect();
        let provable =
            runs.iter().filter(|(count, case)| case.code == 0 && (is_long() || *count <= PROVEN_INSTRUCTIONS_MAX));
        if let Some((_, case)) = provable.max_by_key(|(count, _)| *count) {
            prove_case(&program, case);
        }
    }
}
