//! Forged tables through the prover and the verifier: a proof of them verifies exactly if the checker accepts them.
//!
//! Constraints that do not hold come to a proof. A bus that does not balance comes to none: the proof library asserts the sum
//! that its verifier checks, which is the one thing it asserts. `PROVASM_LONG=1` proves hundreds of forgeries, in tables of all kinds.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

use provasm::ParameterSet;
use provasm_air::{Table, TableId};
use provasm_execute::{Limits, record};
use provasm_isa::Op;
use provasm_program::ValType;
use provasm_proof::{Invocation, SegmentClaim, SegmentProof, StreamDigest};
use provasm_prove::{Backend, Cpu, ProgramKey};
use provasm_testkit::assemble::{A, Assembly, B, D};
use provasm_testkit::corpus::{Case, corpus};
use provasm_testkit::figure::Figure;
use provasm_testkit::forge::{Forgery, Judge, Verdict};
use provasm_testkit::forgeries::of_row;
use provasm_testkit::tables::check_used;
use provasm_testkit::{Random, is_long};
use provasm_trace::{Traces, Violation, check, generate, results_of, states_of};
use provasm_verify::verify_segment;

/// Runs of the corpus that the long tier forges: between them they have every table.
const CASES: [&str; 8] = ["memory", "grow", "control", "statics", "bridges", "accelerators", "host", "pure"];
/// How the runs of the corpus that end in traps begin, one of each of which the long tier forges.
const TRAPS: [&str; 5] = ["trap ", "stack frame", "stack indirect", "table ", "memory of 1"];
/// Forgeries of a table that are tried for whether they come to a proof.
const LOOKED_AT_MAX: usize = 40;
const SEED: u64 = 0x000f_04ed;

/// The smallest run: an argument, a sum, a cell, a result.
fn smallest() -> Case {
    let mut assembly = Assembly::new(1, 1);
    assembly.entry("main", &[ValType::I64], &[ValType::I64]);
    assembly.instr(Op::Arg, A, 0, 0, 0);
    assembly.instr(Op::Add64, B, A, A, 0);
    assembly.instr(Op::Shl64, B, B, A, 0);
    assembly.instr(Op::Store64, 0, D, B, 8);
    assembly.instr(Op::Result, 0, B, 0, 0);
    assembly.halt();
    Case { name: "smallest".to_owned(), program: assembly.finish().into(), entry: "main".to_owned(), args: vec![5] }
}

/// A run whose tables are forged.
struct Subject {
    name: String,
    key: ProgramKey,
    /// The verifier's tables.
    tables: Vec<Table>,
    invocation: Invocation,
    claim: SegmentClaim,
    traces: Traces,
}

/// What comes of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// The prover makes none.
    Refused,
    /// The prover panics.
    Panicked,
    /// The verifier rejects it.
    Rejected,
    /// The verifier accepts it.
    Accepted,
}

impl Subject {
    fn new(case: &Case) -> Self {
        let key = ProgramKey::new(&case.program, ParameterSet::Koala100).expect("a key");
        let (run, recording) = record(&case.program, &case.entry, &case.args, Limits::default()).expect("it runs");
        let walk = key.tree().clone().advance(&recording);
        let (before, after) = states_of(&recording, &walk);
        let claim = SegmentClaim {
            index: 0,
            before: before.into(),
            after: after.into(),
            results: results_of(&case.program, &recording),
            outcome: Some(run.outcome.code()),
            exit_code: run.outcome.exit_code(),
        };
        let traces = generate(&case.program, key.tables(), &recording, &walk);
        assert_eq!(check(&traces), [], "{}", case.name);
        let input = StreamDigest::of(&[]);
        let invocation = Invocation { entry: case.entry.clone(), args: case.args.clone(), input };
        Self { name: case.name.clone(), tables: key.header().tables(), key, invocation, claim, traces }
    }

    fn fate(&self, traces: Traces) -> Fate {
        let prove = || Cpu.prove(&self.key, &self.invocation, self.claim.clone(), traces);
        // That it panics is counted, not shown.
        let hook = take_hook();
        set_hook(Box::new(|_| {}));
        let proven = catch_unwind(AssertUnwindSafe(prove));
        set_hook(hook);
        match proven {
            Err(_) => Fate::Panicked,
            Ok(Err(_)) => Fate::Refused,
            Ok(Ok(proof)) if self.is_proof(&proof) => Fate::Accepted,
            Ok(Ok(_)) => Fate::Rejected,
        }
    }

    /// Whether a proof verifies that a verifier reads.
    fn is_proof(&self, proof: &SegmentProof) -> bool {
        let read = SegmentProof::from_bytes(&proof.to_bytes()).expect("what is written can be read");
        verify_segment(self.key.header(), &self.tables, &self.invocation, &read).is_ok()
    }

    /// Whether the prover comes to a proof: every bus balances.
    fn comes_to_a_proof(&self, trial: &Trial) -> bool {
        let is_balance = |violation: &Violation| matches!(violation, Violation::Balance { .. });
        !check_used(&self.forged(trial)).iter().any(is_balance)
    }

    /// Forgeries of a table, in another order: of its first row, the middle one, the last and the first of padding. Of those
    /// that violate a constraint the ones that come to a proof are before the others, as far as they were looked at.
    fn forgeries(&self, judge: &Judge<'_>, table: usize, random: &mut Random) -> Vec<Trial> {
        let trace = &self.traces.tables[table];
        let height = trace.rows.values.len() / trace.rows.width;
        let rows: BTreeSet<usize> = [0, trace.real / 2, trace.real.max(1) - 1, trace.real].into();
        let rows = rows.into_iter().filter(|row| *row < height);
        let forgeries = rows.flat_map(|row| of_row(&self.traces, table, row, random)).collect::<Vec<_>>();
        let mut trials: Vec<Trial> = forgeries.into_iter().flat_map(|forgery| Trial::of(judge, forgery)).collect();
        for i in (1..trials.len()).rev() {
            trials.swap(i, random.below(i + 1));
        }
        let mut looked_at = 0;
        trials.sort_by_cached_key(|trial| {
            let is_constraint = trial.verdict == Verdict::Constraint;
            looked_at += usize::from(is_constraint);
            is_constraint && (looked_at > LOOKED_AT_MAX || !self.comes_to_a_proof(trial))
        });
        trials
    }

    /// Forgeries to prove: of every kind one, and of every table so many, of kinds that are rare so far.
    fn trials(&self, of_a_table: usize, random: &mut Random) -> Vec<Trial> {
        let judge = Judge::new(&self.traces);
        let tables = 0..self.traces.tables.len();
        let found: Vec<Vec<Trial>> = tables.map(|table| self.forgeries(&judge, table, random)).collect();
        let kinds: BTreeSet<Kind> = found.iter().flatten().map(Trial::kind).collect();
        let mut trials: Vec<Trial> = Vec::new();
        let table_of = |trial: &Trial| trial.forgery.table;
        for kind in &kinds {
            let of_kind = found.iter().filter_map(|found| found.iter().find(|trial| trial.kind() == *kind));
            let count = |trial: &&Trial| trials.iter().filter(|other| table_of(other) == table_of(trial)).count();
            trials.extend(of_kind.min_by_key(count));
        }
        for (table, found) in found.iter().enumerate() {
            for _ in trials.iter().filter(|trial| table_of(trial) == table).count()..of_a_table {
                let count = |trial: &&Trial| trials.iter().filter(|other| other.kind() == trial.kind()).count();
                trials.extend(found.iter().min_by_key(count));
            }
        }
        trials
    }

    /// The tables with a forgery; if it is recounted, with the counts that repair what lookups it changes.
    fn forged(&self, trial: &Trial) -> Traces {
        let mut forged = self.traces.clone();
        let _ = trial.forgery.apply(&mut forged);
        if trial.is_recounted {
            let counts = Judge::new(&self.traces).recount_lookups(&check_used(&forged));
            counts.into_iter().for_each(|count| _ = count.apply(&mut forged));
        }
        forged
    }
}

/// The name of a verdict, and whether lookups are recounted.
type Kind = (&'static str, bool);

/// A forgery, and the checker's verdict.
#[derive(Clone, Copy, Debug)]
struct Trial {
    forgery: Forgery,
    is_recounted: bool,
    verdict: Verdict,
}

impl Trial {
    /// A forgery alone, and with lookups recounted.
    fn of(judge: &Judge<'_>, forgery: Forgery) -> Vec<Self> {
        let alone = Self { forgery, is_recounted: false, verdict: judge.alone(&forgery) };
        let recounted = Self { forgery, is_recounted: true, verdict: judge.recounted(&forgery) };
        // A forged count is what recounting would take back.
        if judge.is_count(&forgery) { vec![alone] } else { vec![alone, recounted] }
    }

    fn kind(&self) -> Kind {
        let name = match self.verdict {
            Verdict::Constraint => "constraint",
            Verdict::Balance => "balance",
            Verdict::Claim => "claim",
            Verdict::Inert => "inert",
            Verdict::Accepted => "accepted",
        };
        (name, self.is_recounted)
    }
}

/// The runs that are forged, and how many forgeries of each table.
fn subjects() -> (Vec<Case>, usize) {
    if !is_long() {
        return (vec![smallest()], 3);
    }
    let of_name = |name: &str| corpus().into_iter().find(|case| case.name == name).expect("a run of the corpus");
    let trapping = |name: &str| corpus().into_iter().find(|case| case.name.starts_with(name)).expect("a trap");
    (CASES.into_iter().map(of_name).chain(TRAPS.map(trapping)).collect(), 2)
}

#[test]
fn proofs_of_forged_tables_have_the_checkers_verdict() {
    let mut random = Random::new(SEED);
    let (cases, of_a_table) = subjects();
    let (mut proven, mut panicked, mut refused) = (0, 0, 0);
    let mut accepted = 0;
    let (mut tables, mut kinds) = (BTreeSet::<TableId>::new(), BTreeSet::<Kind>::new());
    for case in cases {
        let subject = Subject::new(&case);
        assert_eq!(subject.fate(subject.traces.clone()), Fate::Accepted, "{}: honest", subject.name);
        for trial in subject.trials(of_a_table, &mut random) {
            let forged = subject.forged(&trial);
            let is_sound = check(&forged).is_empty();
            assert_eq!(is_sound, !trial.verdict.is_caught(), "{}: {trial:?}", subject.name);
            let fate = subject.fate(forged);
            assert_eq!(fate == Fate::Accepted, is_sound, "{}: {trial:?}: {fate:?}", subject.name);
            proven += 1;
            accepted += usize::from(is_sound);
            panicked += usize::from(fate == Fate::Panicked);
            refused += usize::from(fate == Fate::Refused);
            tables.insert(subject.traces.tables[trial.forgery.table].table.id);
            kinds.insert(trial.kind());
        }
    }
    for name in ["constraint", "balance", "claim", "inert", "accepted"] {
        assert!(kinds.iter().any(|kind| kind.0 == name), "no forgery of the verdict {name}: {kinds:?}");
    }
    let measured = format!(
        "{} tables, {} kinds of verdict; {accepted} proofs of harmless forgeries verify, {} of harmful ones do not, \
         {refused} were refused by the prover, in {panicked} it panicked",
        tables.len(),
        kinds.len(),
        proven - accepted - refused - panicked,
    );
    Figure::held(2, "forged tables proven and verified", proven).measured(measured).print();
}
