//! Operands: pushing, popping, and bringing values into registers.

use provasm_isa::layout::FRAME_REGISTERS_MAX;
use provasm_isa::{Instr, Op};
use provasm_program::ValType;

use super::Translator;
use crate::CompileError;
use crate::error::check_limit;
use crate::stack::Operand;

impl Translator<'_> {
    /// The canonical register of a height; [`Translator::push`] keeps it within the frame.
    pub(super) fn slot(&self, height: usize) -> u16 {
        (self.temp_base as usize + height) as u16
    }

    /// A register above the operands, which `above` of those just popped still occupy.
    pub(super) fn scratch(&self, above: usize) -> Result<u16, CompileError> {
        let height = self.stack.height() + above;
        let registers = self.temp_base as usize + height + 2;
        check_limit("registers in a frame", registers as u64, FRAME_REGISTERS_MAX.into())?;
        Ok(self.slot(height))
    }

    pub(super) fn push(&mut self, operand: Operand) -> Result<(), CompileError> {
        self.push_part(operand, false)
    }

    fn push_part(&mut self, operand: Operand, is_high: bool) -> Result<(), CompileError> {
        self.scratch(0)?;
        self.stack.push(operand, is_high);
        Ok(())
    }

    /// Pushes a v128, low half first.
    pub(super) fn push_vector(&mut self, [low, high]: [Operand; 2]) -> Result<(), CompileError> {
        self.push_part(low, false)?;
        self.push_part(high, true)
    }

    /// Pushes values that are in their canonical registers.
    pub(super) fn push_temps(&mut self, types: &[ValType]) -> Result<(), CompileError> {
        for value_type in types {
            if *value_type == ValType::V128 {
                self.push_vector([Operand::Temp; 2])?;
            } else {
                self.push(Operand::Temp)?;
            }
        }
        Ok(())
    }

    /// Pushes a value that the next instruction writes to the register returned.
    pub(super) fn push_temp(&mut self) -> Result<u16, CompileError> {
        let register = self.slot(self.stack.height());
        self.push(Operand::Temp)?;
        Ok(register)
    }

    pub(super) fn constant(&mut self, value: u64) -> Result<(), CompileError> {
        self.push(Operand::Const(value))
    }

    pub(super) fn pop(&mut self) -> Result<Operand, CompileError> {
        let floor = self.frames.last().map_or(0, |frame| frame.height);
        if self.stack.height() <= floor {
            return Err(self.inconsistent("an operator finds its operands"));
        }
        self.stack.pop().ok_or(self.inconsistent("an operator finds its operands"))
    }

    /// Pops a v128, low half first.
    pub(super) fn pop_vector(&mut self) -> Result<[Operand; 2], CompileError> {
        let high = self.pop()?;
        Ok([self.pop()?, high])
    }

    /// The register that holds an operand popped from a height; constants get one that is set
    /// aside for them and thus no operand's.
    pub(super) fn register(&mut self, operand: Operand, height: usize) -> u16 {
        let slot = self.slot(height);
        match operand {
            Operand::Temp => slot,
            Operand::Local(register) => register,
            Operand::Const(value) => {
                let (register, is_held) = self.emitter.constants.pooled(value).unwrap_or((slot, false));
                if !is_held {
                    self.emitter.emit(Instr::new(Op::Const, register, 0, 0, value));
                }
                register
            }
        }
    }

    /// Moves an operand popped from a height to a register.
    pub(super) fn move_to(&mut self, register: u16, operand: Operand, height: usize) {
        match operand {
            Operand::Temp => self.emitter.place(self.slot(height), register),
            Operand::Local(from) => self.emitter.copy(register, from),
            Operand::Const(value) => self.emitter.emit(Instr::new(Op::Const, register, 0, 0, value)),
        }
    }

    /// Pushes an operand popped from a height, which may be another than the one it comes to.
    pub(super) fn push_moved(&mut self, operand: Operand, height: usize) -> Result<(), CompileError> {
        let target = self.stack.height();
        if operand == Operand::Temp && height != target {
            self.emitter.place(self.slot(height), self.slot(target));
        }
        self.push(operand)
    }

    /// Brings the operand at a height into its canonical register.
    pub(super) fn settle(&mut self, height: usize) {
        let slot = self.slot(height);
        match self.stack.get(height) {
            Some(Operand::Local(register)) => self.emitter.copy(slot, register),
            Some(Operand::Const(value)) => self.emitter.emit(Instr::new(Op::Const, slot, 0, 0, value)),
            Some(Operand::Temp) | None => return,
        }
        self.stack.set_temp(height);
    }

    /// Brings the top `count` operands into their canonical registers.
    pub(super) fn settle_top(&mut self, count: usize) -> Result<(), CompileError> {
        let height = self.stack.height();
        let lowest = height.checked_sub(count).ok_or(self.inconsistent("an operator finds its operands"))?;
        (lowest..height).for_each(|height| self.settle(height));
        Ok(())
    }
}
