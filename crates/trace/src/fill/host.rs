//! Rows of hints and messages.

use p3_field::PrimeCharacteristicRing;
use provasm_air::chips::{HintCols, LogCols};
use provasm_execute::Step;
use provasm_isa::Instr;

use super::{F, Fill, cpu, f, limbs, operands, write};

impl Fill for HintCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, ..] = operands(instr);
        Self {
            cpu: cpu(step),
            real: F::ONE,
            d,
            kind: f(instr.imm as u32),
            value: limbs(step.out),
            write: write(step, 2),
        }
    }
}

impl Fill for LogCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [_, a, b] = operands(instr);
        Self { cpu: cpu(step), real: F::ONE, a, b }
    }
}
