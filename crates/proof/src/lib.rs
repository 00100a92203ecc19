//! Proof and claim formats, parameter sets, versions and size limits.
//!
//! Owns what prover and verifier must agree on. Knows neither.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

extern crate alloc;

mod bounded;
mod claim;
mod config;
mod encoding;
mod grind;
mod header;
mod outline;
mod pinned;
mod sealed;
mod stream;

pub use claim::{Claim, Invocation, Outcome, Results, SegmentClaim, State, Statement, StatementError};
pub use config::{Challenge, Challenger, Commitment, Config, ConfigError, ParameterSet, SECURITY_BITS_MIN, challenger};
pub use grind::LeastWitness;
pub use header::{Header, ProgramId, ProgramIdError, StreamSiblings};
pub use pinned::{Pinned, PinnedError, PinnedPcs};
pub use sealed::{
    DecodeError, FRAME_BYTES_MAX, FRAME_PREFIX_BYTES, LOG_HEIGHT_MAX, LogHeights, PREFIX_BYTES, Proof, ProofHead,
    SegmentProof, VERSION, check_prefix, frame_length, frame_prefix, parts, prefix, take_frame,
};
pub use stream::{CARRIED_BYTES_MAX, Stream, StreamDigest, StreamDigestError};
