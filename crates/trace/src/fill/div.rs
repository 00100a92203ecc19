//! Rows of division and its traps.

use p3_field::PrimeCharacteristicRing;
use provasm_air::chips::{DivCols, DivTrapCols, NegateCols};
use provasm_execute::Step;
use provasm_isa::{Instr, Trap};

use super::alu::{bytes, product_limb};
use super::{F, Fill, cpu, f, flag, ints, limbs, low_bytes, op_flag, operands, read, write};

/// A value's negation where `sign`, in 32 or 64 bits, and the row group that proves it.
fn negate(value: u64, sign: bool, is64: bool) -> (u64, NegateCols<F>) {
    let mask = if is64 { u64::MAX } else { u64::from(u32::MAX) };
    let out = if sign { value.wrapping_neg() & mask } else { value };
    let (x, y) = (ints::<4>(value), ints::<4>(out));
    let mut carry = 0;
    let carries = core::array::from_fn(|i| {
        let carry_in = if i == 2 && !is64 { 0 } else { carry };
        carry = if sign { (x[i] + y[i] + carry_in) >> 16 } else { 0 };
        f(carry)
    });
    (out, NegateCols { out: limbs(out), carry: carries })
}

impl Fill for DivCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, b] = operands(instr);
        let flags = instr.op.flags();
        let (is64, signed, is_remainder) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0);
        let top = if is64 { 63 } else { 31 };
        let signs = [0, 1].map(|slot| signed && step.before[slot] >> top & 1 == 1);
        let (x, dividend) = negate(step.before[0], signs[0], is64);
        let (y, divisor) = negate(step.before[1], signs[1], is64);
        let (quotient, rest) = (x.checked_div(y).unwrap_or(0), x.checked_rem(y).unwrap_or(0));

        let (quotient_bytes, divisor_bytes) = (bytes::<4>(quotient), bytes::<4>(y));
        let rest_limbs = ints::<4>(rest);
        let mut carry = 0;
        let carries = core::array::from_fn(|k| {
            carry = (product_limb(&quotient_bytes, &divisor_bytes, k) + u64::from(rest_limbs[k]) + carry) >> 16;
            f(carry as u32)
        });
        let divisor_limbs = ints::<4>(y);
        let mut borrow = 1;
        let borrows = core::array::from_fn(|k| {
            borrow = u32::from(divisor_limbs[k] < rest_limbs[k] + borrow);
            f(borrow)
        });
        let sign = if is_remainder { signs[0] } else { signs[0] != signs[1] };
        let (_, result) = negate(if is_remainder { rest } else { quotient }, sign, is64);
        Self {
            cpu: cpu(step),
            real: F::ONE,
            is64: flag(is64),
            signed: flag(signed),
            remainder: flag(is_remainder),
            d,
            a,
            b,
            read_a: read(step, 0),
            read_b: read(step, 1),
            signs: signs.map(flag),
            dividend,
            divisor,
            quotient: limbs(quotient),
            rest: limbs(rest),
            quotient_low: low_bytes(quotient),
            divisor_low: low_bytes(y),
            carry: carries,
            borrow: borrows,
            sign: flag(sign),
            result,
            write: write(step, 2),
        }
    }
}

impl Fill for DivTrapCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, b] = operands(instr);
        let is = |trap: Trap| flag(step.out == u64::from(trap.code()));
        Self {
            cpu: cpu(step),
            by_zero: is(Trap::DivideByZero),
            overflow: is(Trap::IntegerOverflow),
            is64: op_flag(instr, 0),
            signed: op_flag(instr, 1),
            remainder: op_flag(instr, 2),
            d,
            a,
            b,
            read_a: read(step, 0),
            read_b: read(step, 1),
        }
    }
}
