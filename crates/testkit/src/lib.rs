//! What tests share: a runner for the specification's scripts, and the committed guests.
//!
//! For tests only. Every successful action of a script reaches a hook, so that other crates can
//! check traces and proofs on the specification's inputs.
#![forbid(unsafe_code)]

mod guests;
mod report;
mod script;
mod spectest;
mod suite;
mod value;

pub use guests::{GuestCall, guest_calls, guest_wasm};
pub use report::Report;
pub use script::{Action, ScriptError, run_script};
pub use spectest::spectest;
pub use suite::{Suite, script};
