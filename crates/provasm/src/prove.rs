//! From a call to a proof: execute, cut into segments, prove them, keep them.
//!
//! One thread executes and follows the state tree; it hands each segment to the next free prover and never
//! is more than one segment ahead. So memory is bounded by the size of a segment, however long the run is.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use provasm_air::tree::OUTPUT_NODE;
use provasm_execute::{Cut, Execution, Inputs, Limits, Outcome as RunOutcome, Recording, Run};
use provasm_proof::{Claim, Invocation, Outcome, ProofHead, SegmentClaim, SegmentProof, StreamDigest};
use provasm_prove::{Backend, Cpu, ProgramKey};
use provasm_trace::{SegmentMeter, StateTree, Walk, generate, results_of, states_of};
use provasm_verify::{INSTRUCTION_ROWS_MAX, verify_segment};

use crate::cost::Cost;
use crate::error::Error;
use crate::program::Program;
use crate::reader::write_proof;
use crate::store::{MemoryStore, SegmentStore};

/// Committed cells of a segment at most, as a base-two logarithm, if nothing else is asked for.
pub const SEGMENT_LOG_CELLS: u32 = 26;

/// The least and the greatest such logarithm that can be asked for. In a larger segment a table could be taller than a
/// verifier allows.
pub const SEGMENT_LOG_CELLS_RANGE: core::ops::RangeInclusive<u32> = 20..=28;

/// How to make a proof.
#[derive(Clone, Copy)]
pub struct ProveOptions<'o> {
    /// What the run is given to read.
    pub inputs: Inputs<'o>,
    /// Bounds on the run.
    pub limits: Limits,
    /// Committed cells a segment can have, as a base-two logarithm.
    pub segment_log_cells: u32,
    /// Cuts the run after every so many instructions, whatever they cost.
    pub cut_every: Option<u64>,
    /// Segments proven at the same time; the threads are shared out among them.
    pub jobs: usize,
    /// Where finished segments are kept and looked for; in memory if not given.
    pub store: Option<&'o dyn SegmentStore>,
    /// Told what happens, from several threads.
    pub progress: Option<&'o (dyn Fn(Event) + Sync)>,
    /// Stops the work between two segments when it becomes true.
    pub interrupt: Option<&'o AtomicBool>,
}

impl Default for ProveOptions<'_> {
    fn default() -> Self {
        Self {
            inputs: Inputs::default(),
            limits: Limits::default(),
            segment_log_cells: SEGMENT_LOG_CELLS,
            cut_every: None,
            jobs: 1,
            store: None,
            progress: None,
            interrupt: None,
        }
    }
}

/// What happens while a run is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A segment was executed.
    Executed {
        /// Its number.
        segment: u64,
        /// Instructions executed so far.
        instructions: u64,
    },
    /// The run ended.
    Ended {
        /// How many segments it has.
        segments: u64,
        /// Its instructions.
        instructions: u64,
    },
    /// A segment's tables are filled, and its proof is begun.
    Started {
        /// Its number.
        segment: u64,
        /// Its instructions.
        instructions: u64,
        /// Committed cells, padding included.
        cells: u64,
        /// Interactions, padding included.
        interactions: u64,
    },
    /// A segment is proven and kept.
    Finished {
        /// Its number.
        segment: u64,
        /// Its instructions.
        instructions: u64,
        /// Whether it was found finished, and verified, instead of being proven.
        reused: bool,
    },
}

/// A proof, and what it took.
#[derive(Clone, Debug)]
pub struct Proven {
    /// The proof; empty when its segments are in a store that was given, see [`write_proof`].
    pub proof: Vec<u8>,
    /// What stands before the segments.
    pub head: ProofHead,
    /// What it claims.
    pub claim: Claim,
    /// The run.
    pub run: Run,
    /// Committed cells and interactions of the segments that were proven.
    pub cost: Cost,
    /// Segments.
    pub segments: u64,
    /// How many of them were found finished.
    pub reused: u64,
    /// Seconds of executing, recording and following the state tree.
    pub execute_seconds: f64,
    /// Seconds from the start of executing to the proof's bytes.
    pub prove_seconds: f64,
}

/// A segment on its way to a prover.
struct Job {
    recording: Recording,
    walk: Walk,
    claim: SegmentClaim,
}

/// What provers have in common.
struct Work<'w> {
    program: &'w Program,
    key: &'w ProgramKey,
    invocation: &'w Invocation,
    store: &'w dyn SegmentStore,
    options: &'w ProveOptions<'w>,
    tally: Mutex<Tally>,
    /// Something failed: nothing more is begun.
    failed: AtomicBool,
}

/// What came of the segments so far.
#[derive(Default)]
struct Tally {
    cost: Cost,
    reused: u64,
    error: Option<Error>,
}

/// Empties the channel if its thread panics, so that the executing thread comes to its end and the panic is passed on.
struct DrainOnPanic<'d> {
    failed: &'d AtomicBool,
    jobs: &'d Mutex<Receiver<Job>>,
}

impl Drop for DrainOnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.failed.store(true, Ordering::Relaxed);
            let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
            while jobs.recv().is_ok() {}
        }
    }
}

impl Work<'_> {
    fn tell(&self, event: Event) {
        self.options.progress.into_iter().for_each(|progress| progress(event));
    }

    fn tally<T>(&self, change: impl FnOnce(&mut Tally) -> T) -> T {
        change(&mut self.tally.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps the first failure, and stops everyone.
    fn fail(&self, error: Error) {
        self.failed.store(true, Ordering::Relaxed);
        self.tally(|tally| _ = tally.error.get_or_insert(error));
    }

    fn is_interrupted(&self) -> bool {
        self.options.interrupt.is_some_and(|interrupt| interrupt.load(Ordering::Relaxed))
    }

    /// Executes the run and hands out the segments that are not finished yet; returns the seconds it took, and the
    /// state tree at the end.
    fn execute<'p>(
        &self,
        execution: &mut Execution<'p>,
        meter: &'p SegmentMeter,
        jobs: &SyncSender<Job>,
    ) -> Result<(f64, StateTree), Error> {
        let mut tree = self.key.tree().with_input(self.options.inputs.public);
        let cut = self.options.cut_every.map_or(Cut::When(meter), Cut::After);
        let mut seconds = 0.0;
        while !self.failed.load(Ordering::Relaxed) {
            if self.is_interrupted() {
                return Err(Error::Interrupted);
            }
            let start = Instant::now();
            let Some(recording) = execution.next(cut)? else { break };
            let walk = tree.advance(&recording);
            seconds += start.elapsed().as_secs_f64();
            let (segment, instructions) = (recording.index, execution.instructions());
            self.tell(Event::Executed { segment, instructions });
            if let Some(run) = execution.run() {
                self.tell(Event::Ended { segments: segment + 1, instructions: run.instructions });
            }
            let claim = segment_claim(self.program, &recording, &walk);
            if self.is_finished(&claim)? {
                self.tally(|tally| tally.reused += 1);
                self.tell(Event::Finished { segment, instructions: recording.instructions, reused: true });
            } else if jobs.send(Job { recording, walk, claim }).is_err() {
                break;
            }
        }
        Ok((seconds, tree))
    }

    /// Whether the store has a proof of this claim.
    fn is_finished(&self, claim: &SegmentClaim) -> Result<bool, Error> {
        let Some(bytes) = self.store.get(claim.index)? else { return Ok(false) };
        // Nothing in a store is believed: what is not this segment, or does not verify, is proven again.
        let found = SegmentProof::from_bytes(&bytes).ok().filter(|found| found.claim == *claim);
        let header = self.key.header();
        Ok(found.is_some_and(|found| verify_segment(header, &header.tables(), self.invocation, &found).is_ok()))
    }

    /// Proves segments until there are no more.
    fn prove_all(&self, jobs: &Mutex<Receiver<Job>>, threads: usize) {
        let _drain = DrainOnPanic { failed: &self.failed, jobs };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let next = || jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        while let Ok(job) = next() {
            // After a failure the channel is emptied, so that the executing thread comes to its end.
            if self.failed.load(Ordering::Relaxed) || self.is_interrupted() {
                continue;
            }
            let proven = match &pool {
                Ok(pool) => pool.install(|| self.prove_one(job)),
                Err(reason) => Err(Error::Threads(reason.to_string())),
            };
            if let Err(error) = proven {
                self.fail(error);
            }
        }
    }

    fn prove_one(&self, job: Job) -> Result<(), Error> {
        let Job { recording, walk, claim } = job;
        let (segment, instructions) = (recording.index, recording.instructions);
        let traces = generate(self.program.compiled(), self.key.tables(), &recording, &walk);
        drop((recording, walk));
        let cost = Cost::of(&traces);
        let (cells, interactions) = (cost.cells(), cost.interactions());
        self.tell(Event::Started { segment, instructions, cells, interactions });
        let proof = Cpu.prove(self.key, self.invocation, claim, traces)?;
        self.store.put(segment, &proof.to_bytes())?;
        self.tally(|tally| tally.cost.add(&cost));
        self.tell(Event::Finished { segment, instructions, reused: false });
        Ok(())
    }
}

/// What the proof of a recorded segment claims.
fn segment_claim(program: &Program, recording: &Recording, walk: &Walk) -> SegmentClaim {
    let (before, after) = states_of(recording, walk);
    SegmentClaim {
        index: recording.index,
        before: before.into(),
        after: after.into(),
        results: results_of(program.compiled(), recording),
        outcome: recording.outcome.as_ref().map(RunOutcome::code),
        exit_code: recording.outcome.as_ref().map_or(0, RunOutcome::exit_code),
    }
}

impl Program {
    /// Runs an exported function and proves it, segment by segment.
    ///
    /// # Errors
    /// As [`Program::run`]; [`Error::Prove`]; [`Error::Store`] when a segment cannot be kept; [`Error::Interrupted`]. Segments
    /// that were finished before stay in the store that was given.
    pub fn prove_with(&self, entry: &str, args: &[u64], options: &ProveOptions<'_>) -> Result<Proven, Error> {
        self.check_args(entry, args)?;
        let key = self.key()?;
        let invocation =
            Invocation { entry: entry.to_owned(), args: args.to_vec(), input: StreamDigest::of(options.inputs.public) };
        let memory = MemoryStore::default();
        let work = Work {
            program: self,
            key,
            invocation: &invocation,
            store: options.store.unwrap_or(&memory),
            options,
            tally: Mutex::default(),
            failed: AtomicBool::new(false),
        };
        let start = Instant::now();
        let meter = SegmentMeter::new(key.tables(), options.segment_log_cells, INSTRUCTION_ROWS_MAX);
        let mut execution = Execution::new(self.compiled(), entry, args, options.inputs, options.limits)?;
        let jobs = options.jobs.max(1);
        let threads = (rayon::current_num_threads() / jobs).max(1);
        // A channel without room: nothing is recorded further ahead than the next segment.
        let (sender, receiver) = sync_channel(0);
        let receiver = Mutex::new(receiver);
        let executed = thread::scope(|scope| {
            (0..jobs).for_each(|_| _ = scope.spawn(|| work.prove_all(&receiver, threads)));
            let executed = work.execute(&mut execution, &meter, &sender);
            drop(sender);
            if executed.is_err() {
                work.failed.store(true, Ordering::Relaxed);
            }
            executed
        });
        let Tally { cost, reused, error } = work.tally(core::mem::take);
        if let Some(error) = error {
            return Err(error);
        }
        let (execute_seconds, tree) = executed?;
        let run = execution.run().filter(|_| !work.is_interrupted()).ok_or(Error::Interrupted)?.clone();
        let segments = execution.segments();
        let claim = claim(&invocation, options.inputs.public, &run);
        let siblings = tree.stream_siblings(OUTPUT_NODE);
        let head = ProofHead {
            header: key.header().clone(),
            invocation: invocation.clone(),
            input: claim.input.bytes.clone(),
            output: claim.output.clone(),
            output_siblings: siblings.map(|digest| StreamDigest::from(digest).0),
            segments,
        };
        let mut proof = Vec::new();
        if options.store.is_none() {
            write_proof(&head, &memory, &mut proof)?;
        }
        let prove_seconds = start.elapsed().as_secs_f64();
        Ok(Proven { proof, head, claim, run, cost, segments, reused, execute_seconds, prove_seconds })
    }
}

fn claim(invocation: &Invocation, input: &[u8], run: &Run) -> Claim {
    Claim::new(&invocation.entry, &invocation.args, input, &run.output, claimed(&run.outcome))
}

/// How a claim says that a run ended so.
#[must_use]
pub fn claimed(outcome: &RunOutcome) -> Outcome {
    match outcome {
        RunOutcome::Returned(results) => Outcome::Returned(results.clone()),
        RunOutcome::Exited(code) => Outcome::Exited(*code),
        RunOutcome::Trapped(trap) => Outcome::Trapped(trap.code()),
    }
}
