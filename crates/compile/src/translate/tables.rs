//! Tables and references. A reference is 64 bits: 0 is null, a function's is its type and where it
//! starts.

use provasm_isa::{Instr, Op, Trap};

use super::Translator;
use super::memory::failure;
use crate::CompileError;
use crate::builtins::Builtin;
use crate::layout::{Count, TablePlace, entry};
use crate::stack::Operand;

impl Translator<'_> {
    pub(super) fn ref_func(&mut self, function: u32) -> Result<(), CompileError> {
        let cell = self.layout.references.get(&function).copied();
        let cell = cell.ok_or(self.inconsistent("every reference has a cell"))?;
        let d = self.push_temp()?;
        self.emitter.emit(Instr::new(Op::GlobalGet, d, 0, 0, cell.into()));
        Ok(())
    }

    fn table(&self, table: u32) -> Result<TablePlace, CompileError> {
        entry(&self.layout.tables, table, self.offset)
    }

    /// Checks an index just popped, from below `above` registers in use, and returns the register
    /// with the index of its static cell.
    fn element_cell(&mut self, table: TablePlace, index: Operand, above: usize) -> Result<u16, CompileError> {
        let index = self.register(index, self.stack.height());
        let cell = self.scratch(above)?;
        self.trap_unless_below(index, table.index64, table.size, cell, Trap::TableOutOfBounds);
        self.emitter.emit(Instr::new(Op::AddImm32, cell, index, 0, table.first.into()));
        Ok(cell)
    }

    pub(super) fn table_get(&mut self, table: u32) -> Result<(), CompileError> {
        let table = self.table(table)?;
        let index = self.pop()?;
        let cell = self.element_cell(table, index, 1)?;
        let d = self.push_temp()?;
        self.emitter.emit(Instr::new(Op::StaticGet, d, cell, 0, 0));
        Ok(())
    }

    pub(super) fn table_set(&mut self, table: u32) -> Result<(), CompileError> {
        let table = self.table(table)?;
        let (value, index) = (self.pop()?, self.pop()?);
        let cell = self.element_cell(table, index, 2)?;
        let value = self.register(value, self.stack.height() + 1);
        self.emitter.emit(Instr::new(Op::StaticSet, 0, cell, value, 0));
        Ok(())
    }

    pub(super) fn table_size(&mut self, table: u32) -> Result<(), CompileError> {
        match self.table(table)?.size {
            Count::Fixed(size) => self.constant(size.into()),
            Count::Cell(cell) => {
                let d = self.push_temp()?;
                self.emitter.emit(Instr::new(Op::GlobalGet, d, 0, 0, cell.into()));
                Ok(())
            }
        }
    }

    pub(super) fn table_grow(&mut self, table: u32) -> Result<(), CompileError> {
        let TablePlace { first, capacity, size, index64 } = self.table(table)?;
        self.settle_top(2)?;
        let (_, _) = (self.pop()?, self.pop()?);
        let (value, delta) = (self.scratch(0)?, self.scratch(1)?);
        let [old, fill, count] = [self.scratch(2)?, self.scratch(3)?, self.scratch(4)?];
        let (fail, end) = (self.emitter.new_label(), self.emitter.new_label());
        let max = capacity.into();
        self.emitter.emit_to(Instr::new(Op::BrGtUImm64, 0, delta, 0, max), fail);
        match size {
            Count::Fixed(size) => self.emitter.emit(Instr::new(Op::Const, old, 0, 0, size.into())),
            Count::Cell(cell) => self.emitter.emit(Instr::new(Op::GlobalGet, old, 0, 0, cell.into())),
        }
        self.emitter.emit(Instr::new(Op::Add64, fill, old, delta, 0));
        self.emitter.emit_to(Instr::new(Op::BrGtUImm64, 0, fill, 0, max), fail);
        if let Count::Cell(cell) = size {
            self.emitter.emit(Instr::new(Op::GlobalSet, 0, fill, 0, cell.into()));
        }
        self.emitter.copy(fill, value);
        self.emitter.copy(count, delta);
        self.emitter.copy(value, old);
        self.emitter.emit(Instr::new(Op::AddImm32, old, old, 0, first.into()));
        self.call_builtin(Builtin::StaticFill, old);
        self.emitter.jump(end);
        self.emitter.bind(fail);
        self.emitter.emit(Instr::new(Op::Const, value, 0, 0, failure(index64)));
        self.emitter.bind(end);
        self.push(Operand::Temp)
    }

    pub(super) fn table_fill(&mut self, table: u32) -> Result<(), CompileError> {
        let table = self.table(table)?;
        let [first, _, length] = self.operands()?;
        self.enter_table(table, first, length)?;
        self.call_builtin(Builtin::StaticFill, first);
        Ok(())
    }

    pub(super) fn table_copy(&mut self, to: u32, from: u32) -> Result<(), CompileError> {
        let (to, from) = (self.table(to)?, self.table(from)?);
        let [to_register, from_register, length] = self.operands()?;
        self.enter_table(to, to_register, length)?;
        self.enter_table(from, from_register, length)?;
        self.call_builtin(Builtin::StaticCopy, to_register);
        Ok(())
    }

    pub(super) fn table_init(&mut self, segment: u32, table: u32) -> Result<(), CompileError> {
        let table = self.table(table)?;
        let segment = entry(&self.layout.elements, segment, self.offset)?;
        let [to, from, length] = self.operands()?;
        self.check_range(from, length, segment.length, 3, Trap::TableOutOfBounds)?;
        self.enter_table(table, to, length)?;
        self.emitter.emit(Instr::new(Op::AddImm32, from, from, 0, segment.first.into()));
        self.call_builtin(Builtin::StaticCopy, to);
        Ok(())
    }

    pub(super) fn elem_drop(&mut self, segment: u32) -> Result<(), CompileError> {
        let segment = entry(&self.layout.elements, segment, self.offset)?;
        self.drop_segment(segment)
    }

    /// Checks a range of a table's elements and turns its first index, in the register of an
    /// operand, into that of a static cell.
    fn enter_table(&mut self, table: TablePlace, first: u16, length: u16) -> Result<(), CompileError> {
        if table.index64 {
            self.trap_when_wide(first, Trap::TableOutOfBounds);
            self.trap_when_wide(length, Trap::TableOutOfBounds);
        }
        self.check_range(first, length, table.size, 3, Trap::TableOutOfBounds)?;
        self.emitter.emit(Instr::new(Op::AddImm32, first, first, 0, table.first.into()));
        Ok(())
    }
}
