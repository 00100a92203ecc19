//! The command line: reads arguments, calls the library, prints.
//!
//! Exit codes: 0 for success (a proven trap is a success), 1 for a rejected proof or a failed or interrupted run,
//! 2 for wrong usage. Results go to standard output, errors and progress to standard error.
#![forbid(unsafe_code)]

mod args;
mod commands;
mod failure;
mod files;
mod inputs;
mod interrupt;
mod limits;
mod progress;
mod report;
mod run_directory;
mod sizes;
mod values;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use crate::args::Cli;

fn main() -> ExitCode {
    provasm::memory::keep_freed_memory();
    match commands::dispatch(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody can be told when standard error is closed.
            let _ = writeln!(std::io::stderr(), "error: {failure}");
            failure.exit_code()
        }
    }
}
