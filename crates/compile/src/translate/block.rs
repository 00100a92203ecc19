//! Blocks: opening, alternating and closing control frames.
//!
//! On every path into a label its values are in their canonical registers. A block that nothing
//! branches out of has no label, so its results stay lazy. Constants and reads of locals that the
//! block never writes stay lazy below it.

use provasm_isa::{Instr, Op};
use wasmparser::BlockType;

use super::Translator;
use super::branch::Condition;
use crate::CompileError;
use crate::control::{Frame, FrameKind};
use crate::stack::Operand;

impl Translator<'_> {
    /// Opens the function's own frame and zeroes the locals that need it.
    pub(super) fn enter_function(&mut self) {
        let label = self.emitter.new_label();
        let results = self.signature.results.len();
        self.frames.push(Frame { kind: FrameKind::Function, height: 0, params: 0, results, label });
        for local in std::mem::take(&mut self.facts.zeroed) {
            self.emitter.emit(Instr::new(Op::Const, self.local_register(local), 0, 0, 0));
        }
    }

    pub(super) fn block(&mut self, block_type: BlockType) -> Result<(), CompileError> {
        self.keep_pending_reads();
        self.open(FrameKind::Block, block_type).map(|_| ())
    }

    pub(super) fn begin_loop(&mut self, block_type: BlockType) -> Result<(), CompileError> {
        if self.reachable {
            self.settle_top(self.arity(block_type)?.0)?;
        }
        self.keep_pending_reads();
        let frame = self.open(FrameKind::Loop, block_type)?;
        if self.reachable {
            self.emitter.bind_loop(frame.label);
        }
        Ok(())
    }

    pub(super) fn begin_if(&mut self, block_type: BlockType) -> Result<(), CompileError> {
        let condition = self.take_condition()?;
        self.settle_top(self.arity(block_type)?.0)?;
        self.keep_pending_reads();
        let otherwise = self.emitter.new_label();
        let can_fail = condition != Condition::Always;
        self.open(FrameKind::If { otherwise, can_fail }, block_type)?;
        match condition {
            Condition::Always => {}
            Condition::Never => self.set_unreachable(),
            Condition::When(branch) => self.emitter.emit_to(self.negated(branch)?, otherwise),
        }
        Ok(())
    }

    /// An `if` that cannot be reached.
    pub(super) fn skipped_if(&mut self) -> Result<(), CompileError> {
        let otherwise = self.emitter.new_label();
        self.open(FrameKind::If { otherwise, can_fail: false }, BlockType::Empty).map(|_| ())
    }

    pub(super) fn begin_else(&mut self) -> Result<(), CompileError> {
        let Some(frame) = self.frames.last().copied() else {
            return Err(self.inconsistent("else has an if"));
        };
        let FrameKind::If { otherwise, can_fail } = frame.kind else {
            return Err(self.inconsistent("else has an if"));
        };
        if self.reachable {
            self.settle_top(frame.results)?;
            self.emitter.jump(frame.label);
        }
        self.emitter.bind(otherwise);
        if let Some(frame) = self.frames.last_mut() {
            frame.kind = FrameKind::Block;
        }
        self.reachable = can_fail;
        self.restart(frame.height, if can_fail { frame.params } else { 0 })
    }

    pub(super) fn end(&mut self) -> Result<(), CompileError> {
        let Some(frame) = self.frames.last().copied() else {
            return Err(self.inconsistent("end has a block"));
        };
        let is_merged = self.emitter.is_used(frame.label);
        match frame.kind {
            FrameKind::Function => self.leave_function(frame),
            FrameKind::If { otherwise, can_fail } => {
                if self.reachable {
                    self.settle_top(frame.results)?;
                }
                self.emitter.bind(frame.label);
                self.emitter.bind(otherwise);
                self.reachable |= is_merged || can_fail;
                self.frames.pop();
                self.restart(frame.height, if self.reachable { frame.results } else { 0 })
            }
            FrameKind::Block if is_merged => {
                if self.reachable {
                    self.settle_top(frame.results)?;
                }
                self.emitter.bind(frame.label);
                self.reachable = true;
                self.frames.pop();
                self.restart(frame.height, frame.results)
            }
            FrameKind::Block | FrameKind::Loop => {
                self.frames.pop();
                Ok(())
            }
        }
    }

    fn leave_function(&mut self, frame: Frame) -> Result<(), CompileError> {
        if self.reachable {
            self.move_results()?;
        }
        if self.reachable || self.emitter.is_used(frame.label) {
            self.emitter.bind(frame.label);
            self.emitter.emit(Instr::new(Op::Return, 0, 0, 0, 0));
        }
        self.frames.pop();
        Ok(())
    }

    /// The stack as control arrives at a label: `count` values in canonical registers on a height.
    fn restart(&mut self, height: usize, count: usize) -> Result<(), CompileError> {
        self.stack.truncate(height);
        for _ in 0..count {
            self.push(Operand::Temp)?;
        }
        Ok(())
    }

    fn open(&mut self, kind: FrameKind, block_type: BlockType) -> Result<Frame, CompileError> {
        let (params, results) = self.arity(block_type)?;
        let label = self.emitter.new_label();
        let below = if self.reachable { params } else { 0 };
        let height = self.stack.height().checked_sub(below);
        let height = height.ok_or(self.inconsistent("a block finds its parameters"))?;
        let frame = Frame { kind, height, params, results, label };
        self.frames.push(frame);
        self.blocks += 1;
        Ok(frame)
    }

    fn arity(&self, block_type: BlockType) -> Result<(usize, usize), CompileError> {
        Ok(match block_type {
            BlockType::Empty => (0, 0),
            BlockType::Type(_) => (0, 1),
            BlockType::FuncType(index) => {
                let signature = &self.module.type_at(index, self.offset)?.signature;
                (signature.params.len(), signature.results.len())
            }
        })
    }

    /// Reads the locals that the block about to open writes and that have pending reads. Those
    /// below the open block were looked at when it was opened.
    fn keep_pending_reads(&mut self) {
        if !self.reachable {
            return;
        }
        let floor = self.frames.last().map_or(0, |frame| frame.height);
        let params = self.signature.params.len() as u32;
        let overlay = params.max(self.signature.results.len() as u32);
        for (height, register) in self.stack.pending_reads_from(floor) {
            let register = u32::from(register);
            let local = if register < params { register } else { params + (register - overlay) };
            if self.facts.is_written_in_block(local, self.index, self.blocks) {
                self.settle(height);
            }
        }
    }
}
