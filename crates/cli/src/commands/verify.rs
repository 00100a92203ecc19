//! `provasm verify`.

use std::time::Instant;

use provasm::{Claim, Outcome, Program, ProgramId, Trap};

use crate::args::{Subject, VerifyArgs};
use crate::failure::Failure;
use crate::files::{ProofFile, read_module};
use crate::inputs::read_bytes;
use crate::report::{Output, Report, Value};

/// Checks a proof and prints what it claims.
pub(crate) fn verify(args: &VerifyArgs) -> Result<(), Failure> {
    let mut proof = ProofFile::open(&args.proof)?;
    let id = subject_id(&args.subject)?;
    let start = Instant::now();
    let verified = proof.verify(&id)?;
    let verify_seconds = Some(start.elapsed().as_secs_f64());

    check_streams(args, &verified.claim)?;
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
        entry: Some(verified.claim.entry.clone()),
        ..outcome
    };
    let claim = &verified.claim;
    let report = Report { input: Some(Output::claimed(&claim.input)).filter(Output::is_said), ..report };
    report.with_output(Output::claimed(&claim.output), None).print(args.json)
}

/// Compares the streams that the claim binds with those that are given.
fn check_streams(args: &VerifyArgs, claim: &Claim) -> Result<(), Failure> {
    let input = match (&args.input, args.world.wasi) {
        (_, true) => Some(args.world.encode(args.subject.program.as_deref(), &args.args)?),
        (Some(path), _) => Some(read_bytes(path)?),
        (None, false) => None,
    };
    let differs = |stream: &str| Err(Failure::failed(format!("the proof is about another public {stream}")));
    if input.is_some_and(|input| !claim.input.is(&input)) {
        return differs("input");
    }
    match &args.output {
        Some(path) if !claim.output.is(&read_bytes(path)?) => differs("output"),
        _ => Ok(()),
    }
}

/// The id that the proof must be about.
fn subject_id(subject: &Subject) -> Result<ProgramId, Failure> {
    match (&subject.id, &subject.program) {
        (Some(id), _) => Ok(*id),
        (None, Some(module)) => Ok(Program::compile(&read_module(module)?)?.key()?.id()),
        (None, None) => Err(Failure::usage("--program or --id says what the proof must be about")),
    }
}
