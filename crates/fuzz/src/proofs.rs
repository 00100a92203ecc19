//! Checking and proving a sample of the calls.

use std::hash::{DefaultHasher, Hash, Hasher};

use provasm::{Claim, Error, Inputs, Limits, Program, ProveOptions, RunOutcome, check_traces, claimed, verify};
use provasm_testkit::Random;

use crate::case::Call;
use crate::report::Tally;

/// Instructions a checked or proved call may take.
const INSTRUCTIONS_MAX: u64 = 60_000;

/// Instructions of a segment of a proved call.
const PROVED_SEGMENT: u64 = 20_001;

/// Instructions before the cut of a checked call, at most.
const CUT_MAX: u64 = 1_000;

/// Where a checked call is cut in two, if it is that long; the call alone decides.
fn cut_of(call: &Call) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&call.function, &call.args).hash(&mut hasher);
    1 + hasher.finish() % CUT_MAX
}

/// How many calls are checked and proved: one in so many, none for 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sampling {
    /// Calls for one that is checked.
    pub check_every: usize,
    /// Calls for one that is proved.
    pub prove_every: usize,
}

/// What is done with a call beside running it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sample {
    pub(crate) check: bool,
    pub(crate) prove: bool,
}

impl Sampling {
    /// The generator that picks calls of a case; the case alone decides.
    pub(crate) fn of_case(wasm: &[u8]) -> Random {
        let mut hasher = DefaultHasher::new();
        wasm.hash(&mut hasher);
        Random::new(hasher.finish())
    }

    /// What to do with the next call.
    pub(crate) fn next(self, random: &mut Random) -> Sample {
        let mut is_picked = |every| every > 0 && random.below(every) == 0;
        Sample { check: is_picked(self.check_every), prove: is_picked(self.prove_every) }
    }
}

impl Sample {
    pub(crate) fn is_none(self) -> bool {
        !self.check && !self.prove
    }

    /// Checks and proves a call of a program in its initial state, which ended like this.
    ///
    /// # Errors
    /// What does not hold, in words.
    pub(crate) fn take(
        self,
        program: &Program,
        call: &Call,
        outcome: &RunOutcome,
        tally: &mut Tally,
    ) -> Result<(), String> {
        let limits = Limits { instructions_max: INSTRUCTIONS_MAX, ..Limits::default() };
        if self.check {
            let mut violations = Vec::new();
            let cut = cut_of(call);
            let run = program.segments(
                &call.function,
                &call.args,
                Inputs::default(),
                limits,
                |index| (index == 0).then_some(cut),
                |traces| {
                    violations.extend(check_traces(&traces));
                    Ok(())
                },
            );
            match run {
                Ok(run) => {
                    if *outcome != run.outcome {
                        return Err(format!("checking it ends differently: {:x?}", run.outcome));
                    }
                    if let Some(violation) = violations.first() {
                        let count = violations.len();
                        return Err(format!(
                            "cut after {cut} instructions, {count} violations, the first: {violation}"
                        ));
                    }
                    tally.checked += 1;
                }
                Err(Error::Execute(_)) => tally.too_long += 1,
                Err(error) => return Err(format!("checking: {error}")),
            }
        }
        if self.prove {
            let options = ProveOptions { limits, cut_every: Some(PROVED_SEGMENT), ..ProveOptions::default() };
            match program.prove_with(&call.function, &call.args, &options) {
                Ok(proven) => {
                    let verified =
                        verify(&proven.proof, &program.id()).map_err(|error| format!("verifying: {error}"))?;
                    let expected = Claim::new(&call.function, &call.args, &[], &[], claimed(outcome));
                    if verified.claim != expected {
                        return Err(format!("the proof claims something else: {:x?}", verified.claim));
                    }
                    tally.proved += 1;
                }
                Err(Error::Execute(_)) => tally.too_long += 1,
                Err(error) => return Err(format!("proving: {error}")),
            }
        }
        Ok(())
    }
}
