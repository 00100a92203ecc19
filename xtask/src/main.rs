//! Development commands: `cargo xtask ci`, `cargo xtask docs`, `cargo xtask guests`, `cargo xtask runtime`,
//! `cargo xtask conformance`, `cargo xtask fuzz`, `cargo xtask assure`, `cargo xtask zoo`.
#![forbid(unsafe_code)]

mod assure;
mod ci;
mod conformance;
mod coremark;
mod docs;
mod fuzz;
mod guests;
mod licences;
mod manifest;
mod runtime;
mod tree;
mod wasi;
mod zoo;

use std::path::Path;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use provasm_toolchain as toolchain;

/// Development commands of provasm.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the assurance suite and writes docs/assurance-report.md
    Assure(assure::Args),
    /// Checks everything that CI checks
    Ci {
        /// Fails where cargo-deny or typos is not installed, instead of checking less
        #[arg(long)]
        tools: bool,
    },
    /// Writes docs/isa.md and docs/buses.md from the tables they describe
    Docs {
        /// Only says whether they are fresh
        #[arg(long)]
        check: bool,
    },
    /// Runs the WebAssembly specification's scripts and writes docs/conformance.md
    Conformance(conformance::Args),
    /// Compares generated programs with Wasmtime for as long as wanted
    Fuzz(fuzz::Args),
    /// Builds the libraries that the compiler embeds, from the folder runtime
    Runtime {
        /// Only compares the modules with their manifest
        #[arg(long)]
        check: bool,
    },
    /// Builds guests/wasm from the guests' source
    Guests {
        /// Only compares the modules with their manifest
        #[arg(long, conflicts_with = "names")]
        check: bool,
        /// Builds only these; all but the WASI programs if none is named
        #[arg(value_name = "NAME")]
        names: Vec<String>,
    },
    /// Plants the bugs of the folder zoo in a copy, and checks that a test catches each
    Zoo(zoo::Args),
}

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace's folder")?;
    match Cli::parse().command {
        Command::Assure(args) => assure::run(root, &args),
        Command::Ci { tools } => ci::run(root, tools),
        Command::Conformance(args) => conformance::run(root, &args),
        Command::Docs { check: false } => docs::write(root),
        Command::Docs { check: true } => docs::check(root),
        Command::Fuzz(args) => fuzz::run(root, &args),
        Command::Guests { check: false, names } => guests::build(root, &names),
        Command::Guests { check: true, .. } => guests::verify_manifest(root),
        Command::Runtime { check: false } => runtime::build(root),
        Command::Runtime { check: true } => runtime::verify_manifest(root),
        Command::Zoo(args) => zoo::run(root, &args),
    }
}
