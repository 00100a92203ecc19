//! `provasm run`.

use std::time::Instant;

use provasm::{Limits, RunOutcome};

use crate::args::Invocation;
use crate::commands::Call;
use crate::failure::Failure;
use crate::inputs::{show_log, write_bytes};
use crate::report::{Output, Report};

/// Runs a function. A trap is a failed run, and so is an exit code that is not zero.
pub(crate) fn run(invocation: &Invocation) -> Result<(), Failure> {
    let Call { program, entry, args, given } = Call::new(invocation)?;
    let start = Instant::now();
    let limits = Limits { log: Some(show_log), ..Limits::default() };
    let run = program.run_with(&entry.name, &args, given.inputs(), limits)?;
    let execute_seconds = Some(start.elapsed().as_secs_f64());
    let report = Report { execute_seconds, ..Report::of_run(&run, &entry.results) };
    report.with_output(Output::written(&run.output), invocation.output.as_deref()).print(invocation.json)?;
    invocation.output.iter().try_for_each(|path| write_bytes(path, &run.output))?;
    match run.outcome {
        RunOutcome::Trapped(trap) => Err(Failure::failed(format!("the run trapped: {trap}"))),
        RunOutcome::Exited(code) if code != 0 => Err(Failure::failed(format!("the program exited with code {code}"))),
        RunOutcome::Exited(_) | RunOutcome::Returned(_) => Ok(()),
    }
}
