//! The runtime library: routines for floats and SIMD, written in Rust, compiled to WebAssembly
//! once (see `runtime/` in the repository) and translated like any other module when a program
//! needs them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::emit::Code;
use crate::layout::{Callee, Layout, Target};
use crate::module::{self, ExportKind, Module};
use crate::{CompileError, Options, translate};

static WASM: &[u8] = include_bytes!("../runtime/runtime.wasm");

/// The library, parsed.
#[derive(Debug)]
pub(crate) struct Runtime {
    module: Module<'static>,
    layout: Layout,
    exports: BTreeMap<String, u32>,
}

impl Runtime {
    /// The library.
    pub(crate) fn get() -> Result<&'static Runtime, CompileError> {
        static RUNTIME: OnceLock<Result<Runtime, CompileError>> = OnceLock::new();
        RUNTIME.get_or_init(Runtime::parse).as_ref().map_err(Clone::clone)
    }

    fn parse() -> Result<Runtime, CompileError> {
        let module = module::parse(WASM, &Options::default())?;
        let functions = (0..module.functions.len() as u32).map(|function| Callee::Code(Target::Runtime(function)));
        let layout = Layout { functions: functions.collect(), ..Layout::default() };
        let functions = module.exports.iter().filter(|export| export.kind == ExportKind::Function);
        let exports = functions.map(|export| (export.name.clone(), export.index)).collect();
        Ok(Runtime { module, layout, exports })
    }

    /// Index of the routine of this name.
    pub(crate) fn function(&self, name: &str) -> Option<u32> {
        self.exports.get(name).copied()
    }

    /// The name of a routine, in listings.
    pub(crate) fn name(&self, function: u32) -> String {
        self.module.function_name(function)
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
