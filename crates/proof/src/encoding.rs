//! postcard's format, read and written in one way only.
//!
//! The format has several encodings of some numbers: it takes zeros at the end of a variable-length one. A proof in any
//! but the shortest would be other bytes that prove the same, so they are refused.

use alloc::vec::Vec;

use postcard::ser_flavors::Flavor;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::bounded::{Allowance, Bounded};
use crate::sealed::{DecodeError, FRAME_BYTES_MAX};

/// Encodes a part of a proof, or what a digest is taken of.
#[expect(clippy::expect_used, reason = "encoding to memory does not fail")]
pub(crate) fn encode(part: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(part).expect("an encodable value")
}

/// Checks that no part of a proof has so many bytes.
pub(crate) fn check_length(bytes: &[u8]) -> Result<(), DecodeError> {
    if bytes.len() > FRAME_BYTES_MAX { Err(DecodeError::TooLong { bytes: bytes.len() }) } else { Ok(()) }
}

/// Reads a part of a proof, to its last byte. The elements of its sequences may take this many bytes.
pub(crate) fn decode<T: DeserializeOwned + Serialize>(bytes: &[u8], element_bytes: usize) -> Result<T, DecodeError> {
    check_length(bytes)?;
    let allowance = Allowance::new(element_bytes);
    let mut deserializer = postcard::Deserializer::from_bytes(bytes);
    let malformed = |reason| match allowance.is_exceeded() {
        true => DecodeError::Inflated { bytes: element_bytes },
        false => DecodeError::Malformed { reason },
    };
    let part = T::deserialize(Bounded::new(&mut deserializer, &allowance)).map_err(malformed)?;
    let trailing = deserializer.finalize().map_err(malformed)?;
    if !trailing.is_empty() {
        return Err(DecodeError::Trailing { bytes: trailing.len() });
    }
    postcard::serialize_with_flavor(&part, Same { rest: bytes }).map_err(|_| DecodeError::NotCanonical)?;
    Ok(part)
}

/// Takes what is encoded and compares it with bytes.
struct Same<'b> {
    rest: &'b [u8],
}

impl Flavor for Same<'_> {
    type Output = ();

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.rest = self.rest.strip_prefix(bytes).ok_or(postcard::Error::SerializeBufferFull)?;
        Ok(())
    }

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.try_extend(&[byte])
    }

    fn finalize(self) -> postcard::Result<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(postcard::Error::SerializeBufferFull) }
    }
}
