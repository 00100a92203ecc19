//! Everything that CI checks, cheapest first.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::{docs, guests, licences, runtime, tree};

/// Runs every check. Without `tools`, what cargo-deny and typos would check is checked in part where they are absent.
pub(crate) fn run(root: &Path, tools: bool) -> Result<()> {
    step("files in the tree", || tree::check(root))?;
    step("guest modules", || guests::verify_manifest(root))?;
    step("runtime library", || runtime::verify_manifest(root))?;
    step("generated documents", || docs::check(root))?;
    step("licences and advisories", || match installed(root, &["deny", "--version"]) {
        true => cargo(root, &["deny", "--all-features", "check"]),
        false if tools => bail!("cargo-deny is not installed: cargo install --locked cargo-deny"),
        false => {
            eprintln!("cargo-deny is not installed: checking licences and sources only");
            licences::check(root)
        }
    })?;
    step("spelling", || match Command::new("typos").current_dir(root).status() {
        Ok(status) => {
            ensure!(status.success(), "typos found some");
            Ok(())
        }
        Err(_) if tools => bail!("typos is not installed: cargo install --locked typos-cli"),
        Err(_) => {
            eprintln!("typos is not installed: skipped");
            Ok(())
        }
    })?;
    step("formatting", || cargo(root, &["fmt", "--all", "--check"]))?;
    step("lints", || {
        cargo(root, &["clippy", "--release", "--workspace", "--all-targets", "--", "--deny", "warnings"])
    })?;
    step("workspaces of the runtime and the SDK", || others(root))?;
    step("documentation", || {
        let mut doc = Command::new(env!("CARGO"));
        doc.args(["doc", "--release", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "--deny warnings");
        succeed(doc.current_dir(root))
    })?;
    step("tests", || cargo(root, &["test", "--release", "--workspace"]))
}

/// What the main workspace does not have. The runtime compiles for WebAssembly alone; its tests are in the main workspace.
fn others(root: &Path) -> Result<()> {
    cargo(&root.join("runtime"), &["fmt", "--all", "--check"])?;
    let sdk = root.join("guests/sdk");
    cargo(&sdk, &["fmt", "--all", "--check"])?;
    cargo(&sdk, &["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])?;
    cargo(&sdk, &["test", "--workspace", "--quiet"])?;
    // It has flags of its own, which cargo finds from its folder.
    cargo(&sdk.join("signed"), &["test", "--quiet"])
}

fn step(name: &str, check: impl FnOnce() -> Result<()>) -> Result<()> {
    eprintln!("== {name}");
    check().with_context(|| format!("{name}: failed"))
}

fn cargo(folder: &Path, args: &[&str]) -> Result<()> {
    succeed(Command::new(env!("CARGO")).args(args).current_dir(folder))
}

fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("starting {command:?}"))?;
    ensure!(status.success(), "{command:?} failed: {status}");
    Ok(())
}

/// Whether cargo has a subcommand.
fn installed(root: &Path, args: &[&str]) -> bool {
    let mut command = Command::new(env!("CARGO"));
    command.args(args).current_dir(root).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
