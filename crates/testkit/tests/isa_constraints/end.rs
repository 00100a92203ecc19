//! Lies about how it ends: traps, and what the outside gives or is given.

use provasm_execute::Outcome;
use provasm_isa::{Chip, Family, Instr, Op, Trap};

use crate::instead::instead;
use crate::kind::Kind;
use crate::scene::{ARGUMENT, PUBLIC};
use crate::stage::{Lie, Stage, Told, run};

/// The chips of traps.
const TRAPS: [Chip; 5] = [Chip::Trap, Chip::DivTrap, Chip::MemoryTrap, Chip::CallTrap, Chip::IndirectTrap];

pub(crate) fn lies(stage: &Stage) -> Vec<Lie<'_>> {
    let mut lies = if stage.traps() { traps_not(stage) } else { traps(stage) };
    lies.extend(host(stage));
    lies
}

/// What is told of a run that did not trap: it trapped, by a `trap` that is there instead, or by the family's own trap.
fn traps(stage: &Stage) -> Vec<Lie<'_>> {
    let mut lies = Vec::new();
    for &trap in Trap::ALL {
        let instr = Instr::new(Op::Trap, 0, 0, 0, trap.code().into());
        lies.extend(instead(stage, [Kind::Trap; 2], &format!("a trap: {trap}"), instr));
        let mut told = stage.truth();
        told.recording.outcome = Some(Outcome::Trapped(trap));
        lies.push(Lie::new(Kind::Trap, format!("it is said to end in a trap: {trap}"), told));
        for chip in stage.op.family().chips().iter().filter(|chip| TRAPS.contains(chip)) {
            let mut told = ended(stage, Outcome::Trapped(trap));
            told.step(stage.site).out = trap.code().into();
            moved(stage, &mut told, *chip);
            lies.push(Lie::new(Kind::Trap, format!("it traps: {trap}"), told));
        }
    }
    lies
}

/// A run that ends with the instruction.
fn ended(stage: &Stage, outcome: Outcome) -> Told {
    let mut told = stage.truth();
    let clock = stage.step().clock;
    told.recording.outcome = Some(outcome);
    told.recording.steps.iter_mut().for_each(|steps| steps.retain(|step| step.clock <= clock));
    told
}

/// Puts the instruction's step, which is its chip's last, into another chip's table.
fn moved(stage: &Stage, told: &mut Told, chip: Chip) {
    let step = told.recording.steps[stage.site.0].remove(stage.site.1);
    told.recording.steps[chip as usize].push(step);
}

/// What is told of a run that trapped: it trapped otherwise, it returned, it was no trap.
fn traps_not(stage: &Stage) -> Vec<Lie<'_>> {
    let Some(Outcome::Trapped(truth)) = stage.recording.outcome else { return Vec::new() };
    let mut lies = Vec::new();
    let others = Trap::ALL.iter().filter(|trap| **trap != truth).map(|&trap| Outcome::Trapped(trap));
    for outcome in others.chain([Outcome::Returned(vec![]), Outcome::Exited(0), Outcome::Exited(truth.code().into())]) {
        let mut told = stage.truth();
        told.recording.outcome = Some(outcome.clone());
        lies.push(Lie::new(Kind::Trap, format!("said to end as {outcome:?}"), told.clone()));
        told.step(stage.site).out = outcome.code().into();
        lies.push(Lie::new(Kind::Trap, format!("said to end as {outcome:?}, by its row too"), told));
    }
    for &chip in stage.op.family().chips().iter().filter(|chip| !TRAPS.contains(chip)) {
        let mut told = stage.truth();
        told.recording.outcome = Some(Outcome::Returned(vec![]));
        told.step(stage.site).out = 0;
        moved(stage, &mut told, chip);
        lies.push(Lie::new(Kind::Trap, format!("a row of {}", chip.name()), told));
    }
    lies
}

/// What the outside gave, or was given.
fn host(stage: &Stage) -> Vec<Lie<'_>> {
    let mut lies = Vec::new();
    let mut tell = |what: String, told: Told| lies.push(Lie::new(Kind::Host, what, told));
    let code = &stage.scene.program;
    match stage.op.family() {
        Family::Static if stage.op == Op::HostGet => {
            for at in 0..PUBLIC.len() {
                let mut other = PUBLIC.to_vec();
                other[at] ^= 1;
                let recording = run(code, ARGUMENT, &other).expect("it runs");
                tell(format!("byte {at} of the input is another"), Told { recording, ..stage.truth() });
            }
            let recording = run(code, ARGUMENT, &PUBLIC[1..]).expect("it runs");
            tell("the input is shorter".to_owned(), Told { recording, ..stage.truth() });
        }
        Family::Io => {
            for bits in [1, 1 << 31, 1 << 32, 1 << 63] {
                if stage.op == Op::Arg {
                    let recording = run(code, ARGUMENT ^ bits, PUBLIC).expect("it runs");
                    tell(format!("the argument is {bits:x} else"), Told { recording, ..stage.truth() });
                    let mut told = stage.truth();
                    told.recording.args[0] ^= bits;
                    tell(format!("the argument is claimed as {bits:x} else"), told);
                } else if stage.op != Op::Halt {
                    let mut told = stage.truth();
                    told.step(stage.site).out ^= bits;
                    tell(format!("{bits:x} else is given"), told);
                }
            }
            for outcome in outcomes(stage.recording.outcome.as_ref()) {
                let mut told = stage.truth();
                told.recording.outcome = Some(outcome.clone());
                tell(format!("said to end as {outcome:?}"), told);
            }
        }
        Family::MemoryGrow => {
            for by in [1, 2, u32::MAX] {
                let mut told = stage.truth();
                for grow in &mut told.recording.grows {
                    grow.to = grow.to.wrapping_add(by);
                }
                tell(format!("the memory has {by} pages more"), told.clone());
                told.step(stage.site).out = u64::from(u32::MAX) ^ stage.step().out;
                *told.left_at(stage.accesses[2].address, stage.accesses[2].now) ^= u64::from(by);
                tell(format!("the size before is {by} else"), told);
            }
            let mut told = stage.truth();
            told.recording.grows.clear();
            *told.left_at(stage.accesses[1].address, stage.accesses[1].now) = 3;
            tell("the size after is another".to_owned(), told);
        }
        Family::Hint => {
            let access = stage.accesses[0];
            let mut told = stage.truth();
            *told.left_at(access.address, access.now) ^= 1;
            tell("another value than the hint's".to_owned(), told.clone());
            told.step(stage.site).out ^= 1 << 63;
            tell("two others than the hint's".to_owned(), told);
        }
        _ => {}
    }
    lies
}

/// Every way to end but the true one.
fn outcomes(truth: Option<&Outcome>) -> Vec<Outcome> {
    let mut outcomes = vec![Outcome::Returned(vec![]), Outcome::Returned(vec![0])];
    outcomes.extend(Trap::ALL.iter().map(|&trap| Outcome::Trapped(trap)));
    let code = truth.map_or(0, Outcome::exit_code);
    outcomes.extend([code, code ^ 1, code ^ 0x1_0000, !code].map(Outcome::Exited));
    outcomes.retain(|outcome| {
        let ends = |outcome: &Outcome| (outcome.code(), outcome.exit_code());
        truth.map(ends) != Some(ends(outcome))
    });
    outcomes
}
