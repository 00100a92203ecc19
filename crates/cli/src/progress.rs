//! How far a proof is, on standard error.
//!
//! On a terminal one line is redrawn, with a bar and an estimate of the time left. Elsewhere every stage is one line, and
//! while segments are proven there is a line now and then.

mod checks;
mod scripts;
mod segments;

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use provasm::Event;
use provasm::memory::{current_bytes, peak_bytes};

pub(crate) use self::checks::CheckProgress;
pub(crate) use self::scripts::ScriptProgress;
use self::segments::Segments;
use crate::interrupt;
use crate::report::{grouped, rate};
use crate::sizes::shown_bytes;

/// Time between two drawings of the line.
const REDRAW: Duration = Duration::from_millis(200);

/// Time between two lines while segments are proven.
const REPORT: Duration = Duration::from_secs(10);

/// Length of the whole bar.
const BAR_LENGTH: u64 = 1000;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Committing to the program.
    Program,
    /// Executing, to know how the run ends and how long it is.
    Execute,
    /// Proving segments.
    Prove,
}

impl Stage {
    const fn label(self) -> &'static str {
        match self {
            Stage::Program => "program",
            Stage::Execute => "execute",
            Stage::Prove => "prove",
        }
    }
}

/// Instructions executed so far.
static EXECUTED: AtomicU64 = AtomicU64::new(0);

/// Takes note of how many instructions were executed.
pub(crate) fn count_executed(instructions: u64) {
    EXECUTED.store(instructions, Ordering::Relaxed);
}

/// What is known about the work.
#[derive(Debug)]
struct State {
    stage: Option<Stage>,
    since: Instant,
    segments: Segments,
    /// When there was a line last, while segments are proven.
    reported: Instant,
}

impl State {
    /// The bar's position, of [`BAR_LENGTH`], and what stands beside it.
    fn drawing(&self) -> (u64, String) {
        match self.stage {
            _ if interrupt::asked() => {
                (self.segments.position(Instant::now(), BAR_LENGTH), interrupt::STOPPING.to_owned())
            }
            Some(Stage::Execute) => {
                let executed = EXECUTED.load(Ordering::Relaxed);
                let rate = rate(executed, self.since.elapsed().as_secs_f64());
                (0, format!("{} instructions, {}/s", grouped(executed), grouped(rate)))
            }
            Some(Stage::Prove) => {
                let now = Instant::now();
                (self.segments.position(now, BAR_LENGTH), format!("{}{}", self.segments.text(now), memory()))
            }
            Some(Stage::Program) | None => (0, String::new()),
        }
    }
}

/// How much memory this process has, and had at most.
fn memory() -> String {
    match (current_bytes(), peak_bytes()) {
        (Some(now), Some(peak)) => format!(", {} of memory, {} at most", shown_bytes(now), shown_bytes(peak)),
        _ => String::new(),
    }
}

/// Writes a line to standard error. Progress that nobody reads is not missed.
fn line(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// The state that the command, the prover and the drawing share.
#[derive(Debug)]
struct Shared(Mutex<State>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The line that is redrawn on a terminal.
#[derive(Debug)]
struct Drawing {
    bar: ProgressBar,
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Drawing {
    fn start(shared: Arc<Shared>) -> Self {
        let bar = bar(ProgressDrawTarget::stderr());
        let (stop, stopped) = mpsc::channel();
        let drawn = bar.clone();
        let thread = thread::spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(REDRAW) {
                let state = shared.lock();
                let (position, text) = state.drawing();
                drawn.set_prefix(state.stage.map_or("", Stage::label));
                drop(state);
                drawn.set_message(text);
                drawn.set_position(position);
            }
            drawn.finish_and_clear();
        });
        Self { bar, stop, thread }
    }
}

/// A bar of [`BAR_LENGTH`].
fn bar(target: ProgressDrawTarget) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(BAR_LENGTH), target);
    match ProgressStyle::with_template("{prefix:7} [{bar:30}] {percent:>3} %  {msg}") {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}

/// The display; it ends when dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    shared: Arc<Shared>,
    /// None where standard error is no terminal.
    drawing: Option<Drawing>,
}

impl Progress {
    /// Begins to display.
    pub(crate) fn start() -> Self {
        let now = Instant::now();
        let state = State { stage: None, since: now, segments: Segments::new(0, 1, now), reported: now };
        let shared = Arc::new(Shared(Mutex::new(state)));
        let drawing = io::stderr().is_terminal().then(|| Drawing::start(Arc::clone(&shared)));
        Self { shared, drawing }
    }

    /// A stage begins.
    pub(crate) fn enter(&self, stage: Stage) {
        self.begin(stage, String::new());
    }

    /// Proving begins, of a run of so many instructions, so many segments at a time.
    pub(crate) fn prove(&self, instructions: u64, jobs: usize) {
        let now = Instant::now();
        let mut state = self.shared.lock();
        state.segments = Segments::new(instructions, jobs, now);
        state.reported = now;
        drop(state);
        self.begin(Stage::Prove, format!(": {} instructions", grouped(instructions)));
    }

    fn begin(&self, stage: Stage, amount: String) {
        let mut state = self.shared.lock();
        state.stage = Some(stage);
        state.since = Instant::now();
        drop(state);
        if self.drawing.is_none() {
            line(&format!("{}{amount}", stage.label()));
        }
    }

    /// Something happened to a segment.
    pub(crate) fn event(&self, event: Event) {
        let now = Instant::now();
        let mut state = self.shared.lock();
        state.segments.event(event, now);
        let due = self.drawing.is_none() && now.duration_since(state.reported) >= REPORT;
        if due && matches!(event, Event::Finished { .. }) {
            state.reported = now;
            let percent = state.segments.position(now, 100);
            line(&format!("{percent} %, {}{}", state.segments.text(now), memory()));
        }
    }

    /// Writes a line that stays.
    pub(crate) fn say(&self, text: &str) {
        match &self.drawing {
            Some(drawing) => drawing.bar.suspend(|| line(text)),
            None => line(text),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(Drawing { stop, thread, .. }) = self.drawing.take() {
            drop(stop);
            // A drawing that failed is no failure of what was drawn.
            let _ = thread.join();
        }
    }
}
