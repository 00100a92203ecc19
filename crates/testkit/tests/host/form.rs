//! The library is functions on the program's memory and the processor's instructions, and every call of them ends.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{FuncType, Operator, Parser, Payload, TypeRef, ValType, Validator};

use crate::harness::HOST;

const I32: ValType = ValType::I32;
const I64: ValType = ValType::I64;

/// The functions of the host interface and of WASI preview 1 with their parameters; a last `true` is for an i32 as the
/// result.
#[rustfmt::skip]
const SIGNATURES: &[(&str, &[ValType], bool)] = &[
    ("provasm.exit", &[I32], false),
    ("provasm.input_len", &[], true),
    ("provasm.input_read", &[I32, I32, I32], true),
    ("provasm.log", &[I32, I32], false),
    ("provasm.output_write", &[I32, I32], false),
    ("provasm.private_read", &[I32, I32], true),
    ("wasi_snapshot_preview1.args_get", &[I32, I32], true),
    ("wasi_snapshot_preview1.args_sizes_get", &[I32, I32], true),
    ("wasi_snapshot_preview1.clock_res_get", &[I32, I32], true),
    ("wasi_snapshot_preview1.clock_time_get", &[I32, I64, I32], true),
    ("wasi_snapshot_preview1.environ_get", &[I32, I32], true),
    ("wasi_snapshot_preview1.environ_sizes_get", &[I32, I32], true),
    ("wasi_snapshot_preview1.fd_advise", &[I32, I64, I64, I32], true),
    ("wasi_snapshot_preview1.fd_allocate", &[I32, I64, I64], true),
    ("wasi_snapshot_preview1.fd_close", &[I32], true),
    ("wasi_snapshot_preview1.fd_datasync", &[I32], true),
    ("wasi_snapshot_preview1.fd_fdstat_get", &[I32, I32], true),
    ("wasi_snapshot_preview1.fd_fdstat_set_flags", &[I32, I32], true),
    ("wasi_snapshot_preview1.fd_fdstat_set_rights", &[I32, I64, I64], true),
    ("wasi_snapshot_preview1.fd_filestat_get", &[I32, I32], true),
    ("wasi_snapshot_preview1.fd_filestat_set_size", &[I32, I64], true),
    ("wasi_snapshot_preview1.fd_filestat_set_times", &[I32, I64, I64, I32], true),
    ("wasi_snapshot_preview1.fd_pread", &[I32, I32, I32, I64, I32], true),
    ("wasi_snapshot_preview1.fd_prestat_dir_name", &[I32, I32, I32], true),
    ("wasi_snapshot_preview1.fd_prestat_get", &[I32, I32], true),
    ("wasi_snapshot_preview1.fd_pwrite", &[I32, I32, I32, I64, I32], true),
    ("wasi_snapshot_preview1.fd_read", &[I32, I32, I32, I32], true),
    ("wasi_snapshot_preview1.fd_readdir", &[I32, I32, I32, I64, I32], true),
    ("wasi_snapshot_preview1.fd_renumber", &[I32, I32], true),
    ("wasi_snapshot_preview1.fd_seek", &[I32, I64, I32, I32], true),
    ("wasi_snapshot_preview1.fd_sync", &[I32], true),
    ("wasi_snapshot_preview1.fd_tell", &[I32, I32], true),
    ("wasi_snapshot_preview1.fd_write", &[I32, I32, I32, I32], true),
    ("wasi_snapshot_preview1.path_create_directory", &[I32, I32, I32], true),
    ("wasi_snapshot_preview1.path_filestat_get", &[I32, I32, I32, I32, I32], true),
    ("wasi_snapshot_preview1.path_filestat_set_times", &[I32, I32, I32, I32, I64, I64, I32], true),
    ("wasi_snapshot_preview1.path_link", &[I32, I32, I32, I32, I32, I32, I32], true),
    ("wasi_snapshot_preview1.path_open", &[I32, I32, I32, I32, I32, I64, I64, I32, I32], true),
    ("wasi_snapshot_preview1.path_readlink", &[I32, I32, I32, I32, I32, I32], true),
    ("wasi_snapshot_preview1.path_remove_directory", &[I32, I32, I32], true),
    ("wasi_snapshot_preview1.path_rename", &[I32, I32, I32, I32, I32, I32], true),
    ("wasi_snapshot_preview1.path_symlink", &[I32, I32, I32, I32, I32], true),
    ("wasi_snapshot_preview1.path_unlink_file", &[I32, I32, I32], true),
    ("wasi_snapshot_preview1.poll_oneoff", &[I32, I32, I32, I32], true),
    ("wasi_snapshot_preview1.proc_exit", &[I32], false),
    ("wasi_snapshot_preview1.proc_raise", &[I32], true),
    ("wasi_snapshot_preview1.random_get", &[I32, I32], true),
    ("wasi_snapshot_preview1.sched_yield", &[], true),
    ("wasi_snapshot_preview1.sock_accept", &[I32, I32, I32], true),
    ("wasi_snapshot_preview1.sock_recv", &[I32, I32, I32, I32, I32, I32], true),
    ("wasi_snapshot_preview1.sock_send", &[I32, I32, I32, I32, I32], true),
    ("wasi_snapshot_preview1.sock_shutdown", &[I32, I32], true),
];

/// What the library may import, in the module `host`.
const INSTRUCTIONS: [&str; 6] = ["exit", "get", "hint", "log", "refuse", "set"];

/// What is in the module.
#[derive(Default)]
struct Form {
    types: Vec<FuncType>,
    /// Names of the imported functions.
    imported: Vec<String>,
    /// The type of each function, imported ones first.
    functions: Vec<u32>,
    exports: BTreeMap<String, u32>,
    /// The operators of each function with a body.
    bodies: Vec<Vec<Operator<'static>>>,
}

fn form() -> Form {
    Validator::new().validate_all(HOST).expect("the library is valid");
    let mut form = Form::default();
    for payload in Parser::new(0).parse_all(HOST) {
        match payload.expect("the library parses") {
            Payload::Version { .. } | Payload::CodeSectionStart { .. } | Payload::End(_) => {}
            Payload::TypeSection(reader) => {
                form.types = reader.into_iter_err_on_gc_types().map(|found| found.expect("a type")).collect();
            }
            Payload::ImportSection(reader) => {
                for import in reader.into_imports() {
                    let import = import.expect("an import");
                    match import.ty {
                        TypeRef::Memory(memory) => {
                            assert_eq!((import.module, import.name), ("env", "memory"));
                            assert_eq!((memory.initial, memory.maximum, memory.memory64), (0, None, false));
                        }
                        TypeRef::Func(index) => {
                            assert_eq!(import.module, "host");
                            form.imported.push(import.name.to_owned());
                            form.functions.push(index);
                        }
                        other => panic!("the library imports {other:?}"),
                    }
                }
            }
            Payload::FunctionSection(reader) => {
                form.functions.extend(reader.into_iter().map(|index| index.expect("a type")));
            }
            Payload::ExportSection(reader) => {
                for export in reader {
                    let export = export.expect("an export");
                    form.exports.insert(export.name.to_owned(), export.index);
                }
            }
            Payload::CodeSectionEntry(body) => {
                let operators = body.get_operators_reader().expect("a body").into_iter();
                form.bodies.push(operators.map(|operator| operator.expect("an operator")).collect());
            }
            other => panic!("the library has {other:?}"),
        }
    }
    form
}

#[test]
fn the_library_has_the_interfaces_functions() {
    let form = form();
    let names: Vec<&str> = form.exports.keys().map(String::as_str).collect();
    let expected: Vec<&str> = SIGNATURES.iter().map(|(name, _, _)| *name).collect();
    assert_eq!(names, expected);
    for (name, params, result) in SIGNATURES {
        let found = &form.types[form.functions[form.exports[*name] as usize] as usize];
        let results: &[ValType] = if *result { &[I32] } else { &[] };
        assert_eq!((found.params(), found.results()), (*params, results), "{name}");
    }
    let imported: BTreeSet<&str> = form.imported.iter().map(String::as_str).collect();
    assert_eq!(imported, INSTRUCTIONS.into());
}

#[test]
fn routines_are_integers_loads_and_stores() {
    for operator in form().bodies.iter().flatten() {
        let name = format!("{operator:?}");
        let computes_floats = name.contains("F32") || name.contains("F64");
        let may_trap = matches!(operator, Operator::Unreachable) || name.contains("Div") || name.contains("Rem");
        let beyond_functions = ["Global", "Table", "CallIndirect", "CallRef", "MemoryGrow", "MemoryCopy", "MemoryFill"];
        assert!(!computes_floats && !may_trap, "{operator:?}");
        assert!(!beyond_functions.iter().any(|beyond| name.starts_with(beyond)), "{operator:?}");
    }
}

/// The compiler makes an instruction of it that has the kind in it.
#[test]
fn the_kinds_of_hints_are_constants() {
    let form = form();
    let hint = form.imported.iter().position(|name| name == "hint").expect("an import") as u32;
    let mut hints = 0;
    for body in &form.bodies {
        for (before, operator) in body.iter().zip(&body[1..]) {
            if matches!(operator, Operator::Call { function_index } if *function_index == hint) {
                assert!(matches!(before, Operator::I32Const { value: 0 | 1 }), "{before:?}");
                hints += 1;
            }
        }
    }
    assert!(hints >= 2);
}

#[test]
fn no_routine_calls_itself() {
    let form = form();
    let imported = form.imported.len();
    let mut ending: BTreeSet<u32> = (0..imported as u32).collect();
    loop {
        let more: Vec<u32> = (imported as u32..)
            .zip(&form.bodies)
            .filter(|(function, _)| !ending.contains(function))
            .filter(|(_, body)| {
                body.iter().all(|operator| match operator {
                    Operator::Call { function_index } => ending.contains(function_index),
                    _ => true,
                })
            })
            .map(|(function, _)| function)
            .collect();
        if more.is_empty() {
            break;
        }
        ending.extend(more);
    }
    assert_eq!(ending.len(), imported + form.bodies.len(), "functions that call themselves");
}
