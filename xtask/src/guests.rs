//! Builds the guest programs to `guests/wasm/*.wasm` and keeps `guests/wasm/MANIFEST.sha256`.
//!
//! Nothing here knows what the guests compute.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::manifest;
use crate::toolchain::{TARGET, Toolchain};

const MANIFEST: &str = "MANIFEST.sha256";
const STACK_BYTES: u32 = 64 << 10;

/// Builds every guest under `root`/guests, copies the modules to guests/wasm and rewrites the manifest.
pub(crate) fn build(root: &Path) -> Result<()> {
    let root = root.canonicalize().with_context(|| format!("finding {}", root.display()))?;
    let guests = root.join("guests");
    let target_dir = root.join("target").join("guests");
    let toolchain = Toolchain::find(&guests)?;
    eprintln!("guests: {}", toolchain.describe());
    for name in guest_names(&guests)? {
        // One command per guest, so that no guest's features reach the dependencies of another.
        let flags = [format!("-Clink-arg=-zstack-size={STACK_BYTES}")];
        let mut cargo = toolchain.cargo_build(&guests, "/guests", "std,panic_abort", &flags);
        cargo.arg("--package").arg(format!("guest-{name}")).arg("--target-dir").arg(&target_dir);
        let status = cargo.status().with_context(|| format!("starting {cargo:?}"))?;
        ensure!(status.success(), "{cargo:?} failed: {status}");

        let module = format!("guest_{}.wasm", name.replace('-', "_"));
        let from = target_dir.join(TARGET).join("release").join(module);
        let to = wasm_dir(&root).join(format!("{name}.wasm"));
        let bytes = fs::read(&from).with_context(|| format!("reading {}", from.display()))?;
        fs::create_dir_all(wasm_dir(&root))?;
        fs::write(&to, bytes).with_context(|| format!("writing {}", to.display()))?;
    }
    manifest::write(&wasm_dir(&root), MANIFEST)
}

/// Checks that the manifest lists exactly the modules in guests/wasm, each with its hash.
pub(crate) fn verify_manifest(root: &Path) -> Result<()> {
    manifest::verify(&wasm_dir(root), MANIFEST)
}

fn wasm_dir(root: &Path) -> PathBuf {
    root.join("guests").join("wasm")
}

/// The folders of guests/ whose crate is a `cdylib`, sorted.
fn guest_names(guests: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(guests).with_context(|| format!("listing {}", guests.display()))? {
        let path = entry?.path();
        let is_guest = fs::read_to_string(path.join("Cargo.toml")).is_ok_and(|text| text.contains("\"cdylib\""));
        if let (true, Some(name)) = (is_guest, path.file_name().and_then(|name| name.to_str())) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    ensure!(!names.is_empty(), "no guest crates in {}", guests.display());
    Ok(names)
}
