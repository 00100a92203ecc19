//! Locals, globals and `select`.

use provasm_isa::{Instr, Op};
use provasm_program::ValType;

use super::Translator;
use crate::CompileError;
use crate::frame::LocalPlace;
use crate::layout::{GlobalPlace, entry};
use crate::stack::Operand;

impl Translator<'_> {
    pub(super) fn local_get(&mut self, local: u32) -> Result<(), CompileError> {
        let LocalPlace { register, is_vector } = self.locals.place(local);
        if is_vector {
            self.push_vector([Operand::Local(register), Operand::Local(register + 1)])
        } else {
            self.push(Operand::Local(register))
        }
    }

    pub(super) fn local_set(&mut self, local: u32) -> Result<(), CompileError> {
        let LocalPlace { register, is_vector } = self.locals.place(local);
        if is_vector {
            let high = self.pop()?;
            self.write_local(register + 1, high);
        }
        let operand = self.pop()?;
        self.write_local(register, operand);
        Ok(())
    }

    pub(super) fn local_tee(&mut self, local: u32) -> Result<(), CompileError> {
        let LocalPlace { register, is_vector } = self.locals.place(local);
        if is_vector {
            self.local_set(local)?;
            return self.local_get(local);
        }
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

    pub(super) fn global_get(&mut self, global: u32) -> Result<(), CompileError> {
        let GlobalPlace { cell, value_type, constant } = entry(&self.layout.globals, global, self.offset)?;
        let is_vector = value_type == ValType::V128;
        match constant {
            Some([low, high]) if is_vector => self.push_vector([Operand::Const(low), Operand::Const(high)]),
            Some([value, _]) => self.constant(value),
            None => {
                for part in 0..value_type.registers() as u32 {
                    let register = self.scratch(part as usize)?;
                    self.emitter.emit(Instr::new(Op::GlobalGet, register, 0, 0, u64::from(cell + part)));
                }
                self.push_temps(&[value_type])
            }
        }
    }

    pub(super) fn global_set(&mut self, global: u32) -> Result<(), CompileError> {
        let GlobalPlace { cell, value_type, .. } = entry(&self.layout.globals, global, self.offset)?;
        for part in (0..value_type.registers() as u32).rev() {
            let operand = self.pop()?;
            let register = self.register(operand, self.stack.height());
            self.emitter.emit(Instr::new(Op::GlobalSet, 0, register, 0, u64::from(cell + part)));
        }
        Ok(())
    }

    pub(super) fn drop_value(&mut self) -> Result<(), CompileError> {
        if self.stack.top_is_vector() {
            self.pop()?;
        }
        self.pop().map(|_| ())
    }

    pub(super) fn select(&mut self) -> Result<(), CompileError> {
        let condition = self.pop()?;
        if self.stack.top_is_vector() {
            return self.select_vector(condition);
        }
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

    fn select_vector(&mut self, condition: Operand) -> Result<(), CompileError> {
        let condition_height = self.stack.height();
        let (second, first) = (self.pop_vector()?, self.pop_vector()?);
        let height = self.stack.height();
        if let Operand::Const(value) = condition {
            if value as u32 != 0 {
                return self.push_vector(first);
            }
            for (part, _) in second.iter().enumerate().filter(|(_, operand)| **operand == Operand::Temp) {
                self.emitter.place(self.slot(height + 2 + part), self.slot(height + part));
            }
            return self.push_vector(second);
        }
        let (condition, holds) = self.selector(condition, condition_height);
        for part in 0..2 {
            let first = self.register(first[part], height + part);
            let second = self.register(second[part], height + 2 + part);
            let (a, b) = if holds { (first, second) } else { (second, first) };
            self.emitter.emit(Instr::new(Op::Select, self.slot(height + part), a, b, condition.into()));
        }
        self.push_vector([Operand::Temp; 2])
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
