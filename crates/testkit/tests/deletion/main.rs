//! Constraint deletion: every constraint, interaction and pin of every table is deleted in turn.
//!
//! A deletion is killed if honest tables no longer balance, so that every test of honest runs fails; if a run would be
//! accepted as one of another program; if a claim that differs from the tables would be accepted; or if a lie is found
//! that the deleted thing alone objects to, so that this test fails, as does the sweep of cells if the lie is one cell.
//! What is not killed is in [`lists::JUSTIFIED`], with the reason why nothing false is accepted without it.
//!
//! Lies are found by the searches of [`Liar`], or made by hand: about the runs that are searched too, in the files that
//! [`made`] calls, and about runs of their own, in [`system`].
//!
//! The widest tables are searched through with `PROVASM_LONG=1` only; lies made by hand kill what has to be killed
//! there. With `PROVASM_TABLES=Div,Io` only the things of these tables are deleted. In both cases what became of each
//! is printed.

mod alu;
mod bitcount;
mod blake3;
mod calls;
mod canonical;
mod claim;
mod compare;
mod copies;
mod division;
mod forged;
mod growth;
mod keccak;
mod last_round;
mod lists;
mod manifest;
mod memory;
mod modmul;
mod permutation;
mod runs;
mod sha256;
mod sha256_row;
mod system;
mod window;

use lists::{Entry, JUSTIFIED};
use provasm_air::bus;
use provasm_execute::Limits;
use provasm_testkit::corpus::corpus;
use provasm_testkit::delete::{Deletion, Effort, Honest, Killed, Kills, Liar, Survey, Thing};
use provasm_testkit::figure::Figure;
use provasm_testkit::is_long;
use provasm_testkit::tables::traces_of;
use provasm_trace::Traces;

/// The runs that are lied about: those with free operands first, as most lies are about them.
fn runs() -> Vec<(String, Traces)> {
    let mut all = runs::runs();
    for case in corpus() {
        let (_, traces) = traces_of(&case, Limits::default()).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        all.push((case.name, traces));
    }
    all.extend(runs::segments());
    all
}

/// Ways to look for lies.
const WAYS: usize = 5;

/// Columns of a table that is searched through without `PROVASM_LONG`.
const SEARCHED_COLUMNS_MAX: usize = 400;

/// Looks for lies about a run in one of the ways, the cheapest of which is number 0.
fn look(survey: &mut Survey, way: usize, name: &str, honest: &Honest<'_>) {
    let effort = Effort { rows: 3, rows_in_all: 6, width: 150, budget: 30 };
    let width = if is_long() { usize::MAX } else { SEARCHED_COLUMNS_MAX };
    match way {
        0 => survey.lie(
            name,
            honest,
            Effort { rows: 6, rows_in_all: 24, width, budget: 0 },
            |liar, deletion, place, random, kills| {
                liar.change_cells(deletion, place, random, kills);
            },
        ),
        1 => survey.lie(name, honest, Effort { width: usize::MAX, ..effort }, |liar, deletion, place, _, kills| {
            liar.access_before(deletion, place, kills);
        }),
        2 => survey.lie(name, honest, Effort { width, ..effort }, |liar, deletion, place, _, kills| {
            liar.split_and_repair(deletion, place, kills);
        }),
        3 => survey.lie(name, honest, effort, |liar, deletion, place, random, kills| {
            liar.change_and_repair(deletion, place, random, kills);
        }),
        _ => survey.lie(name, honest, effort, |liar, deletion, place, _, kills| {
            liar.exchange_and_repair(deletion, place, kills);
        }),
    }
}

/// The lies made by hand about a run that is searched too.
fn made(survey: &mut Survey, name: &str, honest: &Honest<'_>) {
    let mut kills = Kills::new();
    let liar = Liar { honest, shapes: &survey.shapes, budget: 60 };
    match name {
        "free pure" => {
            permutation::nodes(&liar, &mut kills);
            alu::lies(&liar, &mut kills);
            bitcount::bits(&liar, &mut kills);
            bitcount::instead(&liar, &mut kills);
            compare::lies(&liar, &mut kills);
            division::lies(&liar, &mut kills);
        }
        "free poseidon2" => {
            permutation::calls(&liar, &mut kills);
            permutation::halves(&liar, &mut kills);
            canonical::integers(&liar, &mut kills);
        }
        "free modmul" => {
            modmul::products(&liar, &mut kills);
            modmul::rests(&liar, &mut kills);
        }
        "free blake3" => blake3::last_rounds(&liar, &mut kills),
        "free memory" => {
            claim::pages_elsewhere(&liar, &mut kills);
            memory::lies(&liar, &mut kills);
        }
        "free control" => growth::beyond(&liar, &mut kills),
        "free copies" => {
            copies::lies(&liar, &mut kills);
            calls::elsewhere(&liar, &mut kills);
            calls::beyond_the_table(&liar, &mut kills);
        }
        "grow" => growth::older(&liar, &mut kills),
        "free keccak" => keccak::rounds(&liar, &mut kills),
        "free sha256" => sha256::rounds(&liar, &mut kills),
        "values" => claim::values_elsewhere(&liar, &mut kills),
        "trap unreachable" => claim::another_end(&liar, &mut kills),
        _ if name.starts_with("segment") => claim::segment_twice(&liar, &mut kills),
        _ => {}
    }
    for (deletion, lie) in kills {
        survey.kill(deletion, Killed::Lie(name.to_owned(), honest.describe(&lie)));
    }
}

/// What was deleted, of one kind.
struct Kind {
    what: &'static str,
    is_it: fn(&Survey, &Deletion) -> bool,
}

fn is_check(survey: &Survey, deletion: &Deletion) -> bool {
    let Thing::Interaction(i) = deletion.thing else { return false };
    let (of, _) = survey.shapes[&deletion.table].interactions[i];
    [bus::RANGE, bus::BYTES, bus::AND].contains(&bus::ALL[of].0)
}

const KINDS: [Kind; 4] = [
    Kind { what: "constraints deleted", is_it: |_, deletion| matches!(deletion.thing, Thing::Constraint(_)) },
    Kind { what: "range checks deleted", is_it: is_check },
    Kind {
        what: "interactions deleted",
        is_it: |survey, deletion| matches!(deletion.thing, Thing::Interaction(_)) && !is_check(survey, deletion),
    },
    Kind { what: "pins of the claim deleted", is_it: |_, deletion| matches!(deletion.thing, Thing::Pin(_)) },
];

/// The entry that lists a deletion.
fn entry(survey: &Survey, deletion: &Deletion) -> Option<&'static Entry> {
    let label = deletion.label(&survey.shapes[&deletion.table]);
    JUSTIFIED.iter().find(|entry| entry.holds(deletion.table.name(), &label))
}

fn print(survey: &Survey, kind: &Kind) {
    let of_kind = || survey.deletions.iter().filter(|(deletion, _)| (kind.is_it)(survey, deletion));
    let killed = of_kind().filter(|(_, killed)| killed.is_some()).count();
    let by = |is: fn(&Killed) -> bool| of_kind().filter(|(_, killed)| killed.as_ref().is_some_and(is)).count();
    let measured = format!(
        "{} leave honest tables unbalanced, {} accept a run of another program, {} a false claim, {} a lie",
        by(|killed| *killed == Killed::Honest),
        by(|killed| *killed == Killed::Program),
        by(|killed| *killed == Killed::Claim),
        by(|killed| matches!(killed, Killed::Lie(..))),
    );
    let mut figure = Figure::held(3, kind.what, killed).measured(measured);
    for entry_of in JUSTIFIED.iter() {
        let is_it = |deletion: &Deletion| entry(survey, deletion).is_some_and(|entry| std::ptr::eq(entry, entry_of));
        let count = of_kind().filter(|(deletion, killed)| killed.is_none() && is_it(deletion)).count();
        if count > 0 {
            let what = format!("{}: {}", entry_of.tables.join(", "), entry_of.things.join("; "));
            figure = figure.except(&what, count, entry_of.reason);
        }
    }
    figure.print();
}

#[test]
fn every_deletion_is_killed() {
    let only = std::env::var("PROVASM_TABLES").unwrap_or_default();
    let only = only.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let mut survey = Survey { only, ..Survey::default() };
    let all = runs();
    system::tell(&mut survey);
    for way in 0..WAYS {
        survey.tried.clear();
        for (name, traces) in &all {
            let honest = Honest::new(traces);
            if way == 0 {
                survey.meet(&honest);
                made(&mut survey, name, &honest);
            }
            if traces.tables.iter().any(|trace| survey.is_of(trace.table.id.name())) {
                look(&mut survey, way, name, &honest);
            }
        }
    }
    for deletion in claim::pins_that_object(&all[0].1) {
        survey.kill(deletion, Killed::Claim);
    }
    for deletion in claim::taken_twice() {
        survey.kill(deletion, Killed::Lie("an argument taken twice".to_owned(), String::new()));
    }
    if is_long() || !survey.only.is_empty() {
        for (deletion, killed) in &survey.deletions {
            let label = deletion.label(&survey.shapes[&deletion.table]);
            println!("{}: {label}: {killed:?}", deletion.table.name());
        }
    }
    let unlisted: Vec<String> = survey
        .left()
        .filter(|deletion| entry(&survey, deletion).is_none())
        .map(|deletion| format!("{}: {}", deletion.table.name(), deletion.label(&survey.shapes[&deletion.table])))
        .collect();
    assert!(unlisted.is_empty(), "{} are neither killed nor listed: {unlisted:#?}", unlisted.len());
    let needed: Vec<&Entry> = survey.left().filter_map(|deletion| entry(&survey, &deletion)).collect();
    for entry in JUSTIFIED.iter() {
        let is_tried = entry.tables.iter().all(|table| survey.is_of(table));
        let is_needed = needed.iter().any(|needed| std::ptr::eq(*needed, entry));
        assert!(is_needed || !is_tried, "killed after all: {:?} {:?}", entry.tables, entry.things);
    }
    if survey.only.is_empty() {
        KINDS.iter().for_each(|kind| print(&survey, kind));
    }
}
