//! How far scripts are, on standard error: a bar over the directives of the current one.
//!
//! Elsewhere than on a terminal nothing is shown: a line per script comes on standard output.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The display; it ends when dropped.
#[derive(Debug)]
pub(crate) struct ScriptProgress {
    bar: ProgressBar,
}

impl ScriptProgress {
    /// Begins to display the script of this name, the `number`-th of `count`.
    pub(crate) fn start(name: &str, number: usize, count: usize) -> Self {
        // Draws nothing where standard error is no terminal.
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let bar = match ProgressStyle::with_template("{prefix} [{bar:30}] {percent:>3} %  {msg}") {
            Ok(style) => bar.with_style(style.progress_chars("=> ")),
            Err(_) => bar,
        };
        let label = if count > 1 { format!("{name} ({number} of {count})") } else { name.to_owned() };
        bar.set_prefix(label);
        Self { bar }
    }

    /// So many of the script's directives are done.
    pub(crate) fn advance(&self, done: usize, count: usize) {
        self.bar.set_length(count as u64);
        self.bar.set_position(done as u64);
        if self.bar.message().is_empty() {
            self.bar.set_message("directives");
        }
    }

    /// The script was run, and chosen calls are proven now.
    pub(crate) fn prove(&self) {
        self.bar.set_message("proving");
        self.bar.tick();
    }

    /// Prints a line without breaking the display.
    pub(crate) fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }
}

impl Drop for ScriptProgress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
