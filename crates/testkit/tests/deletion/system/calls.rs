//! Calls through a table that call something else, calls that traps are said to be, and links that nobody wrote.

use p3_field::{Field, PrimeCharacteristicRing};
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::layout::{LINK_BASE, REGISTER_BASE, STATIC_BASE};
use provasm_isa::{Chip, Op, Trap};
use provasm_program::Program;
use provasm_testkit::assemble::{A, B};
use provasm_testkit::delete::{Kills, Liar};

use super::tale::{Tale, f};
use crate::runs::Run;

const CALL: TableId = TableId::Chip(Chip::CallIndirect);

/// The callee's type.
const TYPE: u16 = 3;
/// The first cells of a table of one element, and of what follows it: they share a leaf.
const ELEMENT: u32 = 2;

/// A program whose table has this callee as its element, as has the cell after it.
fn with_table(callee: u32) -> Run {
    let mut run = Run::new(&[], &[]);
    let element = Program::element(TYPE, callee);
    for value in [0, element, element] {
        run.assembly.static_cell(value);
    }
    run
}

/// The index of a call through the table, the call, and the callee.
const INDEX: u32 = 1;
const THROUGH: u32 = 2;
const CALLEE: u32 = 4;

/// A call through the table. Its frame is the second one, so that the first one's link is in the same leaf.
pub(super) fn through() -> Run {
    let mut run = with_table(CALLEE);
    run.hint(B, Program::element(TYPE, CALLEE));
    run.hint(A, 0);
    run.assembly.instr(Op::CallIndirect, 1, A, TYPE, u64::from(ELEMENT) | 1 << 32);
    run.assembly.halt();
    run.assembly.ret();
    run
}

/// A clock after the run.
const LATER: i64 = 60;

pub(super) fn tell_through(liar: &Liar<'_, '_>, kills: &mut Kills) {
    // The element of the next table.
    let mut tale = Tale::about(liar);
    let [index, call] = [tale.at(Chip::Hint, INDEX), tale.at(Chip::CallIndirect, THROUGH)];
    tale.set(index, &[("value[0]", 1)]);
    tale.set(call, &[("read.value[0]", 1), ("below.difference[0]", -1)]);
    tale.tell(kills);

    // A register that holds what could be an element: its index is below the size by a borrow of a fraction.
    let mut tale = Tale::about(liar);
    let register = f(i64::from(REGISTER_BASE + u32::from(B) - STATIC_BASE - ELEMENT));
    let high = register * F::new(1 << 16).inverse();
    let borrow = F::new(1 << 16).inverse();
    tale.put(index, "value[1]", high);
    tale.put(call, "read.value[1]", high);
    tale.put(call, "below.borrow", borrow);
    tale.set(call, &[("below.difference[0]", 1)]);
    tale.put(call, "below.difference[1]", -high - borrow);
    tale.tell(kills);

    // A link that minus a tail call writes, to a place of its choice.
    let mut tale = Tale::about(liar);
    let row = tale.add(CALL);
    tale.set(row, &[("tail", -1), ("cpu.pc", 99), ("cpu.fp", 1), ("cpu.clock", LATER)]);
    tale.tell(kills);

    // A tail call that is no instruction takes the first frame's link, which is zero, and gives another one before.
    let mut tale = Tale::about(liar);
    let row = tale.add(CALL);
    tale.set(row, &[("tail", 1), ("cpu.pc", -1), ("cpu.clock", LATER), ("link.value[0]", 77)]);
    tale.set(row, &[("link.previous", LATER + 1)]);
    let (leaf, _) = tale.leaf(LINK_BASE);
    tale.set(leaf, &[("first_clock[0]", LATER + 2), ("last_clock[0]", LATER + 1), ("after[0]", 77)]);
    tale.tell_as_is(kills);
}

/// The choice of a tail call, the jump to it, the first of them, and what they call.
const CHOICE: u32 = 1;
const JUMP: u32 = 2;
const TAIL: u32 = 3;
const CALLED: u32 = 6;
/// The frame of a tail call as no compiled program has it.
const FRAME: u16 = 16;

/// A tail call of the element with an index: one of three, the second of which would be in another frame.
fn by_index(index: u64) -> Run {
    let mut run = with_table(CALLED);
    run.hint(A, index);
    run.hint(B, 0);
    run.assembly.instr(Op::JumpTable, 0, B, 0, 2);
    for frame in [0, FRAME, 0] {
        run.assembly.instr(Op::TailCallIndirect, frame, A, TYPE, u64::from(ELEMENT) | 1 << 32);
    }
    run.assembly.halt();
    run
}

pub(super) fn tail() -> Run {
    by_index(0)
}

pub(super) fn undefined() -> Run {
    by_index(5)
}

/// The tail call is the one to another frame.
fn to_another_frame<'l, 'h, 't>(liar: &'l Liar<'h, 't>, chip: Chip) -> Tale<'l, 'h, 't> {
    let mut tale = Tale::about(liar);
    let [choice, jump, call] =
        [(Chip::Hint, CHOICE), (Chip::JumpTable, JUMP), (chip, TAIL)].map(|(c, pc)| tale.at(c, pc));
    tale.set(choice, &[("value[0]", 1)]);
    tale.set(jump, &[("read.value[0]", 1), ("below.difference[0]", 0)]);
    tale.set(call, &[("cpu.pc", i64::from(TAIL) + 1), ("frame", FRAME.into())]);
    tale
}

pub(super) fn tell_tail(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let mut tale = to_another_frame(liar, Chip::CallIndirect);
    tale.set(tale.at(Chip::Io, CALLED), &[("cpu.fp", FRAME.into())]);
    tale.tell(kills);

    // An index that names an entry does not, by a borrow of a fraction: what comes after the entries is jumped to.
    let mut tale = Tale::about(liar);
    let borrow = F::new(1 << 15).inverse();
    let jump = tale.at(Chip::JumpTable, JUMP);
    tale.set(jump, &[("below.below", 0), ("below.difference[0]", 0)]);
    tale.put(jump, "below.borrow", borrow);
    tale.put(jump, "below.difference[1]", -borrow);
    tale.set(tale.at(Chip::CallIndirect, TAIL), &[("cpu.pc", i64::from(TAIL) + 2)]);
    tale.tell(kills);
}

pub(super) fn tell_undefined(liar: &Liar<'_, '_>, kills: &mut Kills) {
    to_another_frame(liar, Chip::IndirectTrap).tell(kills);
}

/// A call of itself, until the stack is exhausted.
pub(super) fn endless() -> Run {
    let mut run = Run::new(&[], &[]);
    run.assembly.call(1 << 15, 0);
    run
}

pub(super) fn tell_endless(liar: &Liar<'_, '_>, kills: &mut Kills) {
    // It is exhausted one call earlier.
    let mut tale = Tale::about(liar);
    let [call, trap] = [Chip::Call, Chip::CallTrap].map(|chip| tale.at(chip, 0));
    for name in ["cpu.fp", "cpu.clock"] {
        tale.put(trap, name, tale.get(call, name));
    }
    tale.leave_out(call);
    tale.tell(kills);

    // Two halves of a trap send half its code half a time each.
    let mut tale = Tale::about(liar);
    let other = tale.copy(trap);
    for row in [trap, other] {
        tale.put(row, "real", F::TWO.inverse());
    }
    tale.set(tale.claim(), &[("outcome", i64::from(Trap::CallStackExhausted.code()) / 2)]);
    tale.tell(kills);
}
