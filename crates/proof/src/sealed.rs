//! A proof as bytes: a head, then one frame per segment.

use alloc::vec::Vec;

use p3_multi_stark::MultiStarkProof;
use provasm_air::Table;
use provasm_program::Entry;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::claim::{Invocation, SegmentClaim, State, holds_output};
use crate::config::Config;
use crate::encoding::{check_length, decode, encode};
use crate::header::{Header, ProgramId, StreamSiblings};
use crate::outline::split_header;
use crate::stream::Stream;

/// Version of the proof format.
pub const VERSION: u16 = 4;

/// First bytes of every proof.
const MAGIC: &[u8; 8] = b"provasm\0";

/// Bytes at the front of every proof: magic and version.
pub const PREFIX_BYTES: usize = MAGIC.len() + 2;

/// Bytes in front of every frame: its length, little-endian.
pub const FRAME_PREFIX_BYTES: usize = 4;

/// Bytes that a frame, the head or a segment, can have at most.
pub const FRAME_BYTES_MAX: usize = 4 << 20;

/// What the elements of a part's sequences take in memory, at most, for every byte of it.
const ELEMENT_BYTES_PER_BYTE: usize = 2;

/// And what they take beyond that: a few short sequences.
const ELEMENT_BYTES_BESIDE: usize = 16 << 10;

/// Bytes of an entry at least: three lengths and the first instruction.
const ENTRY_BYTES_MIN: usize = 4;

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

/// What stands before the segments of a proof.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProofHead {
    /// The program: believed only when its digest is the id the verifier holds.
    pub header: Header,
    /// What was called.
    pub invocation: Invocation,
    /// The public input's bytes, if it is short.
    pub input: Option<Vec<u8>>,
    /// The public output.
    pub output: Stream,
    /// Digests beside the way from the public output up to the root of the state tree at the end.
    pub output_siblings: StreamSiblings,
    /// How many segments follow.
    pub segments: u64,
}

/// A proof that a run did what a segment claims.
#[derive(Serialize, Deserialize)]
pub struct SegmentProof {
    /// What is claimed.
    pub claim: SegmentClaim,
    /// For every table of the program, in order, the heights of its parts (base-two logarithms).
    pub log_heights: LogHeights,
    /// The argument.
    pub stark: MultiStarkProof<Config>,
}

/// A proof that a program's run ended as its segments claim.
pub struct Proof {
    /// What stands before the segments.
    pub head: ProofHead,
    /// The segments, in order.
    pub segments: Vec<SegmentProof>,
}

/// Bytes that are not a proof.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// A frame has more bytes than any has.
    #[error("{bytes} bytes are more than a part of a proof can have ({FRAME_BYTES_MAX})")]
    TooLong {
        /// How many there are.
        bytes: usize,
    },
    /// The bytes end within a frame.
    #[error("the proof is cut off")]
    Short,
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
    /// Its sequences would take more memory than those of any proof of its length.
    #[error("malformed proof: its sequences take more than {bytes} bytes of memory")]
    Inflated {
        /// What they may take.
        bytes: usize,
    },
    /// Bytes follow the proof.
    #[error("{bytes} bytes follow a part of the proof")]
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// It is encoded in another way than a proof is.
    #[error("malformed proof: it is not in its shortest encoding")]
    NotCanonical,
}

/// The first bytes of every proof: magic and version.
#[must_use]
pub fn prefix() -> [u8; PREFIX_BYTES] {
    let mut prefix = [0; PREFIX_BYTES];
    let bytes = MAGIC.iter().copied().chain(VERSION.to_le_bytes());
    prefix.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = byte);
    prefix
}

/// Checks the first bytes of a proof.
///
/// # Errors
/// [`DecodeError`] when they are not those of a proof, or of one of another version.
pub fn check_prefix(bytes: &[u8]) -> Result<(), DecodeError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(DecodeError::NotAProof)?;
    let version = rest.first_chunk::<2>().ok_or(DecodeError::NotAProof)?;
    match u16::from_le_bytes(*version) {
        VERSION => Ok(()),
        version => Err(DecodeError::Version { version }),
    }
}

/// The length that stands in front of a frame.
///
/// # Errors
/// [`DecodeError::TooLong`] when no frame has so many bytes.
pub fn frame_length(prefix: [u8; FRAME_PREFIX_BYTES]) -> Result<usize, DecodeError> {
    let bytes = usize::try_from(u32::from_le_bytes(prefix)).unwrap_or(usize::MAX);
    if bytes > FRAME_BYTES_MAX { Err(DecodeError::TooLong { bytes }) } else { Ok(bytes) }
}

/// What stands in front of a frame of these bytes.
///
/// # Errors
/// [`DecodeError::TooLong`] when no frame can have so many.
pub fn frame_prefix(frame: &[u8]) -> Result<[u8; FRAME_PREFIX_BYTES], DecodeError> {
    let too_long = || DecodeError::TooLong { bytes: frame.len() };
    let length = u32::try_from(frame.len()).map_err(|_| too_long())?;
    let prefix = length.to_le_bytes();
    frame_length(prefix)?;
    Ok(prefix)
}

/// Takes a frame from the front of `bytes`.
///
/// # Errors
/// [`DecodeError`] when they end before it does, or it is too long.
pub fn take_frame<'b>(bytes: &mut &'b [u8]) -> Result<&'b [u8], DecodeError> {
    let (prefix, rest) = bytes.split_first_chunk().ok_or(DecodeError::Short)?;
    let (frame, rest) = rest.split_at_checked(frame_length(*prefix)?).ok_or(DecodeError::Short)?;
    *bytes = rest;
    Ok(frame)
}

impl ProofHead {
    /// The public input as a claim has it.
    #[must_use]
    pub fn input(&self) -> Stream {
        Stream { digest: self.invocation.input, bytes: self.input.clone() }
    }

    /// Whether a state that the run ended in holds the public output.
    #[must_use]
    pub fn is_output_of(&self, end: &State) -> bool {
        holds_output(end, &self.output.digest, &self.output_siblings)
    }

    /// The head's frame.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// The id of the program that a head's frame is about, found without building anything.
    ///
    /// # Errors
    /// [`DecodeError`] when the frame does not begin with a header.
    pub fn program_id(bytes: &[u8]) -> Result<ProgramId, DecodeError> {
        check_length(bytes)?;
        Ok(ProgramId::of(split_header(bytes)?.0))
    }

    /// Reads a head's frame. That it can be read says nothing about what it claims. Entries take more memory than
    /// bytes, so a reader that knows the program's id asks for that of the frame first.
    ///
    /// # Errors
    /// [`DecodeError`] says what is wrong with the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        check_length(bytes)?;
        let entries = split_header(bytes)?.0.len() / ENTRY_BYTES_MIN;
        decode(bytes, element_bytes_max(bytes).saturating_add(entries.saturating_mul(size_of::<Entry>())))
    }
}

/// What the elements of the sequences in a part of a proof may take in memory, entries aside.
fn element_bytes_max(bytes: &[u8]) -> usize {
    bytes.len().saturating_mul(ELEMENT_BYTES_PER_BYTE).saturating_add(ELEMENT_BYTES_BESIDE)
}

impl SegmentProof {
    /// The segment's frame.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads a segment's frame. That it can be read says nothing about what it claims.
    ///
    /// # Errors
    /// [`DecodeError`] says what is wrong with the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        decode(bytes, element_bytes_max(bytes))
    }
}

impl Proof {
    /// The proof as bytes: magic and version, then the frames of head and segments, each in postcard's format behind its
    /// length.
    ///
    /// # Errors
    /// [`DecodeError::TooLong`] when a frame would be longer than a verifier reads.
    pub fn to_bytes(&self) -> Result<Vec<u8>, DecodeError> {
        let mut bytes = prefix().to_vec();
        let segments = self.segments.iter().map(SegmentProof::to_bytes);
        for frame in core::iter::once(self.head.to_bytes()).chain(segments) {
            bytes.extend(frame_prefix(&frame)?);
            bytes.extend(frame);
        }
        Ok(bytes)
    }

    /// Reads a proof. That it can be read says nothing about what it claims.
    ///
    /// # Errors
    /// [`DecodeError`] says what is wrong with the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        check_prefix(bytes)?;
        let mut rest = bytes.get(PREFIX_BYTES..).ok_or(DecodeError::NotAProof)?;
        let head = ProofHead::from_bytes(take_frame(&mut rest)?)?;
        let mut segments = Vec::new();
        while !rest.is_empty() {
            segments.push(SegmentProof::from_bytes(take_frame(&mut rest)?)?);
        }
        Ok(Self { head, segments })
    }
}
