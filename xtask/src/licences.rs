//! Licences and sources of dependencies, for where cargo-deny is not installed.
//!
//! Holds the two lists of deny.toml that need no network: allowed licences and allowed sources. Knows no advisories.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Where dependencies may come from, besides this workspace.
const SOURCE: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks every package that `cargo metadata` lists.
pub(crate) fn check(root: &Path) -> Result<()> {
    let deny = fs::read_to_string(root.join("deny.toml")).context("reading deny.toml")?;
    let allowed = allowed(&deny)?;
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .context("starting cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let problems: Vec<String> = packages.iter().filter_map(|package| problem(package, &allowed)).collect();
    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(())
}

/// The licences in the `allow` list of deny.toml's section `[licenses]`.
fn allowed(deny: &str) -> Result<Vec<&str>> {
    let section = deny.split_once("[licenses]").context("deny.toml has no section [licenses]")?.1;
    let list = section.split_once("allow = [").context("deny.toml allows no licences")?.1;
    let list = list.split_once(']').context("deny.toml: a list without an end")?.0;
    Ok(list.split('"').skip(1).step_by(2).collect())
}

fn problem(package: &Value, allowed: &[&str]) -> Option<String> {
    let name = package["name"].as_str().unwrap_or("?");
    let licence = package["license"].as_str().unwrap_or("");
    if !satisfied(licence, allowed) {
        return Some(format!("{name}: licence `{licence}` is not allowed by deny.toml"));
    }
    let source = package["source"].as_str();
    source.filter(|&source| source != SOURCE).map(|source| format!("{name}: comes from {source}"))
}

/// Whether an SPDX expression without nested parentheses is satisfied by allowed licences.
fn satisfied(expression: &str, allowed: &[&str]) -> bool {
    let one = |licence: &str| allowed.contains(&licence.trim_matches(|c| " ()".contains(c)));
    let any = |parts: &str| parts.split(" OR ").any(one);
    let all = |parts: &str| parts.split(" AND ").all(one);
    // The old way of writing `OR`.
    let expression = expression.replace('/', " OR ");
    if expression.contains('(') {
        // Parentheses are there to join alternatives first.
        expression.split(" AND ").all(any)
    } else {
        expression.split(" OR ").any(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let allowed = ["MIT", "Unicode-3.0"];
        let check = |expression, expect| assert_eq!(satisfied(expression, &allowed), expect, "{expression}");
        check("MIT", true);
        check("MIT OR Apache-2.0", true);
        check("Apache-2.0/MIT", true);
        check("Apache-2.0", false);
        check("MIT AND Apache-2.0", false);
        check("(MIT OR Apache-2.0) AND Unicode-3.0", true);
        check("(MIT OR Apache-2.0) AND GPL-3.0", false);
        check("", false);
    }

    #[test]
    fn the_list_is_read() {
        let deny = "[licenses]\nconfidence-threshold = 0.9\nallow = [\n    \"MIT\",\n    \"ISC\",\n]\n[bans]";
        assert_eq!(allowed(deny).unwrap(), ["MIT", "ISC"]);
    }
}
