//! Placing code: functions, the routines they call, and the targets of calls.

use std::collections::{BTreeMap, BTreeSet};

use provasm_isa::{Instr, Op};

use super::Linker;
use crate::CompileError;
use crate::emit::{Code, Emitter};
use crate::error::check_limit;
use crate::host;
use crate::layout::Target;
use crate::module::Module;
use crate::runtime;

/// Positions of a module's functions, imported ones included.
pub(super) type Starts = BTreeMap<u32, u32>;

/// Generated code that stands for no operators.
pub(super) fn stub(instrs: impl IntoIterator<Item = Instr>) -> Code {
    let instrs: Vec<Instr> = instrs.into_iter().collect();
    Code { offsets: vec![0; instrs.len()], wasm_ops: vec![0; instrs.len()], instrs }
}

impl Linker {
    /// Appends code and moves its jumps along.
    pub(super) fn append(&mut self, name: String, code: Code) -> Result<u32, CompileError> {
        let instructions = (self.code.len() + code.instrs.len()) as u64;
        check_limit("instructions", instructions, self.options.limits.instructions_max.into())?;
        let start = self.code.len() as u32;
        self.source.functions.push((start, name));
        self.code.extend(code.instrs.iter().map(|instr| match instr.target() {
            Some(target) if Emitter::is_local_target(instr) => instr.with_target(start + target),
            _ => *instr,
        }));
        self.source.offsets.extend(code.offsets);
        self.source.wasm_ops.extend(code.wasm_ops);
        Ok(start)
    }

    /// Removes the code from an instruction on, whose instance is not linked after all.
    pub(super) fn forget_code(&mut self, first: usize) {
        self.code.truncate(first);
        self.source.offsets.truncate(first);
        self.source.wasm_ops.truncate(first);
        self.source.functions.retain(|(start, _)| (*start as usize) < first);
        self.routines.retain(|_, start| (*start as usize) < first);
    }

    /// Places the functions of a module and the routines they need.
    pub(super) fn place(
        &mut self,
        module: &Module<'_>,
        functions: Vec<Code>,
        starts: &mut Starts,
    ) -> Result<(), CompileError> {
        let first = self.code.len();
        let mut wanted: Vec<Target> = Vec::new();
        for (index, code) in functions.into_iter().enumerate() {
            let function = (module.imported_functions + index) as u32;
            wanted.extend(routines(&code));
            starts.insert(function, self.append(module.function_name(function), code)?);
        }
        self.place_routines(wanted)?;
        self.resolve_calls(first, starts)
    }

    /// Places a routine, and those that it calls, if it is not there yet; returns where it is.
    pub(super) fn place_routine(&mut self, target: Target) -> Result<u32, CompileError> {
        let first = self.code.len();
        self.place_routines(vec![target])?;
        self.resolve_calls(first, &Starts::default())?;
        let what = "a placed routine has a position";
        self.routines.get(&target).copied().ok_or(CompileError::Inconsistent { what, offset: 0 })
    }

    /// Places routines that are not there yet, and those that they call.
    fn place_routines(&mut self, mut wanted: Vec<Target>) -> Result<(), CompileError> {
        let mut missing: BTreeSet<Target> = BTreeSet::new();
        let mut codes: BTreeMap<Target, Code> = BTreeMap::new();
        while let Some(target) = wanted.pop() {
            if self.routines.contains_key(&target) || !missing.insert(target) {
                continue;
            }
            let code = match target {
                Target::Builtin(builtin) => builtin.code()?,
                Target::Runtime(function) => runtime::library()?.code(function)?,
                Target::Host(function) => host::library()?.code(function)?,
                Target::Function(_) | Target::Placed(_) => continue,
            };
            wanted.extend(routines(&code));
            codes.insert(target, code);
        }
        for (target, code) in codes {
            let name = match target {
                Target::Builtin(builtin) => builtin.name().to_owned(),
                Target::Runtime(function) => runtime::library()?.name(function),
                Target::Host(function) => host::library()?.name(function),
                Target::Function(_) | Target::Placed(_) => continue,
            };
            let start = self.append(name, code)?;
            self.routines.insert(target, start);
        }
        Ok(())
    }

    /// Turns the targets of the calls from an instruction on into positions. A call that keeps its
    /// frame is a jump.
    pub(super) fn resolve_calls(&mut self, first: usize, starts: &Starts) -> Result<(), CompileError> {
        let routines = &self.routines;
        for instr in self.code.iter_mut().skip(first).filter(|instr| instr.op == Op::Call) {
            let target = Target::decode(instr.imm);
            let position = target.and_then(|target| match target {
                Target::Function(function) => starts.get(&function).copied(),
                Target::Builtin(_) | Target::Runtime(_) | Target::Host(_) => routines.get(&target).copied(),
                Target::Placed(pc) => Some(pc),
            });
            let what = "every called function has code";
            let position = position.ok_or(CompileError::Inconsistent { what, offset: 0 })?;
            let op = if instr.d == 0 { Op::Jump } else { Op::Call };
            *instr = Instr { op, imm: position.into(), ..*instr };
        }
        Ok(())
    }
}

/// The routines that code calls.
fn routines(code: &Code) -> impl Iterator<Item = Target> + '_ {
    let calls = code.instrs.iter().filter(|instr| instr.op == Op::Call);
    calls
        .filter_map(|call| Target::decode(call.imm))
        .filter(|target| matches!(target, Target::Builtin(_) | Target::Runtime(_) | Target::Host(_)))
}
