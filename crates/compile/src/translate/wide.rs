//! Arithmetic on 128-bit integers in two i64, low half first.

use provasm_isa::{Instr, Op};
use wasmparser::Operator;

use super::Translator;
use crate::CompileError;
use crate::stack::Operand;

/// An operator of the wide arithmetic proposal.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wide {
    /// Addition, or subtraction, of 128-bit integers.
    Sum(Op),
    /// The whole product of two i64; the routine gives its high half.
    Product(&'static str),
}

/// What an operator computes, if it is one of these.
pub(super) fn lowering(operator: &Operator<'_>) -> Option<Wide> {
    Some(match operator {
        Operator::I64Add128 => Wide::Sum(Op::Add64),
        Operator::I64Sub128 => Wide::Sum(Op::Sub64),
        Operator::I64MulWideS => Wide::Product("i64.mul_high_s"),
        Operator::I64MulWideU => Wide::Product("i64.mul_high_u"),
        _ => return None,
    })
}

impl Translator<'_> {
    pub(super) fn wide(&mut self, wide: Wide) -> Result<(), CompileError> {
        match wide {
            Wide::Sum(op) => self.sum(op),
            Wide::Product(high) => self.product(high),
        }
    }

    fn sum(&mut self, op: Op) -> Result<(), CompileError> {
        let (b_high, b_low, a_high, a_low) = (self.pop()?, self.pop()?, self.pop()?, self.pop()?);
        let height = self.stack.height();
        let (low, carry) = (self.scratch(4)?, self.scratch(5)?);
        let (a, b) = (self.register(a_low, height), self.register(b_low, height + 2));
        self.emitter.emit(Instr::new(op, low, a, b, 0));
        // A sum carries when it is below a summand; a difference borrows when it is above what it
        // was taken from.
        let compare = if op == Op::Add64 { Op::LtU64 } else { Op::GtU64 };
        self.emitter.emit(Instr::new(compare, carry, low, a, 0));
        let (a, b) = (self.register(a_high, height + 1), self.register(b_high, height + 3));
        let high = self.slot(height + 1);
        self.emitter.emit(Instr::new(op, high, a, b, 0));
        self.emitter.emit(Instr::new(op, high, high, carry, 0));
        self.emitter.copy(self.slot(height), low);
        self.push(Operand::Temp)?;
        self.push(Operand::Temp)
    }

    fn product(&mut self, high: &str) -> Result<(), CompileError> {
        self.settle_top(2)?;
        let (_, _) = (self.pop()?, self.pop()?);
        let (a, b) = (self.scratch(0)?, self.scratch(1)?);
        let (first, second) = (self.scratch(2)?, self.scratch(3)?);
        self.emitter.copy(first, a);
        self.emitter.copy(second, b);
        self.call_runtime(high, first)?;
        self.emitter.emit(Instr::new(Op::Mul64, a, a, b, 0));
        self.emitter.copy(b, first);
        self.push(Operand::Temp)?;
        self.push(Operand::Temp)
    }
}
