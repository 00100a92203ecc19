//! The accelerators of SHA-256, Keccak-f\[1600\] and BLAKE3: what they compute, that it is proven, and that nothing else is.

mod calls;
mod forgery;
mod functions;
mod program;
mod proofs;
mod segments;
