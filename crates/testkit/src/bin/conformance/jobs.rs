//! Which scripts are run, how, and what became of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use provasm_script::{Operator, Options, Quiet, Report, Standard};
use provasm_testkit::Suite;

/// Calls chosen at random that are proven, per script, besides those that cover the operators.
pub(crate) const PROVE: usize = 2;
/// Instructions of a call that a long run checks at most: more than any script's takes.
pub(crate) const CHECK_INSTRUCTIONS_MAX: u64 = 20_000_000;
/// What chooses them.
pub(crate) const SEED: u64 = 2;

/// A collection of scripts and what became of them.
pub(crate) struct Collection {
    pub(crate) name: String,
    scripts: Vec<Job>,
    pub(crate) reports: Vec<Report>,
}

/// A script to run.
struct Job {
    name: String,
    text: String,
    options: Options,
    /// Whether every operator that its calls execute is proven, here or by a script before.
    covers: bool,
}

impl Collection {
    fn new(name: &str, scripts: Vec<Job>) -> Self {
        Self { name: name.to_owned(), scripts, reports: Vec::new() }
    }

    fn of(suite: &Suite, covers: bool) -> Self {
        let scripts = suite.scripts().into_iter().map(|script| {
            let options = suite.options(&script.name);
            Job { name: script.name, text: script.text.to_owned(), options, covers }
        });
        Self::new(suite.name, scripts.collect())
    }

    /// What became of all its scripts.
    pub(crate) fn total(&self) -> Report {
        let mut total = Report { name: self.name.clone(), ..Report::default() };
        self.reports.iter().for_each(|report| total.add(report));
        total
    }
}

/// The specification's versions, the finished proposals, and the scripts of a folder.
pub(crate) fn collections(folder: Option<&Path>) -> Result<Vec<Collection>> {
    let versions = Suite::VERSIONS.iter().map(|suite| Collection::of(suite, true));
    let proposals = Suite::PROPOSALS.iter().map(|suite| Collection::of(suite, false));
    let folder = folder.map(in_folder).transpose()?;
    Ok(versions.chain(proposals).chain(folder).collect())
}

/// The scripts of a folder and those below it, by path.
fn in_folder(folder: &Path) -> Result<Collection> {
    let mut paths = Vec::new();
    find(folder, &mut paths)?;
    paths.sort();
    ensure!(!paths.is_empty(), "there are no scripts in {}", folder.display());
    let job = |path: &PathBuf| {
        let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let name = path.strip_prefix(folder).unwrap_or(path).with_extension("").display().to_string();
        let options = Options { standard: Standard::V3, ..Options::default() };
        Ok(Job { name, text, options, covers: false })
    };
    let jobs = paths.iter().map(job).collect::<Result<Vec<Job>>>()?;
    Ok(Collection::new("Scripts of a folder", jobs))
}

fn find(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "wast") {
            paths.push(path);
        }
    }
    Ok(())
}

/// Runs all scripts. Those that cover the operators are run one after the other, because a script
/// need not prove what one before it has; the others beside them, as many at a time as there are cores.
pub(crate) fn run(mut collections: Vec<Collection>, is_long: bool) -> Vec<Collection> {
    let jobs: Vec<&Job> = collections.iter().flat_map(|collection| &collection.scripts).collect();
    let reports: Vec<Mutex<Option<Report>>> = jobs.iter().map(|_| Mutex::new(None)).collect();
    let (covering, others): (Vec<usize>, Vec<usize>) = (0..jobs.len()).partition(|&index| jobs[index].covers);
    let done = AtomicUsize::new(0);
    let one = |index: usize, proved: Option<BTreeSet<Operator>>| {
        let job = jobs[index];
        let start = Instant::now();
        let report = run_job(job, is_long, proved);
        let seconds = start.elapsed().as_secs_f64();
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        eprintln!("{done} of {}: {}: {}; {seconds:.1} s", jobs.len(), job.name, report.counts());
        let operators = report.operators_proved.clone();
        if let Ok(mut place) = reports[index].lock() {
            *place = Some(report);
        }
        operators
    };
    let cover = || {
        let mut proved = BTreeSet::new();
        for &index in &covering {
            proved.extend(one(index, Some(proved.clone())));
        }
    };
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(&index) = others.get(next.fetch_add(1, Ordering::Relaxed)) {
            one(index, None);
        }
    };
    thread::scope(|scope| {
        scope.spawn(cover);
        for _ in 1..thread::available_parallelism().map_or(2, |cores| cores.get().max(2)) {
            scope.spawn(work);
        }
    });
    let mut reports = reports.into_iter().filter_map(|report| report.into_inner().ok().flatten());
    for collection in &mut collections {
        collection.reports = reports.by_ref().take(collection.scripts.len()).collect();
    }
    collections
}

/// Runs a script. In a long run it proves two calls, and, given the operators proven before, every call that
/// executes a new one.
fn run_job(job: &Job, is_long: bool, proved: Option<BTreeSet<Operator>>) -> Report {
    let mut options = job.options.clone();
    if is_long {
        options.check_one_in = 1;
        options.check_instructions_max = CHECK_INSTRUCTIONS_MAX;
        options.prove = PROVE;
        options.seed = SEED;
        options.prove_new_operators = proved;
    }
    let report = provasm_script::run(&job.name, &job.text, &options, &mut Quiet);
    report.unwrap_or_else(|error| Report::unreadable(&error))
}
