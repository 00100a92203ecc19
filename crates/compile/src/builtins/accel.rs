//! Accelerators: routines that bring memory into a window of registers, transform it, and bring it back.
//!
//! Everything is read before anything is written. An address that is not in the memory traps as a load or store does.

use provasm_isa::{Instr, Op, Trap};

use super::Routine;

/// First register of the window, after the arguments.
const WINDOW: u16 = 6;

/// Loads cells from the address in a register into registers of the window.
fn load(routine: &mut Routine, from: u16, first: u16, cells: u16) {
    for cell in 0..cells {
        routine.load(Op::Load64, WINDOW + first + cell, from, 8 * u64::from(cell));
    }
}

/// Stores the first registers of the window at the address in a register.
fn store(routine: &mut Routine, to: u16, cells: u16) {
    for cell in 0..cells {
        routine.store(Op::Store64, WINDOW + cell, to, 8 * u64::from(cell));
    }
}

fn transform(routine: &mut Routine, op: Op, immediate: u64) {
    routine.emitter.emit(Instr::new(op, WINDOW, 0, 0, immediate));
}

/// A permutation of the state at an address.
pub(super) fn permutation(routine: &mut Routine, op: Op) {
    let cells = op.window() as u16;
    load(routine, 0, 0, cells);
    transform(routine, op, 0);
    store(routine, 0, cells);
    routine.finish();
}

/// SHA-256: state, blocks, number of blocks. The state is stored once, after the last block.
pub(super) fn sha256(routine: &mut Routine) {
    let [state, blocks, count, end] = [0u16, 1, 2, 3];
    let (nothing, outside) = (routine.label(), routine.label());
    routine.branch(Op::BrEqImm32, count, 0, nothing);
    // Where the blocks end: within 32 bits, so that the address of a block never wraps around.
    routine.with(Op::ShlImm64, end, count, 6);
    routine.op(Op::Add64, end, end, blocks);
    routine.branch(Op::BrGtUImm64, end, 1 << 32, outside);
    load(routine, state, 0, 4);
    let next = routine.begin_loop();
    load(routine, blocks, 4, 8);
    transform(routine, Op::Sha256, 0);
    routine.with(Op::AddImm32, blocks, blocks, 64);
    routine.with(Op::AddImm32, count, count, u32::MAX.into());
    routine.branch(Op::BrNeImm32, count, 0, next);
    store(routine, state, 4);
    routine.emitter.bind(nothing);
    routine.finish();
    routine.emitter.bind(outside);
    routine.emitter.emit(Instr::new(Op::Trap, 0, 0, 0, Trap::MemoryOutOfBounds.code().into()));
}

/// BLAKE3: chaining value, block, counter, length of the block, flags, where the output goes.
pub(super) fn blake3(routine: &mut Routine) {
    let [chain, block, counter, length, flags, out] = [0u16, 1, 2, 3, 4, 5];
    load(routine, chain, 0, 4);
    load(routine, block, 4, 8);
    routine.op(Op::Copy, WINDOW + 12, counter, 0);
    routine.with(Op::ShlImm64, WINDOW + 13, flags, 32);
    routine.op(Op::Or64, WINDOW + 13, WINDOW + 13, length);
    transform(routine, Op::Blake3, 0);
    store(routine, out, 8);
    routine.finish();
}

/// A product modulo the prime of this number: two factors, where the product goes.
pub(super) fn modmul(routine: &mut Routine, prime: u64) {
    load(routine, 0, 0, 4);
    load(routine, 1, 4, 4);
    transform(routine, Op::ModMul, prime);
    store(routine, 2, 4);
    routine.finish();
}
