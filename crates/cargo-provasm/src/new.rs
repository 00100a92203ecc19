//! A new guest project from the template.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

/// The files of a project, and what is in them. `{name}`, `{library}` and `{sdk}` are replaced.
const TEMPLATE: [(&str, &str); 4] = [
    ("Cargo.toml", include_str!("../template/manifest.toml")),
    ("src/lib.rs", include_str!("../template/src/lib.rs")),
    ("README.md", include_str!("../template/README.md")),
    (".gitignore", include_str!("../template/gitignore")),
];

/// Makes a project in a folder that does not exist yet.
pub(crate) fn new(folder: &Path, sdk: Option<&Path>) -> Result<ExitCode> {
    let name = folder.file_name().and_then(|name| name.to_str()).context("the folder has no name")?;
    ensure!(is_package_name(name), "`{name}` is no name for a package: letters, digits, `-` and `_`, a letter first");
    ensure!(!folder.exists(), "{} exists", folder.display());
    let sdk = dependency(sdk)?;
    for (file, text) in TEMPLATE {
        let path = folder.join(file);
        let text = text.replace("{name}", name).replace("{library}", &name.replace('-', "_")).replace("{sdk}", &sdk);
        let write = || {
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(&path, text)
        };
        write().with_context(|| format!("cannot write {}", path.display()))?;
    }
    println!("made {name}; next: cd {} && cargo provasm prove", folder.display());
    Ok(ExitCode::SUCCESS)
}

/// What cargo accepts, and what can be an identifier in Rust.
fn is_package_name(name: &str) -> bool {
    let rest = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(rest)
}

/// Where the SDK comes from, as cargo's manifests have it: this folder, or its repository.
pub(crate) fn dependency(sdk: Option<&Path>) -> Result<String> {
    let Some(folder) = sdk else {
        return Ok(concat!("git = \"", env!("CARGO_PKG_REPOSITORY"), "\"").to_owned());
    };
    ensure!(folder.join("Cargo.toml").is_file(), "there is no crate in {}", folder.display());
    let path = folder.canonicalize().with_context(|| format!("finding {}", folder.display()))?;
    let path = path.to_str().context("the path of the SDK is not UTF-8")?;
    ensure!(!path.contains('\''), "the path of the SDK has a quote");
    // Between these quotes nothing is special.
    Ok(format!("path = '{path}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_packages() {
        let check = |name: &str, expect: bool| assert_eq!(is_package_name(name), expect, "{name}");
        check("hello", true);
        check("hello-2_x", true);
        check("2hello", false);
        check("", false);
        check("hello world", false);
        check("grüße", false);
    }

    #[test]
    fn the_sdk_comes_from_its_repository() {
        assert_eq!(dependency(None).unwrap(), "git = \"https://github.com/provasm/provasm\"");
        assert!(dependency(Some(Path::new("none"))).is_err());
    }
}
