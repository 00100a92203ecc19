//! `provasm-fuzz`: fuzzes until it has run enough, a time is over, or somebody presses Ctrl-C.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Parser;
use provasm_fuzz::{Finding, Plan, Sampling, Tally, findings, run};

/// Time between two lines of progress.
const PROGRESS: Duration = Duration::from_secs(10);

/// Compares generated programs with Wasmtime, and checks and proves some of their calls.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask fuzz")]
struct Cli {
    /// Stops after this many programs
    #[arg(long)]
    programs: Option<u64>,
    /// Stops after this many hours
    #[arg(long)]
    hours: Option<f64>,
    /// Seed of the first program; the others follow it
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Threads; all cores without it
    #[arg(long)]
    threads: Option<NonZeroUsize>,
    /// Checks the constraints of one in so many calls, 0 for none
    #[arg(long, default_value_t = 50)]
    check_every: usize,
    /// Proves one in so many calls, 0 for none
    #[arg(long, default_value_t = 500)]
    prove_every: usize,
    /// Operand lists per function in the modules of single operators
    #[arg(long, default_value_t = 20)]
    operand_lists: usize,
    /// Where programs that diverge are written
    #[arg(long, default_value = "target/fuzz")]
    folder: PathBuf,
    /// Leaves programs that diverge as they are
    #[arg(long)]
    as_found: bool,
}

static STOP: AtomicBool = AtomicBool::new(false);

fn main() -> Result<ExitCode> {
    let cli = Cli::parse();
    ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed)).context("listening for Ctrl-C")?;
    let threads = cli.threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    let plan = Plan {
        seed: cli.seed,
        programs: cli.programs.unwrap_or(u64::MAX),
        operand_lists: cli.operand_lists,
        sampling: Sampling { check_every: cli.check_every, prove_every: cli.prove_every },
        threads,
        minimise: !cli.as_found,
    };
    let start = Instant::now();
    let last = Mutex::new(start);
    let hours = cli.hours.map(|hours| Duration::from_secs_f64(hours.max(0.0) * 3600.0));
    let tell = |tally: &Tally, finding: Option<&Finding>| {
        if let Some(finding) = finding {
            match findings::write(&cli.folder, &finding.case, &finding.divergence) {
                Ok(path) => eprintln!("seed {}: {}; written to {}", finding.seed, finding.divergence, path.display()),
                Err(error) => eprintln!("seed {}: {}; not written: {error}", finding.seed, finding.divergence),
            }
        }
        if hours.is_some_and(|hours| start.elapsed() > hours) {
            STOP.store(true, Ordering::Relaxed);
        }
        let mut last = last.lock().expect("no thread panics while telling");
        if last.elapsed() > PROGRESS {
            *last = Instant::now();
            let (modules, calls, seconds) = (tally.modules, tally.calls(), start.elapsed().as_secs());
            eprintln!("{seconds} s: {modules} modules, {calls} calls, {} proved", tally.proved);
        }
    };
    let (tally, found) = run(&plan, &STOP, &tell);
    println!("first seed {}, {:.0} s on {} threads", cli.seed, start.elapsed().as_secs_f64(), threads);
    println!("{tally}");
    println!("  divergences: {}", found.len());
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
