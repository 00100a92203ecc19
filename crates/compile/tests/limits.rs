//! Every limit of docs/limits.md that the compiler holds a module to: one more is refused, with an
//! error that names the limit, and as many as allowed compile.

use provasm_compile::{CompileError, Limits, Options, compile, compile_with_exports};
use provasm_isa::layout::{ENTRY_VALUES_MAX, FRAME_REGISTERS_MAX, PAGES_MAX, STATIC_CELLS_MAX};

/// Registers of a frame that hold constants, and one at its end.
const OWN_REGISTERS: u32 = 5;

fn with(limits: Limits) -> Options {
    Options { limits, ..Options::default() }
}

fn wasm(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).unwrap_or_else(|error| panic!("{wat}: {error}"))
}

/// A module within a limit compiles; one beyond it is refused for what the limit counts.
fn check(options: &Options, within: &str, beyond: &str, expected: &str) {
    if let Err(error) = compile(&wasm(within), options) {
        panic!("{expected}: within the limit, but {error}");
    }
    let error = compile(&wasm(beyond), options).expect_err("a module beyond the limit");
    match error {
        CompileError::TooLarge { what, count, max } => {
            assert_eq!(what, expected);
            assert!(count > max, "{what}: {count} is not beyond {max}");
        }
        other => panic!("{expected}: {other}"),
    }
}

#[test]
fn counts_of_what_a_module_has() {
    let none = Limits::default;
    check(
        &with(Limits { functions_max: 2, ..none() }),
        "(module (func) (func))",
        "(module (func) (func) (func))",
        "functions",
    );
    check(
        &with(Limits { types_max: 2, ..none() }),
        "(module (type (func)) (type (func (param i32))) (type (func)))",
        "(module (type (func)) (type (func (param i32))) (type (func (param i64))))",
        "function types",
    );
    check(
        &with(Limits { globals_max: 1, ..none() }),
        "(module (global i32 (i32.const 1)))",
        "(module (global i32 (i32.const 1)) (global i32 (i32.const 1)))",
        "globals",
    );
    check(
        &with(Limits { tables_max: 1, ..none() }),
        "(module (table 1 funcref))",
        "(module (table 1 funcref) (table 1 externref))",
        "tables",
    );
    check(
        &with(Limits { memories_max: 1, ..none() }),
        "(module (memory 1))",
        "(module (memory 1) (memory 1))",
        "memories",
    );
    check(
        &with(Limits { segments_max: 2, ..none() }),
        r#"(module (memory 1) (data "a") (data "b"))"#,
        r#"(module (memory 1) (func $f) (data "a") (data "b") (elem func $f))"#,
        "segments",
    );
}

#[test]
fn bytes_of_the_module() {
    let module = wasm("(module (func))");
    let bytes = module.len() as u32;
    compile(&module, &with(Limits { module_bytes_max: bytes, ..Limits::default() })).expect("as long as allowed");
    let error = compile(&module, &with(Limits { module_bytes_max: bytes - 1, ..Limits::default() }));
    let expected = CompileError::TooLarge { what: "bytes in the module", count: bytes.into(), max: (bytes - 1).into() };
    assert_eq!(error.expect_err("a byte too many"), expected);
}

#[test]
fn elements_of_tables() {
    let options = with(Limits { table_elements_max: 10, ..Limits::default() });
    check(&options, "(module (table 10 funcref))", "(module (table 11 funcref))", "table elements");
    check(
        &with(Limits { table_elements_max: 10, table_growth_max: 0, ..Limits::default() }),
        "(module (table 4 funcref) (table 6 funcref))",
        "(module (table 5 funcref) (table 6 funcref))",
        "table elements",
    );
    let max = Limits::default().table_elements_max;
    let table = |elements: u32| format!("(module (table {elements} funcref))");
    check(&Options::default(), &table(max), &table(max + 1), "table elements");
}

#[test]
fn pages_of_memories() {
    let memory = |pages: u32| format!("(module (memory {pages}))");
    compile(&wasm(&memory(PAGES_MAX)), &Options::default()).expect("4 GiB");
    // Beyond, no 32-bit memory is valid.
    let error = compile(&wasm(&memory(PAGES_MAX + 1)), &Options::default()).expect_err("more than 4 GiB");
    assert!(matches!(error, CompileError::Invalid { .. }), "{error}");
    let wide = |pages: u32| format!("(module (memory i64 {pages}))");
    check(&Options::default(), &wide(PAGES_MAX - 1), &wide(PAGES_MAX), "pages of memory");
    // Several memories share the pages, each with room to grow.
    let two = |first: u32| format!("(module (memory {first} {first}) (memory 1 1))");
    check(&Options::default(), &two(PAGES_MAX - 1), &two(PAGES_MAX), "pages of memory");
    let growing = |first: u32| format!("(module (memory {first} {first}) (memory 1))");
    let room = 1 + Limits::default().memory_growth_max;
    check(&Options::default(), &growing(PAGES_MAX - room), &growing(PAGES_MAX - room + 1), "pages of memory");
}

#[test]
fn static_cells() {
    // One cell is the memory's size; a v128 global takes two.
    let cells = 100;
    let globals =
        |count: u32, value_type: &str, value: &str| format!("(global {value_type} {value})").repeat(count as usize);
    let small = globals(cells, "i32", "(i32.const 1)");
    compile(&wasm(&format!("(module {small})")), &Options::default()).expect("few cells");
    // Tables are the way to reach the limit with a small module.
    let limits = Limits { table_elements_max: u32::MAX, table_growth_max: 0, ..Limits::default() };
    let table = |elements: u32| format!("(module (table {elements} funcref))");
    check(&with(limits), &table(STATIC_CELLS_MAX - 1), &table(STATIC_CELLS_MAX), "static cells");
}

#[test]
fn nesting() {
    let options = with(Limits { nesting_max: 3, ..Limits::default() });
    // The function itself is one.
    check(&options, "(module (func (block (block))))", "(module (func (block (block (block)))))", "nested blocks");
    let nested = |blocks: u32| {
        format!("(module (func {} {}))", "block ".repeat(blocks as usize), "end ".repeat(blocks as usize))
    };
    let max = Limits::default().nesting_max;
    check(&Options::default(), &nested(max - 1), &nested(max), "nested blocks");
}

#[test]
fn registers_of_a_frame() {
    // Values on the operand stack beside locals: every one has a register.
    let locals = 50_000;
    let function = |values: u32| {
        let gets = "local.get 0 ".repeat(values as usize);
        format!("(module (func (local {}) {gets} unreachable))", "i64 ".repeat(locals as usize))
    };
    let room = FRAME_REGISTERS_MAX - locals - OWN_REGISTERS;
    check(&Options::default(), &function(room - 20), &function(room + 20), "registers in a frame");
    // Locals alone, of two registers each.
    let vectors = |count: u32| format!("(module (func (local {})))", "v128 ".repeat(count as usize));
    check(&Options::default(), &vectors(32_000), &vectors(33_000), "registers in a frame");
}

#[test]
fn locals_of_a_function() {
    let function = |locals: u32| format!("(module (func (local {})))", "i64 ".repeat(locals as usize));
    compile(&wasm(&function(50_000)), &Options::default()).expect("as many as any engine takes");
    let error = compile(&wasm(&function(50_001)), &Options::default()).expect_err("more than that");
    assert!(matches!(error, CompileError::Invalid { .. }), "{error}");
}

#[test]
fn instructions() {
    let options = with(Limits { instructions_max: 10, ..Limits::default() });
    let function = |adds: usize| {
        format!("(module (func (param i32) (result i32) local.get 0 {}))", "local.get 0 i32.add ".repeat(adds))
    };
    // One more instruction returns.
    check(&options, &function(9), &function(10), "instructions");
    check(
        &options,
        "(module (func unreachable) (func unreachable))",
        &format!("(module {})", "(func unreachable)".repeat(11)),
        "instructions",
    );
}

#[test]
fn values_of_an_entry() {
    let function = |params: usize, results: usize| {
        format!(
            r#"(module (func (export "f") (param {}) (result {}) unreachable))"#,
            "i32 ".repeat(params),
            "i32 ".repeat(results)
        )
    };
    let excluded = |wat: &str| {
        let compiled = compile_with_exports(&wasm(wat), &Options::default()).expect("an ordinary module");
        assert_eq!(compiled.program.entries.is_empty(), !compiled.excluded.is_empty(), "{wat}");
        compiled.excluded
    };
    assert!(excluded(&function(ENTRY_VALUES_MAX, ENTRY_VALUES_MAX)).is_empty());
    assert_eq!(excluded(&function(ENTRY_VALUES_MAX + 1, 0)), ["f"]);
    assert_eq!(excluded(&function(0, ENTRY_VALUES_MAX + 1)), ["f"]);
    let vectors = |params: usize| format!(r#"(module (func (export "f") (param {})))"#, "v128 ".repeat(params));
    assert!(excluded(&vectors(ENTRY_VALUES_MAX / 2)).is_empty());
    assert_eq!(excluded(&vectors(ENTRY_VALUES_MAX / 2 + 1)), ["f"]);
}
