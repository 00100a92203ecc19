//! Routines that stand behind operators without an opcode: `memory.copy` and `memory.fill`.
//!
//! Both check bounds before they write anything. From 8 bytes on they read the first and the last
//! 8 bytes of the source up front, move whole aligned words of the destination in between, and
//! write the two ends last, where they may overlap the words. Addresses are computed with 64 bits,
//! so that the end of a full memory does not wrap around.

use provasm_isa::layout::{PAGE_BYTES, STATIC_MEMORY_SIZE};
use provasm_isa::{Format, Instr, Op, Trap};

use crate::CompileError;
use crate::emit::{Code, Emitter, Label};
use crate::finish::finish;

/// A routine of the compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    /// `memory.copy`: destination, source, length.
    MemoryCopy,
    /// `memory.fill`: destination, byte, length.
    MemoryFill,
}

impl Builtin {
    /// Every routine, in the order of their function indices.
    pub(crate) const ALL: &'static [Builtin] = &[Builtin::MemoryCopy, Builtin::MemoryFill];

    /// The function index of the routine in a module with this many functions.
    pub(crate) fn function(self, functions: usize) -> u32 {
        (functions + self as usize) as u32
    }

    /// Number of parameters; none has results.
    pub(crate) fn params(self) -> usize {
        3
    }

    /// The name in listings.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Builtin::MemoryCopy => "memory.copy",
            Builtin::MemoryFill => "memory.fill",
        }
    }

    /// The routine's code.
    pub(crate) fn code(self) -> Result<Code, CompileError> {
        let mut routine = Routine::default();
        match self {
            Builtin::MemoryCopy => memory_copy(&mut routine),
            Builtin::MemoryFill => memory_fill(&mut routine),
        }
        finish(routine.emitter)
    }
}

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

/// A routine under construction, with one method per instruction format.
#[derive(Default)]
struct Routine {
    emitter: Emitter,
}

impl Routine {
    fn label(&mut self) -> Label {
        self.emitter.new_label()
    }

    fn begin_loop(&mut self) -> Label {
        let label = self.label();
        self.emitter.bind_loop(label);
        label
    }

    fn op(&mut self, op: Op, d: u16, a: u16, b: u16) {
        self.emitter.emit(Instr::new(op, d, a, b, 0));
    }

    fn with(&mut self, op: Op, d: u16, a: u16, immediate: i64) {
        self.emitter.emit(Instr::new(op, d, a, 0, immediate.cast_unsigned()));
    }

    fn add(&mut self, d: u16, a: u16, immediate: i64) {
        self.with(Op::AddImm64, d, a, immediate);
    }

    fn load(&mut self, op: Op, d: u16, base: u16, offset: u64) {
        self.emitter.emit(Instr::new(op, d, base, 0, offset));
    }

    fn store(&mut self, op: Op, value: u16, base: u16, offset: u64) {
        self.emitter.emit(Instr::new(op, 0, base, value, offset));
    }

    /// A branch that compares a register with another or with a constant.
    fn branch(&mut self, op: Op, a: u16, b: i64, to: Label) {
        let instr = match op.format() {
            Format::AITarget => Instr::new(op, 0, a, 0, b.cast_unsigned()),
            _ => Instr::new(op, 0, a, b as u16, 0),
        };
        self.emitter.emit_to(instr, to);
    }

    fn finish(&mut self) {
        self.emitter.emit(Instr::new(Op::Return, 0, 0, 0, 0));
    }

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

fn memory_fill(routine: &mut Routine) {
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

fn memory_copy(routine: &mut Routine) {
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
