//! The compiler from WebAssembly to the zkASM processor.
//!
//! A module goes through four rooms: `module` parses and validates it, `locals`
//! looks at each function's locals, `translate` turns its operators into instructions, and `link`
//! resolves imports and lays out code and initial cells as a [`Program`]. Floats and SIMD are
//! routines of a `runtime` library. Nothing here knows about proofs.
#![forbid(unsafe_code)]

mod algebra;
mod builtins;
mod constants;
mod control;
mod emit;
mod error;
mod finish;
mod frame;
mod host;
mod layout;
mod library;
mod limits;
mod link;
mod locals;
mod module;
mod options;
mod runtime;
mod stack;
mod translate;

pub use error::CompileError;
pub use limits::Limits;
pub use link::{InstanceId, Linker};
pub use options::{Features, Import, Imports, Options};
pub use provasm_program::Program;
use provasm_program::ValType;

/// A program together with facts about the module that proofs have no use for.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The program.
    pub program: Program,
    /// Every exported global.
    pub globals: Vec<ExportedGlobal>,
    /// Every exported memory.
    pub memories: Vec<ExportedMemory>,
    /// Every exported table.
    pub tables: Vec<ExportedTable>,
    /// Exported functions that have too many parameters or results to be entries.
    pub excluded: Vec<String>,
}

/// Where the value of an exported global is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedGlobal {
    /// Export name.
    pub name: String,
    /// Its type.
    pub value_type: ValType,
    /// Index of the static cell that holds it; the high half of a v128 is in the next one.
    pub cell: u32,
}

/// Where an exported memory is in the program's linear memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedMemory {
    /// Export name.
    pub name: String,
    /// Its first byte.
    pub base: u64,
    /// Index of the static cell that holds its size.
    pub size_cell: u32,
    /// Bytes that the size counts by.
    pub size_unit: u64,
}

/// Where the elements of an exported table are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedTable {
    /// Export name.
    pub name: String,
    /// Type of its elements.
    pub element: ValType,
    /// Index of the static cell of its first element.
    pub first: u32,
    /// How many elements it has.
    pub size: TableSize,
}

/// The size of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableSize {
    /// It never changes.
    Fixed(u32),
    /// It is in the static cell of this index.
    Cell(u32),
}

/// Compiles a WebAssembly module.
///
/// The result depends on the bytes and the options alone.
///
/// # Errors
/// Says what is invalid, not supported, missing or too large; see [`CompileError`].
///
/// # Examples
/// ```
/// use provasm_compile::{compile, Options};
/// let wasm = wat::parse_str(r#"(module (func (export "one") (result i32) i32.const 1))"#).unwrap();
/// let program = compile(&wasm, &Options::default())?;
/// assert!(program.entry("one").is_some());
/// # Ok::<(), provasm_compile::CompileError>(())
/// ```
pub fn compile(wasm: &[u8], options: &Options) -> Result<Program, CompileError> {
    compile_with_exports(wasm, options).map(|compiled| compiled.program)
}

/// Compiles a WebAssembly module and tells what else it exports.
///
/// # Errors
/// As [`compile`].
pub fn compile_with_exports(wasm: &[u8], options: &Options) -> Result<Compiled, CompileError> {
    let mut linker = link::Linker::alone(options);
    linker.instantiate(wasm)?;
    Ok(linker.into_compiled())
}
