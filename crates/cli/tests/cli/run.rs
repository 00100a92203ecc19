//! `run` and `check`, and everything about arguments.

use serde_json::json;

use crate::{ADD, DIV, expect_code, expect_error, folder, object, provasm, text};

#[test]
fn run_prints_results() {
    let folder = folder("run", ADD);
    let output = provasm(&folder, &["run", "module.wat", "--", "2", "-3"]);
    expect_code(&output, 0);
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(lines[..2], ["outcome       returned", "result        i32 -1 (4294967295)"]);

    let output = provasm(&folder, &["run", "module.wat", "--json", "--", "2", "-3"]);
    expect_code(&output, 0);
    let keys = ["outcome", "results", "trap", "instructions", "wasm_ops", "execute_seconds", "peak_memory_bytes"];
    let report = object(&output, &keys);
    assert_eq!(report["outcome"], "returned");
    assert_eq!(report["results"], json!([{ "type": "i32", "bits": "4294967295" }]));
    assert_eq!(report["trap"], json!(null));
    assert!(report["instructions"].as_u64() > report["wasm_ops"].as_u64());
    assert!(report["peak_memory_bytes"].as_u64().is_some_and(|bytes| bytes > 1 << 20));
}

#[test]
fn a_trap_is_a_failed_run() {
    let folder = folder("run_trap", DIV);
    let output = provasm(&folder, &["run", "module.wat", "--invoke", "div", "--json", "--", "1", "0"]);
    expect_error(&output, 1, "integer divide by zero");
    let keys = ["outcome", "results", "trap", "instructions", "wasm_ops", "execute_seconds", "peak_memory_bytes"];
    let report = object(&output, &keys);
    assert_eq!((&report["outcome"], &report["trap"]), (&json!("trapped"), &json!("integer divide by zero")));
    assert_eq!(report["results"], json!([]));
}

#[test]
fn check_finds_nothing_wrong() {
    let folder = folder("check", DIV);
    for args in [&["--invoke", "div", "--", "7", "0"][..], &["--invoke", "sum", "--", "100"]] {
        let output = provasm(&folder, &[&["check", "module.wat", "--json"], args].concat());
        expect_code(&output, 0);
        let keys = [
            "outcome",
            "results",
            "trap",
            "instructions",
            "wasm_ops",
            "cells",
            "interactions",
            "segments",
            "peak_memory_bytes",
            "violations",
        ];
        let report = object(&output, &keys);
        assert_eq!((&report["violations"], &report["segments"]), (&json!(0), &json!(1)));
    }
}

#[test]
fn wrong_usage() {
    let folder = folder("usage", DIV);
    let check = |args: &[&str], cause: &str| expect_error(&provasm(&folder, args), 2, cause);
    check(&["run", "module.wat", "--", "1"], "div(i64, i64) -> i64");
    check(&["run", "module.wat", "--invoke", "mul"], "sum(i32) -> i32");
    check(&["run", "module.wat", "--invoke", "div", "--", "1"], "takes 2 arguments, 1 were given");
    check(&["run", "module.wat", "--invoke", "div", "--", "1", "x"], "argument 1");
    check(&["run", "module.wat", "--invoke", "sum", "--", "4294967296"], "out of range");
    check(&["run", "none.wasm"], "cannot read none.wasm");
    check(&["run", "."], "cannot read .");
    check(&["prove", "module.wat", "--invoke", "sum", "--out", "none/proof", "--", "1"], "its folder does not exist");
    check(&["prove", "module.wat", "--invoke", "sum", "--out", ".", "--", "1"], "it is a folder");
    check(&["prove", "module.wat", "--invoke", "sum", "--out", "module.wat", "--", "1"], "would replace the module");
    check(&["prove"], "FILE.wasm");
    check(&["prove", "module.wat", "--resume", "dir"], "cannot be used with");
    check(&["prove", "--resume", "dir", "--", "1"], "cannot be used with");
    for option in [["--invoke", "sum"], ["--segment-cells", "2^20"]] {
        check(&["prove", "--resume", "dir", option[0], option[1]], "cannot be used with");
    }
    check(&["prove", "--resume", "dir.run"], "dir.run is not a run directory");
    check(&["prove", "--resume", "dir"], "name it with --out");
    check(&["prove", "module.wat", "--segment-cells", "2^19"], "2^20 to 2^28 cells");
    check(&["prove", "module.wat", "--max-memory", "1.5G"], "is no size");
    let sum = |sizes: &[&'static str], cause: &str| {
        check(&[&["prove", "module.wat", "--invoke", "sum"], sizes, &["--", "1"]].concat(), cause);
    };
    sum(&["--max-memory", "1M"], "segments of 2^20 cells take about");
    sum(&["--segment-cells", "2^28", "--max-memory", "1G"], "--max-memory allows 954 MiB");
    check(&["prove", "module.wat", "--jobs", "0"], "--jobs");
    check(&["verify", "module.wat"], "required");
    check(&["verify", "module.wat", "--id", "12"], "64 hexadecimal digits");
    let id = "0".repeat(64);
    check(&["verify", "module.wat", "--id", &id, "--program", "module.wat"], "cannot be used with");
    check(&["verify", "none.proof", "--program", "module.wat"], "cannot read none.proof");
    check(&["verify", "module.wat", "--program", "none.wasm"], "cannot read none.wasm");
    check(&["fly"], "unrecognized subcommand");
    check(&["run", "module.wat", "1"], "unexpected argument");
}

#[test]
fn modules_that_do_not_compile() {
    let check = |name: &str, module: &str, cause: &str| {
        let folder = folder(name, module);
        for command in ["run", "prove", "check", "id", "disasm"] {
            expect_error(&provasm(&folder, &[command, "module.wat"]), 1, cause);
        }
    };
    check("not_text", "(module (func", "not a WebAssembly module");
    check("no_bytes", "", "not");
    check("not_valid", r#"(module (func (export "f") (result i32)))"#, "invalid module");
    check("imports", r#"(module (import "env" "f" (func)) (func (export "f")))"#, "missing import");
    check("binary", "\0asm\u{1}", "invalid module");
}

#[test]
fn help_and_version() {
    let folder = folder("help", ADD);
    let output = provasm(&folder, &["--version"]);
    expect_code(&output, 0);
    assert_eq!(text(&output.stdout), concat!("provasm ", env!("CARGO_PKG_VERSION"), "\n"));
    let output = provasm(&folder, &["--help"]);
    expect_code(&output, 0);
    for command in ["run", "prove", "verify", "check", "id", "disasm", "params", "Examples:"] {
        assert!(text(&output.stdout).contains(command), "{command}");
    }
}
