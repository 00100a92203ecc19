//! The host library: what a module can import from `provasm` and `wasi_snapshot_preview1`.
//!
//! Most functions are routines written in Rust, compiled to WebAssembly once (see `runtime/host` in the repository) and
//! translated like any other module when a program imports them; they work on the program's own memory. What such a
//! routine imports is an [`Intrinsic`]: one instruction. The accelerators are routines of the compiler.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use provasm_isa::layout::PAGES_MAX;
use provasm_program::ValType;

use crate::builtins::Builtin;
use crate::emit::Code;
use crate::layout::{Callee, Layout, MemoryPlace, MemoryReach, Target};
use crate::module::{self, ExportKind, Module, Signature};
use crate::{CompileError, Options, translate};

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

/// The library, parsed.
#[derive(Debug)]
pub(crate) struct HostLibrary {
    module: Module<'static>,
    layout: Layout,
    /// Exported functions by `module.field`.
    exports: BTreeMap<String, u32>,
}

impl HostLibrary {
    /// The library.
    pub(crate) fn get() -> Result<&'static HostLibrary, CompileError> {
        static LIBRARY: OnceLock<Result<HostLibrary, CompileError>> = OnceLock::new();
        LIBRARY.get_or_init(HostLibrary::parse).as_ref().map_err(Clone::clone)
    }

    fn parse() -> Result<HostLibrary, CompileError> {
        let module = module::parse(WASM, &Options::default())?;
        let mut functions = Vec::with_capacity(module.functions.len());
        for import in module.imports.iter().filter(|import| import.module == INTRINSICS) {
            let what = "the host library imports intrinsics";
            let inconsistent = CompileError::Inconsistent { what, offset: import.offset };
            functions.push(Callee::Intrinsic(Intrinsic::named(import.field).ok_or(inconsistent)?));
        }
        let own = module.imported_functions..module.functions.len();
        functions.extend(own.map(|function| Callee::Code(Target::Host(function as u32))));
        // Its memory is that of the program.
        let memory = MemoryPlace { reach: MemoryReach::Whole, pages_max: PAGES_MAX, index64: false };
        let layout = Layout { functions, memories: vec![memory], ..Layout::default() };
        let functions = module.exports.iter().filter(|export| export.kind == ExportKind::Function);
        let exports = functions.map(|export| (export.name.clone(), export.index)).collect();
        Ok(HostLibrary { module, layout, exports })
    }

    /// The name of a routine, in listings.
    pub(crate) fn name(&self, function: u32) -> String {
        let exported = self.exports.iter().find(|(_, index)| **index == function);
        exported.map_or_else(|| self.module.function_name(function), |(name, _)| name.clone())
    }

    /// The code of a routine. It stands for no operators of the program it is part of.
    pub(crate) fn code(&self, function: u32) -> Result<Code, CompileError> {
        let what = "every routine has a body";
        let inconsistent = CompileError::Inconsistent { what, offset: 0 };
        let index = (function as usize).checked_sub(self.module.imported_functions);
        let (index, body) =
            index.and_then(|index| Some((index, self.module.bodies.get(index)?))).ok_or(inconsistent)?;
        let mut code = translate::function(&self.module, &self.layout, index, body, &Options::default())?;
        code.offsets.fill(0);
        code.wasm_ops.fill(0);
        Ok(code)
    }
}

/// The host function of this name: its code and its type.
pub(crate) fn function(module: &str, field: &str) -> Result<Option<(Target, Signature)>, CompileError> {
    if module == "provasm"
        && let Some((builtin, params)) = accelerator(field)
    {
        return Ok(Some((Target::Builtin(builtin), Signature { params, results: Vec::new() })));
    }
    let library = HostLibrary::get()?;
    let Some(&function) = library.exports.get(&format!("{module}.{field}")) else { return Ok(None) };
    let signature = library.module.function_type(function, 0)?.clone();
    Ok(Some((Target::Host(function), signature)))
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
