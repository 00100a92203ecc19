//! The listener that counts a run's instructions.
//!
//! An instruction has two counters, because two chips can prove it: one when its address is a multiple of its size, or when
//! it has none, and another otherwise. A third proves it when it traps, which ends the run.

use provasm_execute::Observer;
use provasm_isa::{Chip, Op};
use provasm_program::Program;

use crate::calls::{COUNTERS_MAX, COUNTERS_PER_INSTRUCTION, CallTree, NodeId};
use crate::symbols::Symbols;

/// What the end of an instruction means to the profiler, by its chip. The lowest bit chooses the counter.
mod class {
    pub(super) const PLAIN: u8 = 0;
    pub(super) const UNALIGNED: u8 = 1;
    /// A call, a return or a jump.
    pub(super) const CONTROL: u8 = 2;
    pub(super) const TRAP: u8 = 4;
}

/// An address that is a multiple of no access size but 1.
const UNALIGNED_OFFSET: u32 = 1;

/// The counter of an instruction that a chip proves, as an offset of its address.
pub(crate) fn chip_of(op: Op, counter: usize) -> Chip {
    op.chip(if counter == 0 { 0 } else { UNALIGNED_OFFSET })
}

fn class_of(chip: Chip) -> u8 {
    match chip {
        Chip::Call | Chip::CallIndirect | Chip::Return | Chip::Jump => class::CONTROL,
        _ if Op::ALL.iter().any(|op| op.chip(0) == chip) => class::PLAIN,
        _ if Op::ALL.iter().any(|op| op.chip(UNALIGNED_OFFSET) == chip) => class::UNALIGNED,
        _ => class::TRAP,
    }
}

/// The instruction that ended the run by a trap, if another chip proves it then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trapped {
    pub(crate) node: NodeId,
    pub(crate) pc: u32,
    pub(crate) chip: Chip,
}

/// Counts what a run executes. Give it to [`provasm_execute::Machine::invoke_observed`], then ask it by
/// [`Profiler::finish`].
pub struct Profiler<'p> {
    pub(crate) program: &'p Program,
    pub(crate) symbols: Symbols<'p>,
    pub(crate) tree: CallTree,
    pub(crate) trapped: Option<Trapped>,
    classes: [u8; Chip::COUNT],
    /// The current instruction.
    pc: u32,
    /// What to add to an instruction's number, times its counters, for its first counter.
    base: usize,
    /// The function that is executed: its first instruction and how many it has.
    start: u32,
    length: u32,
}

impl<'p> Profiler<'p> {
    /// A profiler of a program that was compiled from this module in the binary format. The module tells inlined functions and
    /// source lines if it has debug information; without the module they stay unknown.
    #[must_use]
    pub fn new(program: &'p Program, wasm: &'p [u8]) -> Self {
        Self::with_counters(program, wasm, COUNTERS_MAX)
    }

    pub(crate) fn with_counters(program: &'p Program, wasm: &'p [u8], counters_max: usize) -> Self {
        Self {
            program,
            symbols: Symbols::new(program, wasm),
            tree: CallTree::new(counters_max),
            trapped: None,
            classes: std::array::from_fn(|chip| Chip::ALL.get(chip).map_or(class::PLAIN, |chip| class_of(*chip))),
            pc: 0,
            // No counter is there before the first function is entered.
            base: usize::MAX / 2,
            start: 0,
            length: 0,
        }
    }

    /// The counter of the current instruction.
    #[inline(always)]
    fn counter(&self, class: u8) -> usize {
        self.base.wrapping_add(COUNTERS_PER_INSTRUCTION * self.pc as usize + usize::from(class & 1))
    }

    /// The run begins at the current instruction.
    #[cold]
    fn begin_run(&mut self) {
        let function = self.symbols.function_at(self.pc);
        self.tree.call(function, self.symbols.functions(), 0);
        self.look_at_top();
    }

    /// Control is at the beginning of a function, or in the middle of one that it returned to.
    fn look_at_top(&mut self) {
        let Some(node) = self.tree.top() else { return };
        if let Some(function) = self.symbols.functions().get(node.function as usize) {
            self.start = function.start;
            self.length = function.end - function.start;
            self.base = node.first.wrapping_sub(COUNTERS_PER_INSTRUCTION * function.start as usize);
        }
    }

    fn trap(&mut self, chip: Chip) {
        if self.tree.top_id().is_none() {
            self.begin_run();
        }
        self.trapped = self.tree.top_id().map(|node| Trapped { node, pc: self.pc, chip });
    }

    /// Control goes to another instruction than the next.
    fn follow(&mut self, chip: Chip, to: u32) {
        let op = self.program.code.get(self.pc as usize).map(|instr| instr.op);
        match chip {
            Chip::Return => self.tree.return_(),
            Chip::Jump if to.wrapping_sub(self.start) < self.length => return,
            // A call that keeps its frame is a jump.
            Chip::Jump => self.tree.tail_call(self.symbols.function_at(to), self.symbols.functions()),
            _ if op == Some(Op::TailCallIndirect) => {
                self.tree.tail_call(self.symbols.function_at(to), self.symbols.functions());
            }
            _ => {
                let context = if self.tree.has_depth() { self.symbols.site(self.pc).context } else { 0 };
                self.tree.call(self.symbols.function_at(to), self.symbols.functions(), context);
            }
        }
        self.look_at_top();
    }
}

impl Observer for Profiler<'_> {
    #[inline(always)]
    fn is_full(&self) -> bool {
        false
    }

    #[inline(always)]
    fn begin(&mut self, pc: u32, _: u32) {
        self.pc = pc;
    }

    #[inline(always)]
    fn register(&mut self, _: usize, _: u32, _: u64) {}

    #[inline(always)]
    fn link(&mut self, _: usize, _: u32, _: u64) {}

    #[inline(always)]
    fn static_cell(&mut self, _: usize, _: u32, _: u64) {}

    #[inline(always)]
    fn host_cell(&mut self, _: usize, _: u32, _: u64) {}

    #[inline(always)]
    fn window(&mut self, _: u32, _: u64) {}

    #[inline(always)]
    fn memory(&mut self, _: usize, _: u32, _: u64) {}

    #[inline(always)]
    fn grow(&mut self, _: u32, _: u32) {}

    #[inline(always)]
    fn end(&mut self, chip: Chip, out: u64) {
        let class = self.classes[chip as usize];
        if class == class::TRAP {
            return self.trap(chip);
        }
        if !self.tree.count(self.counter(class)) {
            self.begin_run();
            self.tree.count(self.counter(class));
        }
        if class == class::CONTROL {
            self.follow(chip, out as u32);
        }
    }
}
