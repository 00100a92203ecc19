//! The specification's scripts on integers and control: nothing fails, and nothing is skipped but
//! functions that compute with floats and one that takes 17 parameters.

use provasm_testkit::{Report, Suite, run_script, script};

const VERSION_1: &[&str] = &[
    "i32",
    "i64",
    "int_exprs",
    "int_literals",
    "address",
    "align",
    "block",
    "br",
    "br_if",
    "br_table",
    "call",
    "call_indirect",
    "fac",
    "forward",
    "func",
    "func_ptrs",
    "globals",
    "if",
    "labels",
    "left-to-right",
    "load",
    "local_get",
    "local_set",
    "local_tee",
    "loop",
    "memory",
    "memory_grow",
    "memory_size",
    "memory_trap",
    "nop",
    "return",
    "select",
    "stack",
    "start",
    "store",
    "switch",
    "traps",
    "unreachable",
    "unwind",
];

fn run(suite: Suite, name: &str) -> Report {
    let text = script(suite, name).unwrap_or_else(|| panic!("{suite:?} has no script {name}"));
    let report = run_script(name, text, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
    println!("{report}");
    report
}

/// Runs scripts and fails if an assertion does, or is skipped for a reason not listed.
fn check(suite: Suite, names: &[&str], reasons: &[&str]) {
    let reports: Vec<Report> = names.iter().map(|name| run(suite, name)).collect();
    for report in reports {
        assert!(report.failed.is_empty(), "{report}");
        assert!(report.passed > 0, "{report}");
        for reason in report.skipped.keys() {
            assert!(reasons.contains(&reason.as_str()), "{report}");
        }
    }
}

#[test]
fn version_1() {
    check(Suite::Version1, VERSION_1, &["float arithmetic"]);
}

#[test]
fn sign_extension() {
    check(Suite::SignExtension, &["i32", "i64"], &[]);
}

#[test]
fn multi_value() {
    let names = [
        "block",
        "br",
        "call",
        "call_indirect",
        "fac",
        "func",
        "if",
        "loop",
        "type",
    ];
    check(
        Suite::MultiValue,
        &names,
        &["float arithmetic", "too many values for an entry"],
    );
}

#[test]
fn bulk_memory() {
    check(Suite::BulkMemory, &["memory_copy", "memory_fill"], &[]);
}
