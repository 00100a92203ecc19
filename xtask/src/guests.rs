//! Builds the guest programs to `guests/wasm/*.wasm` and keeps `guests/wasm/MANIFEST.sha256`.
//!
//! Every crate of `guests/` that is a `cdylib` is a guest. One more is C: `coremark` says how it is built. The WASI
//! programs are built only when they are named, as each wants a toolchain of its own: `wasi`. Nothing here knows what
//! the guests compute.

use std::{
    cell::LazyCell,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, ensure};

use crate::{
    coremark, manifest,
    toolchain::{Flags, TARGET, Toolchain},
    wasi,
};

/// Bytes of a guest's stack.
pub(crate) const STACK_BYTES: u32 = 64 << 10;
const MANIFEST: &str = "MANIFEST.sha256";

/// Builds the guests of these names, or every one but the WASI programs if there are no names, to `root`/guests/wasm
/// and rewrites the manifest.
pub(crate) fn build(root: &Path, names: &[String]) -> Result<()> {
    let root = root.canonicalize().with_context(|| format!("finding {}", root.display()))?;
    let guests = root.join("guests");
    let target_dir = root.join("target").join("guests");
    let toolchain =
        LazyCell::new(|| Toolchain::find(&guests).inspect(|found| eprintln!("guests: {}", found.describe())));
    let toolchain = || toolchain.as_ref().map_err(|error| anyhow!("{error:#}"));
    let known = guest_names(&guests)?;
    let wasi = wasi::names(&guests)?;
    for name in names {
        let all = [known.as_slice(), &wasi].concat();
        ensure!(all.contains(name), "there is no guest {name}; there are {}", all.join(", "));
    }
    for name in if names.is_empty() { &known } else { names } {
        let module = if wasi.contains(name) {
            wasi::build(&guests, &target_dir, name)?
        } else if name == coremark::NAME {
            coremark::build(&root, &target_dir, toolchain()?.linker()?).context("guest coremark")?
        } else {
            build_crate(toolchain()?, &guests, &target_dir, name)?
        };
        let bytes = fs::read(&module).with_context(|| format!("reading {}", module.display()))?;
        fs::create_dir_all(wasm_dir(&root))?;
        let to = wasm_dir(&root).join(format!("{name}.wasm"));
        fs::write(&to, bytes).with_context(|| format!("writing {}", to.display()))?;
    }
    manifest::write(&wasm_dir(&root), MANIFEST)
}

/// Builds one Rust guest and says where its module is.
fn build_crate(toolchain: &Toolchain, guests: &Path, target_dir: &Path, name: &str) -> Result<PathBuf> {
    // One command per guest, so that no guest's features reach the dependencies of another.
    let flags = [format!("-Clink-arg=-zstack-size={STACK_BYTES}")];
    let mut cargo = toolchain.cargo_build(guests, "/guests", "std,panic_abort", Flags::Only(&flags));
    cargo.arg("--locked").arg("--package").arg(format!("guest-{name}")).arg("--target-dir").arg(target_dir);
    let status = cargo.status().with_context(|| format!("starting {cargo:?}"))?;
    ensure!(status.success(), "{cargo:?} failed: {status}");
    let module = format!("guest_{}.wasm", name.replace('-', "_"));
    Ok(target_dir.join(TARGET).join("release").join(module))
}

/// Checks that the manifest lists exactly the modules in guests/wasm, each with its hash.
pub(crate) fn verify_manifest(root: &Path) -> Result<()> {
    manifest::verify(&wasm_dir(root), MANIFEST)
}

fn wasm_dir(root: &Path) -> PathBuf {
    root.join("guests").join("wasm")
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
