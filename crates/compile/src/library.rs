//! Libraries of routines: WebAssembly modules that the compiler embeds and translates like any other, routine by
//! routine, when a program needs them.

use std::collections::BTreeMap;

use crate::emit::Code;
use crate::layout::Layout;
use crate::module::{self, ExportKind, Module, Signature};
use crate::{CompileError, Options, translate};

/// A library, parsed.
#[derive(Debug)]
pub(crate) struct Library {
    module: Module<'static>,
    layout: Layout,
    /// Exported routines by name.
    exports: BTreeMap<String, u32>,
}

impl Library {
    /// The library in these bytes, in which its functions are where `layout` says.
    pub(crate) fn parse(
        wasm: &'static [u8],
        layout: impl FnOnce(&Module<'static>) -> Result<Layout, CompileError>,
    ) -> Result<Self, CompileError> {
        let module = module::parse(wasm, &Options::default())?;
        let layout = layout(&module)?;
        let functions = module.exports.iter().filter(|export| export.kind == ExportKind::Function);
        let exports = functions.map(|export| (export.name.clone(), export.index)).collect();
        Ok(Self { module, layout, exports })
    }

    /// Index of the routine of this name.
    pub(crate) fn function(&self, name: &str) -> Option<u32> {
        self.exports.get(name).copied()
    }

    /// The type of a routine.
    pub(crate) fn signature(&self, function: u32) -> Result<&Signature, CompileError> {
        self.module.function_type(function, 0)
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
