//! A copy of the crate `k256` whose field is provasm's. It takes arithmetic from no crate that another could stand in for.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// The versions that the edits are for.
pub(crate) const VERSIONS: &str = "0.14";

/// A change of one of the crate's files.
struct Edit {
    file: &'static str,
    /// What is there once.
    from: &'static str,
    to: &'static str,
}

const fn edit(file: &'static str, from: &'static str, to: &'static str) -> Edit {
    Edit { file, from, to }
}

const FIELD: &str = "src/arithmetic/field.rs";
const SCALAR: &str = "src/arithmetic/scalar.rs";

const EDITS: [Edit; 8] = [
    edit("src/lib.rs", "mod arithmetic;\n", "mod arithmetic;\n#[cfg(feature = \"arithmetic\")]\nmod provasm;\n"),
    edit(FIELD, "    bigint::{Odd, U256,", "    bigint::{U256,"),
    edit(FIELD, "const MODULUS_HEX: &str", "#[allow(dead_code)]\nconst MODULUS_HEX: &str"),
    edit(
        FIELD,
        "self\n            .retrieve()\n            .invert_odd_mod(const { &Odd::from_be_hex(MODULUS_HEX) })",
        "crate::provasm::field_inverse(&self.retrieve())",
    ),
    edit(
        FIELD,
        "self\n            .retrieve()\n            .invert_odd_mod_vartime(const { &Odd::from_be_hex(MODULUS_HEX) })",
        "crate::provasm::field_inverse(&self.retrieve())",
    ),
    edit(SCALAR, "WideScalar::mul_wide(self, rhs).reduce()", "Self(crate::provasm::scalar_product(&self.0, &rhs.0))"),
    edit(SCALAR, "self.retrieve().invert_odd_mod(&ORDER)", "crate::provasm::scalar_inverse(&self.retrieve())"),
    edit(SCALAR, "self.retrieve().invert_odd_mod_vartime(&ORDER)", "crate::provasm::scalar_inverse(&self.retrieve())"),
];

/// Files that take the place of the crate's, or that it has not.
const FILES: [(&str, &str); 2] = [
    ("src/arithmetic/field/field_5x52.rs", include_str!("../../../guests/sdk/patches/k256/src/field.rs")),
    ("src/provasm.rs", include_str!("../../../guests/sdk/patches/k256/src/provasm.rs")),
];

/// Copies the crate from its folder to one that does not exist. `sdk` is where the SDK comes from, as cargo's manifests
/// have it.
pub(crate) fn copy(from: &Path, to: &Path, sdk: &str) -> Result<()> {
    ensure!(!to.exists(), "{} exists: remove it, and it is made anew", to.display());
    let made = copy_folder(from, to).and_then(|()| change(to, sdk));
    if made.is_err() {
        // What was made is of no use, and the failure says more than that this one failed too.
        let _ = fs::remove_dir_all(to);
    }
    made
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_folder(&path, &copy)?;
        } else {
            // Its text alone: what is copied from the registry may not be writable.
            let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            fs::write(&copy, content).with_context(|| format!("cannot write {}", copy.display()))?;
        }
    }
    Ok(())
}

fn change(folder: &Path, sdk: &str) -> Result<()> {
    let read = |file: &str| {
        let path = folder.join(file);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let write = |file: &str, text: &str| {
        let path = folder.join(file);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    for Edit { file, from, to } in EDITS {
        let text = read(file)?;
        ensure!(
            text.matches(from).count() == 1,
            "this k256 is another than the edits are for: {file} has not `{from}`"
        );
        write(file, &text.replacen(from, to, 1))?;
    }
    for (file, text) in FILES {
        write(file, text)?;
    }
    let manifest = read("Cargo.toml")?;
    // A workspace of its own, wherever it lies.
    let more = format!("\n[dependencies.provasm-guest]\n{sdk}\ndefault-features = false\n\n[workspace]\n");
    write("Cargo.toml", &(manifest + &more))
}
