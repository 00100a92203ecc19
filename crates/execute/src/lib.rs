//! The machine: runs a program, and records what a trace needs.
//!
//! Owns execution, its limits and the records of executed instructions. Knows no fields and no
//! columns: the meaning of every pure operation is [`provasm_isa::eval`].
#![forbid(unsafe_code)]

mod host;
mod interpret;
mod machine;
mod meter;
mod observe;
mod poseidon2;
mod record;

pub use host::accelerate;
pub use machine::{ExecuteError, Inputs, Limits, Machine, Outcome, Run, run};
pub use meter::{Counts, Cut, Meter};
pub use observe::{Observer, Silent};
pub use record::{
    BLOCK_CELLS, Bridge, CellBlock, Execution, Grow, Position, Recording, Step, WindowAccess, birth_of_page, record,
};
