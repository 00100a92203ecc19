//! `provasm verify`.

use std::time::Instant;

use provasm::{Outcome, Program, ProgramId, Trap};

use crate::args::{Subject, VerifyArgs};
use crate::failure::Failure;
use crate::files::{ProofFile, read_module};
use crate::report::{Report, Value};

/// Checks a proof and prints what it claims.
pub(crate) fn verify(args: &VerifyArgs) -> Result<(), Failure> {
    let mut proof = ProofFile::open(&args.proof)?;
    let id = subject_id(&args.subject)?;
    let start = Instant::now();
    let verified = proof.verify(&id)?;
    let verify_seconds = Some(start.elapsed().as_secs_f64());

    let outcome = match &verified.claim.outcome {
        Outcome::Returned(values) => Report::returned(&verified.entry.results, values),
        Outcome::Exited(code) => Report::exited(*code),
        Outcome::Trapped(code) => {
            let unknown = || Failure::failed(format!("no trap has the code {code}"));
            Report::trapped(Trap::from_code(*code).ok_or_else(unknown)?)
        }
    };
    let report = Report {
        segments: Some(verified.segments),
        proof_bytes: Some(proof.bytes()),
        verify_seconds,
        security_bits: Some(verified.security_bits),
        program_id: Some(id.to_string()),
        args: Some(Value::list(&verified.entry.params, &verified.claim.args)),
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
