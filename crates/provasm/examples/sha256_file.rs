//! Proves that a file has its SHA-256 digest: `cargo run --release --example sha256_file -- FILE`.
//!
//! The file becomes a data segment of the guest `guests/wasm/sha256.wasm`, so the program's id binds its bytes. The
//! proven run compares the digest of those bytes with the digest in the claim, and returns 1 if they are equal.

use std::error::Error;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use provasm::{Limits, Outcome, Program, ProgramId, RunOutcome, verify};
use sha2::{Digest, Sha256};
use thiserror::Error;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ConstExpr, DataCountSection, DataSection, Module, RawSection};
use wasmparser::{Parser, Payload};

/// Bytes of the guest's input buffer.
const INPUT_BYTES_MAX: usize = 1 << 20;

/// The guest's function that compares digests.
const ENTRY: &str = "input_has_digest";

/// Why a file's digest was not proven.
#[derive(Debug, Error)]
enum DigestError {
    /// The file does not fit the guest's buffer.
    #[error("the file has more than {INPUT_BYTES_MAX} bytes")]
    TooLong,
    /// The guest is not the one this example knows.
    #[error("the guest has no input buffer")]
    NoBuffer,
    /// The proof claims something else.
    #[error("the proof does not say that the file has this digest")]
    OtherClaim,
}

fn main() -> ExitCode {
    provasm::memory::keep_freed_memory();
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: sha256_file FILE");
        return ExitCode::from(2);
    };
    match prove_digest(Path::new(&path)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn prove_digest(path: &Path) -> Result<(), Box<dyn Error>> {
    let guest = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests/wasm/sha256.wasm"))?;
    let file = read_input(path)?;
    let digest: [u8; 32] = Sha256::digest(&file).into();

    let program = Program::compile(&embed(&guest, input_address(&guest)?, &file)?)?;
    let id = program.key()?.id();
    let proven = program.prove(ENTRY, &arguments(&file, &digest))?;

    let start = Instant::now();
    let security_bits = check(&proven.proof, &id, &arguments(&file, &digest))?;
    let verify_ms = start.elapsed().as_secs_f64() * 1e3;

    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("SHA-256       {hex}  {}", path.display());
    println!("program       {id}");
    println!("instructions  {}", proven.run.instructions);
    println!("proven in     {:.2} s", proven.prove_seconds);
    println!("proof         {} bytes", proven.proof.len());
    println!("verified in   {verify_ms:.1} ms");
    println!("security      {security_bits:.1} bits, proven");
    Ok(())
}

fn read_input(path: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut file = Vec::new();
    File::open(path)?.take(INPUT_BYTES_MAX as u64 + 1).read_to_end(&mut file)?;
    if file.len() > INPUT_BYTES_MAX { Err(DigestError::TooLong.into()) } else { Ok(file) }
}

/// Where the guest's input buffer is.
fn input_address(guest: &[u8]) -> Result<u32, Box<dyn Error>> {
    match Program::compile(guest)?.run("input_address", &[], Limits::default())?.outcome {
        RunOutcome::Returned(results) => {
            let address = results.first().and_then(|&address| u32::try_from(address).ok());
            Ok(address.ok_or(DigestError::NoBuffer)?)
        }
        RunOutcome::Exited(_) | RunOutcome::Trapped(_) => Err(DigestError::NoBuffer.into()),
    }
}

/// The module with one more data segment, which puts `bytes` at `address`.
fn embed(module: &[u8], address: u32, bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let offset = ConstExpr::i32_const(address.cast_signed());
    let mut embedded = Module::new();
    let mut data = DataSection::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::DataSection(segments) => RoundtripReencoder.parse_data_section(&mut data, segments)?,
            Payload::DataCountSection { count, .. } => {
                embedded.section(&DataCountSection { count: count + 1 });
            }
            // Debugging information about the original; and data is last, where the format allows it.
            Payload::CustomSection(_) => {}
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    let contents = &module[usize::try_from(range.start)?..usize::try_from(range.end)?];
                    embedded.section(&RawSection { id, data: contents });
                }
            }
        }
    }
    data.active(0, &offset, bytes.iter().copied());
    Ok(embedded.section(&data).as_slice().to_vec())
}

/// The arguments of the comparison: the file's length and the digest's big-endian words.
fn arguments(file: &[u8], digest: &[u8; 32]) -> Vec<u64> {
    let words = digest.chunks_exact(8).map(|word| word.iter().fold(0, |value, &byte| value << 8 | u64::from(byte)));
    std::iter::once(file.len() as u64).chain(words).collect()
}

/// Checks a proof knowing nothing but the program's id and what must have been claimed; gives its bits of security.
fn check(proof: &[u8], id: &ProgramId, args: &[u64]) -> Result<f64, Box<dyn Error>> {
    let verified = verify(proof, id)?;
    let claim = verified.claim;
    if claim.entry != ENTRY || claim.args != args || claim.outcome != Outcome::Returned(vec![1]) {
        return Err(DigestError::OtherClaim.into());
    }
    Ok(verified.security_bits)
}
