//! Builds the guest programs to `guests/wasm/*.wasm` and keeps `guests/wasm/MANIFEST.sha256`.
//!
//! Every crate of `guests/` that is a `cdylib` is a guest. One more is C: `coremark` says how it is built. Nothing
//! here knows what the guests compute.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

use crate::{
    coremark,
    toolchain::{TARGET, Toolchain},
};

const MANIFEST: &str = "MANIFEST.sha256";

/// Builds the guests of these names, or every one if there are no names, to `root`/guests/wasm and rewrites the
/// manifest.
pub(crate) fn build(root: &Path, names: &[String]) -> Result<()> {
    let root = root.canonicalize().with_context(|| format!("finding {}", root.display()))?;
    let guests = root.join("guests");
    let target_dir = root.join("target").join("guests");
    let toolchain = Toolchain::find(&guests)?;
    eprintln!("guests: {}", toolchain.describe());
    let known = guest_names(&guests)?;
    for name in names {
        ensure!(known.contains(name), "there is no guest {name}; there are {}", known.join(", "));
    }
    for name in if names.is_empty() { &known } else { names } {
        let module = if name == coremark::NAME {
            coremark::build(&root, &target_dir, toolchain.linker()?).context("guest coremark")?
        } else {
            build_crate(&toolchain, &guests, &target_dir, name)?
        };
        let bytes = fs::read(&module).with_context(|| format!("reading {}", module.display()))?;
        fs::create_dir_all(wasm_dir(&root))?;
        let to = wasm_dir(&root).join(format!("{name}.wasm"));
        fs::write(&to, bytes).with_context(|| format!("writing {}", to.display()))?;
    }
    let lines: String = module_hashes(&root)?.iter().map(|(name, hash)| format!("{hash}  {name}\n")).collect();
    let manifest = wasm_dir(&root).join(MANIFEST);
    fs::write(&manifest, lines).with_context(|| format!("writing {}", manifest.display()))
}

/// Builds one Rust guest and says where its module is.
fn build_crate(toolchain: &Toolchain, guests: &Path, target_dir: &Path, name: &str) -> Result<PathBuf> {
    // One command per guest, so that no guest's features reach the dependencies of another.
    let mut cargo = toolchain.cargo_build(guests);
    cargo.arg("--package").arg(format!("guest-{name}")).arg("--target-dir").arg(target_dir);
    let status = cargo.status().with_context(|| format!("starting {cargo:?}"))?;
    ensure!(status.success(), "{cargo:?} failed: {status}");
    let module = format!("guest_{}.wasm", name.replace('-', "_"));
    Ok(target_dir.join(TARGET).join("release").join(module))
}

/// Checks that the manifest lists exactly the modules in guests/wasm, each with its hash.
pub(crate) fn verify_manifest(root: &Path) -> Result<()> {
    let path = wasm_dir(root).join(MANIFEST);
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let mut listed = BTreeMap::new();
    for line in text.lines() {
        let (hash, name) = line.split_once("  ").with_context(|| format!("{MANIFEST}: malformed line {line:?}"))?;
        ensure!(listed.insert(name.to_owned(), hash.to_owned()).is_none(), "{MANIFEST}: {name} is listed twice");
    }
    let present = module_hashes(root)?;
    for (name, hash) in &present {
        match listed.remove(name) {
            None => bail!("{MANIFEST} does not list {name}"),
            Some(listed) => ensure!(listed == *hash, "{name} has SHA-256 {hash}, {MANIFEST} says {listed}"),
        }
    }
    ensure!(listed.is_empty(), "{MANIFEST} lists files that are missing: {:?}", listed.keys());
    Ok(())
}

fn wasm_dir(root: &Path) -> PathBuf {
    root.join("guests").join("wasm")
}

/// The file name and SHA-256 of every module in guests/wasm.
fn module_hashes(root: &Path) -> Result<BTreeMap<String, String>> {
    let dir = wasm_dir(root);
    let mut hashes = BTreeMap::new();
    for entry in fs::read_dir(&dir).with_context(|| format!("listing {}", dir.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let name = path.file_name().and_then(|name| name.to_str()).context("a module's name is not UTF-8")?;
            let digest = Sha256::digest(fs::read(&path)?);
            hashes.insert(name.to_owned(), digest.iter().map(|byte| format!("{byte:02x}")).collect());
        }
    }
    Ok(hashes)
}

/// The folders of guests/ whose crate is a `cdylib`, and CoreMark's, sorted.
fn guest_names(guests: &Path) -> Result<Vec<String>> {
    let mut names = vec![coremark::NAME.to_owned()];
    for entry in fs::read_dir(guests).with_context(|| format!("listing {}", guests.display()))? {
        let path = entry?.path();
        let is_guest = fs::read_to_string(path.join("Cargo.toml")).is_ok_and(|text| text.contains("\"cdylib\""));
        if let (true, Some(name)) = (is_guest, path.file_name().and_then(|name| name.to_str())) {
            names.push(name.to_owned());
        }
    }
    ensure!(names.len() > 1, "no guest crates in {}", guests.display());
    names.sort();
    Ok(names)
}
