//! `prove` and `verify` of honest proofs.

use std::fs;

use serde_json::json;

use crate::{DIV, added, added_id, expect_code, expect_error, folder, names, object, provasm, text};

pub(crate) const PROVE_KEYS: [&str; 16] = [
    "outcome",
    "results",
    "trap",
    "instructions",
    "wasm_ops",
    "cells",
    "interactions",
    "segments",
    "reused_segments",
    "execute_seconds",
    "prove_seconds",
    "proof_bytes",
    "verify_seconds",
    "security_bits",
    "program_id",
    "peak_memory_bytes",
];

const VERIFY_KEYS: [&str; 11] = [
    "outcome",
    "results",
    "trap",
    "segments",
    "proof_bytes",
    "verify_seconds",
    "security_bits",
    "program_id",
    "peak_memory_bytes",
    "entry",
    "args",
];

#[test]
fn a_proof_is_made_and_verified() {
    let (folder, output) = added();
    let report = object(output, &PROVE_KEYS);
    assert_eq!(report["outcome"], "returned");
    assert_eq!(report["results"], json!([{ "type": "i32", "bits": "42" }]));
    assert_eq!((&report["segments"], &report["reused_segments"]), (&json!(1), &json!(0)));
    assert_eq!(report["program_id"], added_id());
    let bytes = fs::read(folder.join("module.proof")).unwrap();
    assert_eq!(report["proof_bytes"], bytes.len());
    assert!(report["security_bits"].as_f64().is_some_and(|bits| bits >= 100.0));

    // By the program and by its id; the proof says what ran.
    let id = added_id();
    for subject in [["--program", "module.wat"], ["--id", &id]] {
        let output = provasm(folder, &["verify", "module.proof", subject[0], subject[1], "--json"]);
        expect_code(&output, 0);
        let verified = object(&output, &VERIFY_KEYS);
        for key in ["outcome", "results", "trap", "segments", "proof_bytes", "security_bits", "program_id"] {
            assert_eq!(verified[key], report[key], "{key}");
        }
        assert_eq!(verified["entry"], "add");
        assert_eq!(verified["args"], json!([{ "type": "i32", "bits": "2" }, { "type": "i32", "bits": "40" }]));
    }
    let output = provasm(folder, &["verify", "module.proof", "--id", &id]);
    expect_code(&output, 0);
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    let expect = ["call          add(i32 2, i32 40)", "outcome       returned", "result        i32 42"];
    assert_eq!(lines[..3], expect);

    // Nothing is left beside the proof.
    assert_eq!(names(folder), ["module.proof", "module.wat"]);
}

#[test]
fn a_proven_trap_is_a_success() {
    let folder = folder("prove_trap", DIV);
    let args = ["prove", "module.wat", "--invoke", "div", "--out", "out", "--", "-0x8000000000000000", "-1"];
    let output = provasm(&folder, &args);
    expect_code(&output, 0);
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(lines[0], "outcome       trapped: integer overflow");
    for label in [
        "cells",
        "interactions",
        "segments",
        "proven in",
        "speed",
        "proof",
        "verified in",
        "security",
        "program",
        "written",
    ] {
        assert!(lines.iter().any(|line| line.starts_with(label)), "{label}");
    }
    // Progress where there is no terminal: a line for every stage, in order.
    let stages: Vec<&str> =
        text(&output.stderr).lines().map(|line| line.split(':').next().unwrap_or_default()).collect();
    assert_eq!(stages, ["program", "execute", "prove"]);

    let output = provasm(&folder, &["verify", "out", "--program", "module.wat", "--json"]);
    expect_code(&output, 0);
    let verified = object(&output, &VERIFY_KEYS);
    assert_eq!((&verified["outcome"], &verified["trap"]), (&json!("trapped"), &json!("integer overflow")));
}

#[test]
fn a_proof_can_go_to_a_pipe_or_device() {
    if cfg!(unix) {
        let folder = folder("device", DIV);
        let args = ["prove", "module.wat", "--invoke", "sum", "--out", "/dev/null", "--", "3"];
        expect_code(&provasm(&folder, &args), 0);
        assert_eq!(names(&folder), ["module.wat"]);
        // The standard output is a pipe here, and has the proof before the report.
        let args = ["prove", "module.wat", "--invoke", "sum", "--out", "/dev/stdout", "--", "3"];
        let output = provasm(&folder, &args);
        expect_code(&output, 0);
        assert!(output.stdout.len() > 100_000 && output.stdout.ends_with(b"/dev/stdout\n"));
        let output = provasm(&folder, &["verify", "/dev/null", "--program", "module.wat"]);
        expect_error(&output, 1, "not a provasm proof");
    }
}
