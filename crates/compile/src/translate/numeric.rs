//! Integer arithmetic, with constants folded and immediates used where there are any.

use provasm_isa::{Instr, Op, eval};

use super::Translator;
use crate::CompileError;
use crate::algebra::{Identity, fits_32, identity, immediate, is_comparison, negated, reduced, swapped};
use crate::stack::Operand;

fn is_add_immediate(op: Op) -> bool {
    matches!(op, Op::AddImm32 | Op::AddImm64)
}

impl Translator<'_> {
    pub(super) fn binary(&mut self, op: Op) -> Result<(), CompileError> {
        let (b, a) = (self.pop()?, self.pop()?);
        let height = self.stack.height();
        let is_done = match (a, b) {
            (Operand::Const(a), Operand::Const(b)) => self.fold(op, a, b)?,
            (_, Operand::Const(constant)) => self.with_constant(op, (a, height), constant)?,
            (Operand::Const(constant), _) => match swapped(op) {
                Some(op) => self.with_constant(op, (b, height + 1), constant)?,
                None => false,
            },
            _ => false,
        };
        if is_done {
            return Ok(());
        }
        let a = self.register(a, height);
        let b = self.register(b, height + 1);
        let d = self.push_temp()?;
        self.emitter.emit(Instr::new(op, d, a, b, 0));
        Ok(())
    }

    /// An operation on two constants. False if it traps.
    fn fold(&mut self, op: Op, a: u64, b: u64) -> Result<bool, CompileError> {
        match eval(op, a, b) {
            Ok(value) => self.constant(value).map(|()| true),
            Err(_) => Ok(false),
        }
    }

    /// An operation on an operand, popped from a height, and a constant. False if it has no form
    /// without a register for the constant.
    fn with_constant(
        &mut self,
        op: Op,
        (operand, height): (Operand, usize),
        constant: u64,
    ) -> Result<bool, CompileError> {
        let constant = reduced(op, constant);
        match identity(op, constant) {
            Some(Identity::First) => self.push_moved(operand, height)?,
            Some(Identity::Constant(value)) => self.constant(value)?,
            None => {
                let Some((op, constant)) = immediate(op, constant) else {
                    return Ok(false);
                };
                let a = self.register(operand, height);
                let d = self.push_temp()?;
                let instr = match self.emitter.last_writer(a) {
                    // Two additions of constants are one.
                    Some(last) if operand == Operand::Temp && last.op == op && is_add_immediate(op) => {
                        self.emitter.pop_last();
                        Instr { d, imm: eval(op, last.imm, constant).unwrap_or(constant), ..last }
                    }
                    _ => Instr::new(op, d, a, 0, constant),
                };
                self.emitter.emit(instr);
            }
        }
        Ok(true)
    }

    pub(super) fn unary(&mut self, op: Op) -> Result<(), CompileError> {
        let operand = self.pop()?;
        let height = self.stack.height();
        if let Operand::Const(value) = operand
            && self.fold(op, value, 0)?
        {
            return Ok(());
        }
        let a = self.register(operand, height);
        if op == Op::Wrap64
            && operand == Operand::Temp
            && self.emitter.last_writer(a).is_some_and(|last| fits_32(&last))
        {
            return self.push(operand);
        }
        let d = self.push_temp()?;
        self.emitter.emit(Instr::new(op, d, a, 0, 0));
        Ok(())
    }

    /// `eqz`, which negates a comparison that was just computed.
    pub(super) fn zero_test(&mut self, op: Op) -> Result<(), CompileError> {
        let operand = self.pop()?;
        let height = self.stack.height();
        if let Operand::Const(value) = operand
            && self.fold(op, value, 0)?
        {
            return Ok(());
        }
        let a = self.register(operand, height);
        let d = self.push_temp()?;
        if operand == Operand::Temp
            && let Some(last) = self.emitter.last_writer(a)
            && is_comparison(last.op)
            && let Some(op) = negated(last.op)
        {
            self.emitter.pop_last();
            self.emitter.emit(Instr { op, ..last });
        } else {
            self.emitter.emit(Instr::new(op, d, a, 0, 0));
        }
        Ok(())
    }
}
