//! Locals, globals and `select`.

use provasm_isa::layout::STATIC_GLOBALS;
use provasm_isa::{Instr, Op};

use super::Translator;
use crate::CompileError;
use crate::module::Global;
use crate::stack::Operand;

impl Translator<'_> {
    pub(super) fn local_get(&mut self, local: u32) -> Result<(), CompileError> {
        self.push(Operand::Local(self.local_register(local)))
    }

    pub(super) fn local_set(&mut self, local: u32) -> Result<(), CompileError> {
        let operand = self.pop()?;
        self.write_local(self.local_register(local), operand);
        Ok(())
    }

    pub(super) fn local_tee(&mut self, local: u32) -> Result<(), CompileError> {
        let register = self.local_register(local);
        let operand = self.pop()?;
        self.write_local(register, operand);
        self.push(match operand {
            Operand::Const(_) => operand,
            Operand::Temp | Operand::Local(_) => Operand::Local(register),
        })
    }

    /// Writes the operand just popped to a local. The instruction that computed it writes the
    /// local instead, if it is the last one; pending reads of the old value happen before.
    fn write_local(&mut self, register: u16, operand: Operand) {
        let is_there = match operand {
            Operand::Local(from) => from == register,
            Operand::Const(value) => self.emitter.constants.holds(register, value),
            Operand::Temp => false,
        };
        if is_there {
            return;
        }
        let reads = self.stack.pending_reads(register);
        let slot = self.slot(self.stack.height());
        let producer = if operand == Operand::Temp { self.emitter.pop_writer(slot) } else { None };
        for height in reads {
            self.settle(height);
        }
        match (producer, operand) {
            (Some(instr), _) => self.emitter.emit(Instr { d: register, ..instr }),
            (None, Operand::Temp) => self.emitter.copy(register, slot),
            (None, Operand::Local(from)) => self.emitter.copy(register, from),
            (None, Operand::Const(value)) => self.emitter.emit(Instr::new(Op::Const, register, 0, 0, value)),
        }
    }

    fn global(&self, global: u32) -> Result<Global, CompileError> {
        let global = self.module.globals.get(global as usize).copied();
        global.ok_or(self.inconsistent("every global index is in range"))
    }

    pub(super) fn global_get(&mut self, global: u32) -> Result<(), CompileError> {
        let Global { mutable, value, .. } = self.global(global)?;
        if !mutable {
            return self.constant(value);
        }
        let register = self.push_temp()?;
        self.emitter.emit(Instr::new(Op::GlobalGet, register, 0, 0, u64::from(STATIC_GLOBALS + global)));
        Ok(())
    }

    pub(super) fn global_set(&mut self, global: u32) -> Result<(), CompileError> {
        let operand = self.pop()?;
        let register = self.register(operand, self.stack.height());
        self.emitter.emit(Instr::new(Op::GlobalSet, 0, register, 0, u64::from(STATIC_GLOBALS + global)));
        Ok(())
    }

    pub(super) fn select(&mut self) -> Result<(), CompileError> {
        let condition = self.pop()?;
        let condition_height = self.stack.height();
        let (second, first) = (self.pop()?, self.pop()?);
        let height = self.stack.height();
        if let Operand::Const(value) = condition {
            let (chosen, from) = if value as u32 == 0 { (second, height + 1) } else { (first, height) };
            return self.push_moved(chosen, from);
        }
        let (condition, holds) = self.selector(condition, condition_height);
        let first = self.register(first, height);
        let second = self.register(second, height + 1);
        let (a, b) = if holds { (first, second) } else { (second, first) };
        let register = self.push_temp()?;
        self.emitter.emit(Instr::new(Op::Select, register, a, b, condition.into()));
        Ok(())
    }

    /// The register that decides a selection, and whether it is not 0 or 0 that selects the first.
    /// A comparison with 0 that was just computed is taken back.
    fn selector(&mut self, condition: Operand, height: usize) -> (u16, bool) {
        let register = self.register(condition, height);
        if condition != Operand::Temp {
            return (register, true);
        }
        match self.emitter.last_writer(register) {
            Some(test @ Instr { op: Op::EqImm32 | Op::NeImm32, imm: 0, .. }) => {
                self.emitter.pop_last();
                (test.a, test.op == Op::NeImm32)
            }
            _ => (register, true),
        }
    }
}
