//! The runtime library: routines for floats and SIMD, written in Rust, compiled to WebAssembly
//! once (see `runtime/` in the repository).

use std::sync::OnceLock;

use crate::CompileError;
use crate::layout::{Callee, Layout, Target};
use crate::library::Library;

static WASM: &[u8] = include_bytes!("../runtime/runtime.wasm");

/// The library.
pub(crate) fn library() -> Result<&'static Library, CompileError> {
    static RUNTIME: OnceLock<Result<Library, CompileError>> = OnceLock::new();
    let parse = || {
        Library::parse(WASM, |module| {
            let functions = (0..module.functions.len() as u32).map(|function| Callee::Code(Target::Runtime(function)));
            Ok(Layout { functions: functions.collect(), ..Layout::default() })
        })
    };
    RUNTIME.get_or_init(parse).as_ref().map_err(Clone::clone)
}
