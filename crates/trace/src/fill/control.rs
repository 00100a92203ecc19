//! Rows of jumps, calls, arguments, results and their traps.

use p3_field::{Field, PrimeCharacteristicRing};
use provasm_air::chips::{
    CallCols, CallIndirectCols, CallTrapCols, IndirectTrapCols, IoCols, JumpCols, JumpTableCols, ReturnCols, TrapCols,
};
use provasm_air::gadgets::limbs::BelowCols;
use provasm_air::gadgets::register::ReadCols;
use provasm_execute::Step;
use provasm_isa::{Instr, Op, Trap};

use super::{F, Fill, cpu, f, flag, ints, limbs, op_flag, operands, read, zero};

impl Fill for JumpCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        Self { cpu: cpu(step), real: F::ONE, target: f(instr.imm as u32) }
    }
}

/// The comparison `a < n` of two 32-bit numbers.
fn below(a: u64, n: u64) -> BelowCols<F> {
    let (x, y) = (ints::<2>(a), ints::<2>(n));
    let is_below = a < n;
    let (more, less, one) = if is_below { (y, x, 1) } else { (x, y, 0) };
    let borrow = u32::from(more[0] < less[0] + one);
    BelowCols {
        below: flag(is_below),
        borrow: f(borrow),
        difference: [f(more[0] + (borrow << 16) - less[0] - one), f(more[1] - less[1] - borrow)],
    }
}

impl Fill for JumpTableCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [_, a, _] = operands(instr);
        Self {
            cpu: cpu(step),
            real: F::ONE,
            a,
            count: limbs(instr.imm),
            read: read(step, 0),
            below: below(step.before[0], instr.imm),
        }
    }
}

/// A link cell: a pc and a frame pointer, one limb each.
fn link(step: &Step, slot: usize) -> ReadCols<F, 2> {
    let value = step.before[slot];
    ReadCols { value: [f(value as u32), f((value >> 32) as u32)], previous: f(step.previous[slot]) }
}

impl Fill for CallCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [frame, ..] = operands(instr);
        Self { cpu: cpu(step), real: F::ONE, frame, target: f(instr.imm as u32), link: link(step, 2) }
    }
}

impl Fill for CallTrapCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [frame, ..] = operands(instr);
        Self { cpu: cpu(step), real: F::ONE, frame, target: f(instr.imm as u32) }
    }
}

impl Fill for ReturnCols<F> {
    fn fill(step: &Step, _: &Instr) -> Self {
        Self { cpu: cpu(step), real: F::ONE, link: link(step, 0) }
    }
}

impl Fill for CallIndirectCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [frame, a, function_type] = operands(instr);
        let is_tail = instr.op == Op::TailCallIndirect;
        Self {
            cpu: cpu(step),
            real: F::ONE,
            tail: op_flag(instr, 0),
            frame,
            a,
            function_type,
            first: f(instr.imm as u32),
            size: limbs(instr.imm >> 32),
            read: read(step, 0),
            below: below(step.before[0], instr.imm >> 32),
            element: read(step, 1),
            link: if is_tail { zero() } else { link(step, 2) },
        }
    }
}

impl Fill for IndirectTrapCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [frame, a, function_type] = operands(instr);
        let is = |trap: Trap| step.out == u64::from(trap.code());
        let (undefined, mismatch) = (is(Trap::UndefinedElement), is(Trap::IndirectCallTypeMismatch));
        let element = read::<3>(step, 1);
        let number = element.value[0];
        let difference = if undefined { F::ZERO } else { number - function_type - F::ONE };
        let inverse = if mismatch { (number * difference).try_inverse().unwrap_or(F::ZERO) } else { F::ZERO };
        Self {
            cpu: cpu(step),
            undefined: flag(undefined),
            null: flag(is(Trap::UninitializedElement)),
            mismatch: flag(mismatch),
            exhausted: flag(is(Trap::CallStackExhausted)),
            tail: op_flag(instr, 0),
            frame,
            a,
            function_type,
            first: f(instr.imm as u32),
            size: limbs(instr.imm >> 32),
            read: read(step, 0),
            below: below(step.before[0], instr.imm >> 32),
            element,
            difference,
            inverse,
        }
    }
}

impl Fill for IoCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, _] = operands(instr);
        let is_argument = instr.op == Op::Arg;
        let slot = if is_argument { 2 } else { 0 };
        Self {
            cpu: cpu(step),
            argument: op_flag(instr, 0),
            result: op_flag(instr, 1),
            halt: op_flag(instr, 2),
            exit: op_flag(instr, 3),
            register: if is_argument { d } else { a },
            index: f(instr.imm as u32),
            value: limbs(step.out),
            before: limbs(step.before[slot]),
            previous: f(step.previous[slot]),
        }
    }
}

impl Fill for TrapCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        Self { cpu: cpu(step), real: F::ONE, code: f(instr.imm as u32) }
    }
}
