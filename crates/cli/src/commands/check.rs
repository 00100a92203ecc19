//! `provasm check`.

use provasm::Limits;

use crate::args::Invocation;
use crate::commands::Call;
use crate::failure::Failure;
use crate::inputs::{show_log, write_bytes};
use crate::limits;
use crate::report::{Output, Report, grouped};

/// Violations printed at most.
const PRINTED_MAX: usize = 20;

/// Runs a function and evaluates every constraint and every bus on its tables.
pub(crate) fn check(invocation: &Invocation) -> Result<(), Failure> {
    let Call { program, entry, args, given } = Call::new(invocation)?;
    let limits = Limits { log: Some(show_log), ..limits::checked() };
    let found = program.check_with(&entry.name, &args, given.inputs(), limits)?;
    let total = found.violations.len();
    let report =
        Report { violations: Some(total), ..Report::of_run(&found.run, &entry.results).with_cost(&found.cost) };
    let output = Output::written(&found.run.output);
    report.with_output(output, invocation.output.as_deref()).print(invocation.json)?;
    invocation.output.iter().try_for_each(|path| write_bytes(path, &found.run.output))?;
    if total == 0 {
        return Ok(());
    }
    let mut message = format!("{} violations", grouped(total as u64));
    for violation in found.violations.iter().take(PRINTED_MAX) {
        message.push_str(&format!("\n  {violation}"));
    }
    if total > PRINTED_MAX {
        message.push_str(&format!("\n  and {} more", grouped((total - PRINTED_MAX) as u64)));
    }
    Err(Failure::failed(message))
}
