//! A program, and what can be done with it.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use provasm_compile::Options;
use provasm_execute::{Cut, Execution, Inputs, Limits, Machine, Run};
use provasm_program::{Entry, Program as Compiled, typed_values};
use provasm_proof::{ParameterSet, ProgramId};
use provasm_prove::ProgramKey;
use provasm_trace::{StateTree, Traces, Violation, check, generate};

use crate::cost::Cost;
use crate::error::Error;
use crate::prove::{ProveOptions, Proven};

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
        self.run_with(entry, args, Inputs::default(), limits)
    }

    /// Runs an exported function that is given inputs.
    ///
    /// # Errors
    /// As [`Program::run`].
    pub fn run_with(&self, entry: &str, args: &[u64], inputs: Inputs<'_>, limits: Limits) -> Result<Run, Error> {
        self.check_args(entry, args)?;
        let mut machine = Machine::new(&self.compiled, limits);
        machine.set_inputs(inputs)?;
        Ok(machine.invoke(entry, args)?)
    }

    /// Runs an exported function and proves it.
    ///
    /// # Errors
    /// As [`Program::run`], and [`Error::Prove`].
    pub fn prove(&self, entry: &str, args: &[u64]) -> Result<Proven, Error> {
        self.prove_with(entry, args, &ProveOptions::default())
    }

    /// Runs an exported function and checks every constraint and bus on its tables, as one segment.
    ///
    /// # Errors
    /// As [`Program::run`]; what the check finds is not an error but in the report.
    pub fn check(&self, entry: &str, args: &[u64], limits: Limits) -> Result<CheckReport, Error> {
        self.check_with(entry, args, Inputs::default(), limits)
    }

    /// Checks a run that is given inputs, as [`Program::check`] does.
    ///
    /// # Errors
    /// As [`Program::check`].
    pub fn check_with(
        &self,
        entry: &str,
        args: &[u64],
        inputs: Inputs<'_>,
        limits: Limits,
    ) -> Result<CheckReport, Error> {
        let (run, traces) = self.traces(entry, args, inputs, limits)?;
        Ok(CheckReport { run, cost: Cost::of(&traces), violations: check(&traces) })
    }

    /// Runs an exported function and fills its tables, as one segment.
    ///
    /// # Errors
    /// As [`Program::run`].
    pub fn traces(
        &self,
        entry: &str,
        args: &[u64],
        inputs: Inputs<'_>,
        limits: Limits,
    ) -> Result<(Run, Traces), Error> {
        self.check_args(entry, args)?;
        let (run, recording) = Execution::new(&self.compiled, entry, args, inputs, limits)?.whole()?;
        let walk = StateTree::new(&self.compiled).with_input(inputs.public).advance(&recording);
        let tables = provasm_air::fixed::tables_of(&self.compiled);
        Ok((run, generate(&self.compiled, &tables, &recording, &walk)))
    }

    /// Runs an exported function in segments and fills their tables, one after another: `cut` says after how many
    /// instructions the segment of a number ends, if not with the run, and `each` is shown the tables.
    ///
    /// # Errors
    /// As [`Program::run`], and what `each` says.
    pub fn segments(
        &self,
        entry: &str,
        args: &[u64],
        inputs: Inputs<'_>,
        limits: Limits,
        cut: impl Fn(u64) -> Option<u64>,
        mut each: impl FnMut(Traces) -> Result<(), Error>,
    ) -> Result<Run, Error> {
        self.check_args(entry, args)?;
        let tables = provasm_air::fixed::tables_of(&self.compiled);
        let mut tree = StateTree::new(&self.compiled).with_input(inputs.public);
        let mut execution = Execution::new(&self.compiled, entry, args, inputs, limits)?;
        let mut index = 0;
        loop {
            if let Some(run) = execution.run() {
                return Ok(run.clone());
            }
            let cut = cut(index).map_or(Cut::Never, Cut::After);
            if let Some(recording) = execution.next(cut)? {
                let walk = tree.advance(&recording);
                each(generate(&self.compiled, &tables, &recording, &walk))?;
            }
            index += 1;
        }
    }

    pub(crate) fn check_args(&self, entry: &str, args: &[u64]) -> Result<(), Error> {
        let Some(found) = self.compiled.entry(entry) else { return Ok(()) };
        for (index, (ty, values)) in typed_values(&found.params, args).enumerate() {
            if let Some(&value) = values.iter().find(|&&value| ty.is_32() && value > u64::from(u32::MAX)) {
                return Err(Error::ArgumentRange { entry: entry.to_owned(), index, value });
            }
        }
        Ok(())
    }
}
