//! `profile`.

use std::fs;

use serde_json::json;

use crate::{ADD, DIV, expect_code, expect_error, folder, names, object, provasm, text};

/// Calls a function that divides by what it is given.
const CALLS: &str = r#"(module
    (func $divide (param i32) (result i32) (i32.div_u (i32.const 100) (local.get 0)))
    (func (export "main") (param i32) (result i32) (i32.add (call $divide (local.get 0)) (call $divide (i32.const 7)))))"#;

const KEYS: [&str; 13] = [
    "outcome",
    "results",
    "trap",
    "instructions",
    "wasm_ops",
    "cells",
    "interactions",
    "segments",
    "peak_memory_bytes",
    "functions",
    "chips",
    "lines",
    "tables",
];

#[test]
fn a_profile_is_tables() {
    let folder = folder("profile", CALLS);
    let output = provasm(&folder, &["profile", "module.wat", "--", "5"]);
    expect_code(&output, 0);
    let listing = text(&output.stdout);
    let line =
        |end: &str| listing.lines().find(|line| line.ends_with(end)).unwrap_or_else(|| panic!("{end}: {listing}"));
    assert_eq!(line("returned"), "outcome       returned");
    assert!(line("  divide").contains("      2    Div "), "{listing}");
    assert!(line("  Div").contains("  2  "), "{listing}");
    let all = line("instructions").trim_end_matches("instructions");
    assert!(all.contains('%'), "{listing}");
    assert!(listing.contains("padding of their tables") && listing.contains("state tree"), "{listing}");

    let output = provasm(&folder, &["profile", "module.wat", "--top", "1", "--", "5"]);
    expect_code(&output, 0);
    assert!(text(&output.stdout).contains("\nand 2 more\n"), "{}", text(&output.stdout));
}

#[test]
fn json_has_what_the_tables_have() {
    let folder = folder("profile_json", CALLS);
    let output = provasm(&folder, &["profile", "module.wat", "--json", "--", "5"]);
    expect_code(&output, 0);
    let report = object(&output, &KEYS);
    let check = object(
        &provasm(&folder, &["check", "module.wat", "--json", "--", "5"]),
        &[&KEYS[..9], &["violations"]].concat(),
    );
    for key in ["outcome", "results", "instructions", "cells", "interactions", "segments"] {
        assert_eq!(report[key], check[key], "{key}");
    }
    assert_eq!(report["lines"], json!(null));
    let list = |key: &str| report[key].as_array().unwrap().clone();
    let instructions: u64 = list("functions").iter().map(|function| function["instructions"].as_u64().unwrap()).sum();
    assert_eq!(Some(instructions), report["instructions"].as_u64());
    let cells = list("tables")
        .into_iter()
        .map(|table| table["rows_with_padding"].as_u64().unwrap() * table["columns"].as_u64().unwrap());
    assert_eq!(Some(cells.sum::<u64>()), report["cells"].as_u64());
    let functions = list("functions");
    let divide = functions.iter().find(|function| function["name"] == "divide").expect("divide");
    assert_eq!((&divide["kind"], &divide["calls"]), (&json!("function"), &json!(2)));
    let main = functions.iter().find(|function| function["name"] == "entry main").expect("the entry");
    assert_eq!((&main["kind"], &main["with_callees"]["instructions"]), (&json!("routine"), &report["instructions"]));
}

#[test]
fn pictures_and_stacks_are_files() {
    let folder = folder("profile_files", CALLS);
    let output = provasm(&folder, &["profile", "module.wat", "--svg", "a.svg", "--folded", "a.txt", "--", "5"]);
    expect_code(&output, 0);
    assert_eq!(names(&folder), ["a.svg", "a.txt", "module.wat"]);
    let svg = fs::read_to_string(folder.join("a.svg")).unwrap();
    assert!(svg.starts_with("<?xml") && svg.ends_with("</svg>\n") && svg.contains("<title>divide: "), "{svg}");
    assert!(svg.contains(">main(i32) -&gt; i32: "), "{svg}");
    let stacks = fs::read_to_string(folder.join("a.txt")).unwrap();
    assert!(stacks.lines().any(|line| line.starts_with("entry main;main;divide ")), "{stacks}");
}

#[test]
fn a_trap_is_profiled_too() {
    let folder = folder("profile_trap", DIV);
    let output = provasm(&folder, &["profile", "module.wat", "--invoke", "div", "--json", "--", "1", "0"]);
    expect_code(&output, 0);
    let report = object(&output, &KEYS);
    assert_eq!(report["trap"], json!("integer divide by zero"));
    let chips = report["chips"].as_array().unwrap();
    assert!(chips.iter().any(|chip| chip["chip"] == "DivTrap" && chip["instructions"] == 1), "{chips:?}");
}

#[test]
fn lines_need_debug_information() {
    let folder = folder("profile_lines", ADD);
    expect_error(&provasm(&folder, &["profile", "module.wat", "--lines", "--", "1", "2"]), 2, "no debug information");
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/../profile/tests/fixture/lines.wasm");
    let output = provasm(&folder, &["profile", fixture, "--lines", "--", "10"]);
    expect_code(&output, 0);
    assert!(text(&output.stdout).contains("lines.c:9\n"), "{}", text(&output.stdout));
    let output = provasm(&folder, &["profile", fixture, "--json", "--", "10"]);
    assert!(object(&output, &KEYS)["lines"].as_array().is_some_and(|lines| !lines.is_empty()));
}

#[test]
fn files_that_cannot_be_written_are_wrong_usage() {
    let folder = folder("profile_usage", ADD);
    let check = |args: &[&str], cause: &str| {
        expect_error(&provasm(&folder, &[&["profile", "module.wat"], args, &["--", "1", "2"]].concat()), 2, cause);
    };
    check(&["--svg", "none/a.svg"], "its folder does not exist");
    check(&["--folded", "."], "it is a folder");
    check(&["--json", "--top", "3"], "cannot be used with");
}
