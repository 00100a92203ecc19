//! `provasm wast`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use provasm_script::{Directive, Observer, Options, Report, Verdict, run};
use serde::Serialize;

use crate::args::WastArgs;
use crate::failure::Failure;
use crate::files::read_module;
use crate::progress::ScriptProgress;
use crate::report::print;

/// What became of one script, or of all.
#[derive(Debug, Serialize)]
struct Counts<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'r str>,
    passed: usize,
    failed: Vec<Failed<'r>>,
    skipped: &'r BTreeMap<String, usize>,
    actions: usize,
    checked: usize,
    unchecked: usize,
    proved: usize,
}

/// A directive that did not do as its script says.
#[derive(Debug, Serialize)]
struct Failed<'r> {
    line: usize,
    reason: &'r str,
}

impl<'r> Counts<'r> {
    fn of(report: &'r Report) -> Self {
        let failed = report.failed.iter().map(|failure| Failed { line: failure.line, reason: &failure.reason });
        Self {
            file: Some(&report.name),
            passed: report.passed,
            failed: failed.collect(),
            skipped: &report.skipped,
            actions: report.actions,
            checked: report.checked,
            unchecked: report.unchecked,
            proved: report.proved,
        }
    }
}

/// The one JSON object.
#[derive(Debug, Serialize)]
struct Object<'r> {
    files: Vec<Counts<'r>>,
    passed: usize,
    failed: usize,
    skipped: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    seconds: f64,
}

/// Shows progress, and every directive if asked to.
struct Display<'d> {
    file: &'d str,
    progress: ScriptProgress,
    verbose: bool,
    printed: Result<(), Failure>,
}

impl Observer for Display<'_> {
    fn directive(&mut self, directive: &Directive<'_>) {
        self.progress.advance(directive.number + 1, directive.count);
        if self.verbose && self.printed.is_ok() {
            let Directive { line, kind, verdict, .. } = directive;
            let verdict = match verdict {
                Verdict::Passed => "passed".to_owned(),
                Verdict::Failed(reason) => format!("FAILED: {reason}"),
                Verdict::Skipped(reason) => format!("skipped: {reason}"),
            };
            let text = format!("{}:{line}: {kind}: {verdict}\n", self.file);
            self.printed = self.progress.suspend(|| print(&text));
        }
    }

    fn proving(&mut self) {
        self.progress.prove();
    }
}

/// Runs scripts and prints what became of their directives.
pub(crate) fn wast(args: &WastArgs) -> Result<(), Failure> {
    let start = Instant::now();
    let seed = (args.prove > 0).then(|| args.seed.unwrap_or_else(any_seed));
    let options = Options {
        standard: args.standard,
        check_one_in: u32::from(args.check),
        check_instructions_max: args.check_instructions_max,
        prove: args.prove,
        seed: seed.unwrap_or_default(),
        ..Options::default()
    };
    let texts = args.scripts.iter().map(|path| read_script(path)).collect::<Result<Vec<_>, _>>()?;
    let mut reports = Vec::with_capacity(texts.len());
    for (index, (name, text)) in texts.iter().enumerate() {
        let report = run_one(name, text, &options, args.verbose, (index + 1, texts.len()))?;
        if !args.json {
            print(&lines(&report))?;
        }
        reports.push(report);
    }
    let mut total = Report { name: "total".to_owned(), ..Report::default() };
    reports.iter().for_each(|report| total.add(report));
    if args.json {
        let object = Object {
            files: reports.iter().map(Counts::of).collect(),
            passed: total.passed,
            failed: total.failed.len(),
            skipped: total.skips(),
            seed,
            seconds: start.elapsed().as_secs_f64(),
        };
        let text = serde_json::to_string(&object).context("encoding the report").map_err(Failure::Failed)?;
        print(&format!("{text}\n"))?;
    } else {
        print(&summary(&total, reports.len(), seed))?;
    }
    if total.is_clean() {
        return Ok(());
    }
    Err(Failure::failed(format!("{} of {} directives failed", total.failed.len(), total.total())))
}

/// A script's name and text.
fn read_script(path: &Path) -> Result<(String, String), Failure> {
    let text = String::from_utf8(read_module(path)?)
        .with_context(|| format!("{} is no text", path.display()))
        .map_err(Failure::Usage)?;
    Ok((path.display().to_string(), text))
}

fn run_one(
    name: &str,
    text: &str,
    options: &Options,
    verbose: bool,
    (number, count): (usize, usize),
) -> Result<Report, Failure> {
    let progress = ScriptProgress::start(name, number, count);
    let mut display = Display { file: name, progress, verbose, printed: Ok(()) };
    let report = run(name, text, options, &mut display).unwrap_or_else(|error| Report::unreadable(&error));
    display.printed?;
    Ok(report)
}

/// A script's counts, and its failures with their places.
fn lines(report: &Report) -> String {
    let mut text = format!("{}: {}\n", report.name, report.counts());
    for failure in &report.failed {
        text.push_str(&format!("{}:{}: {}\n", report.name, failure.line, failure.reason));
    }
    text
}

/// The counts of all scripts, and why directives were skipped.
fn summary(total: &Report, scripts: usize, seed: Option<u64>) -> String {
    let mut text = String::new();
    if scripts > 1 {
        text.push_str(&format!("{scripts} scripts: {}\n", total.counts()));
    }
    for (reason, count) in &total.skipped {
        text.push_str(&format!("{count} skipped: {reason}\n"));
    }
    if let Some(seed) = seed {
        text.push_str(&format!("seed: {seed}\n"));
    }
    text
}

/// A number that is another every time.
fn any_seed() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs() ^ u64::from(now.subsec_nanos()) << 32)
}
