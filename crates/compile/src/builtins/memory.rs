//! Routines on linear memory: `memory.copy`, `memory.fill` and `memory.init`.
//!
//! All check bounds before they write anything. From 8 bytes on, copying and filling read the
//! first and the last 8 bytes of the source up front, move whole aligned words of the destination
//! in between, and write the two ends last, where they may overlap the words. Addresses are
//! computed with 64 bits, so that the end of a full memory does not wrap around.

use provasm_isa::layout::{PAGE_BYTES, STATIC_MEMORY_SIZE};
use provasm_isa::{Instr, Op, Trap};

use super::Routine;
use crate::emit::Label;

/// Destination address.
const TO: u16 = 0;
/// Source address, or the byte to fill with.
const FROM: u16 = 1;
/// Bytes.
const LENGTH: u16 = 2;
/// Where the destination ends.
const TO_END: u16 = 3;
/// Where the source ends.
const FROM_END: u16 = 4;
/// The first bytes of the source.
const HEAD: u16 = 5;
/// The last bytes of the source.
const TAIL: u16 = 6;
/// The next aligned word of the destination.
const WORD: u16 = 7;
/// The last position at which a loop goes on.
const LIMIT: u16 = 8;
/// Anything short-lived.
const SCRATCH: u16 = 9;

/// Bytes moved by one round of the main loops.
const ROUND: i64 = 32;
/// Offsets of the words in a round.
const WORDS: [u64; 4] = [0, 8, 16, 24];

impl Routine {
    /// Goes to `trap` if `base + LENGTH`, left in `end`, is beyond the memory.
    fn check_bounds(&mut self, base: u16, end: u16, trap: Label) {
        self.with(Op::GlobalGet, SCRATCH, 0, STATIC_MEMORY_SIZE.into());
        self.with(Op::ShlImm64, SCRATCH, SCRATCH, PAGE_BYTES.ilog2().into());
        self.op(Op::Add64, end, base, LENGTH);
        self.branch(Op::BrGtU64, end, SCRATCH.into(), trap);
    }

    fn out_of_bounds(&mut self, trap: Label) {
        self.emitter.bind(trap);
        let code = Trap::MemoryOutOfBounds.code().into();
        self.emitter.emit(Instr::new(Op::Trap, 0, 0, 0, code));
    }
}

pub(super) fn memory_fill(routine: &mut Routine) {
    let (short, words, end, trap) = (routine.label(), routine.label(), routine.label(), routine.label());
    routine.check_bounds(TO, TO_END, trap);
    // Eight copies of the byte.
    routine.with(Op::AndImm32, FROM, FROM, 0xff);
    routine.with(Op::Const, SCRATCH, 0, 0x0101_0101_0101_0101);
    routine.op(Op::Mul64, FROM, FROM, SCRATCH);
    routine.branch(Op::BrLtUImm32, LENGTH, 8, short);

    routine.store(Op::Store64, FROM, TO, 0);
    routine.add(WORD, TO, 8);
    routine.with(Op::AndImm64, WORD, WORD, -8);
    routine.add(LIMIT, TO_END, -ROUND);
    routine.branch(Op::BrGtS64, WORD, LIMIT.into(), words);
    let round = routine.begin_loop();
    for offset in WORDS {
        routine.store(Op::Store64, FROM, WORD, offset);
    }
    routine.add(WORD, WORD, ROUND);
    routine.branch(Op::BrLeS64, WORD, LIMIT.into(), round);
    routine.emitter.bind(words);
    routine.add(LIMIT, TO_END, -8);
    routine.branch(Op::BrGtS64, WORD, LIMIT.into(), end);
    let word = routine.begin_loop();
    routine.store(Op::Store64, FROM, WORD, 0);
    routine.add(WORD, WORD, 8);
    routine.branch(Op::BrLeS64, WORD, LIMIT.into(), word);
    routine.emitter.bind(end);
    routine.store(Op::Store64, FROM, LIMIT, 0);
    routine.finish();

    routine.emitter.bind(short);
    for (bytes, store) in [(4, Op::Store32), (2, Op::Store16)] {
        let shorter = routine.label();
        routine.branch(Op::BrLtUImm32, LENGTH, bytes, shorter);
        routine.store(store, FROM, TO, 0);
        routine.add(TO_END, TO_END, -bytes);
        routine.store(store, FROM, TO_END, 0);
        routine.finish();
        routine.emitter.bind(shorter);
    }
    let nothing = routine.label();
    routine.branch(Op::BrEqImm32, LENGTH, 0, nothing);
    routine.store(Op::Store8, FROM, TO, 0);
    routine.emitter.bind(nothing);
    routine.finish();
    routine.out_of_bounds(trap);
}

pub(super) fn memory_copy(routine: &mut Routine) {
    let (short, backward, trap) = (routine.label(), routine.label(), routine.label());
    routine.check_bounds(TO, TO_END, trap);
    routine.check_bounds(FROM, FROM_END, trap);
    routine.branch(Op::BrLtUImm32, LENGTH, 8, short);

    routine.load(Op::Load64, HEAD, FROM, 0);
    routine.add(SCRATCH, FROM_END, -8);
    routine.load(Op::Load64, TAIL, SCRATCH, 0);
    // Going up overwrites what is still to be read only if the source begins at most LENGTH below
    // the destination.
    routine.op(Op::Sub64, SCRATCH, TO, FROM);
    routine.branch(Op::BrLtU64, SCRATCH, LENGTH.into(), backward);
    copy_upward(routine);
    routine.emitter.bind(backward);
    copy_downward(routine);

    routine.emitter.bind(short);
    for (bytes, load, store) in [(4, Op::Load32U, Op::Store32), (2, Op::Load16U, Op::Store16)] {
        let shorter = routine.label();
        routine.branch(Op::BrLtUImm32, LENGTH, bytes, shorter);
        routine.load(load, HEAD, FROM, 0);
        routine.add(FROM_END, FROM_END, -bytes);
        routine.load(load, TAIL, FROM_END, 0);
        routine.store(store, HEAD, TO, 0);
        routine.add(TO_END, TO_END, -bytes);
        routine.store(store, TAIL, TO_END, 0);
        routine.finish();
        routine.emitter.bind(shorter);
    }
    let nothing = routine.label();
    routine.branch(Op::BrEqImm32, LENGTH, 0, nothing);
    routine.load(Op::Load8U, HEAD, FROM, 0);
    routine.store(Op::Store8, HEAD, TO, 0);
    routine.emitter.bind(nothing);
    routine.finish();
    routine.out_of_bounds(trap);
}

/// The words of a copy from the lowest up, then both ends.
fn copy_upward(routine: &mut Routine) {
    let (words, ends) = (routine.label(), routine.label());
    routine.add(WORD, TO, 8);
    routine.with(Op::AndImm64, WORD, WORD, -8);
    routine.op(Op::Sub64, SCRATCH, WORD, TO);
    routine.op(Op::Add64, FROM, FROM, SCRATCH);
    routine.add(LIMIT, TO_END, -ROUND);
    routine.branch(Op::BrGtS64, WORD, LIMIT.into(), words);
    let round = routine.begin_loop();
    for offset in WORDS {
        routine.load(Op::Load64, SCRATCH, FROM, offset);
        routine.store(Op::Store64, SCRATCH, WORD, offset);
    }
    routine.add(FROM, FROM, ROUND);
    routine.add(WORD, WORD, ROUND);
    routine.branch(Op::BrLeS64, WORD, LIMIT.into(), round);
    routine.emitter.bind(words);
    routine.add(LIMIT, TO_END, -8);
    routine.branch(Op::BrGtS64, WORD, LIMIT.into(), ends);
    let word = routine.begin_loop();
    routine.load(Op::Load64, SCRATCH, FROM, 0);
    routine.store(Op::Store64, SCRATCH, WORD, 0);
    routine.add(FROM, FROM, 8);
    routine.add(WORD, WORD, 8);
    routine.branch(Op::BrLeS64, WORD, LIMIT.into(), word);
    routine.emitter.bind(ends);
    routine.store(Op::Store64, HEAD, TO, 0);
    routine.store(Op::Store64, TAIL, LIMIT, 0);
    routine.finish();
}

/// The words of a copy from the highest down, then both ends.
fn copy_downward(routine: &mut Routine) {
    let (words, ends) = (routine.label(), routine.label());
    routine.with(Op::AndImm64, WORD, TO_END, -8);
    routine.op(Op::Sub64, SCRATCH, TO_END, WORD);
    routine.op(Op::Sub64, FROM_END, FROM_END, SCRATCH);
    routine.add(LIMIT, TO, ROUND);
    routine.branch(Op::BrLtU64, WORD, LIMIT.into(), words);
    let round = routine.begin_loop();
    routine.add(FROM_END, FROM_END, -ROUND);
    routine.add(WORD, WORD, -ROUND);
    for offset in WORDS.into_iter().rev() {
        routine.load(Op::Load64, SCRATCH, FROM_END, offset);
        routine.store(Op::Store64, SCRATCH, WORD, offset);
    }
    routine.branch(Op::BrGeU64, WORD, LIMIT.into(), round);
    routine.emitter.bind(words);
    routine.add(LIMIT, TO, 8);
    routine.branch(Op::BrLtU64, WORD, LIMIT.into(), ends);
    let word = routine.begin_loop();
    routine.add(FROM_END, FROM_END, -8);
    routine.add(WORD, WORD, -8);
    routine.load(Op::Load64, SCRATCH, FROM_END, 0);
    routine.store(Op::Store64, SCRATCH, WORD, 0);
    routine.branch(Op::BrGeU64, WORD, LIMIT.into(), word);
    routine.emitter.bind(ends);
    routine.store(Op::Store64, HEAD, TO, 0);
    routine.add(LIMIT, TO_END, -8);
    routine.store(Op::Store64, TAIL, LIMIT, 0);
    routine.finish();
}

/// The segment's first static cell, then the one that holds the next bytes.
const CELL: u16 = 3;
/// Bits of that cell that come before the next byte.
const SHIFT: u16 = 5;
/// 63 minus that.
const REST: u16 = 6;
/// The next bytes, from the lowest on.
const BYTES: u16 = 7;

pub(super) fn memory_init(routine: &mut Routine) {
    let (trap, words, end) = (routine.label(), routine.label(), routine.label());
    routine.check_bounds(TO, FROM_END, trap);
    routine.with(Op::ShrUImm64, SCRATCH, FROM, 3);
    routine.op(Op::Add64, CELL, CELL, SCRATCH);
    routine.with(Op::AndImm64, SHIFT, FROM, 7);
    routine.with(Op::ShlImm64, SHIFT, SHIFT, 3);
    routine.with(Op::XorImm64, REST, SHIFT, 63);
    routine.branch(Op::BrLtUImm32, LENGTH, 8, words);
    let word = routine.begin_loop();
    bytes(routine);
    routine.store(Op::Store64, BYTES, TO, 0);
    routine.add(TO, TO, 8);
    routine.add(CELL, CELL, 1);
    routine.add(LENGTH, LENGTH, -8);
    routine.branch(Op::BrGeUImm32, LENGTH, 8, word);
    routine.emitter.bind(words);
    routine.branch(Op::BrEqImm32, LENGTH, 0, end);
    bytes(routine);
    let byte = routine.begin_loop();
    routine.store(Op::Store8, BYTES, TO, 0);
    routine.with(Op::ShrUImm64, BYTES, BYTES, 8);
    routine.add(TO, TO, 1);
    routine.add(LENGTH, LENGTH, -1);
    routine.branch(Op::BrNeImm32, LENGTH, 0, byte);
    routine.emitter.bind(end);
    routine.finish();
    routine.out_of_bounds(trap);
}

/// Reads the 8 bytes from `SHIFT` bits into `CELL` on: the upper part of one cell, the lower part of
/// the next. Two shifts bring the latter up, so that nothing is left of it where `SHIFT` is 0.
fn bytes(routine: &mut Routine) {
    routine.op(Op::StaticGet, BYTES, CELL, 0);
    routine.op(Op::ShrU64, BYTES, BYTES, SHIFT);
    routine.add(SCRATCH, CELL, 1);
    routine.op(Op::StaticGet, SCRATCH, SCRATCH, 0);
    routine.with(Op::ShlImm64, SCRATCH, SCRATCH, 1);
    routine.op(Op::Shl64, SCRATCH, SCRATCH, REST);
    routine.op(Op::Or64, BYTES, BYTES, SCRATCH);
}
