//! The archive's bytes; docs/wasi.md has the format.

use super::tree::{Content, Tree};
use provasm_isa::layout::STREAM_BYTES_MAX;

use super::{Clock, WorldError};

/// The first eight bytes: "provasm" and the format's version.
const MAGIC: [u8; 8] = *b"provasm\x01";

/// Words of the header, by their number.
const CLOCK_START: usize = 1;
const CLOCK_STEP: usize = 2;
const SEED: usize = 3;
pub(super) const ARGUMENTS: usize = 4;
pub(super) const ENVIRONMENT: usize = 6;
pub(super) const STDIN: usize = 8;
pub(super) const DIRECTORY_NAME: usize = 9;
const NODES: usize = 10;
const HEADER_WORDS: usize = 11;

/// Bytes of a word.
const WORD: usize = 8;
/// Words of a node.
const NODE_WORDS: usize = 3;

/// Types of nodes, as WASI numbers them.
const DIRECTORY: usize = 3;
const FILE: usize = 4;

/// An archive that is being written. All that is appended begins at a word.
pub(super) struct Archive {
    bytes: Vec<u8>,
}

impl Archive {
    /// An archive of an empty world.
    pub(super) fn new(clock: Clock, seed: u64) -> Self {
        let mut archive = Archive { bytes: vec![0; HEADER_WORDS * WORD] };
        archive.set(0, u64::from_le_bytes(MAGIC));
        archive.set(CLOCK_START, clock.start_ns);
        archive.set(CLOCK_STEP, clock.step_ns);
        archive.set(SEED, seed);
        archive
    }

    /// Sets a word that is there.
    fn set(&mut self, word: usize, value: u64) {
        if let Some(bytes) = self.bytes.get_mut(WORD * word..WORD * word + WORD) {
            bytes.copy_from_slice(&value.to_le_bytes());
        }
    }

    /// Appends bytes and zeros up to a whole word, and returns a reference to them.
    fn append(&mut self, content: &[u8]) -> Result<u64, WorldError> {
        let reference = reference(self.bytes.len() / WORD, content.len())?;
        let padded = content.len().next_multiple_of(WORD);
        if (self.bytes.len() + padded) as u64 > STREAM_BYTES_MAX {
            return Err(WorldError::TooLarge);
        }
        self.bytes.extend_from_slice(content);
        self.bytes.resize(self.bytes.len().next_multiple_of(WORD), 0);
        Ok(reference)
    }

    /// Appends strings: a word for each, where it begins among them, and all of them with a zero byte behind each.
    pub(super) fn strings<'a>(
        &mut self,
        word: usize,
        strings: impl Iterator<Item = Result<&'a str, WorldError>>,
    ) -> Result<(), WorldError> {
        let (mut offsets, mut bytes) = (Vec::new(), Vec::new());
        for string in strings {
            offsets.extend((bytes.len() as u64).to_le_bytes());
            bytes.extend_from_slice(string?.as_bytes());
            bytes.push(0);
        }
        let table = self.bytes.len() / WORD;
        self.append(&offsets)?;
        self.set(word, reference(table, offsets.len() / WORD)?);
        let strings = self.append(&bytes)?;
        self.set(word + 1, strings);
        Ok(())
    }

    /// Appends bytes that a word of the header refers to.
    pub(super) fn content(&mut self, word: usize, content: &[u8]) -> Result<(), WorldError> {
        let reference = self.append(content)?;
        self.set(word, reference);
        Ok(())
    }

    /// Appends files and directories: their nodes, then names and contents.
    pub(super) fn tree(&mut self, tree: &Tree<'_>) -> Result<(), WorldError> {
        let nodes = tree.nodes();
        let table = self.bytes.len() / WORD;
        self.append(&vec![0; nodes.len() * NODE_WORDS * WORD])?;
        self.set(NODES, reference(table, nodes.len())?);
        for (number, node) in nodes.iter().enumerate() {
            let name = self.append(node.name.as_bytes())?;
            let (content, node_type) = match node.content {
                Content::File(bytes) => (self.append(bytes)?, FILE),
                Content::Directory { first, number } => (reference(first, number)?, DIRECTORY),
            };
            let place = reference(node_type, node.parent)?;
            for (word, value) in [name, content, place].into_iter().enumerate() {
                self.set(table + NODE_WORDS * number + word, value);
            }
        }
        Ok(())
    }

    /// The archive's bytes.
    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// A reference: where something begins in the low half, how much it is in the high half.
fn reference(start: usize, count: usize) -> Result<u64, WorldError> {
    let half = |value| u32::try_from(value).map_err(|_| WorldError::TooLarge);
    Ok(u64::from(half(start)?) | u64::from(half(count)?) << 32)
}
