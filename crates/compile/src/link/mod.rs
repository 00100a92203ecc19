//! From modules to a program: what their imports mean, where their code and cells go, and what
//! the cells hold at the start.
//!
//! A program grows by one instance after another; nothing that is placed ever moves. Static cells:
//! memory size, then per instance its globals, tables, memory sizes, segments and references.

mod code;
mod entries;
pub(crate) mod initial;
mod resolve;
mod state;

use std::collections::{BTreeMap, HashMap};

use provasm_isa::Instr;
use provasm_isa::layout::{STATIC_BASE, STATIC_MEMORY_SIZE};
use provasm_program::{Entry, InitialCell, Program, SourceMap};

use crate::error::check_limit;
use crate::layout::{Layout, Target, Value};
use crate::module::{self, Module, Signature};
use crate::{CompileError, Compiled, ExportedGlobal, ExportedMemory, ExportedTable, Options, translate};
use code::Starts;
use initial::Context;
use resolve::Externs;
use state::{Cells, Extern, Memory, Table};

/// Names an instance of a [`Linker`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId(u32);

/// Where things of an instance are, once it is linked.
struct Linked {
    layout: Layout,
    starts: Starts,
    externs: Externs,
    /// Initial values of its globals.
    values: Vec<Value>,
}

impl Linked {
    fn context<'c, 'm>(&'c self, module: &'c Module<'m>) -> Context<'c, 'm> {
        Context { module, layout: &self.layout, starts: &self.starts, externs: &self.externs }
    }
}

/// An instance of a module.
#[derive(Debug, Default)]
struct Instance {
    exports: BTreeMap<String, Extern>,
    globals: Vec<ExportedGlobal>,
    memories: Vec<ExportedMemory>,
    tables: Vec<ExportedTable>,
    entries: Vec<Entry>,
    /// Exported functions with too many values to be entries.
    excluded: Vec<String>,
    /// Code that calls the start function and halts.
    start: Option<u32>,
}

/// Instances of modules that import from one another, as one program.
///
/// Modules that share nothing are better compiled by [`crate::compile`] one by one: where several
/// memories can meet, every access of a memory costs three more instructions.
///
/// # Examples
/// ```
/// use provasm_compile::{Linker, Options};
/// let double = wat::parse_str(
///     r#"(module (func (export "double") (param i32) (result i32) (i32.add (local.get 0) (local.get 0))))"#,
/// )
/// .unwrap();
/// let main = wat::parse_str(
///     r#"(module (import "lib" "double" (func $double (param i32) (result i32)))
///         (func (export "six") (result i32) (call $double (i32.const 3))))"#,
/// )
/// .unwrap();
/// let mut linker = Linker::new(&Options::default());
/// let lib = linker.instantiate(&double)?;
/// linker.register("lib", lib);
/// let main = linker.instantiate(&main)?;
/// let entry = linker.entry_name(main, "six").unwrap();
/// assert!(linker.program().entry(&entry).is_some());
/// # Ok::<(), provasm_compile::CompileError>(())
/// ```
#[derive(Debug)]
pub struct Linker {
    options: Options,
    /// Whether other instances can follow.
    is_shared: bool,
    code: Vec<Instr>,
    source: SourceMap,
    cells: Cells,
    memories: Vec<Memory>,
    tables: Vec<Table>,
    /// Pages of linear memory taken.
    memory_pages: u32,
    /// Pages the linear memory can have.
    memory_pages_max: u32,
    /// Type numbers, across instances.
    numbers: HashMap<Signature, u16>,
    /// Positions of the routines placed so far.
    routines: BTreeMap<Target, u32>,
    instances: Vec<Instance>,
    registered: BTreeMap<String, InstanceId>,
}

impl Linker {
    /// No instances yet. The imports of the options are there for all of them.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        Self::with_sharing(options, true)
    }

    /// For one instance, which has the program for itself.
    pub(crate) fn alone(options: &Options) -> Self {
        Self::with_sharing(options, false)
    }

    fn with_sharing(options: &Options, is_shared: bool) -> Self {
        Linker {
            options: options.clone(),
            is_shared,
            code: Vec::new(),
            source: SourceMap::default(),
            cells: Cells::new(),
            memories: Vec::new(),
            tables: Vec::new(),
            memory_pages: 0,
            memory_pages_max: 0,
            numbers: HashMap::new(),
            routines: BTreeMap::new(),
            instances: Vec::new(),
            registered: BTreeMap::new(),
        }
    }

    /// Adds an instance of a module. Its imports are the exports of registered instances, or else
    /// what the options define. Its active segments are applied; its start function is for the
    /// caller to run, see [`Linker::start`].
    ///
    /// # Errors
    /// As [`crate::compile`]. When an active segment does not fit, those before it stay applied, as
    /// WebAssembly 2.0 has it.
    pub fn instantiate(&mut self, wasm: &[u8]) -> Result<InstanceId, CompileError> {
        let module = module::parse(wasm, &self.options)?;
        let first = self.code.len();
        let (linked, instance) = match self.link(&module) {
            Ok(linked) => linked,
            Err(error) => {
                self.forget_code(first);
                return Err(error);
            }
        };
        self.apply_segments(&linked.context(&module), &linked.values)?;
        self.instances.push(instance);
        Ok(InstanceId(self.instances.len() as u32 - 1))
    }

    /// Everything about an instance but its active segments.
    fn link(&mut self, module: &Module<'_>) -> Result<(Linked, Instance), CompileError> {
        let options = self.options.clone();
        let mut layout = Layout { numbers: self.number_types(module)?, ..Layout::default() };
        let mut starts = Starts::default();
        let externs = self.resolve(module, &mut layout, &mut starts)?;
        let values = self.define(module, &mut layout)?;
        let mut functions = Vec::with_capacity(module.bodies.len());
        let mut instructions = self.code.len() as u64;
        for (index, body) in module.bodies.iter().enumerate() {
            let code = translate::function(module, &layout, index, body, &options)?;
            // Now and not when the code is placed: what cannot be placed must not fill the memory.
            instructions += code.instrs.len() as u64;
            check_limit("instructions", instructions, options.limits.instructions_max.into())?;
            functions.push(code);
        }
        self.place(module, functions, &mut starts)?;
        let linked = Linked { layout, starts, externs, values };
        self.fill(&linked.context(module), &linked.values)?;
        let instance = self.export(&linked.context(module))?;
        Ok((linked, instance))
    }

    /// Makes the exports of an instance importable under a module name.
    pub fn register(&mut self, name: &str, instance: InstanceId) {
        self.registered.insert(name.to_owned(), instance);
    }

    /// The program of all instances so far. It has no start function: those of the instances are
    /// entries of their own.
    #[must_use]
    pub fn program(&self) -> Program {
        let mut entries = Vec::new();
        for (index, instance) in self.instances.iter().enumerate() {
            entries.extend(instance.entries.iter().map(|entry| {
                let name = qualified(InstanceId(index as u32), &entry.name);
                Entry { name, ..entry.clone() }
            }));
            entries.extend(instance.start.map(|pc| {
                let name = start_name(InstanceId(index as u32));
                Entry { name, params: Vec::new(), results: Vec::new(), pc }
            }));
        }
        self.assemble(entries, None)
    }

    /// The name that an exported function of an instance has among the program's entries. `None`
    /// if the instance exports no such function, or one with too many values to be an entry.
    #[must_use]
    pub fn entry_name(&self, instance: InstanceId, export: &str) -> Option<String> {
        let entries = &self.instances.get(instance.0 as usize)?.entries;
        entries.iter().any(|entry| entry.name == export).then(|| qualified(instance, export))
    }

    /// The name of the entry that calls the start function of an instance, if it has one.
    #[must_use]
    pub fn start(&self, instance: InstanceId) -> Option<String> {
        self.instances.get(instance.0 as usize)?.start.map(|_| start_name(instance))
    }

    /// An exported global of an instance.
    #[must_use]
    pub fn global(&self, instance: InstanceId, export: &str) -> Option<ExportedGlobal> {
        let globals = &self.instances.get(instance.0 as usize)?.globals;
        globals.iter().find(|global| global.name == export).cloned()
    }

    /// Goes on from the state of a program that this linker made: its cells and memory sizes.
    pub fn adopt(&mut self, state: &Program) {
        self.cells.adopt(&state.cells);
    }

    /// The program of the only instance.
    pub(crate) fn into_compiled(mut self) -> Compiled {
        let instance = self.instances.pop().unwrap_or_default();
        let Instance { globals, memories, tables, entries, excluded, start, .. } = instance;
        Compiled { program: self.assemble(entries, start), globals, memories, tables, excluded }
    }

    fn assemble(&self, entries: Vec<Entry>, start: Option<u32>) -> Program {
        let memory = self.cells.memory.iter().filter(|(_, value)| **value != 0);
        let mut cells: Vec<InitialCell> = memory.map(|(&address, &value)| InitialCell { address, value }).collect();
        let statics = (STATIC_BASE..).zip(&self.cells.statics);
        cells.extend(statics.map(|(address, &value)| InitialCell { address, value }));
        let memory_pages = self.cells.statics.get(STATIC_MEMORY_SIZE as usize).map_or(0, |&pages| pages as u32);
        Program {
            cells,
            code: self.code.clone(),
            memory_pages,
            memory_pages_max: self.memory_pages_max,
            entries,
            start,
            source: self.source.clone(),
        }
    }
}

fn qualified(instance: InstanceId, export: &str) -> String {
    format!("{}/{export}", instance.0)
}

fn start_name(instance: InstanceId) -> String {
    format!("{} start", instance.0)
}
