//! The host library: what a module can import from `provasm` and `wasi_snapshot_preview1`.
//!
//! Most functions are routines written in Rust, compiled to WebAssembly once (see `runtime/host` in the repository) and
//! translated like any other module when a program imports them; they work on the program's own memory. What such a
//! routine imports is an [`Intrinsic`]: one instruction. The accelerators are routines of the compiler.

use std::sync::OnceLock;

use provasm_isa::layout::PAGES_MAX;
use provasm_program::ValType;

use crate::CompileError;
use crate::builtins::Builtin;
use crate::layout::{Callee, Layout, MemoryPlace, MemoryReach, Target};
use crate::library::Library;
use crate::module::{Module, Signature};

static WASM: &[u8] = include_bytes!("../runtime/host.wasm");

/// The module that intrinsics are imported from.
const INTRINSICS: &str = "host";

/// An instruction that only routines of the host library have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Intrinsic {
    /// Gives a cell of the host region.
    Get,
    /// Sets a cell of the host region.
    Set,
    /// Gives a value that the prover chooses; what for is a constant.
    Hint,
    /// Ends the run with an exit code.
    Exit,
    /// Traps.
    Refuse,
    /// Shows a message.
    Log,
}

impl Intrinsic {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "get" => Intrinsic::Get,
            "set" => Intrinsic::Set,
            "hint" => Intrinsic::Hint,
            "exit" => Intrinsic::Exit,
            "refuse" => Intrinsic::Refuse,
            "log" => Intrinsic::Log,
            _ => return None,
        })
    }
}

/// The library.
pub(crate) fn library() -> Result<&'static Library, CompileError> {
    static LIBRARY: OnceLock<Result<Library, CompileError>> = OnceLock::new();
    LIBRARY.get_or_init(|| Library::parse(WASM, layout)).as_ref().map_err(Clone::clone)
}

/// What the library's functions name: what they import are intrinsics, and their memory is that of the program.
fn layout(module: &Module<'_>) -> Result<Layout, CompileError> {
    let mut functions = Vec::with_capacity(module.functions.len());
    for import in module.imports.iter().filter(|import| import.module == INTRINSICS) {
        let what = "the host library imports intrinsics";
        let inconsistent = CompileError::Inconsistent { what, offset: import.offset };
        functions.push(Callee::Intrinsic(Intrinsic::named(import.field).ok_or(inconsistent)?));
    }
    let own = module.imported_functions..module.functions.len();
    functions.extend(own.map(|function| Callee::Code(Target::Host(function as u32))));
    let memory = MemoryPlace { reach: MemoryReach::Whole, pages_max: PAGES_MAX, index64: false };
    Ok(Layout { functions, memories: vec![memory], ..Layout::default() })
}

/// The host function of this name: its code and its type.
pub(crate) fn function(module: &str, field: &str) -> Result<Option<(Target, Signature)>, CompileError> {
    if module == "provasm"
        && let Some((builtin, params)) = accelerator(field)
    {
        return Ok(Some((Target::Builtin(builtin), Signature { params, results: Vec::new() })));
    }
    let library = library()?;
    let Some(function) = library.function(&format!("{module}.{field}")) else { return Ok(None) };
    Ok(Some((Target::Host(function), library.signature(function)?.clone())))
}

/// The accelerator of this name, and its parameters.
fn accelerator(field: &str) -> Option<(Builtin, Vec<ValType>)> {
    use ValType::{I32, I64};
    let builtin = Builtin::ALL.iter().copied().find(|builtin| builtin.host_name() == Some(field))?;
    let params = match builtin {
        Builtin::Keccak | Builtin::Poseidon2 => vec![I32],
        Builtin::Blake3 => vec![I32, I32, I64, I32, I32, I32],
        _ => vec![I32; 3],
    };
    Some((builtin, params))
}
