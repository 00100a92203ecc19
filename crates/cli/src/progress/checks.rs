//! How far the check of a proof is, on standard error: a bar over its segments, on a terminal alone.

use indicatif::{ProgressBar, ProgressDrawTarget};

use super::{BAR_LENGTH, bar};

/// The display; it ends when dropped.
#[derive(Debug)]
pub(crate) struct CheckProgress {
    bar: ProgressBar,
}

impl CheckProgress {
    /// Begins to display.
    pub(crate) fn start() -> Self {
        let bar = bar(ProgressDrawTarget::stderr());
        bar.set_prefix("verify");
        Self { bar }
    }

    /// So many of the proof's segments are checked.
    pub(crate) fn advance(&self, done: u64, count: u64) {
        self.bar.set_message(format!("segment {done} of {count}"));
        self.bar.set_position(done.saturating_mul(BAR_LENGTH) / count.max(1));
    }
}

impl Drop for CheckProgress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
