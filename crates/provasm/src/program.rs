//! A program, and what can be done with it.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;
use std::time::Instant;

use provasm_compile::Options;
use provasm_execute::{Limits, Recording, Run, record};
use provasm_program::{Entry, Program as Compiled, typed_values};
use provasm_proof::{Claim, Outcome, ParameterSet, ProgramId};
use provasm_prove::{Backend, Cpu, ProgramKey};
use provasm_trace::{Traces, Violation, check, generate};

use crate::cost::Cost;
use crate::error::Error;

/// A compiled program.
pub struct Program {
    compiled: Compiled,
    key: OnceLock<ProgramKey>,
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("instructions", &self.compiled.code.len()).finish_non_exhaustive()
    }
}

/// Where making a proof stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The program is being executed and recorded.
    Execute,
    /// The tables are being filled.
    Fill {
        /// Executed instructions.
        instructions: u64,
    },
    /// The proof is being made.
    Prove {
        /// Committed cells, padding included.
        cells: u64,
        /// Interactions, padding included.
        interactions: u64,
    },
    /// The proof is done.
    Done,
}

/// How to make a proof.
#[derive(Clone, Copy, Default)]
pub struct ProveOptions<'o> {
    /// Bounds on the run.
    pub limits: Limits,
    /// Memory that proving may take, about; `None` for no bound.
    pub memory_bytes_max: Option<u64>,
    /// Called at the beginning of every stage.
    pub progress: Option<&'o dyn Fn(Stage)>,
}

/// A proof, and what it took.
#[derive(Clone, Debug)]
pub struct Proven {
    /// The proof.
    pub proof: Vec<u8>,
    /// What it claims.
    pub claim: Claim,
    /// The run.
    pub run: Run,
    /// Committed cells and interactions.
    pub cost: Cost,
    /// Seconds of executing and recording.
    pub execute_seconds: f64,
    /// Seconds from the start of executing to the proof's bytes.
    pub prove_seconds: f64,
}

/// What checking a run's tables without a proof found.
#[derive(Clone, Debug)]
pub struct CheckReport {
    /// The run.
    pub run: Run,
    /// Committed cells and interactions.
    pub cost: Cost,
    /// Everything wrong; empty when a proof can be made.
    pub violations: Vec<Violation>,
}

impl Program {
    /// Compiles a WebAssembly module, in the binary or the text format.
    ///
    /// # Errors
    /// [`Error::Text`] or [`Error::Compile`] says what is wrong with it or not supported.
    pub fn compile(module: &[u8]) -> Result<Self, Error> {
        let wasm = if module.starts_with(b"\0asm") {
            Cow::Borrowed(module)
        } else {
            wat::parse_bytes(module).map_err(|error| Error::Text(error.to_string()))?
        };
        Ok(Self::from_compiled(provasm_compile::compile(&wasm, &Options::default())?))
    }

    /// A program that was compiled already.
    #[must_use]
    pub fn from_compiled(compiled: Compiled) -> Self {
        Self { compiled, key: OnceLock::new() }
    }

    /// The instructions, cells and entries.
    #[must_use]
    pub fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    /// The exported functions.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.compiled.entries
    }

    /// The prepared commitment to the program, made at the first call.
    ///
    /// # Errors
    /// [`Error::Prove`] when no parameters exist for the program's size.
    pub fn key(&self) -> Result<&ProgramKey, Error> {
        if let Some(key) = self.key.get() {
            return Ok(key);
        }
        let key = ProgramKey::new(&self.compiled, ParameterSet::Koala100)?;
        Ok(self.key.get_or_init(|| key))
    }

    /// The program's id, which is all a verifier needs to know of it.
    ///
    /// # Panics
    /// Never: parameters exist for every program within the compiler's limits.
    #[must_use]
    pub fn id(&self) -> ProgramId {
        self.key().expect("parameters for every program within the compiler's limits").id()
    }

    /// Runs an exported function, arguments and results being register values: 32-bit ones
    /// zero-extended, floats as bits, a `v128` as two, references as [`ValType`] says.
    ///
    /// [`ValType`]: provasm_program::ValType
    ///
    /// # Errors
    /// [`Error::Execute`] when the run cannot start or a limit stops it; [`Error::ArgumentRange`].
    pub fn run(&self, entry: &str, args: &[u64], limits: Limits) -> Result<Run, Error> {
        self.check_args(entry, args)?;
        Ok(provasm_execute::run(&self.compiled, entry, args, limits)?)
    }

    /// Runs an exported function and proves it.
    ///
    /// # Errors
    /// As [`Program::run`], and [`Error::Prove`] when the run is too long for one proof.
    pub fn prove(&self, entry: &str, args: &[u64]) -> Result<Proven, Error> {
        self.prove_with(entry, args, ProveOptions::default())
    }

    /// Runs an exported function and proves it, within limits and telling its progress.
    ///
    /// # Errors
    /// As [`Program::prove`].
    pub fn prove_with(&self, entry: &str, args: &[u64], options: ProveOptions<'_>) -> Result<Proven, Error> {
        let tell = |stage: Stage| options.progress.iter().for_each(|progress| progress(stage));
        let key = self.key()?;
        let start = Instant::now();
        tell(Stage::Execute);
        let recording = self.record(entry, args, options.limits)?;
        let execute_seconds = start.elapsed().as_secs_f64();
        tell(Stage::Fill { instructions: recording.run.instructions });
        let traces = generate(&self.compiled, key.tables(), &recording);
        let (run, claim) = (recording.run.clone(), claim(entry, &recording));
        drop(recording);
        let cost = Cost::of(&traces);
        if let Some(allowed) = options.memory_bytes_max.filter(|&allowed| cost.memory_bytes() > allowed) {
            let (instructions, needed) = (run.instructions, cost.memory_bytes() >> 20);
            return Err(Error::Memory { instructions, needed, allowed: allowed >> 20 });
        }
        tell(Stage::Prove { cells: cost.cells(), interactions: cost.interactions() });
        let proof = Cpu.prove(key, claim.clone(), traces)?.to_bytes();
        let prove_seconds = start.elapsed().as_secs_f64();
        tell(Stage::Done);
        Ok(Proven { proof, claim, run, cost, execute_seconds, prove_seconds })
    }

    /// Runs an exported function and checks every constraint and bus on its tables.
    ///
    /// # Errors
    /// As [`Program::run`]; what the check finds is not an error but in the report.
    pub fn check(&self, entry: &str, args: &[u64], limits: Limits) -> Result<CheckReport, Error> {
        let (recording, traces) = self.traces(entry, args, limits)?;
        Ok(CheckReport { run: recording.run, cost: Cost::of(&traces), violations: check(&traces) })
    }

    /// Runs an exported function and fills its tables.
    ///
    /// # Errors
    /// As [`Program::run`].
    pub fn traces(&self, entry: &str, args: &[u64], limits: Limits) -> Result<(Recording, Traces), Error> {
        let recording = self.record(entry, args, limits)?;
        let tables = provasm_air::fixed::tables_of(&self.compiled);
        let traces = generate(&self.compiled, &tables, &recording);
        Ok((recording, traces))
    }

    fn record(&self, entry: &str, args: &[u64], limits: Limits) -> Result<Recording, Error> {
        self.check_args(entry, args)?;
        Ok(record(&self.compiled, entry, args, limits)?)
    }

    fn check_args(&self, entry: &str, args: &[u64]) -> Result<(), Error> {
        let Some(found) = self.compiled.entry(entry) else { return Ok(()) };
        for (index, (ty, values)) in typed_values(&found.params, args).enumerate() {
            if let Some(&value) = values.iter().find(|&&value| ty.is_32() && value > u64::from(u32::MAX)) {
                return Err(Error::ArgumentRange { entry: entry.to_owned(), index, value });
            }
        }
        Ok(())
    }
}

fn claim(entry: &str, recording: &Recording) -> Claim {
    let outcome = match &recording.run.outcome {
        provasm_execute::Outcome::Returned(results) => Outcome::Returned(results.clone()),
        provasm_execute::Outcome::Trapped(trap) => Outcome::Trapped(trap.code()),
    };
    Claim { entry: entry.to_owned(), args: recording.args.clone(), outcome }
}
