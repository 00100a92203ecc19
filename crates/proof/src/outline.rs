//! Where a program's header ends, found without keeping anything of it.
//!
//! A header can be large, and only its digest says whether it is the program's that a verifier asks for. So the digest
//! comes first, and nothing is built of another program's header.

use core::fmt;
use core::marker::PhantomData;

use provasm_program::ValType;
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

use crate::config::ParameterSet;
use crate::header::StreamSiblings;
use crate::sealed::DecodeError;

/// The fields of an [`Entry`](provasm_program::Entry).
type EntryOutline<'b> = (&'b str, Passed<ValType>, Passed<ValType>, u32);

/// The fields of a [`Header`](crate::Header). If they were others, no program id would be met.
type HeaderOutline<'b> = (ParameterSet, u64, u8, StreamSiblings, Passed<EntryOutline<'b>>, Passed<[u8; 32]>);

/// The header's bytes at the front of a head's frame, and those behind them.
pub(crate) fn split_header(head: &[u8]) -> Result<(&[u8], &[u8]), DecodeError> {
    let malformed = |reason| DecodeError::Malformed { reason };
    let (_, rest) = postcard::take_from_bytes::<HeaderOutline<'_>>(head).map_err(malformed)?;
    let header = head.strip_suffix(rest).ok_or(malformed(postcard::Error::DeserializeUnexpectedEnd))?;
    Ok((header, rest))
}

/// A sequence that is read and not kept.
struct Passed<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Passed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Self(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Passed<T> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self, A::Error> {
        while elements.next_element::<T>()?.is_some() {}
        Ok(self)
    }
}
