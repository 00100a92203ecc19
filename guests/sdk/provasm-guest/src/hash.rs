//! Hash functions on the accelerated compression functions and permutations.

pub(crate) mod blake3;
pub(crate) mod keccak;
pub(crate) mod sha256;
