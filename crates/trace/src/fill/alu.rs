//! Rows of arithmetic, logic, shifts, comparisons and bit counts.

use p3_field::PrimeCharacteristicRing;
use provasm_air::chips::{
    AddCols, AddImmCols, BitCountCols, BitwiseCols, BitwiseImmCols, BranchCols, BranchImmCols, LogicCols, MulCols,
    SetCols, SetImmCols, ShiftImmCols, ShiftVarCols,
};
use provasm_air::gadgets::compare::CompareCols;
use provasm_air::gadgets::shift::ShiftCols;
use provasm_execute::Step;
use provasm_isa::{Instr, ShiftRouting, eval, shift_routing};

use super::{F, Fill, cpu, f, flag, ints, limbs, low_bytes, op_flag, operands, read, write, zero};

impl<const W: usize> Fill for AddCols<F, W> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, b] = operands(instr);
        let subtract = instr.op.flags() & 1 == 1;
        let (x, y) = (ints::<W>(step.before[0]), ints::<W>(step.before[1]));
        let mut carry = 0;
        let carries = core::array::from_fn(|i| {
            let operand = y[i] as i32;
            let sum = x[i] as i32 + if subtract { -operand } else { operand } + carry;
            carry = sum >> 16;
            if carry < 0 { -F::ONE } else { f(carry as u32) }
        });
        Self {
            cpu: cpu(step),
            real: F::ONE,
            subtract: flag(subtract),
            d,
            a,
            b,
            read_a: read(step, 0),
            read_b: read(step, 1),
            out: limbs(step.out),
            carry: carries,
            write: write(step, 2),
        }
    }
}

impl<const W: usize> Fill for AddImmCols<F, W> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, _] = operands(instr);
        Self {
            cpu: cpu(step),
            real: F::ONE,
            d,
            a,
            imm: limbs(instr.imm),
            read: read(step, 0),
            out: limbs(step.out),
            write: write(step, 2),
        }
    }
}

fn logic<const W: usize>(instr: &Instr, x: u64, y: u64) -> LogicCols<F, W> {
    LogicCols {
        and: op_flag(instr, 0),
        or: op_flag(instr, 1),
        xor: op_flag(instr, 2),
        a_low: low_bytes(x),
        b_low: low_bytes(y),
        and_low: low_bytes(x & y),
        and_high: low_bytes((x & y) >> 8),
    }
}

impl<const W: usize> Fill for BitwiseCols<F, W> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, b] = operands(instr);
        Self {
            cpu: cpu(step),
            d,
            a,
            b,
            read_a: read(step, 0),
            read_b: read(step, 1),
            logic: logic(instr, step.before[0], step.before[1]),
            write: write(step, 2),
        }
    }
}

impl<const W: usize> Fill for BitwiseImmCols<F, W> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, _] = operands(instr);
        Self {
            cpu: cpu(step),
            d,
            a,
            imm: limbs(instr.imm),
            read: read(step, 0),
            logic: logic(instr, step.before[0], instr.imm),
            write: write(step, 2),
        }
    }
}

fn shift<const W: usize>(routing: &ShiftRouting, value: u64) -> ShiftCols<F, W> {
    let at = routing.limbs as usize;
    let one_hot = |kept: bool| core::array::from_fn(|i| flag(kept && i == at));
    let parts = ints::<W>(value).map(|limb| {
        let scaled = limb << routing.bits;
        (f(scaled >> 16), f((scaled & 0xffff) >> routing.bits))
    });
    ShiftCols {
        straight: one_hot(routing.keep_straight),
        wrapped: one_hot(routing.keep_wrapped),
        signed: flag(routing.signed),
        bits: f(routing.bits),
        power: f(1 << routing.bits),
        high: parts.map(|(high, _)| high),
        low: parts.map(|(_, low)| low),
        sign: flag(routing.signed && value >> (16 * W - 1) & 1 == 1),
    }
}

impl<const W: usize> Fill for ShiftImmCols<F, W> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, _] = operands(instr);
        let routing = shift_routing(16 * W as u32, instr.op.flags(), instr.imm as u32);
        Self {
            cpu: cpu(step),
            real: F::ONE,
            d,
            a,
            read: read(step, 0),
            shift: shift(&routing, step.before[0]),
            write: write(step, 2),
        }
    }
}

impl<const W: usize> Fill for ShiftVarCols<F, W> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, b] = operands(instr);
        let width = 16 * W as u32;
        let amount = step.before[1] as u32 % width;
        let routing = shift_routing(width, instr.op.flags(), amount);
        Self {
            cpu: cpu(step),
            real: F::ONE,
            kind: f(u32::from(instr.op.flags())),
            d,
            a,
            b,
            read_a: read(step, 0),
            read_b: read(step, 1),
            amount: f(amount),
            shift: shift(&routing, step.before[0]),
            write: write(step, 2),
        }
    }
}

fn compare<const W: usize>(instr: &Instr, x: u64, y: u64) -> CompareCols<F, W> {
    let signed = instr.op.flags() & 16 != 0;
    let sign = |value: u64| i64::from(signed && value >> (16 * W - 1) & 1 == 1);
    let signs = [sign(x), sign(y)];
    let (a, b) = (ints::<W>(x), ints::<W>(y));
    let differs = (0..W).rev().find(|&i| a[i] != b[i]);
    let mut difference = differs.map_or(0, |i| i64::from(a[i]) - i64::from(b[i]));
    if differs == Some(W - 1) {
        difference -= 65_536 * (signs[0] - signs[1]);
    }
    let magnitude = f(difference.unsigned_abs() as u32);
    CompareCols {
        equal: op_flag(instr, 0),
        less: op_flag(instr, 1),
        greater: op_flag(instr, 2),
        negate: op_flag(instr, 3),
        signed: flag(signed),
        pick: core::array::from_fn(|i| flag(differs == Some(i))),
        smaller: flag(difference < 0),
        difference: if difference < 0 { -magnitude } else { magnitude },
        signs: signs.map(|sign| flag(sign == 1)),
        holds: flag(eval(instr.op, x, y) == Ok(1)),
    }
}

impl<const W: usize> Fill for SetCols<F, W> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, b] = operands(instr);
        Self {
            cpu: cpu(step),
            d,
            a,
            b,
            read_a: read(step, 0),
            read_b: read(step, 1),
            compare: compare(instr, step.before[0], step.before[1]),
            write: write(step, 2),
        }
    }
}

impl<const W: usize> Fill for SetImmCols<F, W> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, _] = operands(instr);
        Self {
            cpu: cpu(step),
            d,
            a,
            imm: limbs(instr.imm),
            read: read(step, 0),
            compare: compare(instr, step.before[0], instr.imm),
            write: write(step, 2),
        }
    }
}

impl<const W: usize> Fill for BranchCols<F, W> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [_, a, b] = operands(instr);
        Self {
            cpu: cpu(step),
            a,
            b,
            target: f(instr.imm as u32),
            read_a: read(step, 0),
            read_b: read(step, 1),
            compare: compare(instr, step.before[0], step.before[1]),
        }
    }
}

impl<const W: usize> Fill for BranchImmCols<F, W> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [_, a, _] = operands(instr);
        Self {
            cpu: cpu(step),
            a,
            target: f(instr.target().unwrap_or(0)),
            imm: limbs(instr.imm),
            read: read(step, 0),
            compare: compare(instr, step.before[0], instr.imm),
        }
    }
}

/// Bytes of the low `W` limbs.
pub(super) fn bytes<const W: usize>(value: u64) -> Vec<u64> {
    value.to_le_bytes()[..2 * W].iter().map(|&byte| u64::from(byte)).collect()
}

/// The part of a product of bytes that falls into limb `k`, before carries.
pub(super) fn product_limb(x: &[u64], y: &[u64], k: usize) -> u64 {
    let column = |position: usize| -> u64 {
        (0..x.len()).filter(|&i| i <= position && position - i < y.len()).map(|i| x[i] * y[position - i]).sum()
    };
    column(2 * k) + 256 * column(2 * k + 1)
}

impl<const W: usize> Fill for MulCols<F, W> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, b] = operands(instr);
        let (x, y) = (bytes::<W>(step.before[0]), bytes::<W>(step.before[1]));
        let mut carry = 0;
        let carries = core::array::from_fn(|k| {
            carry = (product_limb(&x, &y, k) + carry) >> 16;
            f(carry as u32)
        });
        Self {
            cpu: cpu(step),
            real: F::ONE,
            d,
            a,
            b,
            read_a: read(step, 0),
            read_b: read(step, 1),
            a_low: low_bytes(step.before[0]),
            b_low: low_bytes(step.before[1]),
            out: limbs(step.out),
            carry: carries,
            write: write(step, 2),
        }
    }
}

impl Fill for BitCountCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, _] = operands(instr);
        let value = step.before[0];
        let leading = instr.op.flags() & 2 != 0;
        let searched = if leading { value.reverse_bits() } else { value };
        let mut row = Self {
            cpu: cpu(step),
            is64: op_flag(instr, 0),
            leading: op_flag(instr, 1),
            trailing: op_flag(instr, 2),
            ones: op_flag(instr, 3),
            d,
            a,
            read: read(step, 0),
            out: f(step.out as u32),
            write: write(step, 2),
            ..zero()
        };
        for i in 0..64 {
            row.bits[i] = flag(value >> i & 1 == 1);
            row.seen[i] = flag(searched & (u64::MAX >> (63 - i)) != 0);
        }
        row
    }
}
