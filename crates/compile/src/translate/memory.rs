//! Linear memory: loads, stores, sizes.

use provasm_isa::layout::{PAGE_BYTES, STATIC_MEMORY_SIZE};
use provasm_isa::{Instr, Op, Trap};
use wasmparser::{MemArg, MemArgTarget};

use super::Translator;
use crate::CompileError;
use crate::layout::{Count, MemoryPlace, MemoryReach, entry};
use crate::stack::Operand;

/// Base register and offset of an access.
pub(super) type Address = (u16, u64);

impl Translator<'_> {
    pub(super) fn load(&mut self, op: Op, argument: MemArg) -> Result<(), CompileError> {
        let address = self.pop()?;
        let Some((base, offset)) = self.address(address, argument, op.access_bytes(), 1)? else {
            return Ok(());
        };
        let d = self.push_temp()?;
        self.emitter.emit(Instr::new(op, d, base, 0, offset));
        Ok(())
    }

    pub(super) fn store(&mut self, op: Op, argument: MemArg) -> Result<(), CompileError> {
        let (value, address) = (self.pop()?, self.pop()?);
        let height = self.stack.height();
        let value = match (value, self.emitter.last_writer(self.slot(height + 1))) {
            // A narrow store takes the low bits itself.
            (Operand::Temp, Some(wrap)) if wrap.op == Op::Wrap64 && op != Op::Store64 => {
                self.emitter.pop_last();
                wrap.a
            }
            _ => self.register(value, height + 1),
        };
        let Some((base, offset)) = self.address(address, argument, op.access_bytes(), 2)? else {
            return Ok(());
        };
        self.emitter.emit(Instr::new(op, 0, base, value, offset));
        Ok(())
    }

    /// Base register and offset of an access of `bytes` whose address was just popped, from below
    /// `above` registers that are still in use. `None` if it can only trap, and has.
    pub(super) fn address(
        &mut self,
        address: Operand,
        argument: MemArg,
        bytes: u32,
        above: usize,
    ) -> Result<Option<Address>, CompileError> {
        let height = self.stack.height();
        let MemArgTarget::Memory(memory) = argument.target else {
            return Err(CompileError::Unsupported { feature: "access of an array".to_owned(), offset: self.offset });
        };
        let memory = entry(&self.layout.memories, memory, self.offset)?;
        // The greatest offset of which the last byte can be in a memory.
        let offset_max = (1 << 32) - u64::from(bytes);
        if let (MemoryReach::Whole, Operand::Const(base)) = (memory.reach, address)
            && let Some(sum) = base.checked_add(argument.offset)
            && sum <= offset_max
        {
            // A constant address goes into the offset, so that one zero serves many.
            return Ok(Some((self.register(Operand::Const(0), height), sum)));
        }
        let offset = memory.reach.base().saturating_add(argument.offset);
        if offset > offset_max {
            self.trap(Trap::MemoryOutOfBounds);
            return Ok(None);
        }
        let base = self.register(address, height);
        if memory.index64 {
            self.trap_when_wide(base, Trap::MemoryOutOfBounds);
        }
        if let MemoryReach::Window { size, .. } = memory.reach {
            let (end, limit) = (self.scratch(above)?, self.scratch(above + 1)?);
            let length = argument.offset + u64::from(bytes);
            self.emitter.emit(Instr::new(Op::AddImm64, end, base, 0, length));
            self.trap_when_above(end, Count::Cell(size), limit, Trap::MemoryOutOfBounds);
        }
        Ok(Some((base, offset)))
    }

    pub(super) fn memory_size(&mut self, memory: u32) -> Result<(), CompileError> {
        let memory = entry(&self.layout.memories, memory, self.offset)?;
        let d = self.push_temp()?;
        self.pages(memory, d);
        Ok(())
    }

    /// Writes a memory's size in pages to a register.
    fn pages(&mut self, memory: MemoryPlace, d: u16) {
        match memory.reach {
            MemoryReach::Whole => self.emitter.emit(Instr::new(Op::GlobalGet, d, 0, 0, STATIC_MEMORY_SIZE.into())),
            MemoryReach::Window { size, .. } => {
                self.emitter.emit(Instr::new(Op::GlobalGet, d, 0, 0, size.into()));
                self.emitter.emit(Instr::new(Op::ShrUImm64, d, d, 0, PAGE_BYTES.ilog2().into()));
            }
        }
    }

    pub(super) fn memory_grow(&mut self, memory: u32) -> Result<(), CompileError> {
        let memory = entry(&self.layout.memories, memory, self.offset)?;
        let pages_max = u64::from(memory.pages_max);
        let (MemoryReach::Whole, false) = (memory.reach, memory.index64) else {
            return self.grow_checked(memory);
        };
        let pages = self.pop()?;
        let a = self.register(pages, self.stack.height());
        let d = self.push_temp()?;
        self.emitter.emit(Instr::new(Op::MemoryGrow, d, a, 0, pages_max));
        Ok(())
    }

    /// Growth of a memory that is a window or has 64-bit sizes.
    fn grow_checked(&mut self, memory: MemoryPlace) -> Result<(), CompileError> {
        self.settle_top(1)?;
        self.pop()?;
        let (delta, old, new) = (self.scratch(0)?, self.scratch(1)?, self.scratch(2)?);
        let (fail, end) = (self.emitter.new_label(), self.emitter.new_label());
        let max = memory.pages_max.into();
        self.emitter.emit_to(Instr::new(Op::BrGtUImm64, 0, delta, 0, max), fail);
        self.pages(memory, old);
        self.emitter.emit(Instr::new(Op::Add64, new, old, delta, 0));
        self.emitter.emit_to(Instr::new(Op::BrGtUImm64, 0, new, 0, max), fail);
        match memory.reach {
            MemoryReach::Whole => self.emitter.emit(Instr::new(Op::MemoryGrow, delta, delta, 0, max)),
            MemoryReach::Window { size, .. } => {
                self.emitter.emit(Instr::new(Op::ShlImm64, new, new, 0, PAGE_BYTES.ilog2().into()));
                self.emitter.emit(Instr::new(Op::GlobalSet, 0, new, 0, size.into()));
                self.emitter.copy(delta, old);
            }
        }
        self.emitter.jump(end);
        self.emitter.bind(fail);
        self.emitter.emit(Instr::new(Op::Const, delta, 0, 0, failure(memory.index64)));
        self.emitter.bind(end);
        self.push(Operand::Temp)
    }
}

/// What a growth that fails returns: -1.
pub(super) fn failure(index64: bool) -> u64 {
    if index64 { u64::MAX } else { u32::MAX.into() }
}
