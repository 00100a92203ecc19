//! Builds the WASI programs of `guests/wasi`, each by the script in its folder, which names its toolchain.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

const SCRIPT: &str = "build.sh";

/// The programs: the folders of `guests/wasi` that have a script, sorted.
pub(crate) fn names(guests: &Path) -> Result<Vec<String>> {
    let folder = folder(guests);
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry?.path();
        if let (true, Some(name)) = (path.join(SCRIPT).is_file(), path.file_name().and_then(|name| name.to_str())) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Builds one program and says where its module is.
pub(crate) fn build(guests: &Path, target_dir: &Path, name: &str) -> Result<PathBuf> {
    let to = target_dir.join("wasi");
    fs::create_dir_all(&to).with_context(|| format!("creating {}", to.display()))?;
    let module = to.join(name).with_extension("wasm");
    let mut script = Command::new("sh");
    script.arg(folder(guests).join(name).join(SCRIPT)).arg(&module);
    let status = script.status().with_context(|| format!("starting {script:?}"))?;
    ensure!(status.success(), "{script:?} failed: {status}; guests/README.md says what it needs");
    Ok(module)
}

fn folder(guests: &Path) -> PathBuf {
    guests.join("wasi")
}
