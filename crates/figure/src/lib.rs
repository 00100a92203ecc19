//! Figures of the assurance suite: what a test tried, and how much of it held; and which tier is to run.
//!
//! A test prints its figures as it passes, one line each; `cargo xtask assure` collects the lines. A figure that does not
//! add up is no figure: printing it panics.
#![forbid(unsafe_code)]

use serde::{Deserialize, Serialize};

/// Whether the long tiers are to run: whoever sets `PROVASM_LONG` to 1 wants them.
#[must_use]
pub fn is_long() -> bool {
    std::env::var_os("PROVASM_LONG").is_some_and(|value| value == "1")
}

/// What every line begins with.
const PREFIX: &str = "assure: ";

/// What a test came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The row of the assurance table.
    pub row: u8,
    /// What was tried, in a few words.
    pub what: String,
    /// How many were tried.
    pub tried: u64,
    /// How many of them held: what was forged was caught, what was honest was proven.
    pub held: u64,
    /// What is excepted from holding, each kind with the reason.
    pub exceptions: Vec<Exception>,
    /// What else was measured, ready to be printed.
    pub measured: String,
}

/// Cases that do not hold, and need not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Which.
    pub what: String,
    /// How many of those that were tried.
    pub count: u64,
    /// Why that is right.
    pub reason: String,
}

impl Figure {
    /// A figure of which everything tried held.
    #[must_use]
    pub fn held(row: u8, what: &str, tried: usize) -> Self {
        let tried = tried as u64;
        Self { row, what: what.to_owned(), tried, held: tried, ..Self::default() }
    }

    /// The figure with some more cases that are excepted.
    #[must_use]
    pub fn except(mut self, what: &str, count: usize, reason: &str) -> Self {
        let count = count as u64;
        self.tried += count;
        self.exceptions.push(Exception { what: what.to_owned(), count, reason: reason.to_owned() });
        self
    }

    /// The figure with something measured.
    #[must_use]
    pub fn measured(mut self, measured: impl Into<String>) -> Self {
        self.measured = measured.into();
        self
    }

    /// The figure that a line of a test's output is, if it is one.
    #[must_use]
    pub fn of_line(line: &str) -> Option<Self> {
        serde_json::from_str(line.strip_prefix(PREFIX)?).ok()
    }

    /// How many are excepted.
    #[must_use]
    pub fn excepted(&self) -> u64 {
        self.exceptions.iter().map(|exception| exception.count).sum()
    }

    /// Prints the figure.
    ///
    /// # Panics
    /// When nothing was tried, or something neither held nor is excepted.
    pub fn print(&self) {
        assert!(self.tried > 0, "{}: nothing was tried", self.what);
        assert_eq!(self.tried, self.held + self.excepted(), "{}: {self:?}", self.what);
        println!("\n{PREFIX}{}", serde_json::to_string(self).expect("text and numbers"));
    }
}
