//! The specification suite's own inputs, checked and proven.
//!
//! Constraints and buses are checked on actions of every instance; proofs are made of the fewest
//! actions that between them execute every opcode and end in every trap that the suite reaches.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use provasm::{Outcome, Program, verify};
use provasm_execute::{Limits, Outcome as RunOutcome, Recording, record};
use provasm_isa::{Op, Trap};
use provasm_testkit::corpus::Case;
use provasm_testkit::tables::{check_used, traces_of};
use provasm_testkit::{Action, Random, Suite, run_script, script};

/// Opcodes that no integer script reaches, and why.
const UNREACHED_OPS: &[(Op, &str)] = &[];
/// Traps that no integer script reaches, and why.
const UNREACHED_TRAPS: &[(Trap, &str)] = &[];

/// Instructions of an action whose tables are checked.
const CHECKED_INSTRUCTIONS_MAX: u64 = 5_000;
/// Actions that are checked, unless all are.
const CHECKED_ACTIONS: usize = 300;
/// Instructions of an action that can be proven here.
const PROVEN_INSTRUCTIONS_MAX: u64 = 1_500_000;
const SEED: u64 = 0x0005_u64;

/// What an action can cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Goal {
    Executes(Op),
    EndsIn(u8),
}

/// An action of a script that ends the same from its program's initial state.
struct Run {
    case: Case,
    outcome: RunOutcome,
    instructions: u64,
    is_first: bool,
    goals: BTreeSet<Goal>,
}

fn goals(case: &Case, recording: &Recording) -> BTreeSet<Goal> {
    let steps = recording.steps.iter().flatten();
    let mut goals: BTreeSet<Goal> =
        steps.map(|step| Goal::Executes(case.program.code[step.pc as usize].op)).collect();
    if let RunOutcome::Trapped(trap) = recording.run.outcome {
        goals.insert(Goal::EndsIn(trap.code()));
    }
    goals
}

/// The runs of one script.
fn runs_of(suite: Suite, name: &str) -> Vec<Run> {
    let text = script(suite, name).unwrap_or_else(|| panic!("{suite:?} has no script {name}"));
    let mut runs = Vec::new();
    let mut programs = BTreeMap::new();
    let mut hook = |action: &Action<'_>| {
        // Programs are never freed, so their places tell them apart.
        let place = std::ptr::from_ref(action.program) as usize;
        let program = programs.entry(place).or_insert_with(|| Arc::new(action.program.clone()));
        let case = Case {
            name: format!("{suite:?} {name} {}", action.entry),
            program: Arc::clone(program),
            entry: action.entry.to_owned(),
            args: action.args.to_vec(),
        };
        let limits = Limits { instructions_max: PROVEN_INSTRUCTIONS_MAX, ..Limits::default() };
        let Ok(recording) = record(&case.program, &case.entry, &case.args, limits) else { return };
        assert!(!action.is_first || recording.run.outcome == *action.outcome, "{}", case.name);
        if recording.run.outcome == *action.outcome {
            runs.push(Run {
                outcome: action.outcome.clone(),
                instructions: recording.run.instructions,
                is_first: action.is_first,
                goals: goals(&case, &recording),
                case,
            });
        }
    };
    run_script(name, text, &mut hook).unwrap_or_else(|error| panic!("{error}"));
    runs
}

fn runs() -> &'static [Run] {
    static RUNS: OnceLock<Vec<Run>> = OnceLock::new();
    RUNS.get_or_init(|| {
        let scripts = Suite::ALL.iter().flat_map(|&suite| suite.integer_scripts().iter().map(move |name| (suite, *name)));
        scripts.flat_map(|(suite, name)| runs_of(suite, name)).collect()
    })
}

fn is_long() -> bool {
    std::env::var_os("PROVASM_LONG").is_some_and(|value| value == "1")
}

#[test]
fn tables_of_first_actions_hold() {
    let mut first: Vec<&Run> =
        runs().iter().filter(|run| run.is_first && run.instructions <= CHECKED_INSTRUCTIONS_MAX).collect();
    let all = first.len();
    if !is_long() && all > CHECKED_ACTIONS {
        let mut random = Random::new(SEED);
        while first.len() > CHECKED_ACTIONS {
            first.swap_remove(random.below(first.len()));
        }
    }
    println!("{} of {all} first actions, seed {SEED}", first.len());
    for run in first {
        let (_, traces) = traces_of(&run.case, Limits::default()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(check_used(&traces), [], "{} {:?}", run.case.name, run.case.args);
    }
}

/// Runs that together cover what all do: at each step the one that covers most, then the shortest.
fn cover() -> (Vec<&'static Run>, BTreeSet<Goal>) {
    let reached: BTreeSet<Goal> = runs().iter().flat_map(|run| run.goals.iter().copied()).collect();
    let mut missing = reached.clone();
    let mut chosen = Vec::new();
    while !missing.is_empty() {
        let gain = |run: &Run| run.goals.intersection(&missing).count();
        let best = runs().iter().max_by_key(|run| (gain(run), u64::MAX - run.instructions));
        let best = best.expect("what is missing is reached by a run");
        missing.retain(|goal| !best.goals.contains(goal));
        chosen.push(best);
    }
    (chosen, reached)
}

#[test]
fn every_opcode_is_proven() {
    let (chosen, reached) = cover();
    let proven: BTreeSet<Goal> = chosen.iter().flat_map(|run| run.goals.iter().copied()).collect();
    assert_eq!(proven, reached);
    for &op in Op::ALL {
        let reason = UNREACHED_OPS.iter().find(|(unreached, _)| *unreached == op);
        assert_eq!(proven.contains(&Goal::Executes(op)), reason.is_none(), "{op:?}: {reason:?}");
    }
    for &trap in Trap::ALL {
        let reason = UNREACHED_TRAPS.iter().find(|(unreached, _)| *unreached == trap);
        assert_eq!(proven.contains(&Goal::EndsIn(trap.code())), reason.is_none(), "{trap:?}: {reason:?}");
    }
    let instructions: u64 = chosen.iter().map(|run| run.instructions).sum();
    println!("{} actions, {} goals, {instructions} instructions", chosen.len(), proven.len());

    // One key per program.
    let mut programs: BTreeMap<usize, Program> = BTreeMap::new();
    for run in &chosen {
        let place = Arc::as_ptr(&run.case.program) as usize;
        let program =
            programs.entry(place).or_insert_with(|| Program::from_compiled((*run.case.program).clone()));
        let proven = program.prove(&run.case.entry, &run.case.args).unwrap_or_else(|error| panic!("{error}"));
        let verified = verify(&proven.proof, &program.id()).unwrap_or_else(|error| panic!("{error}"));
        let expected = match &run.outcome {
            RunOutcome::Returned(results) => Outcome::Returned(results.clone()),
            RunOutcome::Trapped(trap) => Outcome::Trapped(trap.code()),
        };
        assert_eq!(verified.claim.entry, run.case.entry, "{}", run.case.name);
        assert_eq!(verified.claim.args, run.case.args, "{}", run.case.name);
        assert_eq!(verified.claim.outcome, expected, "{}", run.case.name);
    }
}
