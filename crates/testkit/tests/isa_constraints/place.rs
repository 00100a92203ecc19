//! Lies about where and when: an instruction's pc, its frame, what follows it, its clock and those of its cells.

use provasm_execute::Position;
use provasm_isa::layout::{CLOCK_GAP_MAX, CLOCK_STEP};

use crate::kind::Kind;
use crate::stage::{Lie, Stage, Told};

pub(crate) fn lies(stage: &Stage) -> Vec<Lie<'_>> {
    [pc(stage), next(stage), clock(stage), previous(stage)].into_iter().flatten().collect()
}

fn pc(stage: &Stage) -> Vec<Lie<'_>> {
    let (pc, instr) = (stage.scene.pc, stage.instr());
    let twin = pc + 3;
    let beyond = stage.scene.program.code.len() as u32;
    let tell = |what: &str, at: u32, is_put: bool| {
        let mut told = stage.truth();
        told.step(stage.site).pc = at;
        if is_put {
            told.put(at, instr);
        }
        Lie::new(Kind::Pc, what, told)
    };
    let mut lies = vec![
        tell("at the place of another", pc + 1, false),
        tell("at the place of the first", 0, false),
        tell("at its twin", twin, false),
        tell("before its place", pc - 1, true),
        tell("beyond the code", beyond, true),
        tell("far beyond the code", beyond + (1 << 16), true),
    ];
    // Execution goes on behind the twin, as it does here.
    let mut told = stage.truth();
    told.step(stage.site).pc = twin;
    if let Some(next) = stage.next().filter(|next| told.step(*next).pc == pc + 1) {
        told.step(next).pc = twin + 1;
        lies.push(Lie::new(Kind::Pc, "at its twin, and on from there", told));
    }
    lies
}

fn next(stage: &Stage) -> Vec<Lie<'_>> {
    let pc = stage.scene.pc;
    let Some(next) = stage.next() else {
        let mut told = stage.truth();
        let fp = stage.step().fp;
        (told.recording.outcome, told.recording.end) = (None, Position { pc: pc + 1, fp });
        return vec![Lie::new(Kind::Next, "the run goes on", told)];
    };
    let code = &stage.scene.program.code;
    let step = stage.recording.steps[next.0][next.1];
    let is_executed = |pc: u32| stage.recording.steps.iter().flatten().any(|step| step.pc == pc);
    let mut lies = Vec::new();
    for at in [pc - 1, pc, pc + 1, pc + 2, pc + 3, pc + 4, step.pc - 1, step.pc + 1, 0, code.len() as u32] {
        if at == step.pc {
            continue;
        }
        let mut told = stage.truth();
        told.step(next).pc = at;
        told.step(stage.site).out = at.into();
        // There is the same instruction, or the forger says so.
        if !is_executed(at) {
            told.put(at, code[step.pc as usize]);
        }
        lies.push(Lie::new(Kind::Next, format!("on at {at} instead of {}", step.pc), told));
    }
    for fp in [0, step.fp ^ 1, step.fp + 16] {
        let mut told = stage.truth();
        let later = told.recording.steps.iter_mut().flatten().filter(|later| later.clock >= step.clock);
        later.for_each(|later| later.fp = fp);
        lies.push(Lie::new(Kind::Next, format!("in the frame at {fp} instead of {}", step.fp), told));
    }
    lies
}

fn clock(stage: &Stage) -> Vec<Lie<'_>> {
    let clock = stage.step().clock;
    let end = stage.recording.end_clock;
    let mut lies = Vec::new();
    for (what, other) in [
        ("at no clock", 0),
        ("a tick earlier", clock - 1),
        ("a tick later", clock + 1),
        ("at the clock of the one before", clock - CLOCK_STEP),
        ("at the clock of the one after", clock + CLOCK_STEP),
        ("behind the end", end + CLOCK_STEP),
        ("before the beginning", 0u32.wrapping_sub(CLOCK_STEP)),
    ] {
        let mut told = stage.truth();
        told.step(stage.site).clock = other;
        lies.push(Lie::new(Kind::Clock, what, told));
    }
    // Everything from the instruction on, with all clocks of all cells.
    for by in [1, CLOCK_STEP, 0u32.wrapping_sub(CLOCK_STEP), 1 << 12] {
        let mut told = stage.truth();
        told.clocks(|at| *at = if *at >= clock { at.wrapping_add(by) } else { *at });
        lies.push(Lie::new(Kind::Clock, format!("with all that follows, {} later", by as i32), told));
    }
    lies
}

/// Sets the clock of the access before one of the instruction's.
fn set_previous(stage: &Stage, told: &mut Told, access: usize, previous: u32) {
    let now = stage.accesses[access].now;
    if stage.op.window() > 0 {
        told.recording.windows[stage.site.0][access].previous = previous;
    } else {
        let step = told.step(stage.site);
        step.previous[(now - step.clock) as usize] = previous;
    }
}

/// An access at or before the one before it; alone, and with who gives the cell in agreement.
fn previous(stage: &Stage) -> Vec<Lie<'_>> {
    let mut lies = Vec::new();
    for (index, access) in stage.accesses.iter().enumerate() {
        let now = access.now;
        for previous in [0, 1, access.previous - 1, access.previous + 1, now, now + 1, now + 4, now + CLOCK_GAP_MAX] {
            if previous == access.previous {
                continue;
            }
            let mut told = stage.truth();
            set_previous(stage, &mut told, index, previous);
            lies.push(Lie::new(Kind::Clock, format!("cell {index} accessed at {previous} before {now}"), told.clone()));
            // Whoever gives the cell is as late: a step whose access that is, or the state tree, whose cells come when
            // they are needed. The tree may say any clock that is not too late.
            if previous < now {
                continue;
            }
            told.clocks(|clock| {
                if *clock == access.previous {
                    *clock = previous;
                }
            });
            lies.push(Lie::new(Kind::Clock, format!("cell {index} given at {previous} for {now}"), told));
        }
    }
    lies
}
