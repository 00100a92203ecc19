//! Long fuzzing, by a program of its own: xtask does not depend on what it needs.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Args {
    /// What `provasm-fuzz` takes; `--help` lists it
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARG")]
    args: Vec<String>,
}

/// Fuzzes until the arguments' bounds or Ctrl-C.
pub(crate) fn run(root: &Path, args: &Args) -> Result<()> {
    let cargo = || Command::new(env!("CARGO"));
    let mut build = cargo();
    build.args(["build", "--release", "--package", "provasm-fuzz"]).current_dir(root);
    let status = build.status().with_context(|| format!("starting {build:?}"))?;
    ensure!(status.success(), "the fuzzer does not build: {status}");
    let mut command = cargo();
    command.args(["run", "--quiet", "--release", "--package", "provasm-fuzz", "--"]).args(&args.args);
    finish(command.current_dir(root))
}

/// Becomes the command, so that Ctrl-C reaches it alone and it can print its report.
#[cfg(unix)]
fn finish(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(error).with_context(|| format!("starting {command:?}"))
}

#[cfg(not(unix))]
fn finish(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("starting {command:?}"))?;
    ensure!(status.success(), "fuzzing failed: {status}");
    Ok(())
}
