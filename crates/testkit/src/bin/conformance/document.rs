//! docs/conformance.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anyhow::Result;
use provasm_script::{Operator, Report, operators};
use provasm_testkit::refused;

use crate::jobs::{CHECK_INSTRUCTIONS_MAX, Collection, PROVE, SEED};

/// The proposals whose operators are those of versions 1.0 and 2.0, in the words of `wasmparser`.
const VERSION_PROPOSALS: &[&str] =
    &["mvp", "sign_extension", "saturating_float_to_int", "bulk_memory", "reference_types", "simd"];

/// Scripts named beside a reason at most.
const NAMED_MAX: usize = 6;

const INTRODUCTION: &str = "\
# Conformance

<!-- Written by `cargo xtask conformance`; the text is in crates/testkit/src/bin/conformance. -->

What the WebAssembly specification's own scripts say of provasm. Every directive of every script is run by
`provasm_script`, the library behind `provasm wast`: modules are compiled and instantiated, functions are called and must
return or trap as the script says, modules that must be refused are refused for the reason that the script gives. A
*failed* directive did otherwise. A *skipped* one was not tried or cannot hold; every reason is listed below.

A call is *checked* when it ran again from the state before it, ended the same, and every constraint and every bus held
on its tables. It is *proved* when a proof of it was made from that state, verified, and claims what the script says.

To write this document anew:

```
cargo xtask conformance                   # runs
cargo xtask conformance --long            # checks and proves too
cargo xtask conformance --suite DIR       # also runs the scripts in a folder, such as a
                                          # checkout of the specification's test/core
provasm wast --check --prove 2 FILE.wast  # one script
```

";

/// The whole document.
pub(crate) fn write(collections: &[Collection], is_long: bool) -> Result<String> {
    let mut text = INTRODUCTION.to_owned();
    if is_long {
        writeln!(
            text,
            "This is a long run: calls of up to {} instructions are checked. Proved are {PROVE} calls per script, chosen \
             with seed {SEED}, and of the versions' scripts every one that executes an operator which no proof before it \
             has.\n",
            CHECK_INSTRUCTIONS_MAX
        )?;
    } else {
        text.push_str("This is a short run: nothing is checked or proved.\n\n");
    }
    summary(&mut text, collections)?;
    reasons(&mut text, collections)?;
    if is_long {
        uncovered(&mut text, collections)?;
    }
    for collection in collections {
        scripts(&mut text, collection)?;
    }
    Ok(text.trim_end().to_owned() + "\n")
}

const COLUMNS: &str =
    "passed | failed | skipped | calls | checked | too long | proved |\n|---|---|---|---|---|---|---|";

fn counts(report: &Report) -> String {
    let Report { passed, actions, checked, unchecked, proved, .. } = report;
    let (failed, skipped) = (report.failed.len(), report.skips());
    format!("{passed} | {failed} | {skipped} | {actions} | {checked} | {unchecked} | {proved} |")
}

/// A row per collection.
fn summary(text: &mut String, collections: &[Collection]) -> Result<()> {
    writeln!(text, "## Suites\n\n| suite | scripts | {COLUMNS}---|---|")?;
    for collection in collections {
        let total = collection.total();
        writeln!(text, "| {} | {} | {}", collection.name, collection.reports.len(), counts(&total))?;
    }
    writeln!(text, "\nThese proposals are not supported, and their scripts are not run:\n")?;
    for proposal in refused() {
        writeln!(text, "- {} ({} scripts): {}.", proposal.name, proposal.scripts, proposal.reason)?;
    }
    Ok(())
}

/// Why directives were skipped, and in which scripts.
fn reasons(text: &mut String, collections: &[Collection]) -> Result<()> {
    writeln!(text, "\n## Skipped\n")?;
    writeln!(
        text,
        "*Valid after* a version means that the script expects a module to be refused which a later version"
    )?;
    writeln!(text, "of WebAssembly accepts; what follows is why it was refused then.")?;
    for collection in collections {
        let mut reasons: BTreeMap<&str, (usize, Vec<&str>)> = BTreeMap::new();
        for report in &collection.reports {
            for (reason, count) in &report.skipped {
                let entry = reasons.entry(reason).or_default();
                entry.0 += count;
                entry.1.push(&report.name);
            }
        }
        if reasons.is_empty() {
            continue;
        }
        writeln!(text, "\n### {}\n\n| directives | reason | scripts |\n|---|---|---|", collection.name)?;
        for (reason, (count, scripts)) in reasons {
            let reason = reason.replace('|', "\\|");
            writeln!(text, "| {count} | {reason} | {} |", named(&scripts))?;
        }
    }
    Ok(())
}

/// Names in a list; the first few when there are many.
fn named(names: &[&str]) -> String {
    let shown = names.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(NAMED_MAX) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}

/// The operators of the versions that no proof executes.
fn uncovered(text: &mut String, collections: &[Collection]) -> Result<()> {
    let proved: BTreeSet<Operator> =
        collections.iter().flat_map(|collection| collection.total().operators_proved).collect();
    // A `select` of other than one type parses and is never valid.
    let is_valid = |operator: &&Operator| operator.name != "TypedSelectMulti";
    let wanted =
        || operators().iter().filter(|operator| VERSION_PROPOSALS.contains(&operator.proposal)).filter(is_valid);
    let missing: Vec<&str> =
        wanted().filter(|operator| !proved.contains(operator)).map(|operator| operator.name).collect();
    let count = wanted().count();
    writeln!(text, "\n## Operators\n")?;
    writeln!(
        text,
        "Versions 1.0 and 2.0 have {count} operators; {} of them are executed by a proof",
        count - missing.len()
    )?;
    writeln!(text, "above. An operator that needs no instruction of its own counts when its function is executed.")?;
    if !missing.is_empty() {
        writeln!(text, "The others are:\n\n{}.", missing.join(", "))?;
    }
    Ok(())
}

/// A row per script, and every failure.
fn scripts(text: &mut String, collection: &Collection) -> Result<()> {
    writeln!(text, "\n## {}\n\n| script | {COLUMNS}---|", collection.name)?;
    for report in &collection.reports {
        writeln!(text, "| {} | {}", report.name, counts(report))?;
    }
    let failed =
        collection.reports.iter().flat_map(|report| report.failed.iter().map(move |failure| (report, failure)));
    let failed: Vec<_> = failed.collect();
    if !failed.is_empty() {
        writeln!(text, "\nFailed:\n")?;
    }
    for (report, failure) in failed {
        writeln!(text, "- {}.wast:{}: {}", report.name, failure.line, failure.reason)?;
    }
    Ok(())
}
