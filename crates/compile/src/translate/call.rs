//! Calls. Arguments and results are in the canonical registers of consecutive heights.

use provasm_isa::layout::STATIC_GLOBALS;
use provasm_isa::{Instr, Op};

use super::Translator;
use crate::CompileError;
use crate::builtins::Builtin;
use crate::stack::Operand;

impl Translator<'_> {
    pub(super) fn call(&mut self, function: u32) -> Result<(), CompileError> {
        let signature = &self.module.function_type(function, self.offset)?.signature;
        let (params, results) = (signature.params.len(), signature.results.len());
        if (function as usize) < self.module.imported_functions {
            // It does nothing.
            for _ in 0..params {
                self.pop()?;
            }
            return Ok(());
        }
        self.call_direct(function, params, results)
    }

    pub(super) fn call_builtin(&mut self, builtin: Builtin) -> Result<(), CompileError> {
        let function = builtin.function(self.module.functions.len());
        self.call_direct(function, builtin.params(), 0)
    }

    fn call_direct(&mut self, function: u32, params: usize, results: usize) -> Result<(), CompileError> {
        self.settle_top(params)?;
        let frame = self.take_arguments(params)?;
        self.emitter.emit(Instr::new(Op::Call, frame, 0, 0, function.into()));
        self.push_results(results)
    }

    pub(super) fn call_indirect(&mut self, type_index: u32) -> Result<(), CompileError> {
        let called = self.module.type_at(type_index, self.offset)?;
        let (params, results) = (called.signature.params.len(), called.signature.results.len());
        let element = self.pop()?;
        let element_height = self.stack.height();
        self.settle_top(params)?;
        let element = self.register(element, element_height);
        let frame = self.take_arguments(params)?;
        let first = u64::from(STATIC_GLOBALS) + self.module.globals.len() as u64;
        let table = first | u64::from(self.module.table_elements) << 32;
        self.emitter.emit(Instr::new(Op::CallIndirect, frame, element, called.number, table));
        self.push_results(results)
    }

    /// Pops arguments and returns where the callee's frame starts.
    fn take_arguments(&mut self, params: usize) -> Result<u16, CompileError> {
        for _ in 0..params {
            self.pop()?;
        }
        Ok(self.slot(self.stack.height()))
    }

    fn push_results(&mut self, results: usize) -> Result<(), CompileError> {
        for _ in 0..results {
            self.push(Operand::Temp)?;
        }
        Ok(())
    }
}
