//! What tests share: where the specification's scripts are, the committed guests, programs
//! written instruction by instruction, and a judge of forged tables.
//!
//! For tests only. Every successful action of a script reaches a hook, so that other crates can
//! check traces and proofs on the specification's inputs.
#![forbid(unsafe_code)]

pub mod assemble;
pub mod corpus;
pub mod delete;
pub mod forge;
pub mod forgeries;
mod guests;
mod suite;
pub mod tables;
pub mod windows;

pub use provasm_figure as figure;
pub use provasm_figure::is_long;

pub use guests::{GuestCall, guest_calls, guest_wasm};
pub use provasm_script::Random;
pub use suite::{Refused, Script, Suite, refused};
