//! The specification's scripts on integers and control: nothing fails, and nothing is skipped but
//! functions that compute with floats.

use provasm_testkit::{Report, Suite, run_script, script};

fn run(suite: Suite, name: &str) -> Report {
    let text = script(suite, name).unwrap_or_else(|| panic!("{suite:?} has no script {name}"));
    let report = run_script(name, text, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
    println!("{report}");
    report
}

/// Runs scripts and fails if an assertion does, or is skipped for a reason not listed.
fn check(suite: Suite, reasons: &[&str]) {
    let reports: Vec<Report> = suite.integer_scripts().iter().map(|name| run(suite, name)).collect();
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
    check(Suite::Version1, &["float arithmetic"]);
}

#[test]
fn sign_extension() {
    check(Suite::SignExtension, &[]);
}

#[test]
fn multi_value() {
    check(Suite::MultiValue, &["float arithmetic"]);
}

#[test]
fn bulk_memory() {
    check(Suite::BulkMemory, &[]);
}
