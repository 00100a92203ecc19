//! Rows of constants, copies, static cells, extensions and selection.

use p3_field::{Field, PrimeCharacteristicRing};
use provasm_air::chips::{ConstCols, CopyCols, ExtendCols, SelectCols, StaticCols};
use provasm_execute::Step;
use provasm_isa::{Instr, Op};

use super::{F, Fill, cpu, f, flag, limbs, op_flag, operands, read, write};

impl Fill for ConstCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, ..] = operands(instr);
        Self { cpu: cpu(step), real: F::ONE, d, imm: limbs(instr.imm), write: write(step, 2) }
    }
}

impl Fill for CopyCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [mut d, mut a, _] = operands(instr);
        match instr.op {
            Op::GlobalGet => a = f(instr.imm as u32),
            Op::GlobalSet => d = f(instr.imm as u32),
            _ => {}
        }
        Self {
            cpu: cpu(step),
            real: F::ONE,
            from_static: op_flag(instr, 0),
            to_static: op_flag(instr, 1),
            d,
            a,
            read: read(step, 0),
            write: write(step, 2),
        }
    }
}

impl Fill for StaticCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, b] = operands(instr);
        Self {
            cpu: cpu(step),
            get: op_flag(instr, 0),
            set: op_flag(instr, 1),
            host: op_flag(instr, 2),
            a,
            register: if matches!(instr.op, Op::StaticGet | Op::HostGet) { d } else { b },
            index: read(step, 0),
            source: read(step, 1),
            write: write(step, 2),
        }
    }
}

impl Fill for ExtendCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, _] = operands(instr);
        let flags = instr.op.flags();
        let value = step.before[0];
        let bits = if flags & 1 != 0 {
            8
        } else if flags & 2 != 0 {
            16
        } else {
            32
        };
        let signed = flags & 16 != 0;
        Self {
            cpu: cpu(step),
            from8: op_flag(instr, 0),
            from16: op_flag(instr, 1),
            from32: op_flag(instr, 2),
            to64: op_flag(instr, 3),
            signed: flag(signed),
            d,
            a,
            read: read(step, 0),
            byte: if bits == 8 { f(value as u32 & 0xff) } else { F::ZERO },
            sign: flag(signed && value >> (bits - 1) & 1 == 1),
            write: write(step, 2),
        }
    }
}

impl Fill for SelectCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, b] = operands(instr);
        let condition = read::<2>(step, 2);
        Self {
            cpu: cpu(step),
            real: F::ONE,
            d,
            a,
            b,
            c: f(instr.imm as u32),
            read_a: read(step, 0),
            read_b: read(step, 1),
            condition,
            inverse: (condition.value[0] + condition.value[1]).try_inverse().unwrap_or(F::ZERO),
            write: write(step, 3),
        }
    }
}
