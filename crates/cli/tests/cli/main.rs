//! The binary on small modules: every command, every JSON field, every exit code.

mod inspect;
mod profile;
mod prove;
mod resume;
mod run;
mod tamper;
mod wast;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::{fs, str};

use serde_json::Value;

/// Adds; the only export, so that it need not be named.
const ADD: &str = r#"(module (func (export "add") (param i32 i32) (result i32)
    (i32.add (local.get 0) (local.get 1))))"#;

/// Divides, which traps by zero; beside it another function, so that both must be named.
const DIV: &str = r#"(module
    (func (export "div") (param i64 i64) (result i64) (i64.div_s (local.get 0) (local.get 1)))
    (func (export "sum") (param i32) (result i32) (local i32)
        (loop
            (local.set 1 (i32.add (local.get 1) (local.get 0)))
            (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (local.get 1)))"#;

/// Runs the binary in the folder of this test.
fn provasm(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_provasm")).args(args).current_dir(folder).output().expect("a binary that starts")
}

/// A fresh folder with `module.wat` in it.
fn folder(name: &str, module: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // There is none the first time.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("module.wat"), module).expect("a module");
    folder
}

/// What is in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").file_name());
    let mut names: Vec<String> = files.map(|name| name.into_string().expect("a name in UTF-8")).collect();
    names.sort();
    names
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).expect("output in UTF-8")
}

/// Checks the exit code; standard error must begin an error message exactly when it is not 0.
#[track_caller]
fn expect_code(output: &Output, code: i32) {
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{errors}");
    assert_eq!(errors.lines().any(|line| line.starts_with("error: ")), code != 0, "{errors}");
}

/// Checks the exit code and that the error names its cause.
#[track_caller]
fn expect_error(output: &Output, code: i32, cause: &str) {
    expect_code(output, code);
    assert!(text(&output.stderr).contains(cause), "{}", text(&output.stderr));
}

/// The one object on standard output, whose keys are these in this order.
#[track_caller]
fn object(output: &Output, keys: &[&str]) -> Value {
    let line = text(&output.stdout);
    let value: Value = serde_json::from_str(line).expect("one JSON object");
    let fields = value.as_object().expect("an object");
    let mut last = 0;
    for key in keys {
        assert!(fields.contains_key(*key), "no {key} in {line}");
        let at = line.find(&format!("\"{key}\":")).expect("the key");
        assert!(at > last, "{key} comes too early in {line}");
        last = at;
    }
    assert_eq!(fields.len(), keys.len(), "{line}");
    value
}

/// A proof that 2 + 40 = 42: the folder that it is in as `module.proof`, and what proving printed.
fn added() -> &'static (PathBuf, Output) {
    static ADDED: OnceLock<(PathBuf, Output)> = OnceLock::new();
    ADDED.get_or_init(|| {
        let folder = folder("added", ADD);
        let output = provasm(&folder, &["prove", "module.wat", "--json", "--", "2", "40"]);
        expect_code(&output, 0);
        (folder, output)
    })
}

/// The id of the program of [`added`].
fn added_id() -> String {
    let output = provasm(&added().0, &["id", "module.wat"]);
    expect_code(&output, 0);
    text(&output.stdout).trim().to_owned()
}
