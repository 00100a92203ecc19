//! A proof as bytes.

use alloc::vec::Vec;

use p3_multi_stark::MultiStarkProof;
use provasm_air::Table;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::claim::Claim;
use crate::config::Config;
use crate::header::Header;

/// Version of the proof format.
pub const VERSION: u16 = 1;

/// First bytes of every proof.
const MAGIC: &[u8; 8] = b"provasm\0";

/// Bytes a proof can have at most.
pub const PROOF_BYTES_MAX: usize = 4 << 20;

/// Base-two logarithm of the largest table height.
pub const LOG_HEIGHT_MAX: u8 = 26;

/// For every table of a program, in order, the heights of its parts (base-two logarithms).
pub type LogHeights = Vec<Vec<u8>>;

/// The tables of a proof: every part a table of its own, with its height.
#[must_use]
pub fn parts(tables: &[Table], log_heights: &LogHeights) -> (Vec<Table>, Vec<usize>) {
    let parts = tables.iter().zip(log_heights);
    parts.flat_map(|(table, parts)| parts.iter().map(|&height| (table.clone(), usize::from(height)))).unzip()
}

/// A proof that a program's run made the claim.
#[derive(Serialize, Deserialize)]
pub struct Proof {
    /// The program: believed only when its digest is the id the verifier holds.
    pub header: Header,
    /// What is claimed.
    pub claim: Claim,
    /// For every table of the program, in order, the heights of its parts (base-two logarithms).
    pub log_heights: LogHeights,
    /// The argument.
    pub stark: MultiStarkProof<Config>,
}

/// Bytes that are not a proof.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// There are more bytes than any proof has.
    #[error("{bytes} bytes are more than a proof can have ({PROOF_BYTES_MAX})")]
    TooLong {
        /// How many there are.
        bytes: usize,
    },
    /// They do not begin as a proof does.
    #[error("not a provasm proof")]
    NotAProof,
    /// The format has another version.
    #[error("proof format version {version}, this verifier reads version {VERSION}")]
    Version {
        /// The version found.
        version: u16,
    },
    /// They end early or hold what no proof holds.
    #[error("malformed proof: {reason}")]
    Malformed {
        /// What the decoder met.
        reason: postcard::Error,
    },
    /// Bytes follow the proof.
    #[error("{bytes} bytes follow the proof")]
    Trailing {
        /// How many.
        bytes: usize,
    },
}

impl Proof {
    /// The proof as bytes: magic, version, then its fields in postcard's format.
    #[must_use]
    #[expect(clippy::expect_used, reason = "encoding to memory does not fail")]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        postcard::to_extend(self, bytes).expect("an encodable proof")
    }

    /// Reads a proof. That it can be read says nothing about what it claims.
    ///
    /// # Errors
    /// [`DecodeError`] says what is wrong with the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > PROOF_BYTES_MAX {
            return Err(DecodeError::TooLong { bytes: bytes.len() });
        }
        let rest = bytes.strip_prefix(MAGIC).ok_or(DecodeError::NotAProof)?;
        let (version, rest) = rest.split_first_chunk::<2>().ok_or(DecodeError::NotAProof)?;
        let version = u16::from_le_bytes(*version);
        if version != VERSION {
            return Err(DecodeError::Version { version });
        }
        let (proof, trailing) = postcard::take_from_bytes(rest).map_err(|reason| DecodeError::Malformed { reason })?;
        if !trailing.is_empty() {
            return Err(DecodeError::Trailing { bytes: trailing.len() });
        }
        Ok(proof)
    }
}
