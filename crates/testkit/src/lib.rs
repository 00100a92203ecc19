//! What tests share: a runner for the specification's scripts, the committed guests, programs
//! written instruction by instruction, and a judge of forged tables.
//!
//! For tests only. Every successful action of a script reaches a hook, so that other crates can
//! check traces and proofs on the specification's inputs.
#![forbid(unsafe_code)]

pub mod assemble;
pub mod corpus;
pub mod forge;
mod guests;
mod random;
mod report;
mod script;
mod spectest;
mod suite;
pub mod tables;
mod value;

pub use guests::{GuestCall, guest_calls, guest_wasm};
pub use random::Random;
pub use report::Report;
pub use script::{Action, ScriptError, run_script};
pub use spectest::spectest;
pub use suite::{Suite, script};
