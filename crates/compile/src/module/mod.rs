//! The front door: WebAssembly bytes to a validated [`Module`].
//!
//! A module is what the bytes say and nothing more: imports have no definitions yet, constant
//! expressions no values. `link` gives it those.

mod sections;
mod usage;

use std::collections::{BTreeMap, HashMap};

use provasm_program::ValType;
use wasmparser::{ConstExpr, FunctionBody, MemoryType, Parser, TypeRef, ValidPayload, Validator, WasmFeatures};

use crate::error::check_limit;
use crate::{CompileError, Features, Options};
pub(crate) use provasm_program::registers;
pub(crate) use sections::value_type;
pub(crate) use usage::Usage;

/// WebAssembly 2.0.
const VERSION_2: WasmFeatures = WasmFeatures::WASM2;
/// 2.0 and the later features that compile.
const EXTENDED: WasmFeatures = VERSION_2
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::TAIL_CALL)
    .union(WasmFeatures::MULTI_MEMORY)
    .union(WasmFeatures::MEMORY64)
    .union(WasmFeatures::RELAXED_SIMD)
    .union(WasmFeatures::WIDE_ARITHMETIC);

impl Features {
    fn accepted(self) -> WasmFeatures {
        match self {
            Features::Version1 => WasmFeatures::WASM1,
            Features::Version2 => VERSION_2,
            Features::Extended => EXTENDED,
        }
    }
}

/// A function type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Signature {
    pub(crate) params: Vec<ValType>,
    pub(crate) results: Vec<ValType>,
}

/// Something that the module imports.
#[derive(Clone, Debug)]
pub(crate) struct ModuleImport<'a> {
    pub(crate) module: &'a str,
    pub(crate) field: &'a str,
    pub(crate) wanted: TypeRef,
    pub(crate) offset: u64,
}

/// A table that the module defines or imports.
#[derive(Clone, Debug)]
pub(crate) struct Table<'a> {
    pub(crate) element: ValType,
    pub(crate) index64: bool,
    pub(crate) initial: u64,
    pub(crate) max: Option<u64>,
    /// What its elements are at the start; null without it.
    pub(crate) content: Option<ConstExpr<'a>>,
}

/// A global that the module defines or imports.
#[derive(Clone, Debug)]
pub(crate) struct Global<'a> {
    pub(crate) value_type: ValType,
    pub(crate) mutable: bool,
    /// Its initial value; an imported global has none.
    pub(crate) initial: Option<ConstExpr<'a>>,
}

/// Where the content of a segment goes at the start.
#[derive(Clone, Debug)]
pub(crate) enum SegmentMode<'a> {
    /// Nowhere.
    Passive,
    /// To this table or memory, from this index on.
    Active { target: u32, offset: ConstExpr<'a> },
}

/// An element of an element segment.
#[derive(Clone, Debug)]
pub(crate) enum ElementItem<'a> {
    Function(u32),
    Expression(ConstExpr<'a>),
}

/// An element or data segment.
#[derive(Clone, Debug)]
pub(crate) struct Segment<'a, T> {
    pub(crate) mode: SegmentMode<'a>,
    pub(crate) content: T,
}

/// What an export names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExportKind {
    Function,
    Global,
    Table,
    Memory,
}

/// An export.
#[derive(Clone, Debug)]
pub(crate) struct Export {
    pub(crate) name: String,
    pub(crate) kind: ExportKind,
    pub(crate) index: u32,
}

/// A validated module.
#[derive(Debug, Default)]
pub(crate) struct Module<'a> {
    pub(crate) types: Vec<Signature>,
    pub(crate) imports: Vec<ModuleImport<'a>>,
    /// Type index of each function, imported ones first.
    pub(crate) functions: Vec<u32>,
    pub(crate) imported_functions: usize,
    pub(crate) tables: Vec<Table<'a>>,
    pub(crate) imported_tables: usize,
    pub(crate) memories: Vec<MemoryType>,
    pub(crate) imported_memories: usize,
    pub(crate) globals: Vec<Global<'a>>,
    pub(crate) exports: Vec<Export>,
    /// By function, the first of its exports.
    exported_functions: HashMap<u32, usize>,
    /// Locals that the functions declare.
    locals: u64,
    pub(crate) start: Option<u32>,
    pub(crate) elements: Vec<Segment<'a, Vec<ElementItem<'a>>>>,
    pub(crate) data: Vec<Segment<'a, &'a [u8]>>,
    pub(crate) bodies: Vec<FunctionBody<'a>>,
    /// Function names of the name section.
    pub(crate) names: BTreeMap<u32, String>,
    pub(crate) usage: Usage,
}

impl Module<'_> {
    /// The type at an index.
    pub(crate) fn type_at(&self, index: u32, offset: u64) -> Result<&Signature, CompileError> {
        let what = "every type index is in range";
        self.types.get(index as usize).ok_or(CompileError::Inconsistent { what, offset })
    }

    /// Index of a function's type.
    pub(crate) fn type_index(&self, function: u32, offset: u64) -> Result<u32, CompileError> {
        let what = "every function index is in range";
        self.functions.get(function as usize).copied().ok_or(CompileError::Inconsistent { what, offset })
    }

    /// The type of a function.
    pub(crate) fn function_type(&self, function: u32, offset: u64) -> Result<&Signature, CompileError> {
        self.type_at(self.type_index(function, offset)?, offset)
    }

    /// A function's name: the name section's, else an export's, else a number.
    pub(crate) fn function_name(&self, function: u32) -> String {
        let exported = || Some(&self.exports.get(*self.exported_functions.get(&function)?)?.name);
        let name = self.names.get(&function).or_else(exported);
        name.cloned().unwrap_or_else(|| format!("func {function}"))
    }
}

/// Parses and validates a module.
pub(crate) fn parse<'a>(wasm: &'a [u8], options: &Options) -> Result<Module<'a>, CompileError> {
    check_limit("bytes in the module", wasm.len() as u64, options.limits.module_bytes_max.into())?;
    validated(wasm, options).map_err(|error| match error {
        CompileError::Invalid { message, offset } if is_valid_elsewhere(wasm) => {
            CompileError::Unsupported { feature: message, offset }
        }
        other => other,
    })
}

/// Whether the bytes are valid with every feature there is.
fn is_valid_elsewhere(wasm: &[u8]) -> bool {
    Validator::new_with_features(WasmFeatures::all()).validate_all(wasm).is_ok()
}

fn validated<'a>(wasm: &'a [u8], options: &Options) -> Result<Module<'a>, CompileError> {
    let features = options.features.accepted();
    let mut module = Module::default();
    let mut validator = Validator::new_with_features(features);
    let mut allocations = Default::default();
    let mut parser = Parser::new(0);
    parser.set_features(features);
    for payload in parser.parse_all(wasm) {
        let payload = payload?;
        if let ValidPayload::Func(function, body) = validator.payload(&payload)? {
            let mut function = function.into_validator(allocations);
            function.validate(&body)?;
            allocations = function.into_allocations();
        }
        sections::read(&mut module, payload)?;
        check_limit("locals", module.locals, options.limits.locals_max.into())?;
    }
    let limits = &options.limits;
    check_limit("functions", module.functions.len() as u64, limits.functions_max.into())?;
    check_limit("globals", module.globals.len() as u64, limits.globals_max.into())?;
    check_limit("tables", module.tables.len() as u64, limits.tables_max.into())?;
    check_limit("memories", module.memories.len() as u64, limits.memories_max.into())?;
    let segments = module.elements.len() + module.data.len();
    check_limit("segments", segments as u64, limits.segments_max.into())?;
    Ok(module)
}
