//! What is fixed about a program, and its id.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use provasm_air::TableId;
use provasm_air::fixed::{BYTES_LOG_HEIGHT, RANGE_LOG_HEIGHT, SHIFT_LOG_HEIGHT, table_ids};
use provasm_air::tree::{DIGEST, STREAM_SIBLINGS};
use provasm_air::{Fixed, Table};
use provasm_program::Entry;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::config::{Commitment, ParameterSet};
use crate::encoding::encode;

/// Digests beside the way from a public stream up to the root of the state tree, from below.
pub type StreamSiblings = [[u32; DIGEST]; STREAM_SIBLINGS];

/// Everything that decides a program's behaviour, with code and initial cells as commitments.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Header {
    /// The parameters the commitment is made with.
    pub parameters: ParameterSet,
    /// Instruction families the code uses, one bit each: they decide the tables.
    pub families: u64,
    /// Base-two logarithm of the code table's height.
    pub rom_log_height: u8,
    /// Digests beside the way from the public input up to the root of the state tree at the start: they hold
    /// the initial cells, the memory's size among them. With the digest of an input they give the root.
    pub input_siblings: StreamSiblings,
    /// Where a run can start.
    pub entries: Vec<Entry>,
    /// Commitment to the fixed columns: code and lookup tables.
    pub commitment: Commitment,
}

/// Separates program ids from every other digest.
const ID_DOMAIN: &str = "provasm 2026-11 program id, host interface 2, state tree 2";

impl Header {
    /// The program's id: a digest of this header.
    #[must_use]
    pub fn id(&self) -> ProgramId {
        ProgramId::of(&encode(self))
    }

    /// The exported function of this name.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// The tables of a proof, their fixed columns known by commitment alone.
    #[must_use]
    pub fn tables(&self) -> Vec<Table> {
        let fixed = |id: TableId| {
            let log_height = match id {
                TableId::Rom => self.rom_log_height.into(),
                TableId::Range => RANGE_LOG_HEIGHT,
                TableId::Bytes => BYTES_LOG_HEIGHT,
                TableId::Shift => SHIFT_LOG_HEIGHT,
                _ => return None,
            };
            Some(Fixed::Committed { log_height })
        };
        table_ids(self.families).into_iter().map(|id| Table { id, fixed: fixed(id) }).collect()
    }
}

/// A program's id: equal ids mean equal behaviour.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProgramId(pub [u8; 32]);

impl ProgramId {
    /// The id of the program with these bytes as its header.
    pub(crate) fn of(header: &[u8]) -> Self {
        Self(blake3::derive_key(ID_DOMAIN, header))
    }
}

/// Text that is not a program id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a program id is 64 hexadecimal digits, not `{text}`")]
pub struct ProgramIdError {
    text: String,
}

impl fmt::Display for ProgramId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ProgramId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProgramId({self})")
    }
}

impl FromStr for ProgramId {
    type Err = ProgramIdError;

    fn from_str(text: &str) -> Result<Self, ProgramIdError> {
        let wrong = || ProgramIdError { text: text.into() };
        let digits = text.strip_prefix("0x").unwrap_or(text);
        if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let mut id = [0; 32];
        for (byte, pair) in id.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
            let pair = core::str::from_utf8(pair).map_err(|_| wrong())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
        }
        Ok(ProgramId(id))
    }
}
