//! Proof and claim formats, parameter sets, versions and size limits.
//!
//! Owns what prover and verifier must agree on. Knows neither.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod claim;
mod config;
mod grind;
mod header;
mod pinned;
mod sealed;

pub use claim::{Claim, Outcome, Statement, StatementError};
pub use config::{Challenge, Challenger, Commitment, Config, ConfigError, ParameterSet, SECURITY_BITS_MIN, challenger};
pub use grind::LeastWitness;
pub use header::{Header, ProgramId, ProgramIdError};
pub use pinned::{Pinned, PinnedError, PinnedPcs};
pub use sealed::{DecodeError, LOG_HEIGHT_MAX, LogHeights, PROOF_BYTES_MAX, Proof, VERSION, parts};
