//! Guests made with the SDK, in Rust and in C, and through them every function of the host interface: they give known
//! results, and proofs of them verify.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use p3_koala_bear::{KoalaBear, default_koalabear_poseidon2_16};
use p3_symmetric::Permutation;
use provasm::{Claim, Inputs, Limits, Outcome, Program, ProveOptions, RunOutcome, verify};
use provasm_testkit::guest_wasm;

const PUBLIC: &[u8] = b"abc";
const PRIVATE: &[u8] = b"hidden";
/// What the guest `hashes` writes for these, but for the line about Poseidon2.
const HASHES: &str = include_str!("../../../guests/hashes/expected.txt");

/// FIPS 180-4's digest of `abc`.
const SHA256_OF_ABC: [u8; 32] = [
    0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61,
    0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
];

fn program(file: &str) -> Program {
    let wasm = guest_wasm(file).unwrap_or_else(|| panic!("{file} is committed"));
    Program::compile(&wasm).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn inputs() -> Inputs<'static> {
    Inputs { public: PUBLIC, private: PRIVATE }
}

/// The line about Poseidon2, by Plonky3's permutation: of the digest's words and zeros.
fn poseidon2_line() -> String {
    let mut state = [KoalaBear::ZERO; 16];
    for (element, bytes) in state.iter_mut().zip(SHA256_OF_ABC.as_chunks().0) {
        *element = KoalaBear::new(u32::from_le_bytes(*bytes));
    }
    default_koalabear_poseidon2_16().permute_mut(&mut state);
    let bytes = state.iter().flat_map(|element| element.as_canonical_u32().to_le_bytes());
    bytes.fold("poseidon2: ".to_owned(), |line, byte| format!("{line}{byte:02x}")) + "\n"
}

fn run_and_prove(file: &str, output: &[u8]) {
    let program = program(file);
    let run =
        program.run_with("main", &[], inputs(), Limits::default()).unwrap_or_else(|error| panic!("{file}: {error}"));
    println!("{file}: {} instructions", run.instructions);
    assert_eq!(String::from_utf8_lossy(&run.output), String::from_utf8_lossy(output), "{file}");
    assert_eq!(run.outcome, RunOutcome::Returned(vec![]), "{file}");
    let options = ProveOptions { inputs: inputs(), ..ProveOptions::default() };
    let proven = program.prove_with("main", &[], &options).unwrap_or_else(|error| panic!("{file}: {error}"));
    let verified = verify(&proven.proof, &program.id()).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert_eq!(verified.claim, Claim::new("main", &[], PUBLIC, output, Outcome::Returned(vec![])), "{file}");
}

#[test]
fn every_accelerator_gives_its_known_result() {
    let (first, rest) = HASHES.split_once("secp256k1 field").expect("a line for each result");
    let expected = format!("{first}{}secp256k1 field{rest}", poseidon2_line());
    run_and_prove("hashes.wasm", expected.as_bytes());
}

#[test]
fn a_guest_in_c_uses_the_header() {
    run_and_prove("digest.wasm", &SHA256_OF_ABC);
    // More than it has room for.
    let long = vec![0; (1 << 16) + 1];
    let inputs = Inputs { public: &long, private: &[] };
    let run = program("digest.wasm").run_with("main", &[], inputs, Limits::default()).expect("it runs");
    assert_eq!((run.outcome, run.output), (RunOutcome::Exited(1), vec![]));
}
