//! The specification's scripts: nothing fails, nothing is skipped for a reason that is not listed
//! here, and the constraints hold for a spread of the calls.

use std::collections::BTreeMap;

use provasm_script::{Options, Quiet, Report, run};
use provasm_testkit::Suite;
use provasm_testkit::figure::Figure;

/// Folders of the suites of which nothing is skipped.
const COMPLETE: [&str; 3] = ["wasm-v1", "wasm-v2", "simd"];

/// Of the calls of the specification's versions, one in so many is checked.
const CHECK_ONE_IN: u32 = 40;

/// What the reasons to skip a directive begin with; none of 1.0 and 2.0 is skipped. Each must occur.
const SKIPPED: &[&str] = &[
    "expects that no segment is written when one does not fit, which 2.0 and the amended 1.0 changed",
    "expects unreachable code to be invalid that is valid since 2.0",
    "limit: more than 1048576 table elements",
    "not supported: array indexed types not supported without the gc feature",
    "not supported: constant expression required: global.get of locally defined global",
    "not supported: exceptions proposal not enabled",
    "not supported: function references",
    "not supported: heap types not supported without the gc feature",
    "not supported: rec group usage requires `gc` proposal to be enabled",
    "not supported: tables with expression initializers require the function-references proposal",
    "valid after 64-bit memory: multiple memories",
    "valid after 64-bit memory: zero byte expected",
];

/// Runs all scripts of a suite; what became of them, with failures named by script.
fn run_suite(suite: &Suite, check_one_in: u32) -> Report {
    let mut total = Report { name: suite.name.to_owned(), ..Report::default() };
    for script in suite.scripts() {
        let options = Options { check_one_in, ..suite.options(&script.name) };
        let report = run(&script.name, script.text, &options, &mut Quiet).unwrap_or_else(|error| panic!("{error}"));
        assert!(report.total() > 0, "{} {} is empty", suite.folder, script.name);
        assert!(report.is_clean(), "{} {report}", suite.folder);
        total.add(&report);
    }
    println!("{total}");
    total
}

#[test]
fn versions_and_proposals_hold() {
    let mut skipped = BTreeMap::new();
    // Directives that passed: of suites of which nothing is skipped, and of the others.
    let (mut complete, mut others) = (0, 0);
    let versions = Suite::VERSIONS.iter().map(|suite| (suite, CHECK_ONE_IN));
    for (suite, check_one_in) in versions.chain(Suite::PROPOSALS.iter().map(|suite| (suite, 0))) {
        let report = run_suite(suite, check_one_in);
        assert!(report.passed > 0, "{report}");
        if check_one_in > 0 {
            assert!(report.checked > 0, "{report}");
        }
        if COMPLETE.contains(&suite.folder) {
            assert_eq!(report.skips(), 0, "{report}");
        }
        *if COMPLETE.contains(&suite.folder) { &mut complete } else { &mut others } += report.passed;
        for (reason, count) in report.skipped {
            *skipped.entry(reason).or_insert(0) += count;
        }
    }
    let is_listed = |reason: &&String| SKIPPED.iter().any(|prefix| reason.starts_with(prefix));
    let unlisted: Vec<&String> = skipped.keys().filter(|reason| !is_listed(reason)).collect();
    assert!(unlisted.is_empty(), "skipped for reasons that are not listed: {unlisted:#?}");
    let occurs = |prefix: &&&str| skipped.keys().any(|reason| reason.starts_with(**prefix));
    let idle: Vec<&&str> = SKIPPED.iter().filter(|prefix| !occurs(prefix)).collect();
    assert!(idle.is_empty(), "listed, but nothing is skipped for them: {idle:#?}");

    Figure::held(10, "directives of WebAssembly 1.0, 2.0 and SIMD", complete).print();
    let count =
        |prefix: &str| skipped.iter().filter(|(reason, _)| reason.starts_with(prefix)).map(|(_, count)| count).sum();
    let others = Figure::held(10, "directives of WebAssembly 3.0 and of other proposals", others);
    SKIPPED.iter().fold(others, |figure, prefix| figure.except("directives", count(prefix), prefix)).print();
}

#[test]
fn suites_are_whole() {
    let count = |suite: &Suite| suite.scripts().len();
    assert_eq!(Suite::VERSIONS.each_ref().map(count), [73, 90, 59, 97]);
    for suite in &Suite::PROPOSALS {
        assert!(count(suite) > 0, "{}", suite.name);
    }
}
