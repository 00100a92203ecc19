//! Every kind of lie about every opcode: each is told where it can be, and rejected.

use std::collections::{BTreeMap, BTreeSet};

use provasm_execute::Outcome;
use provasm_isa::Op;
use provasm_testkit::figure::Figure;
use provasm_testkit::is_long;
use rayon::prelude::*;

use crate::kind::Kind;
use crate::scene::scenes;
use crate::stage::{Lie, Stage, Told, Verdict};
use crate::{end, instead, place, value};

/// About how many lies of a kind the quick tier tells of a scene; of other opcodes, other ones.
const FEW: usize = 3;

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
    /// Tells a lie; whether it is one.
    fn note(&mut self, stage: &Stage, lie: Lie<'_>) -> bool {
        let Some(told) = (lie.tell)() else { return false };
        let verdict = stage.verdict(&told);
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
        verdict != Verdict::Truth
    }

    /// Tells the lies of a kind about a scene: in the quick tier a few, and more until one of them is a lie.
    fn note_some(&mut self, stage: &Stage, lies: Vec<Lie<'_>>) {
        let step = if is_long() { 1 } else { lies.len().div_ceil(FEW).max(1) };
        let is_chosen = |index: usize| index % step == stage.op as usize % step;
        let (mut chosen, mut spare) = (Vec::new(), Vec::new());
        for (index, lie) in lies.into_iter().enumerate() {
            if is_chosen(index) { chosen.push(lie) } else { spare.push(lie) }
        }
        let told = chosen.into_iter().map(|lie| self.note(stage, lie)).filter(|is_lie| *is_lie).count();
        if told == 0 {
            spare.into_iter().any(|lie| self.note(stage, lie));
        }
    }
}

/// The run of one scene, told by the rows of another.
fn crossed(stages: &[Stage]) -> impl Iterator<Item = (usize, Lie<'_>)> {
    let pairs = (0..stages.len()).flat_map(|of| (0..stages.len()).map(move |by| (of, by)));
    pairs.filter_map(|(of, by)| {
        let (truth, rows) = (&stages[of].recording, &stages[by]);
        let is_alike = stages[of].scene.program.code.len() == rows.scene.program.code.len();
        let ends = |stage: &Stage| stage.recording.outcome.as_ref().map(Outcome::code);
        let kind = if ends(&stages[of]) == ends(rows) { Kind::Value } else { Kind::Trap };
        let told = Told { recording: truth.clone(), ..rows.truth() };
        let mut lie = Lie::new(kind, format!("scene {of}, told by the rows of scene {by}"), told);
        lie.free = rows.hinted(stages[of].instr(), rows.instr());
        (of != by && is_alike).then_some((by, lie))
    })
}

/// All lies about a scene, by their kind.
fn lies(stage: &Stage) -> BTreeMap<Kind, Vec<Lie<'_>>> {
    let mut kinds: BTreeMap<Kind, Vec<Lie<'_>>> = BTreeMap::new();
    for lie in [place::lies(stage), value::lies(stage), instead::lies(stage), end::lies(stage)].into_iter().flatten() {
        kinds.entry(lie.kind).or_default().push(lie);
    }
    kinds
}

fn account(op: Op) -> Account {
    let mut account = Account { op, tallies: BTreeMap::new(), wrong: Vec::new(), reasons: Vec::new() };
    let stages: Vec<Stage> = scenes(op).into_iter().map(|scene| Stage::new(op, scene)).collect();
    // In the quick tier the first scene, and the first that traps.
    let mut seen = BTreeSet::new();
    for stage in stages.iter().filter(|stage| seen.insert(stage.traps()) || is_long()) {
        lies(stage).into_values().for_each(|lies| account.note_some(stage, lies));
    }
    crossed(&stages).for_each(|(by, lie)| _ = account.note(&stages[by], lie));
    account
}

#[test]
fn lies_of_the_executor_are_rejected() {
    // A lie executed anew allocates all registers and their shadows.
    provasm::memory::keep_freed_memory();
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
    reasons.iter().fold(figure, |figure, (reason, count)| figure.except("values of hints", *count, reason)).print();
}
