//! Proofs that are not what they were: segments in other places or from elsewhere, fields and bytes
//! changed. All are rejected, with the error that says why, the same from bytes and from a stream.

mod bytes;
mod fields;
mod forger;
mod order;
