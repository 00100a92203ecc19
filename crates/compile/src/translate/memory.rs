//! Linear memory.

use provasm_isa::layout::STATIC_MEMORY_SIZE;
use provasm_isa::{Instr, Op};
use wasmparser::MemArg;

use super::Translator;
use crate::CompileError;
use crate::builtins::Builtin;
use crate::stack::Operand;

impl Translator<'_> {
    pub(super) fn load(&mut self, op: Op, argument: MemArg) -> Result<(), CompileError> {
        let address = self.pop()?;
        let (base, offset) = self.address(address, argument);
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
        let (base, offset) = self.address(address, argument);
        self.emitter.emit(Instr::new(op, 0, base, value, offset));
        Ok(())
    }

    /// Base register and offset of an access whose address was just popped. A constant address
    /// goes into the offset, so that one zero serves many.
    fn address(&mut self, address: Operand, argument: MemArg) -> (u16, u64) {
        let height = self.stack.height();
        if let Operand::Const(base) = address
            && let Some(sum) = base.checked_add(argument.offset)
            && sum <= u64::from(u32::MAX)
        {
            return (self.register(Operand::Const(0), height), sum);
        }
        (self.register(address, height), argument.offset)
    }

    pub(super) fn memory_size(&mut self) -> Result<(), CompileError> {
        let d = self.push_temp()?;
        self.emitter.emit(Instr::new(Op::GlobalGet, d, 0, 0, STATIC_MEMORY_SIZE.into()));
        Ok(())
    }

    pub(super) fn memory_grow(&mut self) -> Result<(), CompileError> {
        let pages = self.pop()?;
        let a = self.register(pages, self.stack.height());
        let d = self.push_temp()?;
        self.emitter.emit(Instr::new(Op::MemoryGrow, d, a, 0, self.module.memory.pages_max.into()));
        Ok(())
    }

    pub(super) fn memory_copy(&mut self) -> Result<(), CompileError> {
        self.call_builtin(Builtin::MemoryCopy)
    }

    pub(super) fn memory_fill(&mut self) -> Result<(), CompileError> {
        self.call_builtin(Builtin::MemoryFill)
    }
}
