//! Builds the libraries in the folder `runtime` to `crates/compile/runtime` and keeps their manifest.

mod reduce;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use reduce::Form;

use crate::manifest;
use crate::toolchain::{Flags, TARGET, Toolchain};

const MANIFEST: &str = "MANIFEST";

/// A package of the folder `runtime`, and what becomes of it.
struct Library {
    package: &'static str,
    flags: &'static [&'static str],
    form: Form,
    module: &'static str,
}

const LIBRARIES: [Library; 2] = [
    Library {
        package: "provasm-runtime",
        flags: &[
            // Without it a product of 128 bits is a call that returns it in memory.
            "-Ctarget-feature=+wide-arithmetic",
            // Else the routines of compiler_builtins stay calls.
            "-Zcross-crate-inline-threshold=always",
        ],
        form: Form::Functions,
        module: "runtime.wasm",
    },
    Library {
        package: "provasm-host",
        flags: &[
            "-Clink-arg=--import-memory",
            // Nor tables of data where a table of jumps would do.
            "-Cjump-tables=no",
        ],
        form: Form::Host,
        module: "host.wasm",
    },
];

/// Builds the libraries, reduces the modules to their functions and rewrites the manifest.
pub(crate) fn build(root: &Path) -> Result<()> {
    let root = root.canonicalize().with_context(|| format!("finding {}", root.display()))?;
    let workspace = root.join("runtime");
    let toolchain = Toolchain::find(&workspace)?;
    eprintln!("runtime: {}", toolchain.describe());
    let dir = wasm_dir(&root);
    fs::create_dir_all(&dir)?;
    for library in &LIBRARIES {
        let module = library.build(&toolchain, &workspace, &root.join("target").join("runtime"))?;
        let to = dir.join(library.module);
        fs::write(&to, module).with_context(|| format!("writing {}", to.display()))?;
    }
    manifest::write(&dir, MANIFEST)
}

impl Library {
    /// The library's module, reduced.
    fn build(&self, toolchain: &Toolchain, workspace: &Path, target_dir: &Path) -> Result<Vec<u8>> {
        let flags: Vec<String> = self.flags.iter().map(|&flag| flag.to_owned()).collect();
        let mut cargo = toolchain.cargo_build(workspace, "/runtime", "core", Flags::Only(&flags));
        // For a flag above, and because compiler_builtins uses unstable features.
        cargo.env("RUSTC_BOOTSTRAP", "1").args(["--locked", "--package", self.package]);
        cargo.arg("--target-dir").arg(target_dir);
        let status = cargo.status().with_context(|| format!("starting {cargo:?}"))?;
        ensure!(status.success(), "{cargo:?} failed: {status}");

        let name = format!("{}.wasm", self.package.replace('-', "_"));
        let from = target_dir.join(TARGET).join("release").join(name);
        let module = fs::read(&from).with_context(|| format!("reading {}", from.display()))?;
        reduce::reduce(&module, self.form).with_context(|| format!("reducing {}", from.display()))
    }
}

/// Checks the committed modules against their manifest.
pub(crate) fn verify_manifest(root: &Path) -> Result<()> {
    manifest::verify(&wasm_dir(root), MANIFEST)
}

fn wasm_dir(root: &Path) -> PathBuf {
    root.join("crates").join("compile").join("runtime")
}
