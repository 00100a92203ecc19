//! Runs that are interrupted and go on: by signals at any moment, over damaged files, and beside other runs.
//!
//! `PROVASM_LONG=1` interrupts many more times.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use provasm_figure::is_long;
use serde_json::Value;

use crate::prove::PROVE_KEYS;
use crate::{DIV, expect_code, expect_error, folder, names, object, provasm, text};

/// A run of about six small segments.
const RUN: [&str; 8] = ["prove", "module.wat", "--invoke", "sum", "--segment-cells", "2^20", "--", "25000"];

const RESUME: [&str; 4] = ["prove", "--resume", "module.proof.run", "--json"];

/// The run, proven without an interruption.
struct Whole {
    proof: Vec<u8>,
    segments: u64,
    /// How long it took.
    duration: Duration,
}

fn whole() -> &'static Whole {
    static WHOLE: OnceLock<Whole> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let folder = folder("whole", DIV);
        let start = Instant::now();
        let output = provasm(&folder, &[&["prove", "--json"], &RUN[1..]].concat());
        let duration = start.elapsed();
        expect_code(&output, 0);
        let segments = object(&output, &PROVE_KEYS)["segments"].as_u64().expect("a number");
        assert!(segments >= 4, "{segments} segments");
        assert_eq!(names(&folder), ["module.proof", "module.wat"]);
        Whole { proof: fs::read(folder.join("module.proof")).expect("the proof"), segments, duration }
    })
}

/// Starts the binary and does not wait for it.
fn start(folder: &Path, args: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_provasm"));
    command.args(args).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("a binary that starts")
}

/// Segments that the run directory has.
fn finished(folder: &Path) -> Vec<PathBuf> {
    let directory = folder.join("module.proof.run");
    let names = if directory.exists() { names(&directory) } else { vec![] };
    names.iter().filter(|name| name.starts_with("segment-")).map(|name| directory.join(name)).collect()
}

/// Waits until the run directory has so many segments.
fn wait_for(folder: &Path, segments: usize) {
    let start = Instant::now();
    while finished(folder).len() < segments {
        assert!(start.elapsed() < Duration::from_secs(300), "no segment is finished");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Stops the process as the system does that needs its memory.
fn kill(mut child: Child) {
    // It may have ended by itself.
    let _ = child.kill();
    child.wait().expect("a process that ends");
}

/// A folder with the run, stopped when it had so many segments.
fn stopped(name: &str, segments: usize) -> PathBuf {
    let folder = folder(name, DIV);
    let child = start(&folder, &RUN);
    wait_for(&folder, segments);
    kill(child);
    folder
}

/// Goes on with the run, by these arguments: the proof is that of an uninterrupted run, and nothing else is left.
#[track_caller]
fn expect_whole(folder: &Path, args: &[&str]) -> Value {
    let output = provasm(folder, args);
    expect_code(&output, 0);
    let report = object(&output, &PROVE_KEYS);
    assert_eq!(report["segments"], whole().segments);
    assert!(fs::read(folder.join("module.proof")).expect("the proof") == whole().proof, "another proof");
    assert!(!folder.join("module.proof.run").exists());
    report
}

#[test]
fn a_killed_run_goes_on() {
    let rounds = if is_long() { 20 } else { 2 };
    let mut seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |now| u64::from(now.subsec_nanos()));
    println!("seed {seed}");
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as f64 / (1u64 << 31) as f64
    };
    for round in 0..rounds {
        let folder = folder("killed", DIV);
        let mut before = 0;
        // Twice, at any moment between nothing and everything, the second time over what the first one left.
        for args in [&RUN[..], if round % 2 == 0 { &RUN[..] } else { &RESUME[..] }] {
            let resumable = folder.join("module.proof.run/run.json").exists();
            let child = start(&folder, if resumable { args } else { &RUN });
            thread::sleep(whole().duration.mul_f64(random()));
            kill(child);
            if folder.join("module.proof").exists() {
                break;
            }
            assert!(finished(&folder).len() >= before, "a finished segment is gone");
            before = finished(&folder).len();
        }
        // Half a proof is never left beside where it goes.
        assert!(names(&folder).iter().all(|name| name.starts_with("module.")), "{:?}", names(&folder));
        if folder.join("module.proof").exists() {
            continue;
        }
        let resumable = folder.join("module.proof.run/run.json").exists();
        let args = [&["prove", "--json"], &RUN[1..]].concat();
        let report = expect_whole(&folder, if resumable { &RESUME } else { &args });
        // What was finished is not proven again.
        assert_eq!(report["reused_segments"], before);
    }
}

#[test]
fn damaged_segments_are_proven_again() {
    let folder = stopped("torn", 3);
    let files = finished(&folder);
    let torn = fs::read(&files[0]).unwrap();
    fs::write(&files[0], &torn[..torn.len() / 2]).unwrap();
    let mut flipped = fs::read(&files[2]).unwrap();
    *flipped.last_mut().unwrap() ^= 1;
    fs::write(&files[2], flipped).unwrap();
    // Whole, but of another place in the run.
    fs::copy(&files[1], folder.join("module.proof.run/segment-00000005.bin")).unwrap();
    let whole_files = files.len() as u64 - 2 - u64::from(files.len() > 5);
    let report = expect_whole(&folder, &[&["prove", "--json", "--jobs", "2"], &RUN[1..]].concat());
    assert_eq!(report["reused_segments"], whole_files);
}

#[test]
fn the_directory_is_enough() {
    let folder = stopped("enough", 1);
    fs::remove_file(folder.join("module.wat")).unwrap();
    let output = provasm(&folder, &["prove", "--resume", "module.proof.run", "--keep"]);
    expect_code(&output, 0);
    assert!(text(&output.stdout).ends_with("written       module.proof\nkept          module.proof.run\n"));
    assert!(text(&output.stdout).lines().any(|line| line.starts_with("reused ")));
    // What is kept is all of the proof.
    fs::remove_file(folder.join("module.proof")).unwrap();
    let report = expect_whole(&folder, &RESUME);
    assert_eq!(report["reused_segments"], whole().segments);
}

#[test]
fn an_interrupted_run_says_how_to_go_on() {
    if !cfg!(unix) {
        return;
    }
    let interrupt = |child: &Child| {
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().expect("the command `kill`").success());
    };
    let folder = folder("interrupted", DIV);
    let child = start(&folder, &RUN);
    wait_for(&folder, 1);
    interrupt(&child);
    let output: Output = child.wait_with_output().unwrap();
    expect_error(&output, 1, "\ncontinue with: provasm prove --resume module.proof.run\n");
    expect_error(&output, 1, "Ctrl-C again");
    assert!(output.stdout.is_empty());
    let before = finished(&folder).len();
    assert_eq!(names(&folder), ["module.proof.run", "module.wat"]);
    let report = expect_whole(&folder, &RESUME);
    assert_eq!(report["reused_segments"], before);

    // Impatience ends at once, and costs no finished segment either.
    fs::remove_file(folder.join("module.proof")).unwrap();
    let mut child = start(&folder, &RUN);
    wait_for(&folder, 1);
    interrupt(&child);
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    expect_whole(&folder, &RESUME);
}

#[test]
fn two_processes_do_not_prove_one_run() {
    let folder = folder("two", DIV);
    let child = start(&folder, &RUN);
    wait_for(&folder, 1);
    expect_error(&provasm(&folder, &RUN), 1, "in use by another process");
    expect_error(&provasm(&folder, &RESUME), 1, "in use by another process");
    expect_code(&child.wait_with_output().unwrap(), 0);
    assert_eq!(names(&folder), ["module.proof", "module.wat"]);
}

#[test]
fn another_run_is_not_mixed_in() {
    let folder = stopped("mixed", 1);
    let check = |args: &[&str], cause: &str| {
        let output = provasm(&folder, args);
        expect_error(&output, 2, cause);
        expect_error(&output, 2, "provasm prove --resume module.proof.run");
        expect_error(&output, 2, "--out");
    };
    check(&[&RUN[..7], &["25001"]].concat(), "holds another run");
    check(&["prove", "module.wat", "--invoke", "div", "--", "1", "2"], "holds another run");
    let args = ["prove", "module.wat", "--invoke", "sum", "--segment-cells", "2^21", "--", "25000"];
    check(&args, "segments of 2^20 cells");
    let output = provasm(&folder, &["prove", "--resume", "module.proof.run", "--max-memory", "1M"]);
    expect_error(&output, 2, "segments of 2^20 cells take about");
    // The same run is found without its segments' size being given.
    expect_whole(&folder, &["prove", "module.wat", "--invoke", "sum", "--json", "--", "25000"]);
}

#[test]
fn failures_leave_what_is_useful() {
    // Nothing of a run that does not come to proving.
    let folder = folder("failures", DIV);
    let limited = [&["prove", "--max-instructions", "10"], &RUN[1..]].concat();
    expect_error(&provasm(&folder, &limited), 1, "stopped after 10 instructions");
    assert_eq!(names(&folder), ["module.wat"]);

    // Finished segments, where a later one cannot be kept.
    let folder = stopped("unkept", 1);
    let obstacle = folder.join(format!("module.proof.run/segment-{:08}.bin", whole().segments - 1));
    fs::create_dir(&obstacle).unwrap();
    let output = provasm(&folder, &RESUME);
    expect_error(&output, 1, "\ncontinue with: provasm prove --resume module.proof.run\n");
    assert!(!folder.join("module.proof").exists());
    fs::remove_dir(&obstacle).unwrap();
    let before = finished(&folder).len() as u64;
    let report = expect_whole(&folder, &RESUME);
    assert_eq!((report["reused_segments"].as_u64(), before), (Some(before), whole().segments - 1));
}
