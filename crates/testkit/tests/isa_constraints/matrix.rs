//! Every kind of lie about every opcode: each is told where it can be, and rejected.

use std::collections::BTreeMap;

use provasm_isa::Op;
use provasm_testkit::figure::Figure;
use rayon::prelude::*;

use crate::kind::Kind;
use crate::scene::scenes;
use crate::stage::{Lie, Stage, Verdict};
use crate::{end, instead, place, value};

pub(crate) fn is_long() -> bool {
    std::env::var_os("PROVASM_LONG").is_some_and(|value| value == "1")
}

/// What became of the lies of a kind about an opcode.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    rejected: usize,
    free: usize,
}

/// What became of the lies about an opcode, and what went wrong.
struct Account {
    op: Op,
    tallies: BTreeMap<Kind, Tally>,
    /// Lies that were accepted, or should have been.
    wrong: Vec<String>,
    /// Why some are accepted.
    reasons: Vec<&'static str>,
}

impl Account {
    fn note(&mut self, stage: &Stage, lie: &Lie) {
        let verdict = stage.verdict(&lie.told);
        let tally = self.tallies.entry(lie.kind).or_default();
        match (verdict, lie.free) {
            (Verdict::Truth, _) => {}
            (Verdict::Rejected, None) => tally.rejected += 1,
            (Verdict::Accepted, Some(reason)) => {
                tally.free += 1;
                self.reasons.push(reason);
            }
            (Verdict::Rejected | Verdict::Accepted, _) => {
                self.wrong.push(format!("{:?} {:?}: {}: {verdict:?}", self.op, lie.kind, lie.what));
            }
        }
    }
}

/// The run of one scene, told by the rows of another.
fn crossed(stages: &[Stage]) -> impl Iterator<Item = (usize, Lie)> {
    let pairs = (0..stages.len()).flat_map(|of| (0..stages.len()).map(move |by| (of, by)));
    pairs.filter_map(|(of, by)| {
        let (truth, rows) = (&stages[of].recording, &stages[by]);
        let is_alike = stages[of].scene.program.code.len() == rows.scene.program.code.len();
        let kind = if stages[of].traps() == rows.traps() { Kind::Value } else { Kind::Trap };
        let told = crate::stage::Told { recording: truth.clone(), ..rows.truth() };
        let told_of = |kind: Kind| Lie::new(kind, format!("scene {of}, told by the rows of scene {by}"), told);
        (of != by && is_alike).then(|| (by, told_of(kind)))
    })
}

fn account(op: Op) -> Account {
    let mut account = Account { op, tallies: BTreeMap::new(), wrong: Vec::new(), reasons: Vec::new() };
    let stages: Vec<Stage> = scenes(op).into_iter().map(|scene| Stage::new(op, scene)).collect();
    for (index, stage) in stages.iter().enumerate() {
        let end = end::lies(stage, index == 0);
        for lie in [place::lies(stage), value::lies(stage), instead::lies(stage), end].into_iter().flatten() {
            account.note(stage, &lie);
        }
    }
    crossed(&stages).for_each(|(by, lie)| account.note(&stages[by], &lie));
    account
}

#[test]
fn lies_of_the_executor_are_rejected() {
    let accounts: Vec<Account> = Op::ALL.par_iter().map(|&op| account(op)).collect();
    let mut kinds: BTreeMap<Kind, Tally> = BTreeMap::new();
    let mut wrong: Vec<String> = Vec::new();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for account in &accounts {
        wrong.extend(account.wrong.iter().cloned());
        account.reasons.iter().for_each(|reason| *reasons.entry(reason).or_default() += 1);
        for kind in Kind::ALL {
            let Tally { rejected, free } = account.tallies.get(&kind).copied().unwrap_or_default();
            let total = kinds.entry(kind).or_default();
            (total.rejected, total.free) = (total.rejected + rejected, total.free + free);
            // A lie of a kind is told of an opcode exactly if it can be.
            match kind.untold(account.op) {
                None if rejected == 0 => wrong.push(format!("{:?} {kind:?}: no lie", account.op)),
                Some(reason) if rejected + free > 0 => wrong.push(format!("{:?} {kind:?}: {reason}?", account.op)),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{} of them: {wrong:#?}", wrong.len());

    let rejected = kinds.values().map(|tally| tally.rejected).sum();
    let by_kind: Vec<String> =
        kinds.iter().map(|(kind, tally)| format!("{} of {kind:?}", tally.rejected).to_lowercase()).collect();
    let measured = format!("{} opcodes; {}", accounts.len(), by_kind.join(", "));
    let figure = Figure::held(4, "lies of an executor about an instruction", rejected).measured(measured);
    reasons.iter().fold(figure, |figure, (reason, count)| figure.except("hints", *count, reason)).print();
}
