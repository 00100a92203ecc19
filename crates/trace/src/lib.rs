//! Records to columns, in parallel; and checking columns without a proof.
//!
//! Knows no transcripts. How often a row of a fixed table is used is counted by evaluating the
//! tables' own declarations on the filled rows, so the counts cannot disagree with the constraints.
#![forbid(unsafe_code)]

mod check;
mod count;
mod fill;
mod meter;
mod rows;
mod traces;
mod tree;

pub use check::{Violation, check};
pub use meter::SegmentMeter;
pub use rows::{TableRows, rows};
pub use traces::{Trace, Traces, generate, results_of, states_of};
pub use tree::{StateTree, Walk};
