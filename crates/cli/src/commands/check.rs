//! `provasm check`.

use crate::args::Invocation;
use crate::commands::Call;
use crate::failure::Failure;
use crate::limits;
use crate::report::{Report, grouped};

/// Violations printed at most.
const PRINTED_MAX: usize = 20;

/// Runs a function and evaluates every constraint and every bus on its tables.
pub(crate) fn check(invocation: &Invocation) -> Result<(), Failure> {
    let Call { program, entry, args } = Call::new(invocation)?;
    let found = program.check(&entry.name, &args, limits::checked())?;
    let total = found.violations.len();
    let report =
        Report { violations: Some(total), ..Report::of_run(&found.run, &entry.results).with_cost(&found.cost) };
    report.print(invocation.json)?;
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
