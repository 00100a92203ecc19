//! Prove that WebAssembly programs ran correctly, and check such proofs.
//!
//! ```
//! use provasm::{Program, verify};
//!
//! let wat = r#"(module (func (export "add") (param i32 i32) (result i32)
//!     (i32.add (local.get 0) (local.get 1))))"#;
//! let program = Program::compile(wat.as_bytes())?;
//! let proven = program.prove("add", &[2, 40])?;
//! let verified = verify(&proven.proof, &program.id())?;
//! assert_eq!(verified.claim.outcome, provasm::Outcome::Returned(vec![42]));
//! # Ok::<(), provasm::Error>(())
//! ```
//!
//! A verifier needs the proof and the program's id, nothing else: [`verify`] believes nothing that
//! the proof says about itself. Proofs are not zero-knowledge.

mod cost;
mod directory;
mod error;
pub mod memory;
mod profile;
mod program;
mod prove;
mod reader;
mod store;
pub mod wasi;

pub use cost::{Cost, TableCost, Workload};
pub use directory::{DirectoryError, InputDigests, Manifest, RunDirectory};
pub use error::Error;
pub use profile::Profiled;
pub use program::{CheckReport, Program};
pub use provasm_execute::{Inputs, Limits, Outcome as RunOutcome, Run};
pub use provasm_isa::Trap;
pub use provasm_isa::layout::STREAM_BYTES_MAX;
pub use provasm_profile::{Amount, ChipCost, FrameKind, FunctionCost, LineCost, Profile, Stacks, flamegraph};
pub use provasm_program::{Entry, ValType, registers, typed_values};
pub use provasm_proof::{
    CARRIED_BYTES_MAX, Claim, Outcome, ParameterSet, ProgramId, Proof, ProofHead, Stream, StreamDigest,
};
pub use provasm_trace::{Violation, check as check_traces};
pub use provasm_verify::{SecurityTerm, Verified, VerifyError};
pub use prove::{Event, ProveOptions, Proven, SEGMENT_LOG_CELLS, SEGMENT_LOG_CELLS_RANGE, claimed};
pub use reader::{verify_reader, write_proof};
pub use store::{MemoryStore, SegmentStore};

/// Checks that `proof` proves a claim about the program with this id, and returns the claim.
///
/// # Errors
/// [`Error::Verify`] says why the proof is rejected.
pub fn verify(proof: &[u8], id: &ProgramId) -> Result<Verified, Error> {
    Ok(provasm_verify::verify(proof, id)?)
}
