//! The arguments of every command.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use provasm::ProgramId;
use provasm_script::{Options, Standard};

use crate::commands::ProfileArgs;
use crate::inputs::{InputArgs, WorldArgs};
use crate::sizes::{log_cells, log_cells_help, memory_bytes};

const EXAMPLES: &str = "\
Examples:
  provasm run fib.wasm --invoke fib -- 25
  provasm prove fib.wasm --invoke fib --out fib.proof -- 25
  provasm prove --resume fib.proof.run
  provasm verify fib.proof --program fib.wasm
  provasm verify fib.proof --id $(provasm id fib.wasm)
  provasm prove hello.wasm --input names.txt --private salt.bin --output greetings.txt
  provasm verify hello.proof --program hello.wasm --input names.txt --output greetings.txt
  provasm prove --wasi wc.wasm -- -l < words.txt
  provasm profile fib.wasm --invoke fib --svg fib.svg -- 25
  provasm wast --check --prove 2 fac.wast

Modules can be in the binary or in the text format. Arguments follow `--`, typed by the function's signature:
integers in decimal or in hexadecimal (0x2a, -0x2a), floats in decimal or as bits (0x3f800000).

A run is proven in segments. Until the proof is written, finished segments are kept in a run directory beside it, named
like the proof with `.run` after it. When `prove` is interrupted, the same command goes on from there, and so does
`prove --resume`.

Exit codes: 0 success (a proven trap is one), 1 rejected proof, failed or interrupted run, 2 wrong usage.";

/// Proves that WebAssembly programs ran correctly, and checks such proofs.
#[derive(Debug, Parser)]
#[command(name = "provasm", version, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs an exported function without proving anything
    Run(Invocation),
    /// Runs an exported function and writes a proof of what it did
    Prove(ProveArgs),
    /// Checks a proof against a program or a program's id
    Verify(VerifyArgs),
    /// Runs an exported function and checks every constraint and bus, without a proof
    Check(Invocation),
    /// Runs an exported function and shows where its cells go: by function, source line and chip
    Profile(ProfileArgs),
    /// Prints a program's id
    Id(ModuleArgs),
    /// Prints a program's instructions
    Disasm(ModuleArgs),
    /// Runs scripts of the WebAssembly specification (.wast) and says which of their assertions hold
    Wast(WastArgs),
    /// Prints the parameter sets and their security, term by term
    Params,
}

/// A module alone.
#[derive(Debug, Args)]
pub(crate) struct ModuleArgs {
    /// The module
    #[arg(value_name = "FILE.wasm")]
    pub(crate) module: PathBuf,
}

/// A module, one of its functions and arguments.
#[derive(Debug, Args)]
pub(crate) struct Invocation {
    /// The module
    #[arg(value_name = "FILE.wasm")]
    pub(crate) module: PathBuf,
    /// The exported function; `_start`, `main` or the only one if not given
    #[arg(long, value_name = "NAME")]
    pub(crate) invoke: Option<String>,
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
    /// Where the public output goes; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// The function's arguments, or a WASI program's
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) args: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ProveArgs {
    /// The module
    #[arg(value_name = "FILE.wasm", required_unless_present = "resume", conflicts_with = "resume")]
    pub(crate) module: Option<PathBuf>,
    /// The exported function; `_start`, `main` or the only one if not given
    #[arg(long, value_name = "NAME", conflicts_with = "resume")]
    pub(crate) invoke: Option<String>,
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
    /// Where the public output goes; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Where the proof goes; the module's path with the extension `.proof` if not given
    #[arg(long, value_name = "PROOF")]
    pub(crate) out: Option<PathBuf>,
    /// Goes on with the run in this run directory, which has the module and everything else
    #[arg(long, value_name = "DIR", conflicts_with_all = ["input", "private", "wasi"])]
    pub(crate) resume: Option<PathBuf>,
    #[arg(long, value_name = "2^N", help = log_cells_help(), value_parser = log_cells, conflicts_with = "resume")]
    pub(crate) segment_cells: Option<u32>,
    /// Memory that proving may take, about: bytes, or with K, M, G, T, Ki, Mi, Gi or Ti after the number
    #[arg(long, value_name = "BYTES", value_parser = memory_bytes)]
    pub(crate) max_memory: Option<u64>,
    /// Segments proven at the same time, each of which takes memory
    #[arg(long, value_name = "COUNT", default_value = "1")]
    pub(crate) jobs: NonZeroUsize,
    /// Keeps the run directory when the proof is written
    #[arg(long)]
    pub(crate) keep: bool,
    /// Instructions that the run may execute
    #[arg(long, value_name = "COUNT")]
    pub(crate) max_instructions: Option<u64>,
    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// The function's arguments, or a WASI program's
    #[arg(last = true, value_name = "ARGS", conflicts_with = "resume")]
    pub(crate) args: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The proof
    #[arg(value_name = "PROOF")]
    pub(crate) proof: PathBuf,
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// The public input that the proof must be about
    #[arg(long, value_name = "FILE", conflicts_with = "wasi")]
    pub(crate) input: Option<PathBuf>,
    /// The public output that the proof must be about
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// Arguments of the WASI program that the proof must be about
    #[arg(last = true, value_name = "ARGS", requires = "wasi")]
    pub(crate) args: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct WastArgs {
    /// The scripts
    #[arg(value_name = "FILE.wast", required = true)]
    pub(crate) scripts: Vec<PathBuf>,
    /// Checks every constraint and bus of every call of an exported function
    #[arg(long)]
    pub(crate) check: bool,
    /// Instructions of a call that is checked at most
    #[arg(long, value_name = "COUNT", default_value_t = Options::CHECK_INSTRUCTIONS_MAX, requires = "check")]
    pub(crate) check_instructions_max: u64,
    /// Proves this many calls per script and verifies the proofs
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub(crate) prove: usize,
    /// Chooses the calls that are proven; another every time if not given
    #[arg(long, value_name = "NUMBER", requires = "prove")]
    pub(crate) seed: Option<u64>,
    /// The version of WebAssembly that the scripts are written for
    #[arg(long, value_name = "VERSION", default_value = Standard::V3.name, value_parser = standard)]
    pub(crate) standard: Standard,
    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// Prints every directive and what became of it
    #[arg(long, conflicts_with = "json")]
    pub(crate) verbose: bool,
}

fn standard(name: &str) -> Result<Standard, String> {
    Standard::named(name).ok_or_else(|| {
        let names: Vec<&str> = Standard::ALL.iter().map(|standard| standard.name).collect();
        format!("the versions are {}", names.join(", "))
    })
}

/// What the proof must be about.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Subject {
    /// The program, as a module
    #[arg(long, value_name = "FILE.wasm")]
    pub(crate) program: Option<PathBuf>,
    /// The program's id, 64 hexadecimal digits
    #[arg(long, value_name = "HEX")]
    pub(crate) id: Option<ProgramId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn declarations_are_consistent() {
        Cli::command().debug_assert();
    }
}
