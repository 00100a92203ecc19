//! Arbitrary bytes as a module, and the module that `wasm-smith` makes of them: a program, or an error that is no mistake
//! of the compiler's.
#![no_main]

use arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use provasm_compile::{CompileError, Options, compile_with_exports};
use wasm_smith::Module;

fn compile(wasm: &[u8]) -> Option<CompileError> {
    let error = compile_with_exports(wasm, &Options::default()).err();
    assert!(!matches!(error, Some(CompileError::Inconsistent { .. })), "{error:?}");
    error
}

fuzz_target!(|bytes: &[u8]| {
    compile(bytes);
    if let Ok(module) = Unstructured::new(bytes).arbitrary::<Module>() {
        let error = compile(&module.to_bytes());
        assert!(!matches!(error, Some(CompileError::Invalid { .. })), "a valid module: {error:?}");
    }
});
