//! From translated functions to a program: where code and cells go.
//!
//! Code: imported functions (which return at once), the module's functions, the builtins that are
//! called, one stub per entry, the start stub. Static cells: memory size, globals, table.

use std::collections::BTreeMap;

use provasm_isa::layout::{
    CELL_BYTES, ENTRY_VALUES_MAX, PAGE_BYTES, STATIC_BASE, STATIC_CELLS_MAX, STATIC_GLOBALS, STATIC_MEMORY_SIZE,
};
use provasm_isa::{Instr, Op};
use provasm_program::{Entry, InitialCell, Program, SourceMap};

use crate::builtins::Builtin;
use crate::emit::{Code, Emitter};
use crate::error::check_limit;
use crate::module::{ExportKind, Module};
use crate::{CompileError, Compiled, ExportedGlobal, Limits};

const _: () = assert!(STATIC_MEMORY_SIZE == 0 && STATIC_GLOBALS == 1, "the order of the static cells");

/// Frame distance of the calls in stubs, which run at frame 0.
const STUB_FRAME: u16 = 1;

/// Code laid out so far.
struct Linker<'m> {
    module: &'m Module<'m>,
    code: Vec<Instr>,
    source: SourceMap,
    /// First instruction by function index.
    starts: BTreeMap<u32, u32>,
    limit: u32,
}

/// Puts a module's functions together.
pub(crate) fn link(module: &Module<'_>, functions: Vec<Code>, limits: &Limits) -> Result<Compiled, CompileError> {
    let mut linker = Linker {
        module,
        code: Vec::new(),
        source: SourceMap::default(),
        starts: BTreeMap::new(),
        limit: limits.instructions_max,
    };
    let used = used_builtins(module, &functions);
    for index in 0..module.imported_functions {
        linker.place(index as u32, stub([Instr::new(Op::Return, 0, 0, 0, 0)]))?;
    }
    for (index, code) in functions.into_iter().enumerate() {
        linker.place((module.imported_functions + index) as u32, code)?;
    }
    for builtin in used {
        linker.place(builtin.function(module.functions.len()), builtin.code()?)?;
    }
    let (entries, excluded) = linker.entries()?;
    let start = linker.start()?;
    linker.resolve_calls()?;
    let program = Program {
        cells: cells(module, &linker.starts)?,
        code: linker.code,
        memory_pages: module.memory.pages,
        memory_pages_max: module.memory.pages_max,
        entries,
        start,
        source: linker.source,
    };
    Ok(Compiled { program, globals: exported_globals(module), excluded })
}

fn used_builtins(module: &Module<'_>, functions: &[Code]) -> Vec<Builtin> {
    let called = |builtin: &Builtin| {
        let function = u64::from(builtin.function(module.functions.len()));
        functions.iter().flat_map(|code| &code.instrs).any(|instr| instr.op == Op::Call && instr.imm == function)
    };
    Builtin::ALL.iter().copied().filter(called).collect()
}

/// Generated code that stands for no operators.
fn stub(instrs: impl IntoIterator<Item = Instr>) -> Code {
    let instrs: Vec<Instr> = instrs.into_iter().collect();
    Code { offsets: vec![0; instrs.len()], wasm_ops: vec![0; instrs.len()], instrs }
}

impl Linker<'_> {
    /// Appends a function's code.
    fn place(&mut self, function: u32, code: Code) -> Result<(), CompileError> {
        let name = self.name(function);
        let start = self.append(name, code)?;
        self.starts.insert(function, start);
        Ok(())
    }

    /// Appends code and moves its jumps along.
    fn append(&mut self, name: String, code: Code) -> Result<u32, CompileError> {
        check_limit("instructions", (self.code.len() + code.instrs.len()) as u64, self.limit.into())?;
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

    /// The name section's name, else an export's, else a number.
    fn name(&self, function: u32) -> String {
        if let Some(builtin) = (function as usize).checked_sub(self.module.functions.len()) {
            return Builtin::ALL.get(builtin).map_or_else(String::new, |builtin| builtin.name().to_owned());
        }
        let exported =
            |export: &&crate::module::Export| export.kind == ExportKind::Function && export.index == function;
        match self.module.names.get(&function) {
            Some(name) => name.clone(),
            None => match self.module.exports.iter().find(exported) {
                Some(export) => export.name.clone(),
                None => format!("func {function}"),
            },
        }
    }

    fn call_start(&self) -> Option<Instr> {
        self.module.start.map(|start| Instr::new(Op::Call, STUB_FRAME, 0, 0, start.into()))
    }

    /// Stubs of the exported functions, and the names of those that cannot be entries.
    fn entries(&mut self) -> Result<(Vec<Entry>, Vec<String>), CompileError> {
        let (mut entries, mut excluded) = (Vec::new(), Vec::new());
        for export in self.module.exports.iter().filter(|export| export.kind == ExportKind::Function) {
            let signature = self.module.function_type(export.index, 0)?.signature.clone();
            if signature.params.len().max(signature.results.len()) > ENTRY_VALUES_MAX {
                excluded.push(export.name.clone());
                continue;
            }
            let arguments = (0..signature.params.len())
                .map(|param| Instr::new(Op::Arg, STUB_FRAME + param as u16, 0, 0, param as u64));
            let results = (0..signature.results.len())
                .map(|result| Instr::new(Op::Result, 0, STUB_FRAME + result as u16, 0, result as u64));
            let call = Instr::new(Op::Call, STUB_FRAME, 0, 0, export.index.into());
            let halt = Instr::new(Op::Halt, 0, 0, 0, 0);
            let instrs = self.call_start().into_iter().chain(arguments).chain([call]).chain(results).chain([halt]);
            let code = stub(instrs);
            let pc = self.append(format!("entry {}", export.name), code)?;
            entries.push(Entry { name: export.name.clone(), params: signature.params, results: signature.results, pc });
        }
        Ok((entries, excluded))
    }

    fn start(&mut self) -> Result<Option<u32>, CompileError> {
        let Some(call) = self.call_start() else {
            return Ok(None);
        };
        self.append("start".to_owned(), stub([call, Instr::new(Op::Halt, 0, 0, 0, 0)])).map(Some)
    }

    /// Turns the function indices of calls into positions.
    fn resolve_calls(&mut self) -> Result<(), CompileError> {
        for instr in self.code.iter_mut().filter(|instr| instr.op == Op::Call) {
            let start = instr.target().and_then(|function| self.starts.get(&function));
            let what = "every called function has code";
            *instr = instr.with_target(*start.ok_or(CompileError::Inconsistent { what, offset: 0 })?);
        }
        Ok(())
    }
}

fn cells(module: &Module<'_>, starts: &BTreeMap<u32, u32>) -> Result<Vec<InitialCell>, CompileError> {
    let mut cells: Vec<InitialCell> = memory(module)?
        .into_iter()
        .filter(|(_, value)| *value != 0)
        .map(|(address, value)| InitialCell { address, value })
        .collect();
    let mut statics = vec![u64::from(module.memory.pages)];
    statics.extend(module.globals.iter().map(|global| global.value));
    statics.extend(table(module, starts)?);
    check_limit("static cells", statics.len() as u64, STATIC_CELLS_MAX.into())?;
    let static_cell = |(index, value)| InitialCell { address: STATIC_BASE + index as u32, value };
    cells.extend(statics.into_iter().enumerate().map(static_cell));
    Ok(cells)
}

/// The linear memory after all active data segments, by cell.
fn memory(module: &Module<'_>) -> Result<BTreeMap<u32, u64>, CompileError> {
    let size = u64::from(module.memory.pages) * PAGE_BYTES;
    let mut cells = BTreeMap::new();
    for segment in &module.data {
        let end = u64::from(segment.offset) + segment.content.len() as u64;
        if end > size {
            return Err(CompileError::DataOutOfBounds { segment: segment.index, end, size });
        }
        for (address, byte) in (u64::from(segment.offset)..).zip(segment.content) {
            let shift = address % CELL_BYTES * 8;
            let cell = cells.entry((address / CELL_BYTES) as u32).or_insert(0);
            *cell = *cell & !(0xff << shift) | u64::from(*byte) << shift;
        }
    }
    Ok(cells)
}

/// The table after all active element segments.
fn table(module: &Module<'_>, starts: &BTreeMap<u32, u32>) -> Result<Vec<u64>, CompileError> {
    let size = u64::from(module.table_elements);
    let mut table = vec![0; module.table_elements as usize];
    for segment in &module.elements {
        let end = u64::from(segment.offset) + segment.content.len() as u64;
        if end > size {
            return Err(CompileError::ElementOutOfBounds { segment: segment.index, end, size });
        }
        for (element, function) in table.iter_mut().skip(segment.offset as usize).zip(&segment.content) {
            *element = match function {
                Some(function) => {
                    let start = starts.get(function).copied();
                    let what = "every function in the table has code";
                    let start = start.ok_or(CompileError::Inconsistent { what, offset: 0 })?;
                    Program::element(module.function_type(*function, 0)?.number, start)
                }
                None => 0,
            };
        }
    }
    Ok(table)
}

fn exported_globals(module: &Module<'_>) -> Vec<ExportedGlobal> {
    let exported = module.exports.iter().filter(|export| export.kind == ExportKind::Global);
    exported
        .filter_map(|export| {
            let value_type = module.globals.get(export.index as usize)?.value_type;
            Some(ExportedGlobal { name: export.name.clone(), value_type, cell: STATIC_GLOBALS + export.index })
        })
        .collect()
}
