//! Branches and returns, and the moves of the values that they carry.

use std::collections::BTreeMap;

use provasm_isa::{Instr, Op};
use wasmparser::BrTable;

use super::Translator;
use crate::CompileError;
use crate::algebra::{branch, is_comparison, negated};
use crate::control::{Frame, FrameKind};
use crate::emit::Label;
use crate::module::registers;
use crate::stack::Operand;

/// When a conditional operator acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Always,
    Never,
    /// When this branch, whose target is not set, is taken.
    When(Instr),
}

impl Translator<'_> {
    /// Pops a condition. A comparison that was just computed is taken back and becomes the branch.
    pub(super) fn take_condition(&mut self) -> Result<Condition, CompileError> {
        let operand = self.pop()?;
        if let Operand::Const(value) = operand {
            return Ok(if value as u32 == 0 { Condition::Never } else { Condition::Always });
        }
        let register = self.register(operand, self.stack.height());
        if operand == Operand::Temp
            && let Some(last) = self.emitter.last_writer(register)
            && is_comparison(last.op)
            && let Some(branch) = branch(&last)
        {
            self.emitter.pop_last();
            return Ok(Condition::When(branch));
        }
        Ok(Condition::When(Instr::new(Op::BrNeImm32, 0, register, 0, 0)))
    }

    pub(super) fn negated(&self, branch: Instr) -> Result<Instr, CompileError> {
        let op = negated(branch.op).ok_or(self.inconsistent("every branch has an opposite"))?;
        Ok(Instr { op, ..branch })
    }

    fn frame(&self, depth: u32) -> Result<Frame, CompileError> {
        let index = self.frames.len().checked_sub(1 + depth as usize);
        let frame = index.and_then(|index| self.frames.get(index)).copied();
        frame.ok_or(self.inconsistent("every branch has a target"))
    }

    pub(super) fn branch(&mut self, depth: u32) -> Result<(), CompileError> {
        let frame = self.frame(depth)?;
        self.go(frame)?;
        self.set_unreachable();
        Ok(())
    }

    pub(super) fn return_values(&mut self) -> Result<(), CompileError> {
        self.branch(self.frames.len() as u32 - 1)
    }

    /// Moves the values that a frame's label takes and goes there.
    fn go(&mut self, frame: Frame) -> Result<(), CompileError> {
        if frame.kind == FrameKind::Function {
            self.move_results()?;
            self.emitter.emit(Instr::new(Op::Return, 0, 0, 0, 0));
            return Ok(());
        }
        // Targets are at or below their sources, so that going up overwrites no source.
        let lowest = self.lowest(frame.arity())?;
        for (value, operand) in self.top(frame.arity())?.into_iter().enumerate() {
            self.move_to(self.slot(frame.height + value), operand, lowest + value);
        }
        self.emitter.jump(frame.label);
        Ok(())
    }

    pub(super) fn branch_if(&mut self, depth: u32) -> Result<(), CompileError> {
        let branch = match self.take_condition()? {
            Condition::Never => return Ok(()),
            Condition::Always => return self.branch(depth),
            Condition::When(branch) => branch,
        };
        let frame = self.frame(depth)?;
        let is_direct = if frame.kind == FrameKind::Function {
            self.results_are_in_place()?
        } else {
            frame.arity() == 0 || self.lowest(frame.arity())? == frame.height
        };
        if is_direct {
            if frame.kind != FrameKind::Function {
                self.settle_top(frame.arity())?;
            }
            self.emitter.emit_to(branch, frame.label);
        } else {
            let skip = self.emitter.new_label();
            self.emitter.emit_to(self.negated(branch)?, skip);
            self.go(frame)?;
            self.emitter.bind(skip);
        }
        Ok(())
    }

    pub(super) fn branch_table(&mut self, table: &BrTable<'_>) -> Result<(), CompileError> {
        let index = self.pop()?;
        let index_height = self.stack.height();
        let mut depths = table.targets().collect::<Result<Vec<u32>, _>>()?;
        depths.push(table.default());
        let last = depths.len() - 1;
        if let Operand::Const(value) = index {
            return self.branch(depths[last.min(value as usize)]);
        }
        let arity = self.frame(table.default())?.arity();
        self.settle_top(arity)?;
        let index = self.register(index, index_height);
        self.emitter.emit(Instr::new(Op::JumpTable, 0, index, 0, last as u64));
        let mut landings = BTreeMap::new();
        for depth in depths {
            self.table_entry(depth, arity, &mut landings)?;
        }
        self.emitter.seal();
        for (depth, landing) in landings {
            self.emitter.bind(landing);
            self.go(self.frame(depth)?)?;
            self.check_room()?;
        }
        self.set_unreachable();
        Ok(())
    }

    /// One entry of a jump table. Where values must move, it goes to a landing that moves them.
    fn table_entry(
        &mut self,
        depth: u32,
        arity: usize,
        landings: &mut BTreeMap<u32, Label>,
    ) -> Result<(), CompileError> {
        let frame = self.frame(depth)?;
        let is_function = frame.kind == FrameKind::Function;
        if is_function && arity == 0 {
            self.emitter.emit(Instr::new(Op::Return, 0, 0, 0, 0));
        } else if !is_function && (arity == 0 || self.lowest(arity)? == frame.height) {
            self.emitter.jump(frame.label);
        } else {
            let landing = *landings.entry(depth).or_insert_with(|| self.emitter.new_label());
            self.emitter.jump(landing);
        }
        Ok(())
    }

    fn lowest(&self, count: usize) -> Result<usize, CompileError> {
        self.stack.height().checked_sub(count).ok_or(self.inconsistent("a branch finds its values"))
    }

    fn top(&self, count: usize) -> Result<Vec<Operand>, CompileError> {
        let lowest = self.lowest(count)?;
        Ok((lowest..self.stack.height()).filter_map(|height| self.stack.get(height)).collect())
    }

    /// Whether the function's results already are in its first registers.
    fn results_are_in_place(&self) -> Result<bool, CompileError> {
        let results = self.top(registers(&self.signature.results))?;
        Ok(results.iter().enumerate().all(|(result, operand)| *operand == Operand::Local(result as u16)))
    }

    /// Moves the function's results to its first registers.
    pub(super) fn move_results(&mut self) -> Result<(), CompileError> {
        self.move_to_start(registers(&self.signature.results))
    }

    /// Moves the top of the stack to the function's first registers. These are locals' registers
    /// too: one that a later value still reads is saved first.
    pub(super) fn move_to_start(&mut self, count: usize) -> Result<(), CompileError> {
        let mut values = self.top(count)?;
        let lowest = self.lowest(count)?;
        if let [Operand::Local(from)] = values[..] {
            // The local is not read again.
            self.emitter.place(from, 0);
            return Ok(());
        }
        for value in 0..values.len() {
            let register = value as u16;
            if values[value] == Operand::Local(register) {
                continue;
            }
            for (later, operand) in values.iter_mut().enumerate().skip(value + 1) {
                if *operand == Operand::Local(register) {
                    self.emitter.copy(self.slot(lowest + later), register);
                    *operand = Operand::Temp;
                }
            }
            self.move_to(register, values[value], lowest + value);
        }
        Ok(())
    }
}
