//! What the accelerator instructions compute: pure functions on windows of registers.
//!
//! A window is consecutive registers, of which the instruction replaces some in place. Each function is written in the
//! steps that its table of rounds has rows for, so that filling a row and executing an instruction are the same code.

pub mod blake3;
pub mod keccak;
pub mod modmul;
pub mod sha256;
