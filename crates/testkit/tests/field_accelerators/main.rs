//! The accelerators of field arithmetic: what they compute, that their tables hold, and what no forger can do.

mod calls;
mod constraints;
mod functions;
mod inputs;
mod modmul;
mod poseidon2;
