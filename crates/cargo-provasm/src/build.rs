//! Builds the guest project around the current folder.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use provasm_toolchain::{Flags, Toolchain};
use serde_json::Value;

/// Crates of the standard library that a guest can use.
const STD: &str = "std,panic_abort";

const NO_MODULE: &str = "the project makes no module: its Cargo.toml needs a [lib] with crate-type = [\"cdylib\"]";

/// A built guest.
#[derive(Debug)]
pub(crate) struct Guest {
    /// The project's folder.
    pub(crate) folder: PathBuf,
    /// The library's name.
    pub(crate) name: String,
    /// The module.
    pub(crate) module: PathBuf,
}

impl Guest {
    /// Where its proof goes if nothing else is asked for.
    pub(crate) fn proof(&self) -> PathBuf {
        self.folder.join(&self.name).with_extension("proof")
    }
}

/// Builds the package around the current folder, which must be a library of type `cdylib`.
pub(crate) fn build() -> Result<Guest> {
    let manifest = manifest()?;
    let folder = manifest.parent().context("the project's folder")?.to_owned();
    // Whether it is a guest is asked before everything in a workspace is built.
    let text = fs::read_to_string(&manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    ensure!(text.contains("\"cdylib\""), NO_MODULE);
    let toolchain = Toolchain::find(&folder)?;
    let mut cargo = toolchain.cargo_build(&folder, "/guest", STD, Flags::Configured);
    // Cargo's own messages stay on standard error; on standard output it says what it made.
    cargo.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped()).stderr(Stdio::inherit());
    let output = cargo.output().with_context(|| format!("cannot start {cargo:?}"))?;
    ensure!(output.status.success(), "the project does not build");
    let messages = String::from_utf8(output.stdout).context("cargo's messages are not UTF-8")?;
    let found = messages.lines().find_map(|message| artifact(message, &manifest));
    let (name, module) = found.context(NO_MODULE)?;
    Ok(Guest { folder, name, module })
}

/// The manifest of the package around the current folder.
fn manifest() -> Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["locate-project", "--message-format", "plain"])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    ensure!(output.status.success(), "there is no project here: `cargo provasm new NAME` makes one");
    let path = String::from_utf8(output.stdout).context("the project's path is not UTF-8")?;
    Ok(PathBuf::from(path.trim_end()))
}

/// The library's name and module, if this message of cargo's is about them.
fn artifact(message: &str, manifest: &Path) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    if message["reason"] != "compiler-artifact" || Path::new(message["manifest_path"].as_str()?) != manifest {
        return None;
    }
    let module =
        message["filenames"].as_array()?.iter().filter_map(Value::as_str).find(|name| name.ends_with(".wasm"))?;
    Some((message["target"]["name"].as_str()?.to_owned(), PathBuf::from(module)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_is_found_among_messages() {
        let check = |message: &str, expect: Option<&str>| {
            let found = artifact(message, Path::new("hello/Cargo.toml")).map(|(name, _)| name);
            assert_eq!(found.as_deref(), expect, "{message}");
        };
        let made = r#"{"reason":"compiler-artifact","manifest_path":"hello/Cargo.toml","target":{"name":"hello"},"filenames":["t/hello.wasm"]}"#;
        check(made, Some("hello"));
        check(&made.replace("hello/Cargo", "other/Cargo"), None);
        check(&made.replace(".wasm", ".rlib"), None);
        check(&made.replace("compiler-artifact", "build-finished"), None);
        check("Compiling", None);
    }
}
