//! Runs the WebAssembly specification's scripts and writes docs/conformance.md. `cargo xtask
//! conformance` starts it.

mod document;
mod jobs;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Parser;

/// Runs the WebAssembly specification's scripts and says what became of them.
#[derive(Debug, Parser)]
struct Args {
    /// Checks every call and proves some
    #[arg(long)]
    long: bool,
    /// A folder of scripts, which are run besides
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,
    /// Where the document goes
    #[arg(long, value_name = "FILE", default_value = "docs/conformance.md")]
    out: PathBuf,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let collections = jobs::run(jobs::collections(args.suite.as_deref())?, args.long);
    let text = document::write(&collections, args.long)?;
    fs::write(&args.out, text).with_context(|| format!("writing {}", args.out.display()))?;
    for collection in &collections {
        println!("{}: {}", collection.name, collection.total().counts());
    }
    let failed: usize = collections.iter().map(|collection| collection.total().failed.len()).sum();
    ensure!(failed == 0, "{failed} directives failed, see {}", args.out.display());
    Ok(())
}
