//! Cell forgery: every column of every table, in real and padding rows, set to other values.
//! What no constraint and no bus notices is listed here with its reason, or sits in padding.

use std::collections::{BTreeMap, BTreeSet};

use p3_field::PrimeField32;
use provasm_air::TableId;
use provasm_air::rounds::Rounds;
use provasm_execute::Limits;
use provasm_isa::Chip;
use provasm_testkit::Random;
use provasm_testkit::corpus::{Case, corpus};
use provasm_testkit::figure::Figure;
use provasm_testkit::forge::{Forgery, Judge, Verdict};
use provasm_testkit::forgeries::forgeries;
use provasm_testkit::tables::{check_used, segments_of, traces_of};
use provasm_trace::{Trace, Traces, check};

/// Cells of real rows that may hold anything: table, column or group of columns, the row's
/// condition, and why the statement cannot change. Every entry must be needed.
///
/// In padding there is one rule instead: [`PADDING`].
const EXCEPTIONS: &[(&str, &str, &str, &str)] = &[
    ("Claim", "end_clock", "last = 1", "the run ends in this segment: no state is received, `active - last` times"),
    ("Pages", "from", "fixed = 1", "no growth made the page: `from` is sent and bounds the index `linear` times"),
    ("Pages", "to", "fixed = 1", "no growth made the page: `to` is sent and bounds the index `linear` times"),
    (
        "Io",
        "register",
        "halt = 1",
        "a halt names no register: `d` and `a` are fetched as this times `argument`, `result`",
    ),
    ("Io", "value", "halt = 1", "a halt accesses no register and sends nothing on the io bus"),
    ("Io", "before", "halt = 1", "a halt accesses no register; `before = value` is for results"),
    ("Io", "previous", "halt = 1", "a halt accesses no register"),
    ("LoadUnaligned", "cells.second.previous", "cells.crosses = 0", "the second cell is accessed `crosses` times"),
    ("StoreUnaligned", "cells.second.previous", "cells.crosses = 0", "the second cell is accessed `crosses` times"),
    (
        "Poseidon2",
        "output.lower",
        "real = 1",
        "a high limb from 0x3f00 to 0x3fff lies in both intervals; it is the same limb in either",
    ),
    ("CallIndirect", "link", "tail = 1", "a tail call accesses no link: `real - tail` times"),
    (
        "IndirectTrap",
        "element",
        "undefined = 1",
        "an undefined element is not accessed; only null, mismatch and exhausted use it",
    ),
    (
        "IndirectTrap",
        "difference",
        "undefined = 1",
        "bound where an element is defined; used where one mismatches or the stack is exhausted",
    ),
    (
        "IndirectTrap",
        "inverse",
        "undefined = 1",
        "times an element's number and difference, of which one stays 0; proves a mismatch only",
    ),
    ("IndirectTrap", "inverse", "null = 1", "times the element's number, which is 0; proves a mismatch only"),
    ("IndirectTrap", "inverse", "exhausted = 1", "times the difference, which is 0; proves a mismatch only"),
];

/// Why cells of padding may hold anything that breaks no constraint.
const PADDING: &str = "the row sends and receives nothing but lookups of what is there, so it takes part in nothing";

/// Runs of the corpus whose middle segments are forged too.
const CUT: [&str; 2] = ["grow", "control"];
const SEED: u64 = 0x000f_0463;

/// What forging a table came to.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    forged: usize,
    caught: usize,
    excepted: usize,
    inert: usize,
}

fn honest(case: &Case) -> Traces {
    let (_, traces) = traces_of(case, Limits::default()).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    assert_eq!(check_used(&traces), [], "{}", case.name);
    traces
}

/// The segments of runs that are cut which are neither the first nor the last; one of them grows the memory, and
/// reads and writes what it added.
fn middle_segments() -> Vec<(String, Traces)> {
    let mut middle = Vec::new();
    for case in corpus().into_iter().filter(|case| CUT.contains(&case.name.as_str())) {
        let mut segments = Vec::new();
        let (first, others) = if case.name == "grow" { (2, 12) } else { (60, 60) };
        let cut = |index| Some(if index == 0 { first } else { others });
        let run = segments_of(&case, cut, |segment| segments.push(segment));
        run.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert!(segments.len() > 2, "{} has {} segments", case.name, segments.len());
        for segment in segments.drain(1..).rev().skip(1) {
            assert_eq!(check_used(&segment.traces), [], "{}", case.name);
            middle.push((format!("{}, segment {}", case.name, segment.recording.index), segment.traces));
        }
    }
    let real = |id: TableId, column: &str, value: u32| {
        let column = id.column_names().iter().position(|name| name == column).expect("a column");
        middle.iter().flat_map(|(_, traces)| &traces.tables).filter(|trace| trace.table.id == id).any(|trace| {
            let rows = trace.rows.values.chunks_exact(trace.rows.width).take(trace.real);
            rows.into_iter().any(|row| row[column].as_canonical_u32() == value)
        })
    };
    // Pages that are born, and nodes of each side alone.
    assert!(real(TableId::Pages, "from", 1) && real(TableId::Claim, "last", 0));
    assert!(real(TableId::Nodes, "before", 0) && real(TableId::Nodes, "after", 0));
    middle
}

/// Whether a column is the one named, or of the group named.
fn is_of(column: &str, group: &str) -> bool {
    column.strip_prefix(group).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The exception that allows a forgery in this row.
fn exception(trace: &Trace, names: &[String], forgery: &Forgery) -> Option<usize> {
    let holds = |when: &str| {
        let (name, value) = when.split_once(" = ").expect("a column and its value");
        let column = names.iter().position(|column| column == name).expect("a column of the table");
        trace.rows.values[trace.rows.width * forgery.row + column].as_canonical_u32().to_string() == value
    };
    let table = trace.table.id.name();
    EXCEPTIONS
        .iter()
        .position(|(of, group, when, _)| *of == table && is_of(&names[forgery.column], group) && holds(when))
}

#[derive(Default)]
struct Findings {
    tallies: BTreeMap<TableId, Tally>,
    rows: BTreeMap<TableId, usize>,
    /// Columns forged: in real rows, and in padding.
    columns: BTreeSet<(TableId, usize, bool)>,
    has_padding: BTreeSet<TableId>,
    /// How often each exception was needed.
    needed: BTreeMap<usize, usize>,
    survivors: BTreeMap<String, usize>,
}

impl Findings {
    fn forge(&mut self, name: &str, traces: &Traces, random: &mut Random) {
        for trace in &traces.tables {
            *self.rows.entry(trace.table.id).or_default() += trace.real;
        }
        let names: Vec<Vec<String>> = traces.tables.iter().map(|trace| trace.table.id.column_names()).collect();
        let judge = Judge::new(traces);
        for forgery in forgeries(traces, random) {
            let (trace, names) = (&traces.tables[forgery.table], &names[forgery.table]);
            self.note(name, trace, names, &forgery, judge.recounted(&forgery));
        }
    }

    fn note(&mut self, name: &str, trace: &Trace, names: &[String], forgery: &Forgery, verdict: Verdict) {
        let id = trace.table.id;
        let is_padding = forgery.row >= trace.real;
        if is_padding {
            self.has_padding.insert(id);
        }
        self.columns.insert((id, forgery.column, is_padding));
        let tally = self.tallies.entry(id).or_default();
        tally.forged += 1;
        if verdict.is_caught() {
            tally.caught += 1;
        } else if is_padding && verdict == Verdict::Inert {
            tally.inert += 1;
        } else if let Some(index) = exception(trace, names, forgery) {
            tally.excepted += 1;
            *self.needed.entry(index).or_default() += 1;
        } else {
            let row = if is_padding { "a padding row" } else { "a real row" };
            let what = format!("{} {} in {row}, {name}", id.name(), names[forgery.column]);
            *self.survivors.entry(what).or_default() += 1;
        }
    }

    fn print_tables(&self) {
        println!("{:16} {:>8} {:>8} {:>8} {:>8} {:>8}", "table", "rows", "forged", "caught", "excepted", "inert");
        for (id, Tally { forged, caught, excepted, inert }) in &self.tallies {
            println!("{:16} {:8} {forged:8} {caught:8} {excepted:8} {inert:8}", id.name(), self.rows[id]);
        }
    }

    fn figure(&self) -> Figure {
        let caught = self.tallies.values().map(|tally| tally.caught).sum();
        let columns: BTreeSet<_> = self.columns.iter().map(|(id, column, _)| (id, column)).collect();
        let measured = format!("{} columns of {} tables", columns.len(), self.tallies.len());
        let mut figure = Figure::held(1, "cells of tables forged", caught).measured(measured);
        for (index, (table, column, when, reason)) in EXCEPTIONS.iter().enumerate() {
            let count = self.needed.get(&index).copied().unwrap_or(0);
            figure = figure.except(&format!("{table}: {column} where {when}"), count, reason);
        }
        let inert = self.tallies.values().map(|tally| tally.inert).sum();
        figure.except("padding", inert, PADDING)
    }
}

#[test]
fn every_cell_is_bound() {
    let mut findings = Findings::default();
    let mut random = Random::new(SEED);
    for case in corpus() {
        findings.forge(&case.name, &honest(&case), &mut random);
    }
    for (name, traces) in middle_segments() {
        findings.forge(&name, &traces, &mut random);
    }
    findings.print_tables();

    let chips = Chip::ALL.iter().copied().map(TableId::Chip);
    let rounds = Rounds::ALL.iter().copied().map(TableId::Rounds);
    for id in TableId::SYSTEM.into_iter().chain(chips).chain(rounds) {
        let rows = findings.rows.get(&id).copied().unwrap_or(0);
        assert!(rows >= if id == TableId::Claim { 1 } else { 3 }, "{} has {rows} rows", id.name());
        for column in 0..id.width() {
            assert!(findings.columns.contains(&(id, column, false)), "{} column {column} is not forged", id.name());
            let padding = !findings.has_padding.contains(&id) || findings.columns.contains(&(id, column, true));
            assert!(padding, "{} column {column} is not forged in padding", id.name());
        }
    }
    assert!(findings.survivors.is_empty(), "accepted: {:#?}", findings.survivors);
    for (index, exception) in EXCEPTIONS.iter().enumerate() {
        assert!(findings.needed.contains_key(&index), "not needed: {exception:?}");
    }
    findings.figure().print();
}

/// Of every kind of verdict, a few forgeries.
fn sample(judged: &[(Forgery, Verdict)], random: &mut Random) -> Vec<(Forgery, Verdict)> {
    const OF_A_KIND: usize = 4;
    let kinds = [Verdict::Constraint, Verdict::Balance, Verdict::Claim, Verdict::Inert, Verdict::Accepted];
    let of_kind = |kind| judged.iter().copied().filter(|(_, verdict)| *verdict == kind).collect::<Vec<_>>();
    let kinds = kinds.map(of_kind).into_iter().filter(|judged| !judged.is_empty());
    kinds.flat_map(|judged| [(); OF_A_KIND].map(|()| judged[random.below(judged.len())])).collect()
}

/// The runs on which verdicts are held to the check.
fn sampled() -> Vec<(String, Traces)> {
    let names = ["memory", "grow", "control", "table far beyond"];
    let whole = corpus().into_iter().filter(|case| names.contains(&case.name.as_str()));
    let whole = whole.map(|case| (case.name.clone(), honest(&case)));
    whole.chain(middle_segments().into_iter().take(2)).collect()
}

#[test]
fn verdicts_agree_with_the_full_check() {
    let mut random = Random::new(SEED + 1);
    for (name, traces) in sampled() {
        assert_eq!(check(&traces), [], "{name}");
        let judge = Judge::new(&traces);
        let judged: Vec<_> =
            forgeries(&traces, &mut random).iter().map(|forgery| (*forgery, judge.alone(forgery))).collect();
        let mut forged = traces.clone();
        for (forgery, verdict) in sample(&judged, &mut random) {
            let back = forgery.apply(&mut forged);
            let violations = check(&forged);
            assert_eq!(violations.is_empty(), !verdict.is_caught(), "{name}: {forgery:?} {verdict:?} {violations:?}");
            assert_eq!(check_used(&forged).is_empty(), violations.is_empty(), "{name}: {forgery:?}");
            assert_eq!(back.apply(&mut forged), forgery);
        }
    }
}

#[test]
fn verdicts_agree_with_the_full_check_after_recounting() {
    let mut random = Random::new(SEED + 2);
    for (name, traces) in sampled() {
        let judge = Judge::new(&traces);
        let judged: Vec<_> =
            forgeries(&traces, &mut random).iter().map(|forgery| (*forgery, judge.recounted(forgery))).collect();
        let mut forged = traces.clone();
        for (forgery, verdict) in sample(&judged, &mut random) {
            // Forged counts are what recounting would take back.
            if matches!(verdict, Verdict::Balance) && judge.is_count(&forgery) {
                continue;
            }
            let mut backs = vec![forgery.apply(&mut forged)];
            if let Some(counts) = judge.recount(&check_used(&forged)) {
                backs.extend(counts.into_iter().map(|count| count.apply(&mut forged)));
            }
            assert_eq!(check_used(&forged).is_empty(), !verdict.is_caught(), "{name}: {forgery:?} {verdict:?}");
            while let Some(back) = backs.pop() {
                let _ = back.apply(&mut forged);
            }
        }
        assert_eq!(check(&forged), [], "{name}");
    }
}
