//! Every reason not to compile, and that no bytes make the compiler panic.

use provasm_compile::{CompileError, Import, Limits, Options, compile};
use provasm_program::ValType;

fn error_with(wat: &str, options: &Options) -> CompileError {
    let wasm = wat::parse_str(wat).expect("valid text");
    compile(&wasm, options).expect_err("a module that does not compile")
}

/// Checks the message of a module's error.
fn check(wat: &str, expected: &str) {
    assert_eq!(error_with(wat, &Options::default()).to_string(), expected, "{wat}");
}

#[test]
fn invalid() {
    let error = compile(b"\0asm", &Options::default()).expect_err("a cut header");
    assert!(matches!(error, CompileError::Invalid { .. }), "{error}");
    check(
        "(module (func (result i32)))",
        "invalid module at byte 24: type mismatch: expected i32 but nothing on stack",
    );
}

#[test]
fn unsupported() {
    for (wat, feature) in [
        ("(module (memory 1 1 shared))", "threads"),
        ("(module (tag))", "exceptions"),
        ("(module (type (struct)))", "gc"),
        ("(module (table 1 (ref null extern)) (table 1 anyref))", "gc"),
        ("(module (func (param (ref null 0))) (type (func)))", "function references"),
    ] {
        let error = error_with(wat, &Options::default());
        assert!(matches!(error, CompileError::Unsupported { .. }), "{wat}: {error}");
        assert!(error.to_string().contains(feature), "{wat}: {error}");
    }
}

#[test]
fn imports() {
    let wat = r#"(module (import "env" "log" (func (param i32))) (func (call 0 (i32.const 1))))"#;
    check(wat, r#"missing import "env" "log""#);
    let mut options = Options::default();
    options.imports.define("env", "log", Import::IgnoredFunction { params: vec![ValType::I64] });
    let error = error_with(wat, &options);
    assert!(matches!(error, CompileError::IncompatibleImport { .. }), "{error}");
    options.imports.define("env", "log", Import::IgnoredFunction { params: vec![ValType::I32] });
    compile(&wat::parse_str(wat).expect("valid text"), &options).expect("a defined import");

    let wat = r#"(module (import "env" "memory" (memory 2)))"#;
    options.imports.define("env", "memory", Import::Memory { pages: 1, pages_max: None });
    let error = error_with(wat, &options);
    assert!(matches!(error, CompileError::IncompatibleImport { .. }), "{error}");
}

#[test]
fn segments_out_of_bounds() {
    check(
        r#"(module (memory 1) (data (i32.const 65535) "ab"))"#,
        "data segment 0 ends at byte 65537 of a memory of 65536 bytes",
    );
    check(
        "(module (table 1 funcref) (func $f) (elem (i32.const -1) $f))",
        "element segment 0 ends at element 4294967296 of a table of 1",
    );
}

#[test]
fn limits() {
    check("(module (table 2000000 funcref))", "too large: 2000000 table elements, at most 1048576 are supported");
    let limits = Limits { functions_max: 1, nesting_max: 2, instructions_max: 3, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    for (wat, what) in [
        ("(module (func) (func))", "functions"),
        ("(module (func (block (block))))", "nested blocks"),
        ("(module (func unreachable) (func))", "functions"),
        (
            "(module (func (drop (memory.grow (memory.size))) (drop (memory.size)) unreachable) (memory 1))",
            "instructions",
        ),
    ] {
        let error = error_with(wat, &options);
        assert!(matches!(error, CompileError::TooLarge { what: found, .. } if found == what), "{wat}: {error}");
    }
    let params = "i64 ".repeat(1000);
    let wide = format!("(module (func $wide (param {params})) (func (local {}) unreachable))", "i64 ".repeat(49_999));
    compile(&wat::parse_str(wide).expect("valid text"), &Options::default()).expect("a wide frame");
}

#[test]
fn no_bytes_panic() {
    let wat = r#"(module
        (type $t (func (param i32 i64) (result i64 i32)))
        (memory 1) (table 3 funcref) (global (mut i64) (i64.const 3))
        (elem (i32.const 1) $f) (data (i32.const 9) "data")
        (func $f (export "f") (type $t) (local i32 f32)
            (loop (block (br_table 0 1 0 (local.tee 2 (i32.load offset=3 (local.get 0))))))
            (if (result i32) (i32.lt_s (local.get 0) (i32.const 3)) (then (i32.const 1)) (else (local.get 2)))
            (local.set 0)
            (call_indirect (type $t) (local.get 0) (local.get 1) (i32.const 1))
            (local.set 2) (local.set 1)
            (memory.copy (local.get 0) (local.get 2) (i32.const 3))
            (br_if 0 (local.get 1) (select (i32.const 1) (local.get 2) (local.get 0)) (i32.eqz (local.get 2)))))"#;
    let wasm = wat::parse_str(wat).expect("valid text");
    compile(&wasm, &Options::default()).expect("a module that compiles");
    for place in 0..wasm.len() {
        let _ = compile(&wasm[..place], &Options::default());
        let mut changed = wasm.clone();
        for value in 0..=u8::MAX {
            changed[place] = value;
            let _ = compile(&changed, &Options::default());
        }
    }
}
