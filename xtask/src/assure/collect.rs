//! Figures in the output of tests.

use anyhow::{Result, ensure};
use provasm_figure::Figure;

use crate::zoo;

/// A figure, and the test that printed it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    /// The test's target.
    pub(crate) target: String,
    /// The test.
    pub(crate) test: String,
    /// Whether it is of the long tier.
    pub(crate) is_long: bool,
    /// What it printed.
    pub(crate) figure: Figure,
}

/// What was collected so far.
#[derive(Debug, Default)]
pub(crate) struct Collection {
    findings: Vec<Finding>,
    target: String,
    test: String,
    is_long: bool,
}

impl Collection {
    /// What follows is of this target.
    pub(crate) fn begin(&mut self, target: &str, is_long: bool) {
        target.clone_into(&mut self.target);
        self.is_long = is_long;
        self.test.clear();
    }

    /// Takes a line of a target's output; whether it is a figure.
    pub(crate) fn take(&mut self, line: &str) -> bool {
        if let Some(name) = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----")) {
            name.clone_into(&mut self.test);
        }
        let Some(figure) = Figure::of_line(line) else { return false };
        self.add(figure);
        true
    }

    /// Adds a figure of the target that was begun.
    pub(crate) fn add(&mut self, figure: Figure) {
        let (target, test, is_long) = (self.target.clone(), self.test.clone(), self.is_long);
        self.findings.push(Finding { target, test, is_long, figure });
    }

    /// Takes the output of long tiers that ran before, as `cargo test` printed it to both of its streams.
    pub(crate) fn read(&mut self, output: &str) -> Result<()> {
        let before = self.findings.len();
        for line in output.lines() {
            ensure!(!line.starts_with("test result: FAILED"), "a test failed");
            if let Some(target) = running(line) {
                self.begin(target, true);
            }
            self.take(line);
        }
        ensure!(self.findings.len() > before, "there is no figure");
        ensure!(self.findings.iter().all(|finding| !finding.target.is_empty()), "a figure is of no target");
        Ok(())
    }

    /// The figures of the rows that are asked for, in order; of two of the same thing the one of the long tier.
    pub(crate) fn findings(self, is_asked: impl Fn(u8) -> bool) -> Vec<Finding> {
        let is_same = |a: &Finding, b: &Finding| (&a.target, &a.figure.what) == (&b.target, &b.figure.what);
        let is_replaced = |finding: &Finding| {
            !finding.is_long && self.findings.iter().any(|other| other.is_long && is_same(finding, other))
        };
        let kept = self.findings.iter().filter(|finding| is_asked(finding.figure.row) && !is_replaced(finding));
        let mut kept: Vec<Finding> = kept.cloned().collect();
        kept.sort_by_key(|finding| finding.figure.row);
        kept
    }
}

/// The target that cargo says it runs: `Running tests/NAME.rs (…)`, or `tests/NAME/main.rs`. The zoo says that it is running.
fn running(line: &str) -> Option<&str> {
    let named = line.trim_start().strip_prefix("Running ")?;
    if named == zoo::TARGET {
        return Some(zoo::TARGET);
    }
    let path = named.strip_prefix("tests/")?.split(' ').next()?;
    path.strip_suffix("/main.rs").or_else(|| path.strip_suffix(".rs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_found_in_output() {
        let line = r#"assure: {"row":3,"what":"a","tried":2,"held":2,"exceptions":[],"measured":""}"#;
        let output = |result: &str| {
            let head = "   Running tests/deletion/main.rs (target/release/deps/deletion-0)\n---- all stdout ----";
            format!("{head}\n{line}\ntest result: {result}. 1 passed\n")
        };
        let mut collection = Collection::default();
        collection.read(&output("ok")).expect("a figure");
        collection.begin("deletion", false);
        assert!(collection.take(line));
        assert!(Collection::default().read(&output("FAILED")).is_err());
        assert!(Collection::default().read("nothing").is_err());
        assert!(Collection::default().read(line).is_err());
        let findings = collection.findings(|_| true);
        assert_eq!((findings.len(), findings[0].test.as_str(), findings[0].is_long), (1, "all", true));
        assert_eq!((findings[0].figure.row, findings[0].figure.tried), (3, 2));
    }

    #[test]
    fn targets_are_found_in_output() {
        assert_eq!(running("     Running tests/spec.rs (target/release/deps/spec-0)"), Some("spec"));
        assert_eq!(running("     Running the zoo"), Some(zoo::TARGET));
        assert_eq!(running("     Running unittests src/lib.rs (target/release/deps/a-0)"), None);
    }
}
