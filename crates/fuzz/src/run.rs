//! Many cases on several threads, until enough were run or somebody says stop.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::case::Case;
use crate::differential::{Differential, Divergence};
use crate::minimise::{minimise, smallest_of_seed};
use crate::operators::{Operator, operators};
use crate::reference::THREAD_STACK_BYTES;
use crate::report::Tally;
use crate::smith::{self, Size};
use crate::{Sampling, numeric, structured};

/// Programs take turns: one operator, a structured program, then modules of `wasm-smith`.
const TURN: u64 = 4;
/// Findings after which a run stops by itself.
const FINDINGS_MAX: usize = 100;

/// What to run.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Seed of the first program; the others follow.
    pub seed: u64,
    /// Programs to run.
    pub programs: u64,
    /// Operand lists for each function of an operator's module.
    pub operand_lists: usize,
    /// How many calls are checked and proved.
    pub sampling: Sampling,
    /// Threads.
    pub threads: NonZeroUsize,
    /// Whether divergent cases are made smaller.
    pub minimise: bool,
}

/// A divergence and the smallest case that was found for it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The program's seed.
    pub seed: u64,
    /// The case.
    pub case: Case,
    /// How it diverges.
    pub divergence: Divergence,
}

/// Runs a plan's programs, telling each finding as it comes; `tell` is also called with the counts
/// now and then.
pub fn run(plan: &Plan, stop: &AtomicBool, tell: &(dyn Fn(&Tally, Option<&Finding>) + Sync)) -> (Tally, Vec<Finding>) {
    let next = AtomicU64::new(0);
    let done = Mutex::new((Tally::default(), Vec::new()));
    let operators = operators();
    let worker = || {
        let differential = Differential::new(plan.sampling);
        while !stop.load(Ordering::Relaxed) {
            let program = next.fetch_add(1, Ordering::Relaxed);
            if program >= plan.programs {
                break;
            }
            let mut tally = Tally::default();
            let finding = one(&differential, plan, plan.seed.wrapping_add(program), &operators, &mut tally);
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.0.add(&tally);
            tell(&done.0, finding.as_ref());
            done.1.extend(finding);
            if done.1.len() >= FINDINGS_MAX {
                stop.store(true, Ordering::Relaxed);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..plan.threads.get() {
            let thread = thread::Builder::new().stack_size(THREAD_STACK_BYTES);
            thread.spawn_scoped(scope, worker).expect("a thread");
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Runs the program of a seed.
fn one(
    differential: &Differential,
    plan: &Plan,
    seed: u64,
    operators: &[Operator],
    tally: &mut Tally,
) -> Option<Finding> {
    let case = match seed % TURN {
        0 => Ok(numeric::case(&operators[(seed / TURN) as usize % operators.len()], seed, plan.operand_lists)),
        1 => Ok(structured::case(seed)),
        _ => smith::case(seed, Size::FULL),
    };
    let Ok(case) = case else {
        tally.empty += 1;
        return None;
    };
    let divergence = differential.run(&case, tally).err()?;
    if !plan.minimise {
        return Some(Finding { seed, case, divergence });
    }
    let case = if seed % TURN < 2 { case } else { smallest_of_seed(differential, seed, case, &divergence) };
    let (case, divergence) = minimise(differential, case, divergence);
    Some(Finding { seed, case, divergence })
}
