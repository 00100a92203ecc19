//! A copy of the repository in which every bug sleeps until the environment names it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::WAKE;
use super::bugs::{Bug, Patch};
use crate::tree;

/// The line of the workspace's manifest that tells what is built of the copy from what is built of the original.
const VERSION: (&str, &str) = ("version = \"0.1.0\"\nedition", "version = \"0.1.0+zoo\"\nedition");

/// Copies the files that git tracks into a folder, with all bugs in them. Files that are there already, with what they
/// should have, are not touched, so that little is built anew.
pub(crate) fn copy(root: &Path, bugs: &[Bug], to: &Path) -> Result<()> {
    let planted = planted(root, bugs)?;
    let names = tree::files(root)?;
    for name in &names {
        let path = root.join(name);
        if !path.is_file() {
            continue;
        }
        let content = match planted.get(name) {
            Some(text) => text.clone().into_bytes(),
            None => fs::read(&path).with_context(|| name.clone())?,
        };
        let copy = to.join(name);
        if fs::read(&copy).is_ok_and(|old| old == content) {
            continue;
        }
        fs::create_dir_all(copy.parent().context("a file in a folder")?)?;
        fs::write(&copy, content).with_context(|| copy.display().to_string())?;
    }
    remove_others(to, to, &names.iter().map(PathBuf::from).collect())
}

/// Removes what an earlier copy had and this one has not.
fn remove_others(folder: &Path, top: &Path, names: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, top, names)?;
        } else if !names.contains(path.strip_prefix(top)?) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// The text of every file that is not as it was.
fn planted(root: &Path, bugs: &[Bug]) -> Result<BTreeMap<String, String>> {
    let mut changes: BTreeMap<&str, Vec<(usize, &Patch)>> = BTreeMap::new();
    for (number, bug) in (1..).zip(bugs) {
        for patch in &bug.patch {
            changes.entry(&patch.file).or_default().push((number, patch));
        }
    }
    let read = |name: &str| fs::read_to_string(root.join(name)).with_context(|| name.to_owned());
    let mut texts = BTreeMap::new();
    for (file, patches) in changes {
        texts.insert(file.to_owned(), with_bugs(&read(file)?, patches)?);
    }
    let crates: BTreeSet<String> = texts.keys().map(|file| root_of_crate(file)).collect::<Result<_>>()?;
    for file in crates {
        let text = match texts.remove(&file) {
            Some(text) => text,
            None => read(&file)?,
        };
        texts.insert(file, format!("{text}\n{}", switch()));
    }
    let manifest = read("Cargo.toml")?;
    ensure!(manifest.contains(VERSION.0), "Cargo.toml says another version than {:?}", VERSION.0);
    texts.insert("Cargo.toml".into(), manifest.replacen(VERSION.0, VERSION.1, 1));
    Ok(texts)
}

/// The file with a crate's root module.
fn root_of_crate(file: &str) -> Result<String> {
    let (name, rest) = file.split_once("/src/").with_context(|| format!("{file} is in no crate"))?;
    ensure!(rest.ends_with(".rs"), "{file} is no source");
    Ok(format!("{name}/src/lib.rs"))
}

/// A text whose changes are made where a bug is awake. Bugs may change the same place, each in its way.
fn with_bugs(text: &str, patches: Vec<(usize, &Patch)>) -> Result<String> {
    let mut places: BTreeMap<usize, Vec<(usize, &Patch)>> = BTreeMap::new();
    for (number, patch) in patches {
        places.entry(patch.place(text)?.start).or_default().push((number, patch));
    }
    let (mut planted, mut end) = (String::new(), 0);
    for (start, patches) in places {
        planted += &text[end..start];
        let mut choice = String::new();
        for (number, patch) in &patches {
            choice += &format!("if crate::zoo::is_awake({number}) {{ {} }} else ", patch.replace);
        }
        let (_, patch) = patches[0];
        choice += &format!("{{ {} }}", patch.find);
        planted += &if patch.is_of_statements() { choice } else { format!("({choice})") };
        end = start + patch.find.len();
    }
    Ok(planted + &text[end..])
}

/// The module that says which bug is awake. It is read once; some crates have no `std` but here.
fn switch() -> String {
    format!(
        "#[doc(hidden)]
mod zoo {{
    extern crate std;
    static AWAKE: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    #[inline(always)]
    pub(crate) fn is_awake(bug: u32) -> bool {{
        *AWAKE.get_or_init(|| std::env::var(\"{WAKE}\").ok().and_then(|bug| bug.parse().ok()).unwrap_or(0)) == bug
    }}
}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_become_choices() {
        let patch = |find: &str, replace: &str| Patch { file: "a".into(), find: find.into(), replace: replace.into() };
        let (statement, x, y) = (patch("check(x);", ""), patch("x + y", "x"), patch("x + y", "y"));
        let patches = vec![(2, &statement), (1, &x), (3, &y)];
        let planted = with_bugs("let z = x + y; check(x); z", patches).expect("places");
        let expected = "let z = (if crate::zoo::is_awake(1) { x } else if crate::zoo::is_awake(3) { y } else { x + y }); \
                        if crate::zoo::is_awake(2) {  } else { check(x); } z";
        assert_eq!(planted, expected);
    }
}
