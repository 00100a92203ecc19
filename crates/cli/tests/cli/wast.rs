//! `wast`.

use std::fs;
use std::path::PathBuf;

use serde_json::json;

use crate::{expect_code, expect_error, folder, object, provasm, text};

/// Two modules; every assertion holds.
const HOLDS: &str = r#"(module
    (memory 1)
    (global (export "count") (mut i32) (i32.const 0))
    (func (export "next") (result i32)
        (global.set 0 (i32.add (global.get 0) (i32.const 1)))
        (i32.store (i32.const 8) (global.get 0))
        (i32.load (i32.const 8)))
    (func (export "div") (param i32 i32) (result i32) (i32.div_u (local.get 0) (local.get 1)))
    (func $deep (export "deep") (call $deep)))
(assert_return (invoke "next") (i32.const 1))
(assert_return (invoke "next") (i32.const 2))
(assert_return (get "count") (i32.const 2))
(assert_trap (invoke "div" (i32.const 1) (i32.const 0)) "integer divide by zero")
(assert_exhaustion (invoke "deep") "call stack exhausted")
(assert_invalid (module (func (result i32))) "type mismatch")
(assert_malformed (module quote "(func") "unexpected end")
(assert_malformed (module binary "\00asm") "unexpected end")
(assert_unlinkable (module (import "spectest" "unknown" (func))) "unknown import")
(assert_unlinkable (module (import "spectest" "print" (func (param i64)))) "incompatible import type")
(assert_trap (module (func $f unreachable) (start $f)) "unreachable")
"#;

/// Assertions that do not hold, one per line.
const FAILS: &str = r#"(module (func (export "f") (param i32) (result i32) (local.get 0)) (func (export "g") unreachable))
(assert_return (invoke "f" (i32.const 42)) (i32.const 43))
(assert_return (invoke "f" (i32.const 42)) (i64.const 42))
(assert_return (invoke "f" (i32.const 42)))
(assert_trap (invoke "f" (i32.const 42)) "unreachable")
(assert_trap (invoke "g") "integer overflow")
(assert_return (invoke "g"))
(assert_return (invoke "h"))
(assert_return (get "f") (i32.const 42))
(assert_invalid (module) "type mismatch")
(assert_malformed (module quote "(func)") "unexpected token")
(assert_unlinkable (module) "unknown import")
(assert_unlinkable (module (import "spectest" "print" (func))) "incompatible import type")
(assert_unlinkable (module (import "spectest" "unknown" (func))) "incompatible import type")
(assert_trap (module) "unreachable")
(assert_exhaustion (invoke "g") "call stack exhausted")
(invoke $nowhere "f")
"#;

fn script(name: &str, script: &str) -> PathBuf {
    let folder = folder(name, "");
    fs::write(folder.join("script.wast"), script).expect("a script");
    folder
}

#[test]
fn what_holds_passes() {
    let output = provasm(&script("wast", HOLDS), &["wast", "script.wast"]);
    expect_code(&output, 0);
    assert_eq!(text(&output.stdout), "script.wast: 12 passed, 0 failed, 0 skipped\n");
}

#[test]
fn calls_are_checked_and_proven() {
    let folder = script("wast_proven", HOLDS);
    let arguments =
        ["wast", "script.wast", "--check", "--check-instructions-max", "1000", "--prove", "2", "--seed", "3"];
    let output = provasm(&folder, &arguments);
    expect_code(&output, 0);
    let counts = "12 passed, 0 failed, 0 skipped; 3 of 4 calls checked, 1 unchecked: too long; 2 proved";
    assert_eq!(text(&output.stdout), format!("script.wast: {counts}\nseed: 3\n"));

    let output = provasm(&folder, &["wast", "script.wast", "script.wast", "--json", "--prove", "1"]);
    expect_code(&output, 0);
    let report = object(&output, &["files", "passed", "failed", "skipped", "seed", "seconds"]);
    assert_eq!((&report["passed"], &report["failed"], &report["skipped"]), (&json!(24), &json!(0), &json!(0)));
    assert!(report["seed"].is_u64());
    let expect = json!({
        "file": "script.wast", "passed": 12, "failed": [], "skipped": {},
        "actions": 4, "checked": 0, "unchecked": 0, "proved": 1,
    });
    assert_eq!(report["files"], json!([expect, expect]));
}

#[test]
fn what_does_not_hold_fails_with_its_line() {
    let folder = script("wast_fails", FAILS);
    let count = FAILS.lines().count() - 1;
    let output = provasm(&folder, &["wast", "script.wast"]);
    expect_error(&output, 1, &format!("{count} of {} directives failed", count + 1));
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(lines[0], format!("script.wast: 1 passed, {count} failed, 0 skipped"));
    assert_eq!(lines.len(), count + 1, "{lines:#?}");
    for (line, number) in lines[1..].iter().zip(2..) {
        assert!(line.starts_with(&format!("script.wast:{number}: ")), "{line}");
    }
    assert_eq!(lines[1], "script.wast:2: returned (0x2a) instead of (i32 0x2b)");

    let output = provasm(&folder, &["wast", "script.wast", "--json"]);
    expect_error(&output, 1, "directives failed");
    let report = object(&output, &["files", "passed", "failed", "skipped", "seconds"]);
    assert_eq!(
        report["files"][0]["failed"][0],
        json!({ "line": 2, "reason": "returned (0x2a) instead of (i32 0x2b)" })
    );
}

#[test]
fn what_is_not_supported_is_skipped_by_name() {
    let folder = script("wast_skips", "(module (tag)) (assert_exception (invoke \"f\")) (module (func))");
    let output = provasm(&folder, &["wast", "script.wast", "--verbose"]);
    expect_code(&output, 0);
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert!(lines[0].starts_with("script.wast:1: module: skipped: not supported: "), "{lines:#?}");
    assert_eq!(lines[1], "script.wast:1: assert_exception: skipped: not supported: exception handling");
    assert_eq!(lines[2], "script.wast:1: module: passed");
    assert_eq!(lines[3], "script.wast: 1 passed, 0 failed, 2 skipped");
    assert_eq!(lines.len(), 6, "{lines:#?}");
}

#[test]
fn later_standards_accept_more() {
    let folder = script("wast_standards", "(assert_invalid (module (memory 0) (memory 0)) \"multiple memories\")");
    let output = provasm(&folder, &["wast", "script.wast", "--standard", "2.0"]);
    expect_code(&output, 0);
    assert!(text(&output.stdout).contains("script.wast: 1 passed, 0 failed, 0 skipped"), "{}", text(&output.stdout));
    expect_code(&provasm(&folder, &["wast", "script.wast"]), 1);
}

#[test]
fn what_is_no_script_fails() {
    let folder = script("wast_none", "\n(module)\n(assert_nothing)");
    let output = provasm(&folder, &["wast", "script.wast"]);
    expect_error(&output, 1, "1 of 1 directives failed");
    assert!(text(&output.stdout).contains("\nscript.wast:3: no script: "), "{}", text(&output.stdout));
}

#[test]
fn wrong_usage() {
    let folder = script("wast_usage", HOLDS);
    let check = |args: &[&str], cause: &str| expect_error(&provasm(&folder, &[&["wast"], args].concat()), 2, cause);
    check(&[], "FILE.wast");
    check(&["missing.wast"], "cannot read missing.wast");
    check(&["script.wast", "--standard", "4.0"], "the versions are 1.0, 2.0, 3.0");
    check(&["script.wast", "--seed", "3"], "--prove");
    check(&["script.wast", "--json", "--verbose"], "--verbose");
}
