//! Traps: the unconditional ones, and the checks that precede an instruction.

use provasm_isa::{Instr, Op, Trap};

use super::Translator;
use crate::CompileError;
use crate::layout::Count;
use crate::stack::Operand;

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

    /// Traps when register `a` is greater than register `b`.
    pub(super) fn trap_when_above(&mut self, a: u16, b: u16, trap: Trap) {
        self.trap_when(Instr::new(Op::BrGtU64, 0, a, b, 0), trap);
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

    /// The register that holds a count: `scratch`, if it has to be read.
    pub(super) fn count(&mut self, count: Count, scratch: u16) -> u16 {
        match count {
            Count::Fixed(count) => {
                let height = usize::from(scratch) - self.temp_base as usize;
                self.register(Operand::Const(count.into()), height)
            }
            Count::Cell(cell) => {
                self.emitter.emit(Instr::new(Op::GlobalGet, scratch, 0, 0, cell.into()));
                scratch
            }
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
        let size = self.count(count, size);
        self.emitter.emit(Instr::new(Op::Add64, end, first, length, 0));
        self.trap_when_above(end, size, trap);
        Ok(())
    }
}
