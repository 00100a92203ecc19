//! Ctrl-C: the first one asks for an end in order, the second one ends at once.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

use crate::failure::Failure;

/// What is said when the end was asked for.
pub(crate) const STOPPING: &str = "stopping when the segments begun are finished; Ctrl-C again stops at once";

/// Whether an end was asked for.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether an end was asked for, from now on.
pub(crate) fn listen() -> Result<&'static AtomicBool, Failure> {
    let interrupted = || {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(1);
        }
        // On a terminal the progress display says it.
        if !io::stderr().is_terminal() {
            // Nobody can be told when standard error is closed.
            let _ = writeln!(io::stderr(), "{STOPPING}");
        }
    };
    ctrlc::set_handler(interrupted).context("cannot listen for Ctrl-C").map_err(Failure::Failed)?;
    Ok(&INTERRUPTED)
}

/// Whether an end was asked for.
pub(crate) fn asked() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
