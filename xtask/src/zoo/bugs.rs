//! The bugs of the folder `zoo`, as they are written down, and what must be so of them.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

/// A file of the zoo.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cage {
    /// What its bugs have in common.
    class: String,
    bug: Vec<Bug>,
}

/// A bug: changes that together take a check away, and the test that notices.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bug {
    /// What it is called.
    pub(crate) name: String,
    /// Of the file it is in.
    #[serde(skip)]
    pub(crate) class: String,
    /// Where such a bug was found, or that it is of a known kind.
    pub(crate) source: String,
    /// The test that fails where the bug is.
    pub(crate) caught_by: Test,
    pub(crate) patch: Vec<Patch>,
}

/// A test: a target in the folder `tests` of some crate, and the function's path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Test {
    pub(crate) target: String,
    pub(crate) test: String,
}

/// A change of a source file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Patch {
    /// The file, from the repository's root.
    pub(crate) file: String,
    /// What is there now, exactly once: an expression, or statements, which end with a semicolon or a brace.
    pub(crate) find: String,
    /// What a bug has in its place; no statements, if nothing.
    pub(crate) replace: String,
}

impl Patch {
    /// Whether statements are replaced.
    pub(crate) fn is_of_statements(&self) -> bool {
        self.find.trim_end().ends_with([';', '}'])
    }

    /// Where in the file's text it is.
    pub(crate) fn place(&self, text: &str) -> Result<Range<usize>> {
        let mut found = text.match_indices(&self.find);
        let (start, _) = found.next().with_context(|| format!("{}: nowhere: {}", self.file, self.find))?;
        ensure!(found.next().is_none(), "{}: more than once: {}", self.file, self.find);
        Ok(start..start + self.find.len())
    }
}

/// Reads every bug, file by file. Their numbers begin with 1.
pub(crate) fn read(root: &Path) -> Result<Vec<Bug>> {
    let folder = root.join("zoo");
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("listing {}", folder.display()))? {
        files.push(entry?.path());
    }
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut bugs = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let Cage { class, bug } = toml::from_str(&text).with_context(|| path.display().to_string())?;
        bugs.extend(bug.into_iter().map(|bug| Bug { class: class.clone(), ..bug }));
    }
    Ok(bugs)
}

/// Checks that every bug has a name of its own, changes that can be made beside all others, and a test that exists.
pub(crate) fn check(root: &Path, bugs: &[Bug]) -> Result<()> {
    let mut names = BTreeSet::new();
    let mut places: Vec<(&str, Range<usize>, &str)> = Vec::new();
    for bug in bugs {
        ensure!(names.insert(&bug.name), "two bugs are called {}", bug.name);
        ensure!(!bug.source.is_empty() && !bug.patch.is_empty(), "{} has no source or changes nothing", bug.name);
        for patch in &bug.patch {
            let text = fs::read_to_string(root.join(&patch.file)).with_context(|| patch.file.clone())?;
            let place = patch.place(&text).with_context(|| bug.name.clone())?;
            let others = places.iter().filter(|(file, ..)| *file == patch.file);
            for (_, other, name) in others {
                let is_apart = place == *other || place.end <= other.start || other.end <= place.start;
                ensure!(is_apart, "{}: {} and {name} change parts of the same text", patch.file, bug.name);
            }
            places.push((&patch.file, place, &bug.name));
        }
        bug.caught_by.check(root).with_context(|| bug.name.clone())?;
    }
    Ok(())
}

impl Test {
    /// Checks that there is such a test, in one crate.
    pub(crate) fn check(&self, root: &Path) -> Result<()> {
        let Self { target, test } = self;
        let (modules, function) = test.rsplit_once("::").unwrap_or(("", test));
        let file = match modules {
            "" => format!("{target}.rs"),
            modules => format!("{target}/{}.rs", modules.replace("::", "/")),
        };
        let mut found = 0;
        for entry in fs::read_dir(root.join("crates"))? {
            let Ok(text) = fs::read_to_string(entry?.path().join("tests").join(&file)) else { continue };
            let lines: Vec<&str> = text.lines().map(str::trim).collect();
            found += lines.windows(2).filter(|pair| is_test(pair, function)).count();
        }
        if found != 1 {
            bail!("{found} tests are called {test} in tests/{file}");
        }
        Ok(())
    }
}

/// Whether two lines make a function a test.
fn is_test(lines: &[&str], function: &str) -> bool {
    let is_it = |line: &str| line.strip_prefix("fn ").and_then(|line| line.split('(').next()) == Some(function);
    matches!(lines, ["#[test]", line] if is_it(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bugs there must be.
    const BUGS_MIN: usize = 30;

    /// Classes that the zoo must have bugs of.
    const CLASSES: [&str; 8] = [
        "signed division and remainder",
        "narrow loads' high bits",
        "unconstrained next pc on traps",
        "nonzero multiplicity on padding",
        "initial clock",
        "Merkle expansion below a leaf",
        "unbound claim fields",
        "chip order or height chosen by the prover",
    ];

    #[test]
    fn every_bug_can_be_planted_and_has_its_test() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace's folder");
        let bugs = read(root).expect("bugs that can be read");
        check(root, &bugs).unwrap_or_else(|error| panic!("{error:#}"));
        assert!(bugs.len() >= BUGS_MIN, "{} bugs", bugs.len());
        for class in CLASSES {
            assert!(bugs.iter().any(|bug| bug.class == class), "no bug of the class {class}");
        }
    }

    #[test]
    fn places_are_the_only_ones() {
        let check = |find: &str, expect: Option<Range<usize>>| {
            let patch = Patch { file: "a".into(), find: find.into(), replace: String::new() };
            assert_eq!(patch.place("x = y; x = z;").ok(), expect, "{find}");
        };
        check("x = z;", Some(7..13));
        check("x = ", None);
        check("a", None);
    }
}
