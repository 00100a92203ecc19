//! The front door: WebAssembly bytes to a validated [`Module`].
//!
//! Everything a function's translation or the linker asks about a module is resolved here:
//! imports, constant expressions, canonical type numbers, names.

mod constant;
mod import;
mod sections;

use std::collections::{BTreeMap, HashMap};

use provasm_program::ValType;
use wasmparser::{FunctionBody, Parser, ValidPayload, Validator, WasmFeatures};

use crate::error::check_limit;
use crate::{CompileError, Options};

/// The WebAssembly features that compile, or that parse into a clear error.
const FEATURES: WasmFeatures = WasmFeatures::WASM1
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::CALL_INDIRECT_OVERLONG);

/// A function type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Signature {
    pub(crate) params: Vec<ValType>,
    pub(crate) results: Vec<ValType>,
}

/// A function type and its canonical number: equal types have equal numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Type {
    pub(crate) signature: Signature,
    pub(crate) number: u16,
}

/// A global with its initial value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Global {
    pub(crate) value_type: ValType,
    pub(crate) mutable: bool,
    pub(crate) value: u64,
}

/// An active segment's place and content.
#[derive(Clone, Debug)]
pub(crate) struct Segment<T> {
    pub(crate) index: u32,
    pub(crate) offset: u32,
    pub(crate) content: T,
}

/// What an export names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExportKind {
    Function,
    Global,
}

/// An exported function or global.
#[derive(Clone, Debug)]
pub(crate) struct Export {
    pub(crate) name: String,
    pub(crate) kind: ExportKind,
    pub(crate) index: u32,
}

/// Sizes of the memory in pages.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    pub(crate) pages: u32,
    pub(crate) pages_max: u32,
}

/// A validated module.
#[derive(Debug, Default)]
pub(crate) struct Module<'a> {
    pub(crate) types: Vec<Type>,
    /// Type index of each function, imported ones first.
    pub(crate) functions: Vec<u32>,
    /// Number of imported functions; all of them do nothing.
    pub(crate) imported_functions: usize,
    pub(crate) memory: Memory,
    /// Elements in the table, 0 without a table.
    pub(crate) table_elements: u32,
    pub(crate) globals: Vec<Global>,
    pub(crate) exports: Vec<Export>,
    pub(crate) start: Option<u32>,
    pub(crate) elements: Vec<Segment<Vec<Option<u32>>>>,
    pub(crate) data: Vec<Segment<&'a [u8]>>,
    pub(crate) bodies: Vec<FunctionBody<'a>>,
    /// Function names of the name section.
    pub(crate) names: BTreeMap<u32, String>,
    numbers: HashMap<Signature, u16>,
    segments: u32,
}

impl Module<'_> {
    /// The type at an index.
    pub(crate) fn type_at(&self, index: u32, offset: u64) -> Result<&Type, CompileError> {
        let what = "every type index is in range";
        self.types.get(index as usize).ok_or(CompileError::Inconsistent { what, offset })
    }

    /// The type of a function.
    pub(crate) fn function_type(&self, function: u32, offset: u64) -> Result<&Type, CompileError> {
        let what = "every function index is in range";
        let index = self.functions.get(function as usize).ok_or(CompileError::Inconsistent { what, offset })?;
        self.type_at(*index, offset)
    }
}

/// Parses and validates a module.
pub(crate) fn parse<'a>(wasm: &'a [u8], options: &Options) -> Result<Module<'a>, CompileError> {
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
    let mut module = Module::default();
    let mut validator = Validator::new_with_features(FEATURES);
    let mut allocations = Default::default();
    let mut parser = Parser::new(0);
    parser.set_features(FEATURES);
    for payload in parser.parse_all(wasm) {
        let payload = payload?;
        if let ValidPayload::Func(function, body) = validator.payload(&payload)? {
            let mut function = function.into_validator(allocations);
            function.validate(&body)?;
            allocations = function.into_allocations();
        }
        sections::read(&mut module, payload, options)?;
    }
    let limits = &options.limits;
    check_limit("functions", module.functions.len() as u64, limits.functions_max.into())?;
    check_limit("globals", module.globals.len() as u64, limits.globals_max.into())?;
    check_limit("table elements", module.table_elements.into(), limits.table_elements_max.into())?;
    Ok(module)
}
