//! `provasm prove`.

use std::time::Instant;

use anyhow::Context;
use provasm::ProveOptions;
use provasm::memory::available_bytes;

use crate::args::ProveArgs;
use crate::commands::Call;
use crate::failure::Failure;
use crate::files::Destination;
use crate::progress::{PROVEN_BYTES, Phase, Progress, count_executed, limits};
use crate::report::{Report, print};

/// Runs a function, proves it, checks the proof and writes it.
pub(crate) fn prove(args: &ProveArgs) -> Result<(), Failure> {
    let invocation = &args.invocation;
    let out = args.out.clone().unwrap_or_else(|| invocation.module.with_extension("proof"));
    if out == invocation.module {
        return Err(Failure::usage("the proof would replace the module: name another file with --out"));
    }
    let out = Destination::new(&out)?;
    let call = Call::new(invocation)?;

    let progress = Progress::start();
    progress.enter(Phase::Key);
    let id = call.program.key()?.id();
    let tell = |stage| progress.stage(stage);
    let limits = limits(PROVEN_BYTES, Some(count_executed));
    let options = ProveOptions { limits, memory_bytes_max: available_bytes(), progress: Some(&tell) };
    let proven = call.program.prove_with(&call.entry.name, &call.args, options)?;
    progress.enter(Phase::Verify);
    let start = Instant::now();
    let verified = provasm::verify(&proven.proof, &id)
        .context("the proof just made is rejected, and not written")
        .map_err(Failure::Failed)?;
    let verify_seconds = Some(start.elapsed().as_secs_f64());
    drop(progress);
    out.write(&proven.proof)?;

    let report = Report {
        execute_seconds: Some(proven.execute_seconds),
        prove_seconds: Some(proven.prove_seconds),
        proof_bytes: Some(proven.proof.len()),
        verify_seconds,
        security_bits: Some(verified.security_bits),
        program_id: Some(id.to_string()),
        ..Report::of_run(&proven.run, &call.entry.results).with_cost(&proven.cost)
    };
    report.print(invocation.json)?;
    if invocation.json {
        return Ok(());
    }
    print(&format!("{:<13} {}\n", "written", out.path().display()))
}
