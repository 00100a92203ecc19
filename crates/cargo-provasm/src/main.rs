//! `cargo provasm`: a guest project from its template to a verified proof.
//!
//! Owns the template and the build. Running, proving and verifying is the command line's: `provasm` is started with the
//! built module and whatever arguments are given. Exit codes are its own, and 2 for wrong usage.
#![forbid(unsafe_code)]

mod accelerate;
mod build;
mod k256;
mod new;
mod provasm;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

/// The variable that names the folder of the SDK.
const SDK_VARIABLE: &str = "PROVASM_GUEST";

/// As cargo starts its subcommands: with their name as the first argument.
#[derive(Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo", disable_help_subcommand = true)]
enum Cargo {
    #[command(version, about)]
    Provasm {
        #[command(subcommand)]
        command: Command,
    },
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes a new guest project in a folder of this name
    New(NewArgs),
    /// Lets the project's hashes, signatures and curves (sha2, sha3, blake3, ed25519-dalek, k256) use the accelerators
    Accelerate,
    /// Builds the project for WebAssembly and says where the module is
    Build,
    /// Builds the project and runs it; options and arguments are those of `provasm run`
    Run(PassedOn),
    /// Builds the project, runs it and writes a verified proof; options and arguments are those of `provasm prove`
    Prove(PassedOn),
    /// Checks the project's proof; options are those of `provasm verify`
    Verify(PassedOn),
    /// Builds the project, runs it and shows where its cells go; options and arguments are those of `provasm profile`
    Profile(PassedOn),
}

#[derive(Debug, Args)]
struct NewArgs {
    /// The folder to make; its last part is the package's name
    path: PathBuf,
    /// The folder of the crate `provasm-guest`, if it is not to come from its repository; else the variable PROVASM_GUEST
    #[arg(long, value_name = "DIR")]
    sdk: Option<PathBuf>,
}

/// Arguments for `provasm`.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
struct PassedOn {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    args: Vec<String>,
}

fn main() -> ExitCode {
    let Cargo::Provasm { command } = Cargo::parse();
    match dispatch(&command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &Command) -> Result<ExitCode> {
    match command {
        Command::New(NewArgs { path, sdk }) => {
            let sdk = sdk.clone().or_else(|| env::var_os(SDK_VARIABLE).map(PathBuf::from));
            new::new(path, sdk.as_deref())
        }
        Command::Accelerate => accelerate::accelerate(),
        Command::Build => {
            println!("{}", build::build()?.module.display());
            Ok(ExitCode::SUCCESS)
        }
        Command::Run(passed) => provasm::run("run", &passed.args),
        Command::Prove(passed) => provasm::prove(&passed.args),
        Command::Verify(passed) => provasm::verify(&passed.args),
        Command::Profile(passed) => provasm::run("profile", &passed.args),
    }
}
