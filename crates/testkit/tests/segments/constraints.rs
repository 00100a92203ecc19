//! Every constraint and bus of every segment, wherever a run is cut, and the chain of states.
//!
//! `PROVASM_LONG=1` cuts everywhere in all of the corpus.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use provasm_air::claim::MachineState;
use provasm_execute::{Limits, Outcome, Recording, record};
use provasm_isa::{Family, Op, Trap};
use provasm_testkit::assemble::{A, Assembly, B, D, is_defined, is_pure};
use provasm_testkit::corpus::{ACCESSES, Case, corpus};
use provasm_testkit::figure::Figure;
use provasm_testkit::is_long;
use provasm_testkit::tables::{Segment, check_used, segments_of};
use provasm_trace::{StateTree, states_of};
use rayon::prelude::*;

/// Runs of so many instructions are cut into single instructions.
const SINGLE_MAX: u64 = 900;
/// Segments that a longer run is cut into, about.
const SEGMENTS: u64 = 60;
/// Places at which a run is cut in two.
const CUTS_IN_TWO: u64 = 12;

/// What was first and last in segments, and how often.
#[derive(Default)]
struct Seen {
    first: BTreeSet<Family>,
    last: BTreeSet<Family>,
    /// Traps that a run ended in, with at least one segment before.
    traps: BTreeSet<u8>,
    segments: u64,
}

impl Seen {
    fn merge(mut self, other: Self) -> Self {
        self.first.extend(other.first);
        self.last.extend(other.last);
        self.traps.extend(other.traps);
        self.segments += other.segments;
        self
    }
}

/// The families of a segment's first instruction and of its last.
fn ends(case: &Case, recording: &Recording) -> (Family, Family) {
    let steps = || recording.steps.iter().flatten();
    let family = |pc: u32| case.program.code[pc as usize].op.family();
    let first = steps().min_by_key(|step| step.clock).expect("an instruction");
    let last = steps().max_by_key(|step| step.clock).expect("an instruction");
    (family(first.pc), family(last.pc))
}

fn print(what: &str, segments: u64, measured: String) {
    Figure::held(12, what, segments as usize).measured(measured).print();
}

/// Cuts a run, checks each segment, and that they are a chain from the program's initial state to where the
/// uncut run ends.
fn check(case: &Case, cut: impl Fn(u64) -> Option<u64>) -> Seen {
    let name = &case.name;
    let entry = case.program.entry(&case.entry).expect("an entry");
    let mut tree = StateTree::new(&case.program);
    let mut state = MachineState { pc: entry.pc, fp: 0, root: tree.root() };
    let mut seen = Seen::default();
    let mut results = Vec::new();
    let run = segments_of(case, cut, |Segment { recording, walk, traces }| {
        let index = recording.index;
        assert_eq!(check_used(&traces), [], "{name}, segment {index}");
        let (before, after) = states_of(&recording, &walk);
        assert_eq!(before, state, "{name}, segment {index}");
        state = after;
        let (first, last) = ends(case, &recording);
        seen.first.insert(first);
        seen.last.insert(last);
        if let Some(Outcome::Trapped(trap)) = recording.outcome
            && index > 0
            && recording.instructions == 1
        {
            seen.traps.insert(trap.code());
        }
        results.extend(provasm_trace::results_of(&case.program, &recording));
        seen.segments += 1;
    });
    let run = run.unwrap_or_else(|error| panic!("{name}: {error}"));
    let (uncut, recording) = record(&case.program, &case.entry, &case.args, Limits::default()).expect("it runs");
    assert_eq!(run, uncut, "{name}");
    let end = MachineState { pc: 0, fp: 0, root: tree.advance(&recording).root_after };
    assert_eq!(state, end, "{name}");
    let given: Vec<u64> = results.iter().map(|(_, value)| *value).collect();
    assert_eq!(run.outcome, if given.is_empty() { run.outcome.clone() } else { Outcome::Returned(given) }, "{name}");
    seen
}

fn instructions(case: &Case) -> u64 {
    provasm_execute::run(&case.program, &case.entry, &case.args, Limits::default()).expect("it runs").instructions
}

fn case(name: &str, assembly: Assembly) -> Case {
    let program = Arc::new(assembly.finish());
    Case { name: name.to_owned(), entry: program.entries[0].name.clone(), program, args: Vec::new() }
}

/// Every opcode that computes, loads or stores, once, in a run that is short enough to be cut everywhere.
fn all_once() -> Case {
    let mut assembly = Assembly::new(2, 2);
    assembly.entry("main", &[], &[]);
    for &op in Op::ALL.iter().filter(|op| is_pure(**op)) {
        let (a, b) = (0x8765_4321_0fed_cba9, 0x1_0003);
        assert!(is_defined(op, a, b), "{op:?}");
        assembly.pure(op, a, b, 1);
    }
    for &op in ACCESSES {
        for at in [64, 65, 65_535] {
            assembly.access(op, at, 16, 0x8182_8384_8586_8788);
        }
    }
    assembly.halt();
    case("all once", assembly)
}

/// A run for every trap, one instruction before it.
fn traps() -> Vec<Case> {
    let trap = |&trap: &Trap| {
        let mut assembly = Assembly::new(1, 1);
        assembly.entry(trap.text(), &[], &[]);
        assembly.constant(A, 3);
        assembly.instr(Op::Trap, 0, 0, 0, trap.code().into());
        case(trap.text(), assembly)
    };
    Trap::ALL.iter().map(trap).collect()
}

/// The corpus without what only makes it long.
fn cases() -> Vec<Case> {
    let mut cases = vec![all_once()];
    cases.extend(traps());
    cases.extend(corpus());
    cases
}

#[test]
fn every_instruction_begins_a_segment_and_ends_one() {
    let check = |case: &Case| {
        let instructions = instructions(case);
        let is_single = instructions <= SINGLE_MAX || is_long() && case.name != "bridges";
        let every = if is_single { 1 } else { instructions.div_ceil(SEGMENTS) };
        check(case, |_| Some(every))
    };
    let cases = cases();
    let seen = cases.par_iter().map(check).reduce(Seen::default, Seen::merge);
    let all: BTreeSet<Family> = Family::ALL.iter().copied().collect();
    assert_eq!((&seen.first, &seen.last), (&all, &all));
    let traps: BTreeSet<u8> = Trap::ALL.iter().map(|trap| trap.code()).collect();
    assert_eq!(seen.traps, traps, "each alone in the last segment of a run");
    let measured = format!(
        "of {} runs; {} families begin a segment and end one, {} traps are alone in one",
        cases.len(),
        all.len(),
        traps.len(),
    );
    print("segments cut at every kind of instruction: constraints hold", seen.segments, measured);
}

#[test]
fn runs_cut_in_two_are_chains() {
    let check = |case: &Case| {
        let instructions = instructions(case);
        let cuts = if is_long() && instructions <= SINGLE_MAX { instructions } else { CUTS_IN_TWO.min(instructions) };
        let at = |cut: u64| 1 + cut * instructions.saturating_sub(2) / cuts.max(1);
        let cuts: BTreeSet<u64> = (0..cuts).map(at).filter(|cut| *cut < instructions).collect();
        let seen = cuts.iter().map(|&cut| {
            let seen = check(case, |index| (index == 0).then_some(cut));
            assert_eq!(seen.segments, 2, "{} cut after {cut}", case.name);
            seen
        });
        seen.fold(Seen::default(), Seen::merge)
    };
    // In the quick tier, of the many traps, whose names have several words, one in four.
    let is_chosen = |(i, case): &(usize, Case)| is_long() || i % 4 == 0 || !case.name.contains(' ');
    let cases: Vec<Case> = cases().into_iter().enumerate().filter(is_chosen).map(|(_, case)| case).collect();
    let seen = cases.par_iter().map(check).reduce(Seen::default, Seen::merge);
    assert!(seen.segments > 2 * CUTS_IN_TWO);
    print("segments of runs cut in two: constraints hold", seen.segments, format!("of {} runs", cases.len()));
}

/// The last page a memory can have is grown and used, and growing further fails.
#[test]
fn memory_reaches_its_limit_wherever_the_run_is_cut() {
    let mut assembly = Assembly::new(65_535, 65_536);
    assembly.entry("main", &[], &[]);
    let last_cell = 65_536 * 65_536 - 8;
    for at in [last_cell, last_cell + 4] {
        assembly.constant(A, 1);
        assembly.instr(Op::MemoryGrow, D, A, 0, 65_536);
        assembly.access(Op::Store32, at, 0, 0x8182_8384);
        assembly.access(Op::Load64, last_cell, 0, 0);
    }
    assembly.access(Op::Load64, 65_535 * 65_536 - 4, 0, 0);
    assembly.access(Op::Load8U, last_cell + 8, 8, 0);
    let case = case("memory at its limit", assembly);
    assert_eq!(instructions(&case), 18);
    let mut segments = 0;
    for (every, is_alone) in [(1, true), (2, false), (3, false), (17, true), (100, false)] {
        let seen = check(&case, |_| Some(every));
        assert_eq!(seen.traps.contains(&Trap::MemoryOutOfBounds.code()), is_alone, "the trap, beyond 2^32 bytes");
        segments += seen.segments;
    }
    let measured = "the last page is grown and used, growing further fails, and beyond 2^32 bytes is a trap";
    print("segments with 65,536 pages of memory: constraints hold", segments, measured.to_owned());
}

/// Growing in one segment, touching the page first in that segment and in the next, and again later.
#[test]
fn grown_pages_are_touched_wherever_the_run_is_cut() {
    let mut assembly = Assembly::new(1, 4);
    assembly.entry("main", &[], &[]);
    let grow = |assembly: &mut Assembly| {
        assembly.constant(A, 1);
        assembly.instr(Op::MemoryGrow, D, A, 0, 4)
    };
    grow(&mut assembly);
    assembly.access(Op::Store64, 65_540, 0, u64::MAX);
    grow(&mut assembly);
    assembly.access(Op::Load64, 65_541, 0, 0);
    assembly.instr(Op::Copy, B, D, 0, 0);
    assembly.access(Op::Store8, 3 * 65_536 - 1, 0, 7);
    // It fails, and adds nothing.
    assembly.constant(A, 2);
    assembly.instr(Op::MemoryGrow, D, A, 0, 4);
    assembly.access(Op::Load8U, 3 * 65_536 - 1, 0, 0);
    assembly.halt();
    let case = case("grown", assembly);
    let kinds = RefCell::new(BTreeSet::new());
    let instructions = instructions(&case);
    for first in 1..instructions {
        for second in 1..=instructions - first {
            let cuts = [first, second];
            let run = segments_of(
                &case,
                |index| cuts.get(index as usize).copied(),
                |segment| {
                    assert_eq!(check_used(&segment.traces), [], "{cuts:?}");
                    let linear = |block: &provasm_execute::CellBlock| block.number >= 256 && block.number < 1 << 24;
                    let touched = segment.recording.blocks.iter().any(linear);
                    kinds.borrow_mut().insert((segment.recording.grows.len(), touched));
                },
            );
            assert_eq!(run.expect("it runs").instructions, instructions);
        }
    }
    let kinds = kinds.into_inner();
    for kind in [(0, true), (1, false), (1, true), (2, true)] {
        assert!(kinds.contains(&kind), "growths, and whether grown pages are touched: {kind:?}");
    }
}
