//! Turns filled tables into proofs.
//!
//! Owns the back ends behind [`Backend`]: all of them make the same proof bytes. Does not know how
//! tables are filled or who asks.
#![forbid(unsafe_code)]

mod cpu;
mod key;

use provasm_proof::{ConfigError, Invocation, SegmentClaim, SegmentProof, StatementError};
use provasm_trace::Traces;
use thiserror::Error;

pub use cpu::Cpu;
pub use key::ProgramKey;

/// Why no proof was made.
#[derive(Debug, Error)]
pub enum ProveError {
    /// No parameters exist for the run's size.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The claim is none that the program can make.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// A table would be taller than a verifier allows.
    #[error("table {table} has 2^{log_height} rows, more than a proof can have; make segments smaller")]
    TooTall {
        /// The table.
        table: &'static str,
        /// Base-two logarithm of its height.
        log_height: usize,
    },
    /// The proof library failed.
    #[error("the proof library failed: {reason}")]
    Library {
        /// What it says.
        reason: String,
    },
}

/// Something that makes proofs.
pub trait Backend {
    /// A proof of `claim`, about a segment of a call of the program of `key`, from filled tables.
    ///
    /// # Errors
    /// [`ProveError`] says why none was made.
    fn prove(
        &self,
        key: &ProgramKey,
        invocation: &Invocation,
        claim: SegmentClaim,
        traces: Traces,
    ) -> Result<SegmentProof, ProveError>;
}
