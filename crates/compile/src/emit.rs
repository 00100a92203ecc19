//! The code of one function under construction: instructions, labels and the last instruction,
//! which later ones can still change.
//!
//! While a function is under construction, the target of a jump or branch is a label's number and
//! the target of a call is a function's index. `finish` turns the former into positions, `link`
//! the latter.

use provasm_isa::{Format, Instr, Op};

use crate::algebra::destination;
use crate::constants::KnownConstants;

/// A place in the code that jumps can go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label(pub(crate) u32);

/// What is known about a label.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LabelState {
    /// Where it is, once bound.
    pub(crate) position: Option<u32>,
    /// How many instructions go there.
    pub(crate) uses: u32,
}

/// Instructions and where they came from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Code {
    /// The instructions.
    pub(crate) instrs: Vec<Instr>,
    /// Byte offset in the module of the operator that emitted each.
    pub(crate) offsets: Vec<u32>,
    /// WebAssembly operators that each stands for.
    pub(crate) wasm_ops: Vec<u16>,
}

/// Code under construction.
#[derive(Debug, Default)]
pub(crate) struct Emitter {
    pub(crate) code: Code,
    pub(crate) labels: Vec<LabelState>,
    pub(crate) constants: KnownConstants,
    /// Where the current basic block begins.
    block_start: usize,
    /// Operators that no instruction stands for yet.
    pending_ops: u16,
    /// Byte offset of the current operator.
    offset: u32,
}

impl Emitter {
    /// No code yet, with registers for constants from this one on.
    pub(crate) fn with_constants(first: u16) -> Self {
        Emitter { constants: KnownConstants::with_pool(first), ..Emitter::default() }
    }

    /// Sets the byte offset of the operator that the next instructions come from.
    pub(crate) fn set_offset(&mut self, offset: u64) {
        self.offset = u32::try_from(offset).unwrap_or(u32::MAX);
    }

    /// Counts an operator toward the next instruction.
    pub(crate) fn count_op(&mut self) {
        self.pending_ops = self.pending_ops.saturating_add(1);
    }

    /// Appends an instruction.
    pub(crate) fn emit(&mut self, instr: Instr) {
        self.constants.observe(&instr);
        self.code.instrs.push(instr);
        self.code.offsets.push(self.offset);
        self.code.wasm_ops.push(std::mem::take(&mut self.pending_ops));
    }

    /// Appends a jump or branch to a label.
    pub(crate) fn emit_to(&mut self, instr: Instr, label: Label) {
        self.labels[label.0 as usize].uses += 1;
        self.emit(instr.with_target(label.0));
    }

    /// Appends a jump to a label.
    pub(crate) fn jump(&mut self, label: Label) {
        self.emit_to(Instr::new(Op::Jump, 0, 0, 0, 0), label);
    }

    /// Appends a copy between registers.
    pub(crate) fn copy(&mut self, to: u16, from: u16) {
        if to != from {
            self.emit(Instr::new(Op::Copy, to, from, 0, 0));
        }
    }

    /// A new label that is nowhere yet.
    pub(crate) fn new_label(&mut self) -> Label {
        self.labels.push(LabelState::default());
        Label(self.labels.len() as u32 - 1)
    }

    /// Whether any instruction goes to the label.
    pub(crate) fn is_used(&self, label: Label) -> bool {
        self.labels[label.0 as usize].uses > 0
    }

    /// Places a label that only earlier instructions go to. A jump to it just before is removed;
    /// without any use, the basic block goes on.
    pub(crate) fn bind(&mut self, label: Label) {
        while let Some(last) = self.last()
            && last.op == Op::Jump
            && last.target() == Some(label.0)
        {
            self.pop_last();
            self.labels[label.0 as usize].uses -= 1;
        }
        if self.is_used(label) {
            self.bind_here(label);
        }
    }

    /// Places a label that later instructions go to.
    pub(crate) fn bind_loop(&mut self, label: Label) {
        self.bind_here(label);
    }

    fn bind_here(&mut self, label: Label) {
        self.settle_ops();
        self.labels[label.0 as usize].position = Some(self.code.instrs.len() as u32);
        self.block_start = self.code.instrs.len();
        self.constants.clear();
    }

    /// Keeps the instructions so far as they are: something else counts on their positions.
    pub(crate) fn seal(&mut self) {
        self.block_start = self.code.instrs.len();
    }

    /// Gives operators that emitted nothing to the last instruction, as the basic block ends.
    fn settle_ops(&mut self) {
        if let (Some(last), Some(ops)) = (self.code.instrs.last(), self.code.wasm_ops.last_mut())
            && !matches!(last.op, Op::Jump | Op::Return | Op::Trap)
        {
            *ops = ops.saturating_add(std::mem::take(&mut self.pending_ops));
        }
    }

    /// The last instruction, if nothing can jump past it.
    pub(crate) fn last(&self) -> Option<Instr> {
        self.code.instrs.get(self.block_start..)?.last().copied()
    }

    /// The last instruction, if it is the one that wrote a register.
    pub(crate) fn last_writer(&self, register: u16) -> Option<Instr> {
        self.last().filter(|last| destination(last) == Some(register))
    }

    /// Takes the last instruction back. Its operators count toward the next one.
    pub(crate) fn pop_last(&mut self) -> Option<Instr> {
        let last = self.last()?;
        if let Some(register) = destination(&last) {
            self.constants.forget(register);
        }
        self.code.instrs.pop();
        self.code.offsets.pop();
        if let Some(ops) = self.code.wasm_ops.pop() {
            self.pending_ops = self.pending_ops.saturating_add(ops);
        }
        Some(last)
    }

    /// Takes the last instruction back if it is the one that wrote a register.
    pub(crate) fn pop_writer(&mut self, register: u16) -> Option<Instr> {
        self.last_writer(register)?;
        self.pop_last()
    }

    /// Makes the instruction that wrote `from`, if it is the last one, write `to` instead.
    pub(crate) fn retarget(&mut self, from: u16, to: u16) -> bool {
        match self.pop_writer(from) {
            Some(instr) => {
                self.emit(Instr { d: to, ..instr });
                true
            }
            None => false,
        }
    }

    /// Moves a value to a register, by retargeting the instruction that computed it if possible.
    pub(crate) fn place(&mut self, from: u16, to: u16) {
        if from != to && !self.retarget(from, to) {
            self.copy(to, from);
        }
    }

    /// A label's number is a target until the function is finished.
    pub(crate) fn is_local_target(instr: &Instr) -> bool {
        matches!(instr.op.format(), Format::ABTarget | Format::AITarget | Format::Target)
    }
}
