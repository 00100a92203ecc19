//! Starts `provasm` with the project's module.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::build::build;

/// The variable that names the command line, if it is neither beside this program nor on `PATH`.
const VARIABLE: &str = "PROVASM";

/// A command on the module: `run`, `profile`.
pub(crate) fn run(command: &str, args: &[String]) -> Result<ExitCode> {
    let guest = build()?;
    start([OsStr::new(command), guest.module.as_os_str()], args)
}

/// Proves the module; the proof goes into the project's folder if nothing else is asked for.
pub(crate) fn prove(args: &[String]) -> Result<ExitCode> {
    let guest = build()?;
    let proof = guest.proof();
    let command = [OsStr::new("prove"), guest.module.as_os_str()];
    match names_proof(args) {
        true => start(command, args),
        false => start(command.into_iter().chain([OsStr::new("--out"), proof.as_os_str()]), args),
    }
}

/// Verifies the project's proof against the module.
pub(crate) fn verify(args: &[String]) -> Result<ExitCode> {
    let guest = build()?;
    let proof = guest.proof();
    start([OsStr::new("verify"), proof.as_os_str(), OsStr::new("--program"), guest.module.as_os_str()], args)
}

/// Whether the arguments say where the proof goes. After `--` they are the program's.
fn names_proof(args: &[String]) -> bool {
    args.iter().take_while(|arg| *arg != "--").any(|arg| arg == "--out" || arg.starts_with("--out="))
}

fn start<'a>(command: impl IntoIterator<Item = &'a OsStr>, args: &[String]) -> Result<ExitCode> {
    let program = program();
    let mut provasm = Command::new(&program);
    provasm.args(command).args(args);
    let status = provasm.status().with_context(|| {
        format!("cannot start {}: install it beside cargo-provasm, or name it by {VARIABLE}", program.display())
    })?;
    // A program that a signal ended has no code.
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The command line: what the variable names, else what is beside this program, else what `PATH` has.
fn program() -> PathBuf {
    let name = format!("provasm{}", env::consts::EXE_SUFFIX);
    let beside = || Some(env::current_exe().ok()?.with_file_name(&name)).filter(|path: &PathBuf| Path::is_file(path));
    env::var_os(VARIABLE).map(PathBuf::from).or_else(beside).unwrap_or_else(|| PathBuf::from(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_proof_is_an_option() {
        let check = |args: &[&str], expect: bool| {
            let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
            assert_eq!(names_proof(&args), expect, "{args:?}");
        };
        check(&[], false);
        check(&["--out", "a"], true);
        check(&["--jobs", "2", "--out=a"], true);
        check(&["--", "--out"], false);
    }
}
