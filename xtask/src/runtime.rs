//! Builds the runtime library in the folder `runtime` to `crates/compile/runtime/runtime.wasm` and keeps its manifest.

mod reduce;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::manifest;
use crate::toolchain::{TARGET, Toolchain};

const MANIFEST: &str = "MANIFEST";

/// Builds the library, reduces the module to its functions and rewrites the manifest.
pub(crate) fn build(root: &Path) -> Result<()> {
    let root = root.canonicalize().with_context(|| format!("finding {}", root.display()))?;
    let runtime = root.join("runtime");
    let target_dir = root.join("target").join("runtime");
    let toolchain = Toolchain::find(&runtime)?;
    eprintln!("runtime: {}", toolchain.describe());
    let flags = [
        // Without it a product of 128 bits is a call that returns it in memory.
        "-Ctarget-feature=+wide-arithmetic".to_owned(),
        // Else the routines of compiler_builtins stay calls.
        "-Zcross-crate-inline-threshold=always".to_owned(),
    ];
    let mut cargo = toolchain.cargo_build(&runtime, "/runtime", "core", &flags);
    // For the flag above, and because compiler_builtins uses unstable features.
    cargo.env("RUSTC_BOOTSTRAP", "1").arg("--target-dir").arg(&target_dir);
    let status = cargo.status().with_context(|| format!("starting {cargo:?}"))?;
    ensure!(status.success(), "{cargo:?} failed: {status}");

    let from = target_dir.join(TARGET).join("release").join("provasm_runtime.wasm");
    let module = fs::read(&from).with_context(|| format!("reading {}", from.display()))?;
    let module = reduce::reduce(&module).with_context(|| format!("reducing {}", from.display()))?;
    let dir = wasm_dir(&root);
    fs::create_dir_all(&dir)?;
    let to = dir.join("runtime.wasm");
    fs::write(&to, module).with_context(|| format!("writing {}", to.display()))?;
    manifest::write(&dir, MANIFEST)
}

/// Checks the committed module against its manifest.
pub(crate) fn verify_manifest(root: &Path) -> Result<()> {
    manifest::verify(&wasm_dir(root), MANIFEST)
}

fn wasm_dir(root: &Path) -> PathBuf {
    root.join("crates").join("compile").join("runtime")
}
