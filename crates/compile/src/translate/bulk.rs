//! Copying, filling and initialising memories.

use provasm_isa::{Instr, Op, Trap};

use super::Translator;
use crate::CompileError;
use crate::builtins::Builtin;
use crate::layout::{Count, MemoryPlace, MemoryReach, SegmentPlace, entry};

impl Translator<'_> {
    pub(super) fn memory_copy(&mut self, to: u32, from: u32) -> Result<(), CompileError> {
        let to = entry(&self.layout.memories, to, self.offset)?;
        let from = entry(&self.layout.memories, from, self.offset)?;
        let [to_register, from_register, length] = self.operands()?;
        self.check_wide(length, to.index64 && from.index64);
        self.enter_memory(to, to_register, length)?;
        self.enter_memory(from, from_register, length)?;
        self.call_builtin(Builtin::MemoryCopy, to_register);
        Ok(())
    }

    pub(super) fn memory_fill(&mut self, memory: u32) -> Result<(), CompileError> {
        let memory = entry(&self.layout.memories, memory, self.offset)?;
        let [to, _, length] = self.operands()?;
        self.check_wide(length, memory.index64);
        self.enter_memory(memory, to, length)?;
        self.call_builtin(Builtin::MemoryFill, to);
        Ok(())
    }

    pub(super) fn memory_init(&mut self, segment: u32, memory: u32) -> Result<(), CompileError> {
        let memory = entry(&self.layout.memories, memory, self.offset)?;
        let SegmentPlace { first, length: available } = entry(&self.layout.data, segment, self.offset)?;
        let [to, from, length] = self.operands()?;
        self.check_range(from, length, available, 3, Trap::MemoryOutOfBounds)?;
        self.enter_memory(memory, to, length)?;
        let segment = self.scratch(3)?;
        self.emitter.emit(Instr::new(Op::Const, segment, 0, 0, first.into()));
        self.call_builtin(Builtin::MemoryInit, to);
        Ok(())
    }

    pub(super) fn data_drop(&mut self, segment: u32) -> Result<(), CompileError> {
        let segment = entry(&self.layout.data, segment, self.offset)?;
        self.drop_segment(segment)
    }

    /// Nothing can be taken from a segment any more.
    pub(super) fn drop_segment(&mut self, segment: SegmentPlace) -> Result<(), CompileError> {
        if let Count::Cell(cell) = segment.length {
            let zero = self.scratch(0)?;
            self.emitter.emit(Instr::new(Op::Const, zero, 0, 0, 0));
            self.emitter.emit(Instr::new(Op::GlobalSet, 0, zero, 0, cell.into()));
        }
        Ok(())
    }

    /// Pops three operands that are in consecutive registers.
    pub(super) fn operands(&mut self) -> Result<[u16; 3], CompileError> {
        self.settle_top(3)?;
        for _ in 0..3 {
            self.pop()?;
        }
        self.scratch(3)?;
        let height = self.stack.height();
        Ok([self.slot(height), self.slot(height + 1), self.slot(height + 2)])
    }

    fn check_wide(&mut self, length: u16, is_wide: bool) {
        if is_wide {
            self.trap_when_wide(length, Trap::MemoryOutOfBounds);
        }
    }

    /// Turns an address of a memory, in the register of an operand, into one of the linear memory.
    /// What the builtins do not check is checked here.
    fn enter_memory(&mut self, memory: MemoryPlace, address: u16, length: u16) -> Result<(), CompileError> {
        if memory.index64 {
            self.trap_when_wide(address, Trap::MemoryOutOfBounds);
        }
        if let MemoryReach::Window { base, size } = memory.reach {
            self.check_range(address, length, Count::Cell(size), 3, Trap::MemoryOutOfBounds)?;
            if base > 0 {
                self.emitter.emit(Instr::new(Op::AddImm64, address, address, 0, base.into()));
            }
        }
        Ok(())
    }
}
