//! Routines on static cells, for tables.

use provasm_isa::Op;

use super::Routine;

/// Index of the destination's next cell.
const TO: u16 = 0;
/// Index of the source's next cell, or the value to fill with.
const FROM: u16 = 1;
/// Cells still to be written.
const COUNT: u16 = 2;
/// The value of a cell.
const VALUE: u16 = 3;

pub(super) fn copy(routine: &mut Routine) {
    let (end, downward) = (routine.label(), routine.label());
    routine.branch(Op::BrEqImm32, COUNT, 0, end);
    // Going up overwrites what is still to be read only if the source begins below the destination.
    routine.branch(Op::BrLtU32, FROM, TO.into(), downward);
    let next = routine.begin_loop();
    routine.op(Op::StaticGet, VALUE, FROM, 0);
    routine.op(Op::StaticSet, 0, TO, VALUE);
    routine.add(FROM, FROM, 1);
    routine.add(TO, TO, 1);
    routine.add(COUNT, COUNT, -1);
    routine.branch(Op::BrNeImm32, COUNT, 0, next);
    routine.finish();
    routine.emitter.bind(downward);
    routine.op(Op::Add64, FROM, FROM, COUNT);
    routine.op(Op::Add64, TO, TO, COUNT);
    let next = routine.begin_loop();
    routine.add(FROM, FROM, -1);
    routine.add(TO, TO, -1);
    routine.op(Op::StaticGet, VALUE, FROM, 0);
    routine.op(Op::StaticSet, 0, TO, VALUE);
    routine.add(COUNT, COUNT, -1);
    routine.branch(Op::BrNeImm32, COUNT, 0, next);
    routine.emitter.bind(end);
    routine.finish();
}

pub(super) fn fill(routine: &mut Routine) {
    let end = routine.label();
    routine.branch(Op::BrEqImm32, COUNT, 0, end);
    let next = routine.begin_loop();
    routine.op(Op::StaticSet, 0, TO, FROM);
    routine.add(TO, TO, 1);
    routine.add(COUNT, COUNT, -1);
    routine.branch(Op::BrNeImm32, COUNT, 0, next);
    routine.emitter.bind(end);
    routine.finish();
}
