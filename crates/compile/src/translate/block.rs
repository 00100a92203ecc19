//! Blocks: opening, alternating and closing control frames.
//!
//! On every path into a label its values are in their canonical registers. A block that nothing
//! branches out of has no label, so its results stay lazy. Constants and reads of locals that the
//! block never writes stay lazy below it.

use provasm_isa::{Instr, Op};
use provasm_program::ValType;
use wasmparser::BlockType;

use super::Translator;
use super::branch::Condition;
use crate::CompileError;
use crate::control::{Frame, FrameKind};
use crate::frame::LocalPlace;
use crate::module::{registers, value_type};

/// Pending reads that stay pending where a block opens; beyond, looking at all of them again for
/// every block would take long.
const PENDING_READS_MAX: usize = 256;

impl Translator<'_> {
    /// Opens the function's own frame and zeroes the locals that need it.
    pub(super) fn enter_function(&mut self) {
        let label = self.emitter.new_label();
        let results = registers(&self.signature.results);
        let (kind, block_type) = (FrameKind::Function, BlockType::Empty);
        self.frames.push(Frame { kind, block_type, height: 0, params: 0, results, label });
        for local in std::mem::take(&mut self.facts.zeroed) {
            let LocalPlace { register, is_vector } = self.locals.place(local);
            for register in register..=register + u16::from(is_vector) {
                self.emitter.emit(Instr::new(Op::Const, register, 0, 0, 0));
            }
        }
    }

    pub(super) fn block(&mut self, block_type: BlockType) -> Result<(), CompileError> {
        self.keep_pending_reads();
        self.open(FrameKind::Block, block_type).map(|_| ())
    }

    pub(super) fn begin_loop(&mut self, block_type: BlockType) -> Result<(), CompileError> {
        if self.reachable {
            self.settle_top(self.params(block_type)?)?;
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
        self.settle_top(self.params(block_type)?)?;
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
        let params = if can_fail { self.block_types(frame.block_type)?.0 } else { Vec::new() };
        self.restart(frame.height, &params)
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
                let results = if self.reachable { self.block_types(frame.block_type)?.1 } else { Vec::new() };
                self.restart(frame.height, &results)
            }
            FrameKind::Block if is_merged => {
                if self.reachable {
                    self.settle_top(frame.results)?;
                }
                self.emitter.bind(frame.label);
                self.reachable = true;
                self.frames.pop();
                let (_, results) = self.block_types(frame.block_type)?;
                self.restart(frame.height, &results)
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

    /// The stack as control arrives at a label: values in canonical registers on a height.
    fn restart(&mut self, height: usize, types: &[ValType]) -> Result<(), CompileError> {
        self.stack.truncate(height);
        self.push_temps(types)
    }

    fn open(&mut self, kind: FrameKind, block_type: BlockType) -> Result<Frame, CompileError> {
        let (params, results) = self.block_types(block_type)?;
        let (params, results) = (registers(&params), registers(&results));
        let label = self.emitter.new_label();
        let below = if self.reachable { params } else { 0 };
        let height = self.stack.height().checked_sub(below);
        let height = height.ok_or(self.inconsistent("a block finds its parameters"))?;
        let frame = Frame { kind, block_type, height, params, results, label };
        self.frames.push(frame);
        self.blocks += 1;
        Ok(frame)
    }

    /// Registers of a block's parameters.
    fn params(&self, block_type: BlockType) -> Result<usize, CompileError> {
        self.block_types(block_type).map(|(params, _)| registers(&params))
    }

    /// Types of a block's parameters and results.
    fn block_types(&self, block_type: BlockType) -> Result<(Vec<ValType>, Vec<ValType>), CompileError> {
        Ok(match block_type {
            BlockType::Empty => (Vec::new(), Vec::new()),
            BlockType::Type(result) => (Vec::new(), vec![value_type(result, self.offset)?]),
            BlockType::FuncType(index) => {
                let signature = self.module.type_at(index, self.offset)?;
                (signature.params.clone(), signature.results.clone())
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
        let reads = self.stack.pending_reads_from(floor);
        if reads.len() > PENDING_READS_MAX {
            reads.into_iter().rev().for_each(|(height, _)| self.settle(height));
            return;
        }
        for (height, register) in reads {
            let Some(local) = self.locals.at(register) else {
                continue;
            };
            if self.facts.is_written_in_block(local, self.index, self.blocks) {
                self.settle(height);
            }
        }
    }
}
