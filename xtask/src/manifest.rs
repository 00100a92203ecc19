//! Lists of committed WebAssembly modules and their SHA-256.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

/// Writes the manifest of a folder: a line with hash and name for every module in it.
pub(crate) fn write(dir: &Path, manifest: &str) -> Result<()> {
    let lines: String = module_hashes(dir)?.iter().map(|(name, hash)| format!("{hash}  {name}\n")).collect();
    let path = dir.join(manifest);
    fs::write(&path, lines).with_context(|| format!("writing {}", path.display()))
}

/// Checks that the manifest lists exactly the modules in the folder, each with its hash.
pub(crate) fn verify(dir: &Path, manifest: &str) -> Result<()> {
    let path = dir.join(manifest);
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let mut listed = BTreeMap::new();
    for line in text.lines() {
        let (hash, name) = line.split_once("  ").with_context(|| format!("{manifest}: malformed line {line:?}"))?;
        ensure!(listed.insert(name.to_owned(), hash.to_owned()).is_none(), "{manifest}: {name} is listed twice");
    }
    let present = module_hashes(dir)?;
    for (name, hash) in &present {
        match listed.remove(name) {
            None => bail!("{manifest} does not list {name}"),
            Some(listed) => ensure!(listed == *hash, "{name} has SHA-256 {hash}, {manifest} says {listed}"),
        }
    }
    ensure!(listed.is_empty(), "{manifest} lists files that are missing: {:?}", listed.keys());
    Ok(())
}

/// The file name and SHA-256 of every module in a folder.
fn module_hashes(dir: &Path) -> Result<BTreeMap<String, String>> {
    let mut hashes = BTreeMap::new();
    for entry in fs::read_dir(dir).with_context(|| format!("listing {}", dir.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let name = path.file_name().and_then(|name| name.to_str()).context("a module's name is not UTF-8")?;
            let digest = Sha256::digest(fs::read(&path)?);
            hashes.insert(name.to_owned(), digest.iter().map(|byte| format!("{byte:02x}")).collect());
        }
    }
    Ok(hashes)
}
