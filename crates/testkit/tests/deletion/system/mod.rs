//! Lies about calls, traps, cells by index, the ends of a run, and what is born when: each about a run made for it.

mod calls;
mod elements;
mod ends;
mod pages;
mod tale;
mod traps;

use provasm_testkit::delete::{Honest, Killed, Kills, Liar, Survey};
use provasm_testkit::tables::tables_of;
use provasm_trace::Traces;

use crate::runs::{Run, add_empty, filled};

/// A run, and the lies about it.
struct Story {
    name: &'static str,
    run: fn() -> Run,
    args: &'static [u64],
    tell: fn(&Liar<'_, '_>, &mut Kills),
}

const STORIES: [Story; 13] = [
    Story { name: "an end", run: ends::run, args: &[3, 4], tell: ends::tell },
    Story { name: "a call through a table", run: calls::through, args: &[], tell: calls::tell_through },
    Story { name: "a tail call", run: calls::tail, args: &[], tell: calls::tell_tail },
    Story { name: "a tail call of no element", run: calls::undefined, args: &[], tell: calls::tell_undefined },
    Story { name: "calls without end", run: calls::endless, args: &[], tell: calls::tell_endless },
    Story { name: "a null element", run: elements::null, args: &[], tell: elements::tell_null },
    Story { name: "an exhausted stack", run: elements::exhausted, args: &[], tell: elements::tell_exhausted },
    Story { name: "a remainder", run: traps::remainder, args: &[], tell: traps::tell_remainder },
    Story { name: "a load", run: traps::load, args: &[], tell: traps::tell_load },
    Story { name: "a growth", run: traps::growth, args: &[], tell: traps::tell_growth },
    Story { name: "a page that is born", run: pages::born, args: &[], tell: pages::tell_born },
    Story { name: "cells by index", run: pages::by_index, args: &[], tell: pages::tell_by_index },
    Story { name: "a host cell", run: pages::host, args: &[], tell: pages::tell_host },
];

/// The tables of a run, with those of its program that have no rows.
fn traces(run: Run, args: &[u64]) -> Traces {
    let program = run.assembly.finish();
    let mut traces = filled(&program, "main", args, &run.private);
    for table in tables_of(&program) {
        if table.fixed.is_none() {
            add_empty(&mut traces, table.id);
        }
    }
    traces
}

/// Tells all of them.
pub(crate) fn tell(survey: &mut Survey) {
    for story in &STORIES {
        let traces = traces((story.run)(), story.args);
        let honest = Honest::new(&traces);
        survey.meet(&honest);
        let mut kills = Kills::new();
        (story.tell)(&Liar { honest: &honest, shapes: &survey.shapes, budget: 0 }, &mut kills);
        for (deletion, lie) in kills {
            survey.kill(deletion, Killed::Lie(story.name.to_owned(), honest.describe(&lie)));
        }
    }
}
