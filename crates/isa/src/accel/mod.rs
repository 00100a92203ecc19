//! What the accelerator instructions do to their windows of registers.

pub mod modmul;
