//! Calls. Arguments and results are in the canonical registers of consecutive heights.
//!
//! A call whose frame is the caller's is a tail call.

use provasm_isa::{Instr, Op, Trap};

use super::Translator;
use crate::CompileError;
use crate::builtins::Builtin;
use crate::host::Intrinsic;
use crate::layout::{Callee, Count, TablePlace, Target, entry};
use crate::module::{Signature, registers};
use crate::runtime;
use crate::stack::Operand;

impl Translator<'_> {
    pub(super) fn call(&mut self, function: u32) -> Result<(), CompileError> {
        let Signature { params, results } = self.module.function_type(function, self.offset)?;
        match entry(&self.layout.functions, function, self.offset)? {
            Callee::Ignored => {
                for _ in 0..registers(params) {
                    self.pop()?;
                }
                Ok(())
            }
            Callee::Code(target) => {
                self.call_target(target, registers(params))?;
                self.push_temps(results)
            }
            Callee::Intrinsic(intrinsic) => self.intrinsic(intrinsic),
        }
    }

    fn intrinsic(&mut self, intrinsic: Intrinsic) -> Result<(), CompileError> {
        match intrinsic {
            Intrinsic::Get => {
                let a = self.pop_register()?;
                let d = self.push_temp()?;
                self.emitter.emit(Instr::new(Op::HostGet, d, a, 0, 0));
            }
            Intrinsic::Hint => {
                let Operand::Const(kind) = self.pop()? else {
                    return Err(self.inconsistent("a hint is asked for by a constant"));
                };
                let d = self.push_temp()?;
                self.emitter.emit(Instr::new(Op::Hint, d, 0, 0, kind));
            }
            Intrinsic::Set | Intrinsic::Log => {
                let op = if intrinsic == Intrinsic::Set { Op::HostSet } else { Op::Log };
                self.settle_top(2)?;
                let b = self.pop_register()?;
                let a = self.pop_register()?;
                self.emitter.emit(Instr::new(op, 0, a, b, 0));
            }
            Intrinsic::Exit => {
                let a = self.pop_register()?;
                self.emitter.emit(Instr::new(Op::Exit, 0, a, 0, 0));
                self.set_unreachable();
            }
            Intrinsic::Refuse => self.trap(Trap::HostCall),
        }
        Ok(())
    }

    /// Pops an operand into a register.
    fn pop_register(&mut self) -> Result<u16, CompileError> {
        let operand = self.pop()?;
        Ok(self.register(operand, self.stack.height()))
    }

    /// Calls with the top `params` registers; the results are for the caller to push.
    pub(super) fn call_target(&mut self, target: Target, params: usize) -> Result<(), CompileError> {
        self.settle_top(params)?;
        let frame = self.take_arguments(params)?;
        self.emitter.emit(Instr::new(Op::Call, frame, 0, 0, target.encode()));
        Ok(())
    }

    /// Calls a routine of the compiler with what is in registers from one on.
    pub(super) fn call_builtin(&mut self, builtin: Builtin, frame: u16) {
        self.emitter.emit(Instr::new(Op::Call, frame, 0, 0, Target::Builtin(builtin).encode()));
    }

    /// Calls a routine of the runtime library with what is in registers from one on, where its
    /// result comes back.
    pub(super) fn call_runtime(&mut self, name: &str, frame: u16) -> Result<(), CompileError> {
        let function =
            runtime::library()?.function(name).ok_or(self.inconsistent("the runtime library has the routine"))?;
        self.emitter.emit(Instr::new(Op::Call, frame, 0, 0, Target::Runtime(function).encode()));
        Ok(())
    }

    pub(super) fn call_indirect(&mut self, type_index: u32, table: u32) -> Result<(), CompileError> {
        let Signature { params, results } = self.module.type_at(type_index, self.offset)?;
        let params = registers(params);
        let element = self.pop()?;
        let element_height = self.stack.height();
        self.settle_top(params)?;
        let call = self.element_call(element, element_height, type_index, table)?;
        let frame = self.take_arguments(params)?;
        self.emitter.emit(Instr { d: frame, ..call });
        self.push_temps(results)
    }

    pub(super) fn return_call(&mut self, function: u32) -> Result<(), CompileError> {
        let params = registers(&self.module.function_type(function, self.offset)?.params);
        match entry(&self.layout.functions, function, self.offset)? {
            Callee::Ignored => self.emitter.emit(Instr::new(Op::Return, 0, 0, 0, 0)),
            Callee::Intrinsic(_) => return Err(self.inconsistent("the host library has no tail calls")),
            Callee::Code(target) => {
                self.move_to_start(params)?;
                self.emitter.emit(Instr::new(Op::Call, 0, 0, 0, target.encode()));
            }
        }
        self.set_unreachable();
        Ok(())
    }

    pub(super) fn return_call_indirect(&mut self, type_index: u32, table: u32) -> Result<(), CompileError> {
        let params = registers(&self.module.type_at(type_index, self.offset)?.params);
        let element = self.pop()?;
        let element_height = self.stack.height();
        // Arguments can overwrite the local that holds the element's index.
        let slot = self.slot(element_height);
        self.move_to(slot, element, element_height);
        let call = self.element_call(Operand::Temp, element_height, type_index, table)?;
        self.move_to_start(params)?;
        self.emitter.emit(Instr { op: Op::TailCallIndirect, d: 0, ..call });
        self.set_unreachable();
        Ok(())
    }

    /// The call of a table's element, whose index was just popped from above its arguments.
    fn element_call(
        &mut self,
        element: Operand,
        height: usize,
        type_index: u32,
        table: u32,
    ) -> Result<Instr, CompileError> {
        let TablePlace { first, capacity, size, index64 } = entry(&self.layout.tables, table, self.offset)?;
        let element = self.register(element, height);
        if index64 {
            self.trap_when_wide(element, Trap::UndefinedElement);
        }
        if let Count::Cell(_) = size {
            let scratch = self.scratch(1)?;
            self.trap_unless_below(element, false, size, scratch, Trap::UndefinedElement);
        }
        let number = entry(&self.layout.numbers, type_index, self.offset)?;
        let table = u64::from(first) | u64::from(capacity) << 32;
        Ok(Instr::new(Op::CallIndirect, 0, element, number, table))
    }

    /// Pops arguments and returns where the callee's frame starts.
    fn take_arguments(&mut self, params: usize) -> Result<u16, CompileError> {
        for _ in 0..params {
            self.pop()?;
        }
        Ok(self.slot(self.stack.height()))
    }
}
