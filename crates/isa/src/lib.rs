//! The zkASM processor's instruction set.
//!
//! Owns the opcode table, the instruction encoding, the meaning of every pure operation
//! ([`eval`]), the trap kinds, the cell address space and the assembly text.
//! Knows nothing of proofs, files or threads.
#![no_std]

extern crate alloc;

pub mod accel;
mod asm;
mod chip;
mod eval;
mod instr;
pub mod layout;
mod ops;
mod trap;

pub use chip::Chip;
pub use eval::{eval, load_extend};
pub use instr::{Instr, ShiftRouting, shift_routing};
pub use ops::{Family, Format, Op, WINDOW_MAX};
pub use trap::{EXITED, Trap};
