//! Exports, and the stubs through which a run enters them.

use provasm_isa::layout::{ENTRY_VALUES_MAX, PAGE_BYTES, STATIC_MEMORY_SIZE};
use provasm_isa::{Instr, Op};
use provasm_program::Entry;

use super::code::stub;
use super::initial::Context;
use super::state::{Extern, Table};
use super::{Instance, Linker};
use crate::layout::{Callee, Count, MemoryReach, Target, entry};
use crate::module::{Export, ExportKind, Signature, registers};
use crate::{CompileError, ExportedGlobal, ExportedMemory, ExportedTable, TableSize};

/// Frame distance of the calls in stubs, which run at frame 0.
const STUB_FRAME: u16 = 1;

impl Linker {
    /// The exports of an instance and the stubs of its exported functions.
    pub(super) fn export(&mut self, context: &Context<'_, '_>) -> Result<Instance, CompileError> {
        let first = self.code.len();
        let module = context.module;
        let call_start = module.start.map(|function| call(Target::Function(function)));
        let mut instance = Instance::default();
        for export in &module.exports {
            let external = self.external(context, export)?;
            match &external {
                Extern::Function { signature, .. } => {
                    // Without others, an instance starts when it is entered.
                    let prologue = call_start.filter(|_| !self.is_shared);
                    match self.entry(export, signature, prologue)? {
                        Some(entry) => instance.entries.push(entry),
                        None => instance.excluded.push(export.name.clone()),
                    }
                }
                Extern::Global { place, .. } => instance.globals.push(ExportedGlobal {
                    name: export.name.clone(),
                    value_type: place.value_type,
                    cell: place.cell,
                }),
                Extern::Memory(memory) => instance.memories.extend(self.exported_memory(&export.name, *memory)),
                Extern::Table(table) => instance.tables.extend(self.exported_table(&export.name, *table)),
            }
            instance.exports.insert(export.name.clone(), external);
        }
        if let Some(call) = call_start {
            let code = stub([call, Instr::new(Op::Halt, 0, 0, 0, 0)]);
            instance.start = Some(self.append("start".to_owned(), code)?);
        }
        self.resolve_calls(first, context.starts)?;
        Ok(instance)
    }

    fn exported_memory(&self, name: &str, memory: usize) -> Option<ExportedMemory> {
        let reach = self.memories.get(memory)?.place.reach;
        let (size_cell, size_unit) = match reach {
            MemoryReach::Whole => (STATIC_MEMORY_SIZE, PAGE_BYTES),
            MemoryReach::Window { size, .. } => (size, 1),
        };
        Some(ExportedMemory { name: name.to_owned(), base: reach.base(), size_cell, size_unit })
    }

    fn exported_table(&self, name: &str, table: usize) -> Option<ExportedTable> {
        let Table { place, element, .. } = *self.tables.get(table)?;
        let size = match place.size {
            Count::Fixed(size) => TableSize::Fixed(size),
            Count::Cell(cell) => TableSize::Cell(cell),
        };
        Some(ExportedTable { name: name.to_owned(), element, first: place.first, size })
    }

    fn external(&self, context: &Context<'_, '_>, export: &Export) -> Result<Extern, CompileError> {
        let Context { module, layout, starts, externs } = *context;
        let what = "every export names something";
        let inconsistent = CompileError::Inconsistent { what, offset: 0 };
        Ok(match export.kind {
            ExportKind::Function => {
                let start = starts.get(&export.index).copied().ok_or(inconsistent)?;
                let callee = match entry(&layout.functions, export.index, 0)? {
                    callee @ (Callee::Ignored | Callee::Intrinsic(_)) => callee,
                    Callee::Code(_) => Callee::Code(Target::Placed(start)),
                };
                let signature = module.function_type(export.index, 0)?.clone();
                Extern::Function { callee, signature, start }
            }
            ExportKind::Global => {
                let place = entry(&layout.globals, export.index, 0)?;
                let global = module.globals.get(export.index as usize).ok_or(inconsistent)?;
                Extern::Global { place, mutable: global.mutable }
            }
            ExportKind::Memory => Extern::Memory(entry(&externs.memories, export.index, 0)?),
            ExportKind::Table => Extern::Table(entry(&externs.tables, export.index, 0)?),
        })
    }

    /// The stub of an exported function, unless it has too many values.
    fn entry(
        &mut self,
        export: &Export,
        signature: &Signature,
        prologue: Option<Instr>,
    ) -> Result<Option<Entry>, CompileError> {
        let (params, results) = (registers(&signature.params), registers(&signature.results));
        if params.max(results) > ENTRY_VALUES_MAX {
            return Ok(None);
        }
        let arguments = (0..params).map(|param| Instr::new(Op::Arg, STUB_FRAME + param as u16, 0, 0, param as u64));
        let results =
            (0..results).map(|result| Instr::new(Op::Result, 0, STUB_FRAME + result as u16, 0, result as u64));
        let call = call(Target::Function(export.index));
        let halt = Instr::new(Op::Halt, 0, 0, 0, 0);
        let instrs = prologue.into_iter().chain(arguments).chain([call]).chain(results).chain([halt]);
        let pc = self.append(format!("entry {}", export.name), stub(instrs))?;
        let Signature { params, results } = signature.clone();
        Ok(Some(Entry { name: export.name.clone(), params, results, pc }))
    }
}

fn call(target: Target) -> Instr {
    Instr::new(Op::Call, STUB_FRAME, 0, 0, target.encode())
}
