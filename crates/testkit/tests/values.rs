//! Values of every type cross the boundary of a run as register values.

use provasm::{Error, Outcome, Program, Proof, RunOutcome, verify};
use provasm_execute::ExecuteError;
use provasm_isa::layout::ENTRY_VALUES_MAX;
use provasm_proof::{Invocation, Results, SegmentClaim, StatementError};
use provasm_testkit::corpus::{VALUES, values};

fn reversed() -> Vec<u64> {
    VALUES.iter().rev().copied().collect()
}

#[test]
fn as_many_as_an_entry_takes_are_proven() {
    assert_eq!(VALUES.len(), ENTRY_VALUES_MAX);
    let program = Program::from_compiled(values());
    let proven = program.prove("main", &VALUES).expect("it is proven");
    assert_eq!(proven.run.outcome, RunOutcome::Returned(reversed()));
    let claim = verify(&proven.proof, &program.id()).expect("it is verified").claim;
    assert_eq!((claim.args, claim.outcome), (VALUES.to_vec(), Outcome::Returned(reversed())));
}

#[test]
fn values_are_counted_and_ranged_by_type() {
    let program = Program::from_compiled(values());
    let run = |args: &[u64]| program.run("main", args, provasm::Limits::default());
    // One value for each parameter would be 18.
    for given in [18, 31] {
        let error = run(&VALUES[..given]).expect_err("too few");
        let expected = ExecuteError::ArgumentCount { name: "main".to_owned(), expected: 32, given };
        assert!(matches!(error, Error::Execute(found) if found == expected), "{given}");
    }
    // The parameter of 32 bits that is the 16th has the 30th register value.
    for (at, index) in [(29, 15), (31, 17)] {
        let mut args = VALUES;
        args[at] = 1 << 32;
        let error = run(&args).expect_err("out of range");
        assert!(matches!(error, Error::ArgumentRange { index: found, .. } if found == index), "{error}");
    }
    let mut args = VALUES;
    (args[27], args[28], args[30]) = (u64::MAX, u64::MAX, u64::MAX);
    assert!(run(&args).is_ok());
}

#[test]
fn claims_of_another_shape_are_refused() {
    let program = Program::from_compiled(values());
    let proven = program.prove("main", &VALUES).expect("it is proven");
    let Proof { head, segments } = Proof::from_bytes(&proven.proof).expect("it is a proof");
    let segment = segments.first().expect("a segment");
    let refusal = |claim: &SegmentClaim, invocation: &Invocation| {
        claim.statement(&head.header, invocation, &segment.log_heights).err().map(|error| error.to_string())
    };
    assert_eq!(refusal(&segment.claim, &head.invocation), None);
    let given = |results: &[(u8, u64)]| SegmentClaim { results: results.to_vec(), ..segment.claim.clone() };
    let result = "is given twice, or the entry has no such result";
    assert_eq!(refusal(&given(&[(32, 0)]), &head.invocation), Some(format!("result 32 {result}")));
    assert_eq!(refusal(&given(&[(5, 0), (5, 0)]), &head.invocation), Some(format!("result 5 {result}")));
    let called = |args: &[u64]| Invocation { args: args.to_vec(), ..head.invocation.clone() };
    let few = refusal(&segment.claim, &called(&VALUES[..18]));
    assert_eq!(few.as_deref(), Some("the claim has 18 register values as arguments, the entry has 32"));
    let mut args = VALUES;
    args[29] = 1 << 32;
    let high = refusal(&segment.claim, &called(&args));
    assert_eq!(high.as_deref(), Some("arguments 15 is claimed as 4294967296, beyond 32 bits"));
}

#[test]
fn results_of_another_shape_are_refused() {
    let program = Program::from_compiled(values());
    let entry = &program.entries()[0];
    let outcome = |values: &[u64], code: u8| {
        let mut results = Results::new(entry);
        let numbered: Vec<(u8, u64)> = (0..).zip(values.iter().copied()).collect();
        results.add(&numbered)?;
        results.outcome(entry, code, 0)
    };
    assert_eq!(outcome(&reversed(), 0), Ok(Outcome::Returned(reversed())));
    assert_eq!(outcome(&[], 1), Ok(Outcome::Trapped(1)));
    let count = |expected, given| Err(StatementError::ResultCount { expected, given });
    assert_eq!(outcome(&reversed()[..18], 0), count(32, 18));
    assert_eq!(outcome(&reversed()[..1], 1), count(0, 1));
    let mut high = reversed();
    high[2] = 1 << 32;
    assert_eq!(outcome(&high, 0), Err(StatementError::ValueRange { what: "results", index: 2, value: 1 << 32 }));
    assert_eq!(outcome(&[reversed(), vec![0]].concat(), 0), Err(StatementError::Result { index: 32 }));
}
