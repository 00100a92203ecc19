//! The specification suite's own inputs, checked and proven.
//!
//! Constraints and buses are checked on actions of every instance; proofs are made of the fewest
//! actions that between them execute every opcode and end in every trap that the suite reaches.
//! `PROVASM_LONG=1` checks every action.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use provasm::{Claim, Program, claimed, verify};
use provasm_execute::{ExecuteError, Limits, Outcome as RunOutcome, Recording, record};
use provasm_isa::layout::STATIC_BASE;
use provasm_isa::{Op, Trap};
use provasm_program::Program as Compiled;
use provasm_script::{Action, OnAction, run};
use provasm_testkit::corpus::{Case, corpus};
use provasm_testkit::figure::Figure;
use provasm_testkit::tables::{check_used, traces_of};
use provasm_testkit::{Random, Script, Suite, is_long};

/// Opcodes that the code of no script compiles to: some rotations and comparisons with a constant, some
/// comparisons that decide a branch, and tail calls through tables, which are no part of 1.0 and 2.0; and what only host
/// functions have. Proven on inputs of the corpus instead.
const UNREACHED_OPS: &[Op] = &[
    Op::HostGet,
    Op::HostSet,
    Op::RotlImm32,
    Op::RotlImm64,
    Op::GeUImm32,
    Op::GeSImm32,
    Op::GeUImm64,
    Op::LeUImm64,
    Op::GeSImm64,
    Op::LeSImm64,
    Op::BrEq32,
    Op::BrGtU32,
    Op::BrLtS32,
    Op::BrGeS32,
    Op::BrLeS32,
    Op::BrEq64,
    Op::BrNe64,
    Op::BrLeU64,
    Op::BrLtS64,
    Op::BrGeS64,
    Op::BrGeSImm64,
    Op::TailCallIndirect,
    Op::Exit,
    Op::Hint,
    Op::Log,
    Op::Sha256,
    Op::Keccak,
    Op::Blake3,
    Op::Poseidon2,
    Op::ModMul,
];

/// Instructions of an action whose tables are checked.
const CHECKED_INSTRUCTIONS_MAX: u64 = 5_000;
/// Of the actions that are neither first nor add an opcode, one in so many is checked.
const ONE_IN: usize = 16;
/// Instructions of an action that can be proven here.
const PROVEN_INSTRUCTIONS_MAX: u64 = 1_500_000;
const SEED: u64 = 5;

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
    goals: BTreeSet<Goal>,
}

fn goals(case: &Case, outcome: &RunOutcome, recording: &Recording) -> BTreeSet<Goal> {
    let steps = recording.steps.iter().flatten();
    let mut goals: BTreeSet<Goal> = steps.map(|step| Goal::Executes(case.program.code[step.pc as usize].op)).collect();
    if let RunOutcome::Trapped(trap) = outcome {
        goals.insert(Goal::EndsIn(trap.code()));
    }
    goals
}

/// The opcodes that control can reach from an entry.
fn reachable(program: &Compiled, entry: &str) -> BTreeSet<Op> {
    let mut ops = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut ahead: Vec<u32> = program.entry(entry).map(|entry| entry.pc).into_iter().collect();
    while let Some(pc) = ahead.pop() {
        let Some(instr) = program.code.get(pc as usize).filter(|_| seen.insert(pc)) else { continue };
        ops.insert(instr.op);
        ahead.extend(instr.target());
        match instr.op {
            Op::Jump | Op::Return | Op::Trap | Op::Halt => {}
            Op::JumpTable => ahead.extend(pc + 1..=pc + 1 + instr.imm as u32),
            // Every static cell may be an element.
            Op::CallIndirect | Op::TailCallIndirect => {
                let statics = program.cells.iter().filter(|cell| cell.address >= STATIC_BASE);
                ahead.extend(statics.map(|cell| (cell.value >> 16) as u32));
                ahead.extend((instr.op == Op::CallIndirect).then_some(pc + 1));
            }
            _ => ahead.push(pc + 1),
        }
    }
    ops
}

/// What the scripts run so far gave.
struct Collected {
    runs: Vec<Run>,
    /// How many actions were left out because they depend on the actions before.
    stateful: usize,
    /// What the runs cover.
    reached: BTreeSet<Goal>,
    /// What the code of their entries could.
    reachable: BTreeSet<Op>,
    random: Random,
}

/// Adds the runs of one script: of every instance the first, all that could add a goal, and a
/// sample of the others.
fn run_script(suite: &Suite, script: &Script, collected: &mut Collected) {
    let mut programs = BTreeMap::new();
    let mut reachable_ops = BTreeMap::new();
    let hook = |action: &Action<'_>| {
        // A script's programs live as long as it runs, so their places tell them apart.
        let place = std::ptr::from_ref(action.program) as usize;
        let ops = reachable_ops
            .entry((place, action.entry.to_owned()))
            .or_insert_with(|| reachable(action.program, action.entry));
        collected.reachable.extend(ops.iter());
        let reached = &collected.reached;
        let ends_anew = match action.outcome {
            RunOutcome::Trapped(trap) => !reached.contains(&Goal::EndsIn(trap.code())),
            RunOutcome::Returned(_) | RunOutcome::Exited(_) => false,
        };
        let could_add = ends_anew || ops.iter().any(|op| !reached.contains(&Goal::Executes(*op)));
        let is_sampled = is_long() || collected.random.below(ONE_IN) == 0;
        if !action.is_first && !could_add && !is_sampled {
            return;
        }
        let program = programs.entry(place).or_insert_with(|| Arc::new(action.program.clone()));
        let case = Case {
            name: format!("{} {} {}", suite.folder, script.name, action.entry),
            program: Arc::clone(program),
            entry: action.entry.to_owned(),
            args: action.args.to_vec(),
        };
        let limits = Limits { instructions_max: PROVEN_INSTRUCTIONS_MAX, ..Limits::default() };
        let recording = record(&case.program, &case.entry, &case.args, limits);
        let (recorded, recording) = match recording {
            Ok(recorded) => recorded,
            // Its operators occur in shorter runs.
            Err(ExecuteError::InstructionLimit { .. }) => return,
            Err(error) => panic!("{}: {error}", case.name),
        };
        if recorded.outcome != *action.outcome {
            assert!(!action.is_first, "{} is first", case.name);
            // It depends on the actions before.
            collected.stateful += 1;
        } else {
            let goals = goals(&case, action.outcome, &recording);
            collected.reached.extend(&goals);
            collected.runs.push(Run {
                outcome: action.outcome.clone(),
                instructions: recorded.instructions,
                goals,
                case,
            });
        }
    };
    let options = suite.options(&script.name);
    let report = run(&script.name, script.text, &options, &mut OnAction(hook));
    report.unwrap_or_else(|error| panic!("{error}"));
}

fn collected() -> &'static Collected {
    static COLLECTED: OnceLock<Collected> = OnceLock::new();
    COLLECTED.get_or_init(|| {
        let mut collected = Collected {
            runs: Vec::new(),
            stateful: 0,
            reached: BTreeSet::new(),
            reachable: BTreeSet::new(),
            random: Random::new(SEED),
        };
        for suite in [Suite::VERSION_1, Suite::VERSION_2] {
            suite.scripts().iter().for_each(|script| run_script(&suite, script, &mut collected));
        }
        collected
    })
}

#[test]
fn tables_of_actions_hold() {
    let runs = collected().runs.iter().filter(|run| run.instructions <= CHECKED_INSTRUCTIONS_MAX);
    let mut checked = 0;
    for run in runs {
        let (_, traces) = traces_of(&run.case, Limits::default()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(check_used(&traces), [], "{} {:?}", run.case.name, run.case.args);
        checked += 1;
    }
    let Collected { runs, stateful, .. } = collected();
    let measured = format!("{} calls sampled with seed {SEED}; {stateful} more depend on others", runs.len());
    Figure::held(10, "calls of 1.0 and 2.0 whose constraints hold", checked).measured(measured).print();
}

/// Runs that together cover what all do: at each step the one that covers most, then the shortest.
fn cover(runs: &[Run]) -> Vec<&Run> {
    let mut missing: BTreeSet<Goal> = runs.iter().flat_map(|run| run.goals.iter().copied()).collect();
    let mut chosen = Vec::new();
    while !missing.is_empty() {
        let gain = |run: &Run| run.goals.intersection(&missing).count();
        let best = runs.iter().max_by_key(|run| (gain(run), u64::MAX - run.instructions));
        let best = best.expect("what is missing is covered by a run");
        missing.retain(|goal| !best.goals.contains(goal));
        chosen.push(best);
    }
    chosen
}

/// Proves the runs, one key per program, and returns what was proven.
fn prove(runs: &[&Run]) -> BTreeSet<Goal> {
    let mut programs: BTreeMap<usize, Program> = BTreeMap::new();
    let mut proven = BTreeSet::new();
    for Run { case, outcome, goals, .. } in runs {
        let program = programs
            .entry(Arc::as_ptr(&case.program) as usize)
            .or_insert_with(|| Program::from_compiled((*case.program).clone()));
        let proof = program.prove(&case.entry, &case.args).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let verified = verify(&proof.proof, &program.id()).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let expected = Claim::new(&case.entry, &case.args, &[], &[], claimed(outcome));
        assert_eq!(verified.claim, expected, "{}", case.name);
        proven.extend(goals);
    }
    proven
}

#[test]
fn opcodes_that_no_script_reaches_are_listed() {
    let Collected { reached, reachable, .. } = collected();
    let is_reached = |op: &Op| reached.contains(&Goal::Executes(*op));
    let unreached: Vec<Op> = Op::ALL.iter().copied().filter(|op| !is_reached(op)).collect();
    assert_eq!(unreached, UNREACHED_OPS);
    let in_code: Vec<&Op> = unreached.iter().filter(|op| reachable.contains(op)).collect();
    assert!(in_code.is_empty(), "in the code of a script: {in_code:?}");
    let unreached: Vec<Trap> =
        Trap::ALL.iter().copied().filter(|trap| !reached.contains(&Goal::EndsIn(trap.code()))).collect();
    assert_eq!(unreached, [Trap::HostCall], "traps that no script ends in");
}

#[test]
fn every_opcode_is_proven() {
    let runs = &collected().runs;
    let chosen = cover(runs);
    let mut proven = prove(&chosen);
    assert_eq!(proven, collected().reached);
    let instructions: u64 = chosen.iter().map(|run| run.instructions).sum();
    let opcodes = proven.iter().filter(|goal| matches!(goal, Goal::Executes(_))).count();
    let unreached: Vec<&str> = UNREACHED_OPS.iter().map(|op| op.mnemonic()).collect();
    Figure::held(10, "opcodes proven on the scripts' own inputs", opcodes)
        .except(&unreached.join(", "), unreached.len(), "the code of no script compiles to it; proven on other inputs")
        .measured(format!("{} calls, {instructions} instructions", chosen.len()))
        .print();
    Figure::held(10, "traps proven on the scripts' own inputs", proven.len() - opcodes)
        .except("refused host call", 1, "no script calls a host function; proven on other inputs")
        .print();

    let rest = corpus().into_iter().map(|case| {
        let recording = record(&case.program, &case.entry, &case.args, Limits::default());
        let (recorded, recording) = recording.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        Run {
            instructions: recorded.instructions,
            goals: goals(&case, &recorded.outcome, &recording).difference(&proven).copied().collect(),
            outcome: recorded.outcome,
            case,
        }
    });
    let rest: Vec<Run> = rest.collect();
    proven.extend(prove(&cover(&rest)));
    let missing: Vec<&Op> = Op::ALL.iter().filter(|op| !proven.contains(&Goal::Executes(**op))).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let missing: Vec<&Trap> = Trap::ALL.iter().filter(|trap| !proven.contains(&Goal::EndsIn(trap.code()))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
