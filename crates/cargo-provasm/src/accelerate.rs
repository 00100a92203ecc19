//! Puts provasm's accelerators under the crates that a project depends on.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::{k256, new};

/// Crates that others stand in for, with the versions that these have the interface of.
const STAND_INS: [(&str, &str); 4] = [("blake3", "1"), ("fiat-crypto", "0.3"), ("keccak", "0.2"), ("sha2", "0.11")];

/// The folder of copies, in the workspace.
const COPIES: &str = "accelerated";

/// The flags with which curve25519-dalek takes its field from fiat-crypto.
const DALEK_FLAGS: &str = "[build]
rustflags = [\"--cfg\", \"curve25519_dalek_backend=\\\"fiat\\\"\", \"--cfg\", \"curve25519_dalek_bits=\\\"64\\\"\"]
";

/// What cargo says of the project around the current folder.
struct Project {
    root: PathBuf,
    packages: Vec<Package>,
}

struct Package {
    name: String,
    version: String,
    /// Where it comes from, if it is not a folder's.
    source: Option<String>,
    folder: PathBuf,
}

impl Package {
    fn is_registered(&self) -> bool {
        self.source.as_ref().is_some_and(|source| source.starts_with("registry+"))
    }

    /// Whether this is a version of these: one that cargo takes for them.
    fn is_of(&self, versions: &str) -> bool {
        self.version.strip_prefix(versions).is_some_and(|rest| rest.starts_with('.'))
    }
}

/// Patches the dependencies of the project that can be accelerated.
pub(crate) fn accelerate() -> Result<ExitCode> {
    let project = project()?;
    let sdk = project.sdk()?;
    let mut patches = Vec::new();
    let mut note = |package: &Package, versions: &str, line: &mut dyn FnMut() -> Result<String>| {
        let Package { name, version, .. } = package;
        match (package.is_registered(), package.is_of(versions)) {
            (false, _) => println!("{name} {version} stays: it is patched already"),
            (true, false) => println!("{name} {version} stays: the accelerated ones are {versions}"),
            (true, true) => {
                patches.push(Patch { name: name.clone(), replaced: format!("{name}@{version}"), line: line()? });
                println!("{name} {version} is accelerated");
            }
        }
        Ok::<(), anyhow::Error>(())
    };
    for (name, versions) in STAND_INS {
        for package in project.packages.iter().filter(|package| package.name == name) {
            note(package, versions, &mut || Ok(format!("{name} = {{ {} }}", sdk.of(name)?)))?;
        }
    }
    for package in project.packages.iter().filter(|package| package.name == "k256") {
        let folder = Path::new(COPIES).join("k256");
        note(package, k256::VERSIONS, &mut || {
            k256::copy(&package.folder, &project.root.join(&folder), &sdk.guest()?)?;
            Ok(format!("k256 = {{ path = \"{COPIES}/k256\" }}"))
        })?;
    }
    if patches.is_empty() {
        println!("nothing to accelerate");
        return Ok(ExitCode::SUCCESS);
    }
    let is_of = |name: &str| patches.iter().any(|patch| patch.name == name);
    let patched = patch(&project.root.join("Cargo.toml"), &patches);
    if patched.is_err() && is_of("k256") {
        // It was made just now, and would be in the way of the next attempt.
        let _ = fs::remove_dir_all(project.root.join(COPIES).join("k256"));
    }
    patched?;
    if is_of("fiat-crypto") {
        configure(&project.root.join(".cargo/config.toml"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A line of `[patch.crates-io]`.
struct Patch {
    name: String,
    /// The package that goes, as cargo names it.
    replaced: String,
    line: String,
}

/// Where the SDK's crates come from.
enum Sdk {
    /// Its repository.
    Repository,
    /// The folder of `provasm-guest`.
    Folder(PathBuf),
}

impl Sdk {
    fn guest(&self) -> Result<String> {
        match self {
            Sdk::Repository => new::dependency(None),
            Sdk::Folder(folder) => new::dependency(Some(folder)),
        }
    }

    /// A crate that stands in for another.
    fn of(&self, name: &str) -> Result<String> {
        match self {
            Sdk::Repository => new::dependency(None),
            Sdk::Folder(folder) => new::dependency(Some(&folder.join("../patches").join(name))),
        }
    }
}

impl Project {
    /// The SDK that the project uses; without one, what the environment names.
    fn sdk(&self) -> Result<Sdk> {
        match self.packages.iter().find(|package| package.name == "provasm-guest") {
            Some(Package { source: None, folder, .. }) => Ok(Sdk::Folder(folder.clone())),
            Some(_) => Ok(Sdk::Repository),
            None => Ok(env::var_os(crate::SDK_VARIABLE).map_or(Sdk::Repository, |folder| Sdk::Folder(folder.into()))),
        }
    }
}

fn cargo(arguments: &[&str]) -> Result<Vec<u8>> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let output = command.args(arguments).stderr(Stdio::inherit()).output().context("cannot start cargo")?;
    ensure!(output.status.success(), "cargo does not understand the project: {command:?}");
    Ok(output.stdout)
}

fn project() -> Result<Project> {
    let said = cargo(&["metadata", "--format-version", "1"])?;
    let said: Value = serde_json::from_slice(&said).context("what cargo says of the project")?;
    let packages = said["packages"].as_array().into_iter().flatten().map(package).collect::<Option<_>>();
    let root = said["workspace_root"].as_str().map(PathBuf::from);
    match (root, packages) {
        (Some(root), Some(packages)) => Ok(Project { root, packages }),
        _ => bail!("cargo says nothing of the project that is understood"),
    }
}

fn package(said: &Value) -> Option<Package> {
    Some(Package {
        name: said["name"].as_str()?.to_owned(),
        version: said["version"].as_str()?.to_owned(),
        source: said["source"].as_str().map(str::to_owned),
        folder: Path::new(said["manifest_path"].as_str()?).parent()?.to_owned(),
    })
}

/// Adds patches to a manifest, which is as before if cargo then does not take them.
fn patch(manifest: &Path, patches: &[Patch]) -> Result<()> {
    let text = fs::read_to_string(manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    let write = |text: &str| fs::write(manifest, text).with_context(|| format!("cannot write {}", manifest.display()));
    let lines: Vec<&str> = patches.iter().map(|patch| patch.line.as_str()).collect();
    write(&patched(&text, &lines))?;
    if let Err(error) = taken(patches) {
        write(&text)?;
        let lines = lines.join("\n");
        let before = format!("{} is as it was; it cannot have\n[patch.crates-io]\n{lines}\n", manifest.display());
        return Err(error.context(before));
    }
    println!("{} has the patches", manifest.display());
    Ok(())
}

/// Lets cargo take the patches in place of what its lock file names.
fn taken(patches: &[Patch]) -> Result<()> {
    for Package { name, version, .. } in project()?.packages.iter().filter(|package| package.is_registered()) {
        let replaced = format!("{name}@{version}");
        if patches.iter().any(|patch| patch.replaced == replaced) {
            cargo(&["update", "--package", &replaced])?;
        }
    }
    let packages = project()?.packages;
    let left = packages.iter().find(|package| {
        package.is_registered()
            && patches.iter().any(|patch| patch.replaced == format!("{}@{}", package.name, package.version))
    });
    ensure!(left.is_none(), "cargo does not take what stands in for {}", left.map_or("", |package| &package.name));
    Ok(())
}

/// A manifest with more lines under its patches.
fn patched(text: &str, lines: &[&str]) -> String {
    const HEADER: &str = "[patch.crates-io]";
    let lines = lines.join("\n");
    let mut before = String::new();
    let mut rest = text.split_inclusive('\n');
    for line in rest.by_ref() {
        before += line;
        if line.trim() == HEADER {
            return format!("{}\n{lines}\n{}", before.trim_end(), rest.collect::<String>());
        }
    }
    format!("{}\n\n{HEADER}\n{lines}\n", before.trim_end())
}

/// Sets the flags that curve25519-dalek needs, or says them.
fn configure(path: &Path) -> Result<()> {
    if path.exists() {
        println!("for ed25519, {} has to have:\n{DALEK_FLAGS}", path.display());
        return Ok(());
    }
    let write = || {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        fs::write(path, DALEK_FLAGS)
    };
    write().with_context(|| format!("cannot write {}", path.display()))?;
    println!("{} has the flags with which curve25519-dalek takes its field from fiat-crypto", path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_are_added() {
        let check = |text: &str, expect: &str| assert_eq!(patched(text, &["a = 1", "b = 2"]), expect, "{text}");
        check("[package]\n", "[package]\n\n[patch.crates-io]\na = 1\nb = 2\n");
        check("[package]", "[package]\n\n[patch.crates-io]\na = 1\nb = 2\n");
        check("[patch.crates-io]\nc = 3\n\n[workspace]\n", "[patch.crates-io]\na = 1\nb = 2\nc = 3\n\n[workspace]\n");
    }

    #[test]
    fn versions_are_told_apart() {
        let check = |version: &str, versions: &str, expect: bool| {
            let package =
                Package { name: String::new(), version: version.to_owned(), source: None, folder: PathBuf::new() };
            assert_eq!(package.is_of(versions), expect, "{version} {versions}");
        };
        check("0.14.0", "0.14", true);
        check("0.14.12", "0.14", true);
        check("0.13.4", "0.14", false);
        check("1.8.7", "1", true);
        check("10.0.0", "1", false);
    }
}
