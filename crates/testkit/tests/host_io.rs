//! Input, output, private input, exit codes: what a proof binds and what it does not.

use provasm::{
    CARRIED_BYTES_MAX, Claim, Error, Inputs, Limits, Outcome, Program, Proof, ProveOptions, RunOutcome, Stream, Trap,
    VerifyError, check_traces, verify,
};

/// Copies its public input to its output behind the private one, whose bytes it xors into one, and exits with that.
const ECHO: &str = r#"(module
    (import "provasm" "input_len" (func $input_len (result i32)))
    (import "provasm" "input_read" (func $input_read (param i32 i32 i32) (result i32)))
    (import "provasm" "private_read" (func $private_read (param i32 i32) (result i32)))
    (import "provasm" "output_write" (func $output_write (param i32 i32)))
    (import "provasm" "exit" (func $exit (param i32)))
    (import "provasm" "log" (func $log (param i32 i32)))
    (memory (export "memory") 4)
    (func (export "main") (local $n i32) (local $i i32) (local $x i32)
        (local.set $n (call $private_read (i32.const 3) (i32.const 1000)))
        (block $done (loop $next
            (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
            (local.set $x (i32.xor (local.get $x) (i32.load8_u offset=3 (local.get $i))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br $next)))
        (i32.store8 (i32.const 5001) (local.get $x))
        (call $output_write (i32.const 5001) (i32.const 1))
        (local.set $n (call $input_read (i32.const 0) (i32.const 5003) (call $input_len)))
        (call $output_write (i32.const 5003) (local.get $n))
        (call $log (i32.const 5003) (local.get $n))
        (call $exit (local.get $x))
        unreachable))"#;

const PUBLIC: &[u8] = b"what everybody may know";
const PRIVATE: &[u8] = b"the secret of the vault";

fn echo() -> Program {
    Program::compile(ECHO.as_bytes()).expect("it compiles")
}

fn folded() -> u8 {
    PRIVATE.iter().fold(0, |x, byte| x ^ byte)
}

fn output() -> Vec<u8> {
    [&[folded()], PUBLIC].concat()
}

fn inputs() -> Inputs<'static> {
    Inputs { public: PUBLIC, private: PRIVATE }
}

fn options(cut_every: Option<u64>) -> ProveOptions<'static> {
    ProveOptions { inputs: inputs(), cut_every, ..ProveOptions::default() }
}

fn expected() -> Claim {
    Claim::new("main", &[], PUBLIC, &output(), Outcome::Exited(folded().into()))
}

#[test]
fn a_run_reads_and_writes() {
    let run = echo().run_with("main", &[], inputs(), Limits::default()).expect("it runs");
    assert_eq!((run.outcome, run.output), (RunOutcome::Exited(folded().into()), output()));
    // Without inputs there is nothing to copy.
    let run = echo().run("main", &[], Limits::default()).expect("it runs");
    assert_eq!((run.outcome, run.output), (RunOutcome::Exited(0), vec![0]));
}

#[test]
fn a_proof_claims_input_and_output() {
    let program = echo();
    for cut_every in [None, Some(100), Some(37)] {
        let proven = program.prove_with("main", &[], &options(cut_every)).expect("a proof");
        let verified = verify(&proven.proof, &program.id()).expect("it verifies");
        assert_eq!((&verified.claim, &proven.claim), (&expected(), &expected()));
        assert!(verified.claim.input.is(PUBLIC) && verified.claim.output.is(&output()));
        assert_eq!(verified.segments, cut_every.map_or(1, |every| proven.run.instructions.div_ceil(every)));
    }
}

#[test]
fn constraints_hold_wherever_the_run_is_cut() {
    let program = echo();
    let instructions = program.run_with("main", &[], inputs(), Limits::default()).expect("it runs").instructions;
    for first in 1..instructions {
        let cut = |index: u64| (index == 0).then_some(first);
        let check = |traces| {
            assert_eq!(check_traces(&traces), [], "cut after {first}");
            Ok(())
        };
        program.segments("main", &[], inputs(), Limits::default(), cut, check).expect("it runs");
    }
}

#[test]
fn the_private_input_is_nowhere_in_the_proof() {
    let program = echo();
    let proof = program.prove_with("main", &[], &options(Some(64))).expect("a proof").proof;
    for part in PRIVATE.windows(4) {
        assert!(!proof.windows(4).any(|bytes| bytes == part), "{part:?}");
    }
    // Another private input of the same fold has the same claim.
    let mut other = PRIVATE.to_vec();
    other.reverse();
    let inputs = Inputs { private: &other, ..inputs() };
    let proven = program.prove_with("main", &[], &ProveOptions { inputs, ..options(None) }).expect("a proof");
    assert_eq!(proven.claim, expected());
}

/// What the verifier says of a proof whose head or claims were changed.
fn verdict(proof: &[u8], change: impl Fn(&mut Proof)) -> VerifyError {
    let mut proof = Proof::from_bytes(proof).expect("a proof");
    change(&mut proof);
    match verify(&proof.to_bytes().expect("an encodable proof"), &echo().id()) {
        Err(Error::Verify(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_byte_changed_is_rejected() {
    let program = echo();
    let proof = program.prove_with("main", &[], &options(Some(100))).expect("a proof").proof;
    let rejects = |change: &dyn Fn(&mut Proof)| verdict(&proof, change);
    for at in [0, PUBLIC.len() - 1] {
        let mut input = PUBLIC.to_vec();
        input[at] ^= 1;
        let mut written = output();
        written[at] ^= 1;
        // The bytes alone, and with the digest that fits them.
        let carried = rejects(&|proof| proof.head.input = Some(input.clone()));
        assert!(matches!(carried, VerifyError::Carried { stream: "input" }), "{carried}");
        let claimed = rejects(&|proof| {
            proof.head.input = Some(input.clone());
            proof.head.invocation.input = Stream::of(&input).digest;
        });
        assert!(matches!(claimed, VerifyError::Gap { index: 0 }), "{claimed}");
        let joined = rejects(&|proof| {
            proof.head.input = Some(input.clone());
            proof.head.invocation.input = Stream::of(&input).digest;
            let head = &proof.head;
            proof.segments[0].claim.before = head.invocation.initial(&head.header).expect("a state");
        });
        assert!(matches!(joined, VerifyError::Argument { .. }), "{joined}");
        let carried = rejects(&|proof| proof.head.output.bytes = Some(written.clone()));
        assert!(matches!(carried, VerifyError::Carried { stream: "output" }), "{carried}");
        let claimed = rejects(&|proof| proof.head.output = Stream::of(&written));
        assert!(matches!(claimed, VerifyError::Output), "{claimed}");
    }
    for output in [&[][..], &output()[1..], &[&output()[..], &[0]].concat()] {
        let shorter = rejects(&|proof| proof.head.output = Stream::of(output));
        assert!(matches!(shorter, VerifyError::Output), "{shorter}");
    }
    let exit = rejects(&|proof| proof.segments.last_mut().expect("a segment").claim.exit_code ^= 1);
    assert!(matches!(exit, VerifyError::Argument { .. }), "{exit}");
}

#[test]
fn long_streams_are_bound_by_digest_alone() {
    let bytes = vec![7; CARRIED_BYTES_MAX];
    assert_eq!(Stream::of(&bytes).bytes.as_deref(), Some(&bytes[..]));
    let bytes = vec![7; CARRIED_BYTES_MAX + 1];
    assert_eq!(Stream::of(&bytes).bytes, None);
    let program = echo();
    let inputs = Inputs { public: &bytes, private: &[] };
    let proven = program.prove_with("main", &[], &ProveOptions { inputs, ..ProveOptions::default() }).expect("a proof");
    let verified = verify(&proven.proof, &program.id()).expect("it verifies");
    let claim = &verified.claim;
    assert_eq!((&claim.input.bytes, &claim.output.bytes), (&None, &None));
    assert!(claim.input.is(&bytes) && claim.output.is(&[&[0][..], &bytes].concat()));
}

#[test]
fn an_import_of_another_type_or_name_is_an_error() {
    let compile = |imports: &str| Program::compile(format!("(module {imports})").as_bytes()).map(|_| ());
    let message = |imports: &str| compile(imports).expect_err("it does not compile").to_string();
    assert!(message(r#"(import "provasm" "exit" (func (param i64)))"#).contains("incompatible import"));
    assert!(message(r#"(import "provasm" "exits" (func (param i32)))"#).contains("missing import"));
    assert!(message(r#"(import "wasi" "proc_exit" (func (param i32)))"#).contains("missing import"));
    let two = r#"(import "provasm" "exit" (func (param i32))) (memory 1) (memory 1)"#;
    assert!(message(two).contains("several memories"));
    assert!(compile(r#"(import "provasm" "exit" (func (param i32)))"#).is_ok());
}

/// Every host function that takes pointers, with arguments that are wrong, and how the call must end.
const BAD_CALLS: &[(&str, &str, &str, bool)] = &[
    (
        "input_read",
        "(param i32 i32 i32) (result i32)",
        "(drop (call $f (i32.const 0) (i32.const -4) (i32.const 23)))",
        true,
    ),
    (
        "input_read",
        "(param i32 i32 i32) (result i32)",
        "(drop (call $f (i32.const 0) (i32.const 65530) (i32.const -1)))",
        true,
    ),
    (
        "input_read",
        "(param i32 i32 i32) (result i32)",
        "(drop (call $f (i32.const -1) (i32.const -1) (i32.const -1)))",
        false,
    ),
    ("private_read", "(param i32 i32) (result i32)", "(drop (call $f (i32.const 65535) (i32.const 23)))", true),
    ("private_read", "(param i32 i32) (result i32)", "(drop (call $f (i32.const -1) (i32.const 0)))", false),
    ("output_write", "(param i32 i32)", "(call $f (i32.const 65535) (i32.const 2))", true),
    ("output_write", "(param i32 i32)", "(call $f (i32.const 1) (i32.const -1))", true),
    ("output_write", "(param i32 i32)", "(call $f (i32.const -1) (i32.const 0))", false),
    ("log", "(param i32 i32)", "(call $f (i32.const -1) (i32.const -1))", false),
    ("sha256_compress", "(param i32 i32 i32)", "(call $f (i32.const 0) (i32.const 64) (i32.const -1))", true),
    ("sha256_compress", "(param i32 i32 i32)", "(call $f (i32.const -1) (i32.const -1) (i32.const 0))", false),
    ("sha256_compress", "(param i32 i32 i32)", "(call $f (i32.const 3) (i32.const 20) (i32.const 2))", false),
    ("keccak_f1600", "(param i32)", "(call $f (i32.const 65337))", true),
    ("keccak_f1600", "(param i32)", "(call $f (i32.const 65336))", false),
    (
        "blake3_compress",
        "(param i32 i32 i64 i32 i32 i32)",
        "(call $f (i32.const 1) (i32.const 9) (i64.const -1) (i32.const -1) (i32.const -1) (i32.const 5))",
        false,
    ),
    (
        "blake3_compress",
        "(param i32 i32 i64 i32 i32 i32)",
        "(call $f (i32.const 0) (i32.const 32) (i64.const 0) (i32.const 64) (i32.const 0) (i32.const 65473))",
        true,
    ),
    ("poseidon2_permute", "(param i32)", "(call $f (i32.const -64))", true),
    ("poseidon2_permute", "(param i32)", "(call $f (i32.const 7))", false),
    ("bn254_scalar_mul", "(param i32 i32 i32)", "(call $f (i32.const 0) (i32.const 0) (i32.const 65505))", true),
    ("bn254_scalar_mul", "(param i32 i32 i32)", "(call $f (i32.const 1) (i32.const 5) (i32.const 3))", false),
];

#[test]
fn bad_pointers_and_overlaps_end_as_documented() {
    for (name, ty, call, traps) in BAD_CALLS {
        let module = format!(
            r#"(module (import "provasm" "{name}" (func $f {ty})) (memory 1)
                (data (i32.const 0) "some bytes that are there from the start, to be hashed and multiplied and so on")
                (func (export "main") {call}))"#
        );
        let program = Program::compile(module.as_bytes()).expect("it compiles");
        let report = program.check_with("main", &[], inputs(), Limits::default()).expect("it runs");
        let expected =
            if *traps { RunOutcome::Trapped(Trap::MemoryOutOfBounds) } else { RunOutcome::Returned(Vec::new()) };
        assert_eq!((report.run.outcome, report.violations), (expected, Vec::new()), "{name} {call}");
    }
}

#[test]
fn a_flood_of_calls_is_like_any_other_run() {
    let flood = r#"(module (import "provasm" "output_write" (func $write (param i32 i32)))
        (import "provasm" "log" (func $log (param i32 i32))) (memory 1) (data (i32.const 0) "abc")
        (func (export "main") (local $i i32)
            (loop $next
                (call $write (i32.const 0) (i32.rem_u (local.get $i) (i32.const 4)))
                (call $log (i32.const 0) (i32.const 70000))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $i) (i32.const 2000))))))"#;
    let program = Program::compile(flood.as_bytes()).expect("it compiles");
    let report = program.check_with("main", &[], Inputs::default(), Limits::default()).expect("it runs");
    assert_eq!((report.run.outcome, report.violations), (RunOutcome::Returned(Vec::new()), Vec::new()));
    assert_eq!(report.run.output, b"aababc".repeat(500));
}
