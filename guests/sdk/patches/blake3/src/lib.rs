//! Stands in for the crate `blake3` 1: the compression function is provasm's.
//!
//! Not here are the features `digest`, `mmap`, `rayon`, `serde`, `traits-preview` and `zeroize`, and the module `hazmat`.
//! `Hash::to_hex` gives a type of its own, which is a `str` by `Deref`.
#![no_std]

#[cfg(feature = "std")]
extern crate std;

mod hash;

pub use hash::{Hash, Hex, HexError};

use provasm_guest::{Blake3, Blake3Reader};

/// Bytes of a digest.
pub const OUT_LEN: usize = 32;
/// Bytes of a key.
pub const KEY_LEN: usize = 32;
/// Bytes of a block.
pub const BLOCK_LEN: usize = 64;
/// Bytes of a chunk.
pub const CHUNK_LEN: usize = 1024;

/// The digest of the input.
#[must_use]
pub fn hash(input: &[u8]) -> Hash {
    Hasher::new().update(input).finalize()
}

/// The digest of the input with a key.
#[must_use]
pub fn keyed_hash(key: &[u8; KEY_LEN], input: &[u8]) -> Hash {
    Hasher::new_keyed(key).update(input).finalize()
}

/// A key for the purpose that `context` names.
#[must_use]
pub fn derive_key(context: &str, key_material: &[u8]) -> [u8; OUT_LEN] {
    Hasher::new_derive_key(context).update(key_material).finalize().into()
}

/// Hashes input that comes piece by piece.
#[derive(Clone, Debug, Default)]
pub struct Hasher(Blake3);

impl Hasher {
    /// The plain hash function.
    #[must_use]
    pub fn new() -> Self {
        Self(Blake3::new())
    }

    /// The hash function with a key.
    #[must_use]
    pub fn new_keyed(key: &[u8; KEY_LEN]) -> Self {
        Self(Blake3::keyed(key))
    }

    /// The derivation of keys for the purpose that `context` names.
    #[must_use]
    pub fn new_derive_key(context: &str) -> Self {
        Self(Blake3::derive_key(context))
    }

    /// Forgets all input.
    pub fn reset(&mut self) -> &mut Self {
        self.0.reset();
        self
    }

    /// Takes in more input.
    pub fn update(&mut self, input: &[u8]) -> &mut Self {
        self.0.update(input);
        self
    }

    /// Takes in all that the reader has.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    #[cfg(feature = "std")]
    pub fn update_reader(&mut self, mut reader: impl std::io::Read) -> std::io::Result<&mut Self> {
        std::io::copy(&mut reader, self)?;
        Ok(self)
    }

    /// The digest of the input so far.
    #[must_use]
    pub fn finalize(&self) -> Hash {
        self.0.finalize().into()
    }

    /// The output for the input so far, as long as wanted.
    #[must_use]
    pub fn finalize_xof(&self) -> OutputReader {
        OutputReader(self.0.finalize_xof())
    }

    /// How many bytes of input there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.count()
    }
}

#[cfg(feature = "std")]
impl std::io::Write for Hasher {
    fn write(&mut self, input: &[u8]) -> std::io::Result<usize> {
        self.update(input);
        Ok(input.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The output of a finished hash.
#[derive(Clone, Debug)]
pub struct OutputReader(Blake3Reader);

impl OutputReader {
    /// Gives the next bytes.
    pub fn fill(&mut self, buf: &mut [u8]) {
        self.0.fill(buf);
    }

    /// Where the next byte is.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.0.position()
    }

    /// Goes to another place.
    pub fn set_position(&mut self, position: u64) {
        self.0.set_position(position);
    }
}

#[cfg(feature = "std")]
impl std::io::Read for OutputReader {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        self.fill(buf);
        Ok(buf.len())
    }
}
