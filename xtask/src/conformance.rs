//! docs/conformance.md, by a program of testkit: running and proving scripts is no work for xtask.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Also checks every call and proves some, which takes hours
    #[arg(long)]
    long: bool,
    /// Also runs the scripts (.wast) in a folder, such as a checkout of the specification's test/core
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,
}

/// Runs the scripts and writes the document.
pub(crate) fn run(root: &Path, args: &Args) -> Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--release", "--package", "provasm-testkit", "--bin", "conformance", "--"]);
    command.args(args.long.then_some("--long"));
    if let Some(suite) = &args.suite {
        let suite = suite.canonicalize().with_context(|| format!("finding {}", suite.display()))?;
        command.arg("--suite").arg(suite);
    }
    let status = command.current_dir(root).status().with_context(|| format!("starting {command:?}"))?;
    ensure!(status.success(), "the conformance run failed: {status}");
    Ok(())
}
