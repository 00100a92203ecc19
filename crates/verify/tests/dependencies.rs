//! Invariant 1: a verifier contains nothing that compiles, executes, fills tables or proves.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

/// Crates of this workspace that a verifier may contain.
const ALLOWED: [&str; 5] = ["provasm-air", "provasm-isa", "provasm-program", "provasm-proof", "provasm-verify"];

#[test]
fn a_verifier_contains_no_prover() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata");
    let packages = metadata["packages"].as_array().expect("packages");

    let mut reached = BTreeSet::new();
    let mut pending = vec!["provasm-verify"];
    while let Some(name) = pending.pop() {
        // What is not of this workspace is the proof library's and everybody's.
        let Some(package) = packages.iter().find(|package| package["name"] == name) else { continue };
        if !reached.insert(name) {
            continue;
        }
        let dependencies = package["dependencies"].as_array().expect("dependencies");
        let linked = dependencies.iter().filter(|dependency| dependency["kind"] != "dev");
        pending.extend(linked.filter_map(|dependency| dependency["name"].as_str()));
    }
    assert_eq!(reached, BTreeSet::from(ALLOWED));
}
