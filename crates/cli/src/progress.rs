//! How far a proof is, on standard error.
//!
//! On a terminal one line is redrawn, with a bar and an estimate of the time left; elsewhere every phase is one line.
//! The prover tells nothing while it works, but enters `tracing` spans, which a subscriber here turns into phases.

mod scripts;

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use provasm::memory::available_bytes;
use provasm::{Limits, Stage};
use provasm_verify::INSTRUCTION_ROWS_MAX;

pub(crate) use self::scripts::ScriptProgress;
use crate::report::{grouped, rate};

/// Time between two drawings of the line.
const REDRAW: Duration = Duration::from_millis(200);

/// Length of the whole bar.
const BAR_LENGTH: u64 = 1000;

/// Memory that the cheapest instruction takes at least, recorded and as a row.
pub(crate) const CHECKED_BYTES: u64 = 96;

/// Memory that the cheapest instruction takes at least, proven.
pub(crate) const PROVEN_BYTES: u64 = 300;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Committing to the program.
    Key,
    /// Executing and recording.
    Execute,
    /// Filling the tables.
    Fill,
    /// Committing to the tables.
    Commit,
    /// Proving the buses.
    Lookup,
    /// Proving the constraints.
    Constraints,
    /// Opening the commitments.
    Open,
    /// Checking the proof.
    Verify,
}

/// What the duration of a phase follows.
#[derive(Clone, Copy, Debug)]
enum Work {
    Unknown,
    Instructions,
    Cells,
    Interactions,
}

impl Phase {
    const ALL: [Phase; 8] = [
        Phase::Key,
        Phase::Execute,
        Phase::Fill,
        Phase::Commit,
        Phase::Lookup,
        Phase::Constraints,
        Phase::Open,
        Phase::Verify,
    ];

    const fn label(self) -> &'static str {
        match self {
            Phase::Key => "program",
            Phase::Execute => "execute",
            Phase::Fill => "fill",
            Phase::Commit => "commit",
            Phase::Lookup => "lookup",
            Phase::Constraints => "constraints",
            Phase::Open => "open",
            Phase::Verify => "verify",
        }
    }

    /// What the phase's duration follows, and nanoseconds per unit: seen on two cores. Only the proportions matter, as
    /// finished phases correct the rest.
    const fn work(self) -> (Work, f64) {
        match self {
            Phase::Key | Phase::Execute | Phase::Verify => (Work::Unknown, 0.0),
            Phase::Fill => (Work::Instructions, 130.0),
            Phase::Commit => (Work::Cells, 24.0),
            Phase::Lookup => (Work::Interactions, 80.0),
            Phase::Constraints => (Work::Cells, 25.0),
            Phase::Open => (Work::Cells, 45.0),
        }
    }
}

/// A span of the proof library that a phase begins with, or begins after.
struct Mark {
    target: &'static str,
    name: &'static str,
    begins: Option<Phase>,
    follows: Option<Phase>,
}

/// The marks. Where the library has other spans, phases are coarser.
static MARKS: [Mark; 2] = [
    Mark { target: "p3_sumcheck::commit", name: "commit_matrix", begins: None, follows: Some(Phase::Lookup) },
    Mark {
        target: "p3_multi_stark::zerocheck",
        name: "prove_with_lookup_and_bus",
        begins: Some(Phase::Constraints),
        follows: Some(Phase::Open),
    },
];

/// What is known about the work.
#[derive(Debug)]
struct State {
    phase: Option<Phase>,
    since: Instant,
    instructions: u64,
    cells: u64,
    interactions: u64,
    /// Seconds that finished phases were expected to take, and took.
    expected_done: f64,
    done: f64,
}

impl State {
    /// How many units a phase works on, if known, and their name.
    fn amount(&self, phase: Phase) -> Option<(u64, &'static str)> {
        match phase.work().0 {
            Work::Unknown => None,
            Work::Instructions => Some((self.instructions, "instructions")),
            Work::Cells => Some((self.cells, "cells")),
            Work::Interactions => Some((self.interactions, "interactions")),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    fn expected(&self, phase: Phase) -> f64 {
        self.amount(phase).map_or(0.0, |(units, _)| units as f64 * phase.work().1 * 1e-9)
    }

    /// How much slower than expected this machine is, as finished phases tell.
    fn slowness(&self) -> f64 {
        if self.expected_done > 0.0 { self.done / self.expected_done } else { 1.0 }
    }

    fn enter(&mut self, phase: Phase) {
        let spent = self.since.elapsed().as_secs_f64();
        if let Some(before) = self.phase.filter(|&before| self.amount(before).is_some()) {
            self.expected_done += self.expected(before);
            self.done += spent;
        }
        self.phase = Some(phase);
        self.since = Instant::now();
    }

    /// The bar's position, of [`BAR_LENGTH`], and what stands beside it.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a drawing"
    )]
    fn drawing(&self) -> (u64, String) {
        let Some(phase) = self.phase else { return (0, String::new()) };
        let spent = self.since.elapsed().as_secs_f64();
        if phase == Phase::Execute {
            let executed = EXECUTED.load(Ordering::Relaxed);
            let text = format!("{} instructions, {}/s", grouped(executed), grouped(rate(executed, spent)));
            return (0, text);
        }
        let Some((units, unit)) = self.amount(phase).filter(|_| self.cells > 0) else {
            return (if phase == Phase::Verify { BAR_LENGTH } else { 0 }, String::new());
        };
        let slowness = self.slowness();
        let phase_seconds = self.expected(phase) * slowness;
        let whole: f64 = Phase::ALL.into_iter().map(|phase| self.expected(phase)).sum::<f64>() * slowness;
        // A phase that takes longer than expected is never drawn as finished.
        let passed = self.done + spent.min(0.95 * phase_seconds);
        let left = (whole - passed).max(0.0);
        let text = format!(
            "{} {unit}, about {} /s, about {left:.0} s left",
            grouped(units),
            grouped(rate(units, phase_seconds.max(spent)))
        );
        ((passed / whole.max(1e-9) * BAR_LENGTH as f64) as u64, text)
    }
}

/// Instructions executed so far.
static EXECUTED: AtomicU64 = AtomicU64::new(0);

/// Takes note of how many instructions were executed.
pub(crate) fn count_executed(instructions: u64) {
    EXECUTED.store(instructions, Ordering::Relaxed);
}

/// Bytes that a page of linear memory takes while a run is recorded: its content, and a clock per cell.
const RECORDED_PAGE_BYTES: u64 = 96 << 10;

/// Bounds on a run that is recorded, whose every instruction takes this much memory: what a proof can have, or what fits
/// the free memory. An endless run or a greedy one then ends with an error before memory does.
pub(crate) fn limits(bytes_each: u64, progress: Option<fn(u64)>) -> Limits {
    let free = available_bytes().unwrap_or(u64::MAX);
    Limits {
        instructions_max: INSTRUCTION_ROWS_MAX.min(free / bytes_each),
        memory_pages_max: u32::try_from(free / RECORDED_PAGE_BYTES).unwrap_or(u32::MAX),
        progress,
    }
}

/// The state that the command, the prover's spans and the drawing share.
#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    terminal: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, phase: Phase) {
        let mut state = self.lock();
        state.enter(phase);
        if !self.terminal {
            let amount = state.amount(phase).map(|(units, unit)| format!(": {} {unit}", grouped(units)));
            // Progress that nobody reads is not missed.
            let _ = writeln!(io::stderr(), "{}{}", phase.label(), amount.unwrap_or_default());
        }
    }

    /// The prover reached a phase, if it is proving and was not there before.
    fn reach(&self, phase: Phase) {
        let current = self.lock().phase;
        if current.is_some_and(|current| current >= Phase::Commit && current < phase) {
            self.enter(phase);
        }
    }
}

/// The display; it ends when dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    shared: Arc<Shared>,
    drawing: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins to display.
    pub(crate) fn start() -> Self {
        let state = State {
            phase: None,
            since: Instant::now(),
            instructions: 0,
            cells: 0,
            interactions: 0,
            expected_done: 0.0,
            done: 0.0,
        };
        let terminal = io::stderr().is_terminal();
        let shared = Arc::new(Shared { state: Mutex::new(state), terminal });
        // A subscriber that is there already keeps its place: phases are coarser then.
        let _ = tracing::subscriber::set_global_default(Spans(Arc::clone(&shared)));
        let drawing = terminal.then(|| {
            let (stop, stopped) = mpsc::channel();
            let shared = Arc::clone(&shared);
            let thread = thread::spawn(move || {
                let bar = bar();
                while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(REDRAW) {
                    let state = shared.lock();
                    let (position, text) = state.drawing();
                    bar.set_prefix(state.phase.map_or("", Phase::label));
                    drop(state);
                    bar.set_message(text);
                    bar.set_position(position);
                }
                bar.finish_and_clear();
            });
            (stop, thread)
        });
        Self { shared, drawing }
    }

    /// A phase begins.
    pub(crate) fn enter(&self, phase: Phase) {
        self.shared.enter(phase);
    }

    /// The library reached a stage.
    pub(crate) fn stage(&self, stage: Stage) {
        match stage {
            Stage::Execute => self.enter(Phase::Execute),
            Stage::Fill { instructions } => {
                self.shared.lock().instructions = instructions;
                self.enter(Phase::Fill);
            }
            Stage::Prove { cells, interactions } => {
                let mut state = self.shared.lock();
                (state.cells, state.interactions) = (cells, interactions);
                drop(state);
                self.enter(Phase::Commit);
            }
            Stage::Done => {}
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.drawing.take() {
            drop(stop);
            // A drawing that failed is no failure of what was drawn.
            let _ = thread.join();
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(BAR_LENGTH), ProgressDrawTarget::stderr());
    match ProgressStyle::with_template("{prefix:11} [{bar:30}] {percent:>3} %  {msg}") {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}

/// Listens to the proof library's spans. A span's id is the number of its mark, plus one: nothing else is kept.
struct Spans(Arc<Shared>);

impl tracing::Subscriber for Spans {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.is_span() && mark_of(metadata).is_some()
    }

    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        let number = mark_of(span.metadata()).unwrap_or(MARKS.len());
        tracing::span::Id::from_u64(number as u64 + 1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {}

    fn enter(&self, id: &tracing::span::Id) {
        self.reach(mark_with(id).and_then(|mark| mark.begins));
    }

    fn exit(&self, id: &tracing::span::Id) {
        self.reach(mark_with(id).and_then(|mark| mark.follows));
    }
}

impl Spans {
    fn reach(&self, phase: Option<Phase>) {
        if let Some(phase) = phase {
            self.0.reach(phase);
        }
    }
}

/// The number of the mark that a span is.
fn mark_of(metadata: &tracing::Metadata<'_>) -> Option<usize> {
    MARKS.iter().position(|mark| metadata.target() == mark.target && metadata.name() == mark.name)
}

/// The mark of a span with this id.
fn mark_with(id: &tracing::span::Id) -> Option<&'static Mark> {
    MARKS.get(usize::try_from(id.into_u64()).ok()?.checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        State {
            phase: None,
            since: Instant::now(),
            instructions: 1_000_000,
            cells: 100_000_000,
            interactions: 20_000_000,
            expected_done: 0.0,
            done: 0.0,
        }
    }

    #[test]
    fn phases_are_in_order() {
        assert!(Phase::ALL.is_sorted());
    }

    #[test]
    fn the_bar_never_goes_back_or_over_the_end() {
        let mut state = state();
        let mut last = 0;
        for phase in [Phase::Fill, Phase::Commit, Phase::Lookup, Phase::Constraints, Phase::Open, Phase::Verify] {
            state.enter(phase);
            let (position, _) = state.drawing();
            assert!((last..=BAR_LENGTH).contains(&position), "{phase:?} at {position}");
            last = position;
            // As if the phase had taken exactly what was expected.
            state.since -= Duration::from_secs_f64(state.expected(phase));
        }
        assert_eq!(last, BAR_LENGTH);
    }

    #[test]
    fn a_slow_machine_is_learned() {
        let mut state = state();
        state.enter(Phase::Fill);
        state.since -= Duration::from_secs_f64(3.0 * state.expected(Phase::Fill));
        state.enter(Phase::Commit);
        assert!((state.slowness() - 3.0).abs() < 0.1);
    }
}
