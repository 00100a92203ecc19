//! The proof's tables: columns, constraints and buses.
//!
//! Every table is a pure function of a row. Knows no executor, no threads and no randomness. Instructions mean what [`provasm_isa::eval`]
//! says; tests hold the constraints to it, no constraint calls it.
#![no_std]
#![forbid(unsafe_code)]
// A proof's numbers come here as field elements, in arrays of constant length, so that indices and sums of integers are
// constants too; the lints on those are for `proof` and `verify`, which read what came from outside.
#![cfg_attr(
    not(test),
    deny(clippy::expect_used, clippy::panic, clippy::string_slice, clippy::unreachable, clippy::unwrap_used)
)]

extern crate alloc;

pub mod bus;
pub mod chips;
pub mod claim;
pub mod columns;
pub mod fixed;
pub mod gadgets;
pub mod permutation;
pub mod rom;
pub mod rounds;
pub mod row;
pub mod state;
pub mod system;
mod table;
pub mod tree;

pub use p3_koala_bear::KoalaBear;
pub use table::{Fixed, Table, TableId};
