//! Public input and output: byte strings that a claim binds by digest.

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use p3_field::PrimeField32;
use p3_koala_bear::KoalaBear;
use provasm_air::tree::{DIGEST, Digest, Hasher};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Bytes of a stream that a proof carries along; of a longer one it has the digest alone.
pub const CARRIED_BYTES_MAX: usize = 64 << 10;

/// The digest of a public byte string: the root of the subtree of the state tree that holds it. Elements of the field.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StreamDigest(pub [u32; DIGEST]);

impl StreamDigest {
    /// The digest of a byte string.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Hasher::default().stream(bytes).into()
    }

    /// The digest as field elements, if it consists of such.
    #[must_use]
    pub fn elements(&self) -> Option<Digest> {
        let all = self.0.iter().all(|&value| value < KoalaBear::ORDER_U32);
        all.then(|| self.0.map(KoalaBear::new))
    }
}

impl From<Digest> for StreamDigest {
    fn from(digest: Digest) -> Self {
        Self(digest.map(|element| element.as_canonical_u32()))
    }
}

impl fmt::Display for StreamDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|element| write!(f, "{element:08x}"))
    }
}

impl fmt::Debug for StreamDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StreamDigest({self})")
    }
}

/// Text that is not a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a digest is 64 hexadecimal digits")]
pub struct StreamDigestError;

impl FromStr for StreamDigest {
    type Err = StreamDigestError;

    fn from_str(text: &str) -> Result<Self, StreamDigestError> {
        if text.len() != 8 * DIGEST || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(StreamDigestError);
        }
        let mut digest = [0; DIGEST];
        for (element, digits) in digest.iter_mut().zip(text.as_bytes().chunks_exact(8)) {
            let digits = core::str::from_utf8(digits).map_err(|_| StreamDigestError)?;
            *element = u32::from_str_radix(digits, 16).map_err(|_| StreamDigestError)?;
        }
        Ok(Self(digest))
    }
}

/// A public byte string as a claim has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    /// Its digest.
    pub digest: StreamDigest,
    /// The bytes, of a stream that is short enough to be carried along.
    pub bytes: Option<Vec<u8>>,
}

impl Stream {
    /// A byte string, carried along if it is short.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let carried = (bytes.len() <= CARRIED_BYTES_MAX).then(|| bytes.to_vec());
        Self { digest: StreamDigest::of(bytes), bytes: carried }
    }

    /// Whether the carried bytes, if any, are no more than are carried and have the digest.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        self.bytes.as_ref().is_none_or(|bytes| bytes.len() <= CARRIED_BYTES_MAX && self.is(bytes))
    }

    /// Whether it is this byte string.
    #[must_use]
    pub fn is(&self, bytes: &[u8]) -> bool {
        StreamDigest::of(bytes) == self.digest
    }
}
