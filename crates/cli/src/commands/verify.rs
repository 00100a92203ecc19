//! `provasm verify`.

use std::time::Instant;

use anyhow::Context;
use provasm::{Outcome, Program, ProgramId, Proof, Trap};

use crate::args::{Subject, VerifyArgs};
use crate::failure::Failure;
use crate::files::{read_module, read_proof};
use crate::report::{Report, Value};

/// Checks a proof and prints what it claims.
pub(crate) fn verify(args: &VerifyArgs) -> Result<(), Failure> {
    let bytes = read_proof(&args.proof)?;
    let id = subject_id(&args.subject)?;
    let start = Instant::now();
    let rejected = || format!("{} is rejected", args.proof.display());
    let verified = provasm::verify(&bytes, &id).with_context(rejected).map_err(Failure::Failed)?;
    let verify_seconds = Some(start.elapsed().as_secs_f64());

    // The header is believed now: its digest is the id.
    let proof = Proof::from_bytes(&bytes).with_context(rejected).map_err(Failure::Failed)?;
    let entry = proof.header.entry(&verified.claim.entry);
    let (params, results) = entry.map_or((&[][..], &[][..]), |entry| (&entry.params, &entry.results));
    let outcome = match &verified.claim.outcome {
        Outcome::Returned(values) => Report::returned(results, values),
        Outcome::Trapped(code) => {
            let unknown = || Failure::failed(format!("no trap has the code {code}"));
            Report::trapped(Trap::from_code(*code).ok_or_else(unknown)?)
        }
    };
    let report = Report {
        segments: Some(1),
        proof_bytes: Some(bytes.len()),
        verify_seconds,
        security_bits: Some(verified.security_bits),
        program_id: Some(id.to_string()),
        args: Some(Value::list(params, &verified.claim.args)),
        entry: Some(verified.claim.entry),
        ..outcome
    };
    report.print(args.json)
}

/// The id that the proof must be about.
fn subject_id(subject: &Subject) -> Result<ProgramId, Failure> {
    match (&subject.id, &subject.program) {
        (Some(id), _) => Ok(*id),
        (None, Some(module)) => Ok(Program::compile(&read_module(module)?)?.key()?.id()),
        (None, None) => Err(Failure::usage("--program or --id says what the proof must be about")),
    }
}
