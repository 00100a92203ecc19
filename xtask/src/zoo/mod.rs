//! `cargo xtask zoo`: bugs that other virtual machines had, planted here, each caught by a test.
//!
//! All bugs are planted in one copy of the repository, asleep: one build serves all. A test runs with one of them awake. It has
//! to fail, and it passes when all sleep; and honest runs pass with any of them, as nobody would have noticed it else.

mod bugs;
mod plant;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use provasm_figure::Figure;
use serde_json::Value;

use bugs::{Bug, Test};

/// What takes a test target's place in reports.
pub(crate) const TARGET: &str = "the zoo";

/// The variable that names the bug that is awake, by its number.
const WAKE: &str = "PROVASM_ZOO";

/// What a run of one test may take.
const TEST_TIME_MAX: Duration = Duration::from_secs(600);

/// What passes whichever bug is awake: tables of runs that between them use all there is, and a proof.
const HONEST: [(&str, &str); 2] =
    [("exploits", "forger::honest_runs_pass"), ("exploits", "verifier::honest_proofs_pass")];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Wakes these alone; all if none is named
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// Plants the bugs that are named and prints the figure.
pub(crate) fn run(root: &Path, args: &Args) -> Result<()> {
    println!("     Running {TARGET}");
    caught(root, &args.names)?.print();
    Ok(())
}

/// Checks that every bug can be planted and has its test, which takes no time.
pub(crate) fn listed(root: &Path) -> Result<Figure> {
    let all = bugs::read(root)?;
    bugs::check(root, &all)?;
    let figure = Figure::held(5, "bugs that can be planted, each with the test that catches it", all.len());
    Ok(figure.measured(by_class(&all.iter().collect::<Vec<_>>())))
}

/// Plants all bugs, and wakes one after another: those with these names, or all.
pub(crate) fn caught(root: &Path, names: &[String]) -> Result<Figure> {
    let all = bugs::read(root)?;
    bugs::check(root, &all)?;
    let is_named = |bug: &Bug| names.is_empty() || names.contains(&bug.name);
    let woken: Vec<(usize, &Bug)> = (1..).zip(&all).filter(|(_, bug)| is_named(bug)).collect();
    ensure!(!woken.is_empty(), "no bug has such a name");

    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let target = std::path::absolute(target)?;
    let copy = target.join("zoo");
    plant::copy(root, &all, &copy)?;
    eprintln!("building the tests with {} bugs in {}", all.len(), copy.display());
    let honest = HONEST.map(|(target, test)| Test { target: target.into(), test: test.into() });
    let tests: BTreeSet<&Test> = woken.iter().map(|(_, bug)| &bug.caught_by).chain(&honest).collect();
    let binaries = build(&copy, &target, &tests)?;
    for test in &tests {
        let failure = failure(&binaries, test, 0)?;
        ensure!(failure.is_none(), "{} fails though every bug sleeps: {failure:?}", test.test);
    }

    let mut caught = Vec::new();
    let mut survivors = Vec::new();
    for (number, bug) in woken {
        for test in &honest {
            if let Some(failure) = failure(&binaries, test, number)? {
                survivors.push(format!("{}: honest runs fail, so it is no bug anybody has: {failure}", bug.name));
            }
        }
        match failure(&binaries, &bug.caught_by, number)? {
            Some(failure) => {
                println!("{:46} {:52} {failure}", bug.name, bug.caught_by.test);
                caught.push(bug);
            }
            None => survivors.push(format!("{}: {} does not notice", bug.name, bug.caught_by.test)),
        }
    }
    ensure!(survivors.is_empty(), "{} bugs survive:\n{}", survivors.len(), survivors.join("\n"));
    Ok(Figure::held(5, "bugs that were planted, each caught by its test", caught.len()).measured(by_class(&caught)))
}

/// How many bugs there are of each class.
fn by_class(bugs: &[&Bug]) -> String {
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    for bug in bugs {
        *classes.entry(&bug.class).or_default() += 1;
    }
    let classes: Vec<String> = classes.iter().map(|(class, bugs)| format!("{class}: {bugs}")).collect();
    classes.join("; ")
}

/// A test target that was built.
struct Binary {
    executable: PathBuf,
    /// The folder of its crate, in which cargo would run it.
    folder: PathBuf,
}

/// Builds the tests' targets once. Warnings are not told: branches that are never taken have many.
fn build(copy: &Path, target: &Path, tests: &BTreeSet<&Test>) -> Result<BTreeMap<String, Binary>> {
    let targets: BTreeSet<&str> = tests.iter().map(|test| test.target.as_str()).collect();
    let mut command = Command::new(env!("CARGO"));
    command.args(["test", "--release", "--workspace", "--no-run", "--quiet", "--message-format=json"]);
    for name in targets {
        command.args(["--test", name]);
    }
    command.current_dir(copy).env("CARGO_TARGET_DIR", target).env_remove(WAKE).stderr(Stdio::inherit());
    let output = command.output().with_context(|| format!("starting {command:?}"))?;
    let lines = String::from_utf8(output.stdout)?;
    let messages: Vec<Value> =
        lines.lines().map(serde_json::from_str).collect::<Result<_, _>>().context("messages of cargo")?;
    if !output.status.success() {
        let errors = messages.iter().map(|message| &message["message"]).filter(|message| message["level"] == "error");
        let errors: Vec<&str> = errors.filter_map(|error| error["rendered"].as_str()).collect();
        bail!("the copy in {} does not build:\n{}", copy.display(), errors.join("\n"));
    }
    let mut binaries = BTreeMap::new();
    for message in &messages {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let (name, executable) = (text(&message["target"]["name"]), text(&message["executable"]));
        if let (Some(name), Some(executable), Some(manifest)) = (name, executable, text(&message["manifest_path"])) {
            let folder = Path::new(&manifest).parent().context("a crate's folder")?.to_owned();
            binaries.insert(name, Binary { executable: executable.into(), folder });
        }
    }
    Ok(binaries)
}

/// Runs a test with a bug awake. The first thing it says if it fails.
fn failure(binaries: &BTreeMap<String, Binary>, test: &Test, bug: usize) -> Result<Option<String>> {
    let Test { target, test } = test;
    let binary = binaries.get(target).with_context(|| format!("no test target {target} was built"))?;
    // A file, as nobody reads while the test runs.
    let log = binary.executable.with_extension("zoo");
    let mut command = Command::new(&binary.executable);
    command.args(["--exact", test, "--nocapture"]).current_dir(&binary.folder).env(WAKE, bug.to_string());
    let file = fs::File::create(&log)?;
    let mut child = command.stdout(file.try_clone()?).stderr(file).spawn().with_context(|| target.clone())?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > TEST_TIME_MAX {
            child.kill()?;
            child.wait()?;
            bail!("{test} does not end with bug {bug} awake");
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    fs::remove_file(&log)?;
    match (status.success(), text.contains("1 passed"), text.contains("0 passed; 1 failed")) {
        (true, true, false) => Ok(None),
        (false, false, true) => Ok(Some(first_panic(&text))),
        _ => bail!("{test} neither passes nor fails: {status}\n{text}"),
    }
}

/// What the first panic says, on one line.
fn first_panic(text: &str) -> String {
    let mut lines = text.lines().skip_while(|line| !line.contains("panicked at"));
    let said = lines.nth(1).unwrap_or("nothing is said").trim();
    said.chars().take(160).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_what_it_says() {
        let text = "running 1 test\n\nthread 'a' panicked at b.rs:1:2:\nassertion failed\n  left: 1\n";
        assert_eq!(first_panic(text), "assertion failed");
    }

    #[test]
    fn the_honest_tests_exist() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace's folder");
        for (target, test) in HONEST {
            let test = Test { target: target.into(), test: test.into() };
            test.check(root).unwrap_or_else(|error| panic!("{error:#}"));
        }
    }
}
