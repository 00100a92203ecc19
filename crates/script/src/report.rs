//! What became of a script's directives.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::{Operator, ScriptError};

/// What became of a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It did as the script says.
    Passed,
    /// It did not: what happened instead.
    Failed(String),
    /// It was not tried: the feature that is not supported.
    Skipped(String),
}

/// A directive that did not do as the script says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its line, from 1.
    pub line: usize,
    /// What happened instead.
    pub reason: String,
}

/// What became of a script's directives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The script's name.
    pub name: String,
    /// How many directives did as the script says.
    pub passed: usize,
    /// Those that did not.
    pub failed: Vec<Failure>,
    /// How many were not tried, by reason.
    pub skipped: BTreeMap<String, usize>,
    /// How many calls of exported functions ran and ended as the script says.
    pub actions: usize,
    /// How many of these have no violated constraint.
    pub checked: usize,
    /// How many were to be checked and were not, because they are too long.
    pub unchecked: usize,
    /// How many were proven, and the proofs verified.
    pub proved: usize,
    /// The operators that proven runs executed.
    pub operators_proved: BTreeSet<Operator>,
}

impl Report {
    /// A report on nothing yet.
    #[must_use]
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The report on a text that is no script.
    #[must_use]
    pub fn unreadable(error: &ScriptError) -> Self {
        let mut report = Self::new(&error.name);
        report.note(error.line, Verdict::Failed(format!("no script: {}", error.message)));
        report
    }

    /// Whether nothing failed.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.failed.is_empty()
    }

    /// How many directives were skipped.
    #[must_use]
    pub fn skips(&self) -> usize {
        self.skipped.values().sum()
    }

    /// How many directives there are.
    #[must_use]
    pub fn total(&self) -> usize {
        self.passed + self.failed.len() + self.skips()
    }

    /// The counts in words, for people.
    #[must_use]
    pub fn counts(&self) -> String {
        let mut text = format!("{} passed, {} failed, {} skipped", self.passed, self.failed.len(), self.skips());
        if self.checked + self.unchecked > 0 {
            text.push_str(&format!("; {} of {} calls checked", self.checked, self.actions));
        }
        if self.unchecked > 0 {
            text.push_str(&format!(", {} unchecked: too long", self.unchecked));
        }
        if self.proved > 0 {
            text.push_str(&format!("; {} proved", self.proved));
        }
        text
    }

    /// Notes what became of a directive.
    pub(crate) fn note(&mut self, line: usize, verdict: Verdict) {
        match verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Failed(reason) => self.failed.push(Failure { line, reason }),
            Verdict::Skipped(reason) => *self.skipped.entry(reason).or_default() += 1,
        }
    }

    /// Adds another report's counts and reasons; its failures keep their lines.
    pub fn add(&mut self, other: &Report) {
        self.passed += other.passed;
        self.failed.extend(other.failed.iter().cloned());
        for (reason, count) in &other.skipped {
            *self.skipped.entry(reason.clone()).or_default() += count;
        }
        self.actions += other.actions;
        self.checked += other.checked;
        self.unchecked += other.unchecked;
        self.proved += other.proved;
        self.operators_proved.extend(&other.operators_proved);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.counts())?;
        for (reason, count) in &self.skipped {
            write!(f, "\n    {count} skipped: {reason}")?;
        }
        for Failure { line, reason } in &self.failed {
            write!(f, "\n    line {line}: {reason}")?;
        }
        Ok(())
    }
}
