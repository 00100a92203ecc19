//! `cargo xtask assure`: runs the assurance suite, prints one table, and writes docs/assurance-report.md.

mod report;
mod rows;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use provasm_figure::Figure;

use self::rows::ROWS;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Runs the long tiers, which take hours
    #[arg(long)]
    long: bool,
    /// Runs only the tests of these rows, and writes no report
    #[arg(value_name = "ROW")]
    rows: Vec<u8>,
}

/// A figure, and the test that printed it.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// The test's target.
    pub(crate) target: String,
    /// The test.
    pub(crate) test: String,
    /// What it printed.
    pub(crate) figure: Figure,
}

/// Runs the tests, prints the table, writes the report.
pub(crate) fn run(root: &Path, args: &Args) -> Result<()> {
    let is_asked = |row: u8| args.rows.is_empty() || args.rows.contains(&row);
    let rows: Vec<_> = ROWS.iter().filter(|row| is_asked(row.number)).collect();
    ensure!(!rows.is_empty(), "the rows are 1 to {}", ROWS.len());
    let mut targets: Vec<&str> = rows.iter().flat_map(|row| row.targets).copied().collect();
    targets.sort_unstable();
    targets.dedup();

    build(root, &targets)?;
    let (mut findings, mut failed) = (Vec::new(), Vec::new());
    for target in &targets {
        if !test(root, target, args.long, &mut findings)? {
            failed.push((*target).to_owned());
        }
    }
    findings.retain(|finding| is_asked(finding.figure.row));
    findings.sort_by_key(|finding| finding.figure.row);

    println!("{}", report::table(&findings));
    ensure!(failed.is_empty(), "tests failed: {}", failed.join(", "));
    for row in rows {
        let has_figure = findings.iter().any(|finding| finding.figure.row == row.number);
        ensure!(has_figure, "row {}, {}, has no figure", row.number, row.title);
    }
    if args.rows.is_empty() {
        let path = root.join("docs/assurance-report.md");
        std::fs::write(&path, report::document(&findings, args.long))
            .with_context(|| format!("writing {}", path.display()))?;
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
fn test(root: &Path, target: &str, is_long: bool, findings: &mut Vec<Finding>) -> Result<bool> {
    eprintln!("== {target}");
    let mut command = cargo_test(root, &[target]);
    command.args(["--", "--show-output"]).stdout(Stdio::piped());
    if is_long {
        command.env("PROVASM_LONG", "1");
    }
    let mut child = command.spawn().with_context(|| format!("starting {command:?}"))?;
    let output = child.stdout.take().context("the tests' output")?;
    let mut test = String::new();
    for line in BufReader::new(output).lines() {
        let line = line.context("reading the tests' output")?;
        if let Some(name) = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----")) {
            name.clone_into(&mut test);
        }
        match Figure::of_line(&line) {
            Some(figure) => findings.push(Finding { target: target.to_owned(), test: test.clone(), figure }),
            None => writeln!(std::io::stderr(), "{line}").context("telling the tests' output")?,
        }
    }
    let status = child.wait().with_context(|| format!("waiting for {command:?}"))?;
    Ok(status.success())
}
