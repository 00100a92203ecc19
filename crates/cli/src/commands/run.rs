//! `provasm run`.

use std::time::Instant;

use provasm::{Limits, RunOutcome};

use crate::args::Invocation;
use crate::commands::Call;
use crate::failure::Failure;
use crate::report::Report;

/// Runs a function. A trap is a failed run.
pub(crate) fn run(invocation: &Invocation) -> Result<(), Failure> {
    let Call { program, entry, args } = Call::new(invocation)?;
    let start = Instant::now();
    let run = program.run(&entry.name, &args, Limits::default())?;
    let execute_seconds = Some(start.elapsed().as_secs_f64());
    Report { execute_seconds, ..Report::of_run(&run, &entry.results) }.print(invocation.json)?;
    match run.outcome {
        RunOutcome::Trapped(trap) => Err(Failure::failed(format!("the run trapped: {trap}"))),
        RunOutcome::Exited(code) if code != 0 => Err(Failure::failed(format!("the program exited with code {code}"))),
        RunOutcome::Exited(_) | RunOutcome::Returned(_) => Ok(()),
    }
}
