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
mod layout;
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
