//! What may be in the repository: no large files, no paths of somebody's machine.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Bytes a file can have at most.
const FILE_BYTES_MAX: u64 = 5 << 20;

/// How paths begin that exist on one machine only. Spelled in pieces, or this file would have them.
const MACHINE_PATHS: [&str; 5] =
    [concat!("/ho", "me/"), concat!("/Us", "ers/"), concat!("/ro", "ot/"), concat!("/tm", "p/"), concat!("/wo", "rk/")];

/// Checks every file that git tracks or would track.
pub(crate) fn check(root: &Path) -> Result<()> {
    let mut problems = Vec::new();
    for name in files(root)? {
        let path = root.join(&name);
        // A file that was deleted and not yet committed is in git's list only.
        let Ok(found) = fs::symlink_metadata(&path) else { continue };
        if found.len() > FILE_BYTES_MAX {
            problems.push(format!("{name}: {} bytes, at most {FILE_BYTES_MAX} are allowed", found.len()));
            continue;
        }
        let text = if found.is_file() { fs::read_to_string(&path).unwrap_or_default() } else { String::new() };
        for (number, line) in text.lines().enumerate() {
            if let Some(prefix) = machine_path(line) {
                problems.push(format!("{name}:{}: names a path below {prefix}", number + 1));
            }
        }
    }
    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(())
}

/// The beginning of a machine's path in a line: one that continues no other path or address.
fn machine_path(line: &str) -> Option<&'static str> {
    let begins = |prefix: &str| {
        line.match_indices(prefix).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            !before.is_some_and(|before| before.is_alphanumeric() || "._-/~}$".contains(before))
        })
    };
    MACHINE_PATHS.into_iter().find(|prefix| begins(prefix))
}

/// Files that git tracks, and new ones that it does not ignore.
pub(crate) fn files(root: &Path) -> Result<Vec<String>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("starting git")?;
    ensure!(output.status.success(), "git ls-files failed: {}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8(output.stdout).context("a file name that is not UTF-8")?;
    Ok(names.split_terminator('\0').map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine_paths_are_told_from_others() {
        let check = |line: &str, expect: bool| assert_eq!(machine_path(line).is_some(), expect, "{line}");
        check(&format!("see {}someone/notes", MACHINE_PATHS[0]), true);
        check(&format!("\"{}x\"", MACHINE_PATHS[4]), true);
        check(&format!("https://example.org{}x", MACHINE_PATHS[0]), false);
        check("crates/isa/src", false);
    }
}
