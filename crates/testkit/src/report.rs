//! What became of a script's assertions.

use std::collections::BTreeMap;
use std::fmt;

/// What became of a script's assertions and actions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The script's name.
    pub name: String,
    /// How many held.
    pub passed: u32,
    /// Those that did not hold: line and what happened.
    pub failed: Vec<(usize, String)>,
    /// How many were not run, by reason.
    pub skipped: BTreeMap<String, u32>,
}

impl Report {
    /// Notes one that held.
    pub(crate) fn pass(&mut self) {
        self.passed += 1;
    }

    /// Notes one that was not run.
    pub(crate) fn skip(&mut self, reason: impl Into<String>) {
        *self.skipped.entry(reason.into()).or_default() += 1;
    }

    /// Notes one that did not hold.
    pub(crate) fn fail(&mut self, line: usize, what: impl Into<String>) {
        self.failed.push((line, what.into()));
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let skipped: u32 = self.skipped.values().sum();
        write!(f, "{}: {} passed, {} failed, {skipped} skipped", self.name, self.passed, self.failed.len())?;
        for (reason, count) in &self.skipped {
            write!(f, "\n    {count} skipped: {reason}")?;
        }
        for (line, what) in &self.failed {
            write!(f, "\n    line {line}: {what}")?;
        }
        Ok(())
    }
}
