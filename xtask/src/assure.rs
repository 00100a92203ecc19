//! `cargo xtask assure`: runs the assurance suite, prints one table, and writes docs/assurance-report.md.

mod collect;
mod report;
mod rows;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use self::collect::Collection;
use self::rows::{ROWS, Row, ZOO};
use crate::zoo;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Runs the long tiers, which take hours: of all rows, or of these
    #[arg(long, value_name = "ROW", num_args = 0.., value_delimiter = ',')]
    long: Option<Vec<u8>>,
    /// Runs these rows alone, and writes no report
    #[arg(long, value_name = "ROW", num_args = 1.., value_delimiter = ',')]
    only: Vec<u8>,
    /// Takes figures of long tiers that ran before from what `cargo test` and `cargo xtask zoo` printed; they replace those of the
    /// quick tier
    #[arg(long, value_name = "FILE", num_args = 1..)]
    ran: Vec<PathBuf>,
}

impl Args {
    fn is_asked(&self, row: u8) -> bool {
        self.only.is_empty() || self.only.contains(&row)
    }

    fn is_long(&self, row: u8) -> bool {
        self.long.as_ref().is_some_and(|rows| rows.is_empty() || rows.contains(&row))
    }
}

/// Runs the tests, prints the table, writes the report.
pub(crate) fn run(root: &Path, args: &Args) -> Result<()> {
    let unknown =
        args.long.iter().flatten().chain(&args.only).find(|row| ROWS.iter().all(|known| known.number != **row));
    if let Some(row) = unknown {
        bail!("there is no row {row}: they are 1 to {}", ROWS.len());
    }
    let rows: Vec<&Row> = ROWS.iter().filter(|row| args.is_asked(row.number)).collect();
    let mut collection = Collection::default();
    for path in &args.ran {
        let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        collection.read(&text).with_context(|| format!("in {}", path.display()))?;
    }

    let mut targets: Vec<&str> = rows.iter().flat_map(|row| row.targets).copied().collect();
    targets.sort_unstable();
    targets.dedup();
    if !targets.is_empty() {
        build(root, &targets)?;
    }
    let mut failed = Vec::new();
    for target in targets {
        let is_long = rows.iter().any(|row| row.targets.contains(&target) && args.is_long(row.number));
        if !test(root, target, is_long, &mut collection)? {
            failed.push(target);
        }
    }

    if args.is_asked(ZOO) {
        let is_long = args.is_long(ZOO);
        collection.begin(zoo::TARGET, is_long);
        collection.add(if is_long { zoo::caught(root, &[])? } else { zoo::listed(root)? });
    }

    let findings = collection.findings(|row| args.is_asked(row));
    println!("{}", report::table(&findings));
    ensure!(failed.is_empty(), "tests failed: {}", failed.join(", "));
    for row in rows {
        let has_figure = findings.iter().any(|finding| finding.figure.row == row.number);
        ensure!(has_figure, "row {}, {}, has no figure", row.number, row.title);
    }
    if args.only.is_empty() {
        let path = root.join("docs/assurance-report.md");
        std::fs::write(&path, report::document(&findings)).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

fn cargo_test(root: &Path, targets: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(["test", "--release", "--workspace"]).current_dir(root);
    for target in targets {
        command.args(["--test", target]);
    }
    command
}

/// Builds all tests at once, so that what follows only runs them.
fn build(root: &Path, targets: &[&str]) -> Result<()> {
    let mut command = cargo_test(root, targets);
    let status = command.arg("--no-run").status().with_context(|| format!("starting {command:?}"))?;
    ensure!(status.success(), "the tests do not build: {status}");
    Ok(())
}

/// Runs the tests of a target and collects what they print; whether they passed.
fn test(root: &Path, target: &str, is_long: bool, collection: &mut Collection) -> Result<bool> {
    eprintln!("== {target}{}", if is_long { ", long" } else { "" });
    let mut command = cargo_test(root, &[target]);
    command.args(["--", "--show-output"]).stdout(Stdio::piped());
    if is_long {
        command.env("PROVASM_LONG", "1");
    }
    let mut child = command.spawn().with_context(|| format!("starting {command:?}"))?;
    let output = child.stdout.take().context("the tests' output")?;
    collection.begin(target, is_long);
    for line in BufReader::new(output).lines() {
        let line = line.context("reading the tests' output")?;
        if !collection.take(&line) {
            writeln!(std::io::stderr(), "{line}").context("telling the tests' output")?;
        }
    }
    let status = child.wait().with_context(|| format!("waiting for {command:?}"))?;
    Ok(status.success())
}
