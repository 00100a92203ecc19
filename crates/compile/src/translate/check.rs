//! Traps: the unconditional ones, and the checks that precede an instruction.

use provasm_isa::{Instr, Op, Trap};

use super::Translator;
use crate::CompileError;
use crate::layout::Count;

impl Translator<'_> {
    pub(super) fn trap(&mut self, trap: Trap) {
        self.emitter.emit(Instr::new(Op::Trap, 0, 0, 0, trap.code().into()));
        self.set_unreachable();
    }

    /// Traps when a branch, whose target is not set, is taken. The trap is out of line.
    pub(super) fn trap_when(&mut self, branch: Instr, trap: Trap) {
        let emitter = &mut self.emitter;
        let label = *self.traps.entry(trap.code()).or_insert_with(|| emitter.new_label());
        self.emitter.emit_to(branch, label);
    }

    /// Traps when a register is greater than a count, which is read to `scratch` if need be.
    pub(super) fn trap_when_above(&mut self, a: u16, count: Count, scratch: u16, trap: Trap) {
        self.compare(Op::BrGtU64, Op::BrGtUImm64, a, count, scratch, trap);
    }

    /// Traps when an index is not below a count, which is read to `scratch` if need be.
    pub(super) fn trap_unless_below(&mut self, index: u16, index64: bool, count: Count, scratch: u16, trap: Trap) {
        let (op, immediate) = if index64 { (Op::BrGeU64, Op::BrGeUImm64) } else { (Op::BrGeU32, Op::BrGeUImm32) };
        self.compare(op, immediate, index, count, scratch, trap);
    }

    fn compare(&mut self, op: Op, immediate: Op, a: u16, count: Count, scratch: u16, trap: Trap) {
        let branch = match count {
            Count::Fixed(count) => Instr::new(immediate, 0, a, 0, count.into()),
            Count::Cell(cell) => {
                self.emitter.emit(Instr::new(Op::GlobalGet, scratch, 0, 0, cell.into()));
                Instr::new(op, 0, a, scratch, 0)
            }
        };
        self.trap_when(branch, trap);
    }

    /// Traps when a register holds more than 32 bits.
    pub(super) fn trap_when_wide(&mut self, register: u16, trap: Trap) {
        self.trap_when(Instr::new(Op::BrGtUImm64, 0, register, 0, u32::MAX.into()), trap);
    }

    /// Puts the traps that branches go to behind the function.
    pub(super) fn place_traps(&mut self) {
        for (code, label) in std::mem::take(&mut self.traps) {
            self.emitter.bind(label);
            self.emitter.emit(Instr::new(Op::Trap, 0, 0, 0, code.into()));
        }
    }

    /// Traps when `length` elements from `first` on end beyond a count. Registers hold 64-bit sums
    /// without overflow as long as no index has more than 32 bits.
    pub(super) fn check_range(
        &mut self,
        first: u16,
        length: u16,
        count: Count,
        scratch: usize,
        trap: Trap,
    ) -> Result<(), CompileError> {
        let end = self.scratch(scratch)?;
        let size = self.scratch(scratch + 1)?;
        self.emitter.emit(Instr::new(Op::Add64, end, first, length, 0));
        self.trap_when_above(end, count, size, trap);
        Ok(())
    }
}
