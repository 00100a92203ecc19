//! Values of every type cross the boundary of a run as register values.

use provasm::{Error, Outcome, Program, RunOutcome, verify};
use provasm_execute::ExecuteError;
use provasm_isa::layout::ENTRY_VALUES_MAX;
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
    let mut proof = provasm::Proof::from_bytes(&proven.proof).expect("it is a proof");
    let refusal = |proof: &provasm::Proof| {
        proof.claim.statement(&proof.header, &proof.log_heights).err().map(|error| error.to_string())
    };
    assert_eq!(refusal(&proof), None);
    proof.claim.outcome = Outcome::Returned(reversed()[..18].to_vec());
    assert_eq!(refusal(&proof).as_deref(), Some("the claim has 18 register values as results, the entry has 32"));
    let mut results = reversed();
    results[2] = 1 << 32;
    proof.claim.outcome = Outcome::Returned(results);
    assert_eq!(refusal(&proof).as_deref(), Some("results 2 is claimed as 4294967296, beyond 32 bits"));
}
