//! Differential fuzzing: generated modules end as under Wasmtime, and their runs can be proved.
//!
//! A [`Case`] is a module and calls of its exports, made from a seed by [`smith`] (odd modules),
//! [`structured`] (programs that run to their ends) or [`numeric`] (one operator in many surroundings). [`Differential`] runs it on both sides. A
//! difference is written to a file by [`findings`] after [`minimise`] made it small; files of
//! differences that were mistakes of ours stay in the folder `findings` and are run as tests.
//!
//! For development only: nothing that is published depends on Wasmtime or `wasm-smith`.
#![forbid(unsafe_code)]

mod case;
mod differential;
pub mod findings;
pub mod minimise;
pub mod numeric;
pub mod operators;
mod proofs;
mod reference;
mod report;
mod run;
pub mod smith;
pub mod structured;
mod values;

pub use case::{Call, Case};
pub use differential::{Differential, Divergence};
pub use proofs::Sampling;
pub use reference::{End, THREAD_STACK_BYTES};
pub use report::Tally;
pub use run::{Finding, Plan, run};
