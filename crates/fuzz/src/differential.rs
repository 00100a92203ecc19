//! Running a case on both sides and comparing everything that can be seen from outside.
//!
//! Traps compare by kind. One difference is not one: the specification words an index beyond a
//! table differently for calls and for the table instructions, Wasmtime does not tell them apart.

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

use provasm::Program;
use provasm_compile::{CompileError, Compiled, Options, TableSize, compile_with_exports};
use provasm_execute::{ExecuteError, Limits, Machine, Outcome};
use provasm_isa::Trap;
use provasm_program::{ValType, typed_values};
use thiserror::Error;

use crate::case::{Call, Case};
use crate::proofs::Sampling;
use crate::reference::{End, Instantiated, Reference, UNKNOWN_FUNCTION};
use crate::report::Tally;

/// Instructions a call may take; generated cases end by themselves long before.
const INSTRUCTIONS_MAX: u64 = 50_000_000;
/// Instructions that one unit of Wasmtime's fuel can stand for at most. A call that was stopped
/// though Wasmtime used less fuel than this allows runs too long.
const INSTRUCTIONS_PER_FUEL: u64 = 5_000;

/// A difference between the two sides, or a mistake of one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Divergence {
    /// The compiler finds a valid module invalid, or breaks an assumption of its own.
    #[error("does not compile: {error}")]
    Compile {
        /// What it says.
        error: CompileError,
    },
    /// Ours panicked.
    #[error("panicked: {message}")]
    Panicked {
        /// The panic's message.
        message: String,
    },
    /// Wasmtime refuses the module or a call: a mistake of the harness.
    #[error("Wasmtime: {message}")]
    Reference {
        /// What it says.
        message: String,
    },
    /// Instantiation ends differently.
    #[error("instantiation: Wasmtime {expected:?}, provasm {found:?}")]
    Instantiation {
        /// Under Wasmtime.
        expected: End,
        /// Under provasm.
        found: End,
    },
    /// A call cannot start or meets code it should not.
    #[error("call {call}: {error}")]
    Execute {
        /// Number of the call.
        call: usize,
        /// What the machine says.
        error: ExecuteError,
    },
    /// A call ends differently.
    #[error("call {call}: Wasmtime {expected:x?}, provasm {found:x?}")]
    End {
        /// Number of the call.
        call: usize,
        /// Under Wasmtime.
        expected: End,
        /// Under provasm.
        found: End,
    },
    /// A global differs after a call.
    #[error("global {name:?} after call {call}: Wasmtime {expected:x?}, provasm {found:x?}")]
    Global {
        /// Number of the call.
        call: usize,
        /// The global's export name.
        name: String,
        /// Under Wasmtime.
        expected: Option<Vec<u64>>,
        /// Under provasm.
        found: Option<Vec<u64>>,
    },
    /// A table differs after a call.
    #[error("table {name:?} after call {call}: Wasmtime {expected:x?}, provasm {found:x?}")]
    Table {
        /// Number of the call.
        call: usize,
        /// The table's export name.
        name: String,
        /// Elements under Wasmtime.
        expected: Option<Vec<u64>>,
        /// Elements under provasm.
        found: Option<Vec<u64>>,
    },
    /// A memory differs after a call.
    #[error(
        "memory {name:?} after call {call}: {expected} bytes under Wasmtime, {found} under provasm, first different at {address}"
    )]
    Memory {
        /// Number of the call.
        call: usize,
        /// The memory's export name.
        name: String,
        /// Bytes under Wasmtime.
        expected: usize,
        /// Bytes under provasm.
        found: usize,
        /// The first byte that differs.
        address: usize,
    },
    /// A call's constraints do not hold, or its proof is not made or rejected.
    #[error("call {call}: {what}")]
    Proof {
        /// Number of the call.
        call: usize,
        /// What is wrong.
        what: String,
    },
}

impl Divergence {
    /// Whether another divergence is of the same kind, for minimising.
    #[must_use]
    pub fn is_like(&self, other: &Divergence) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// Everything a comparison needs beside the case.
#[derive(Default)]
pub struct Differential {
    reference: Reference,
    sampling: Sampling,
}

/// Both sides of a live module.
struct Pair<'c> {
    compiled: &'c Compiled,
    machine: Machine<'c>,
    reference: Instantiated,
    /// Number of the exported functions by where they start.
    functions: HashMap<u64, u64>,
    /// Whether the module's own fuel may be used up, so that nothing would happen any more.
    is_spent: bool,
}

impl Differential {
    /// A comparison that checks and proves so many calls.
    #[must_use]
    pub fn new(sampling: Sampling) -> Self {
        Self { reference: Reference::default(), sampling }
    }

    /// Runs a case and counts what it did.
    ///
    /// # Errors
    /// The first divergence.
    pub fn run(&self, case: &Case, tally: &mut Tally) -> Result<(), Divergence> {
        match catch_unwind(AssertUnwindSafe(|| self.compare(case, tally))) {
            Ok(result) => result,
            Err(panic) => {
                let message = panic.downcast_ref::<String>().cloned();
                let message = message.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()));
                Err(Divergence::Panicked { message: message.unwrap_or_default() })
            }
        }
    }

    fn compare(&self, case: &Case, tally: &mut Tally) -> Result<(), Divergence> {
        let compiled = match compile_with_exports(&case.wasm, &Options::default()) {
            Ok(compiled) => compiled,
            Err(error) => return self.refused(case, error, tally),
        };
        let module = self.reference.compile(&case.wasm).map_err(|message| Divergence::Reference { message })?;
        let mut random = Sampling::of_case(&case.wasm);
        let mut pair = match self.pair(&compiled, &module)? {
            Ok(pair) => pair,
            Err(end) => {
                count_trap(&mut tally.instantiation, &end);
                return Ok(());
            }
        };
        tally.modules += 1;
        for (number, call) in case.calls.iter().enumerate() {
            if compiled.excluded.contains(&call.function) {
                tally.excluded += 1;
                continue;
            }
            if pair.is_spent {
                match self.pair(&compiled, &module)? {
                    Ok(fresh) => pair = fresh,
                    Err(_) => return Ok(()),
                }
            }
            let sample = self.sampling.next(&mut random);
            let before = (!sample.is_none()).then(|| Program::from_compiled(pair.machine.snapshot()));
            let Some(outcome) = pair.call(number, call, tally)? else {
                tally.stopped += 1;
                return Ok(());
            };
            pair.compare_state(number)?;
            if let Some(program) = before {
                let taken = sample.take(&program, call, &outcome, tally);
                taken.map_err(|what| Divergence::Proof { call: number, what })?;
            }
        }
        Ok(())
    }

    /// A module that does not compile: refused for a reason, or for none.
    fn refused(&self, case: &Case, error: CompileError, tally: &mut Tally) -> Result<(), Divergence> {
        let reason = match &error {
            CompileError::Unsupported { feature, .. } => {
                let end = feature.find(['{', '(']);
                feature[..end.unwrap_or(feature.len())].trim().to_owned()
            }
            CompileError::TooLarge { what, .. } => format!("too many {what}"),
            CompileError::DataOutOfBounds { .. } | CompileError::ElementOutOfBounds { .. } => {
                let module = self.reference.compile(&case.wasm).map_err(|message| Divergence::Reference { message })?;
                let reference =
                    self.reference.instantiate(&module).map_err(|message| Divergence::Reference { message })?;
                return match reference {
                    Err(End::Trapped(trap @ (Trap::MemoryOutOfBounds | Trap::UndefinedElement))) => {
                        count_trap(&mut tally.instantiation, &End::Trapped(trap));
                        Ok(())
                    }
                    _ => Err(Divergence::Compile { error }),
                };
            }
            _ => return Err(Divergence::Compile { error }),
        };
        *tally.refused.entry(reason).or_default() += 1;
        Ok(())
    }

    /// Instantiates both sides; the inner error is how both of them trap.
    fn pair<'c>(&self, compiled: &'c Compiled, module: &wasmtime::Module) -> Result<Result<Pair<'c>, End>, Divergence> {
        let reference = self.reference.instantiate(module).map_err(|message| Divergence::Reference { message })?;
        let limits = Limits { instructions_max: INSTRUCTIONS_MAX, ..Limits::default() };
        let mut machine = Machine::new(&compiled.program, limits);
        let found = machine.start().map_or(End::Stopped, |outcome| match outcome {
            Outcome::Returned(results) => End::Returned(results),
            // No generated module imports what exits.
            Outcome::Exited(_) => End::Stopped,
            Outcome::Trapped(trap) => End::Trapped(comparable(trap)),
        });
        match (reference, found) {
            (Ok(reference), End::Returned(_)) => Ok(Ok(Pair::new(compiled, machine, reference))),
            (Err(expected), found) if expected == found => Ok(Err(expected)),
            (Err(expected), found) => Err(Divergence::Instantiation { expected, found }),
            (Ok(_), found) => Err(Divergence::Instantiation { expected: End::Returned(Vec::new()), found }),
        }
    }
}

/// Counts a trap by its kind.
fn count_trap(counts: &mut BTreeMap<&'static str, u64>, end: &End) {
    let kind = match end {
        End::Trapped(trap) => trap.text(),
        End::Returned(_) | End::Stopped => "stopped",
    };
    *counts.entry(kind).or_default() += 1;
}

/// A trap as far as Wasmtime tells it from others.
const fn comparable(trap: Trap) -> Trap {
    match trap {
        Trap::TableOutOfBounds => Trap::UndefinedElement,
        other => other,
    }
}

impl<'c> Pair<'c> {
    fn new(compiled: &'c Compiled, machine: Machine<'c>, reference: Instantiated) -> Self {
        let mut functions = HashMap::new();
        for (start, name) in &compiled.program.source.functions {
            if let Some(&number) = reference.names.functions.get(name) {
                functions.entry(u64::from(*start)).or_insert(number);
            }
        }
        Self { compiled, machine, reference, functions, is_spent: false }
    }

    /// Register values as far as they compare.
    fn comparable(&self, types: &[ValType], values: &[u64]) -> Vec<u64> {
        let one = |(of, value): (ValType, &[u64])| match (of, value) {
            (ValType::FuncRef, &[reference]) if reference != 0 => {
                vec![self.functions.get(&(reference >> 16)).copied().unwrap_or(UNKNOWN_FUNCTION)]
            }
            _ => value.to_vec(),
        };
        typed_values(types, values).flat_map(one).collect()
    }

    /// Runs a call on both sides; `None` when a guard stopped one.
    fn call(&mut self, number: usize, call: &Call, tally: &mut Tally) -> Result<Option<Outcome>, Divergence> {
        let fuel_before = self.reference.fuel_used();
        let expected = self.reference.call(&call.function, &call.args);
        let expected = expected.map_err(|message| Divergence::Reference { message })?;
        let outcome = match self.machine.invoke(&call.function, &call.args) {
            Ok(run) => {
                tally.instructions += run.instructions;
                Some(run.outcome)
            }
            Err(ExecuteError::InstructionLimit { .. }) => None,
            Err(error) => return Err(Divergence::Execute { call: number, error }),
        };
        let found = match &outcome {
            Some(Outcome::Returned(results)) => {
                let entry = self.compiled.program.entry(&call.function);
                End::Returned(self.comparable(entry.map_or(&[], |entry| &entry.results), results))
            }
            Some(Outcome::Trapped(trap)) => End::Trapped(comparable(*trap)),
            Some(Outcome::Exited(_)) | None => End::Stopped,
        };
        let fuel = self.reference.fuel_used() - fuel_before;
        let exhausted = End::Trapped(Trap::CallStackExhausted);
        match (&expected, &found) {
            (End::Stopped, _) => return Ok(None),
            (_, End::Stopped) if fuel.saturating_mul(INSTRUCTIONS_PER_FUEL) > INSTRUCTIONS_MAX => return Ok(None),
            _ if expected == found => {}
            // The stacks have different sizes.
            _ if expected == exhausted || found == exhausted => return Ok(None),
            _ => return Err(Divergence::End { call: number, expected, found }),
        }
        self.is_spent = found == End::Trapped(Trap::Unreachable);
        match &found {
            End::Returned(_) => tally.returned += 1,
            end => count_trap(&mut tally.trapped, end),
        }
        Ok(outcome)
    }

    /// Compares the exported globals, tables and memories.
    fn compare_state(&mut self, call: usize) -> Result<(), Divergence> {
        for name in self.reference.names.globals.clone() {
            let (expected, found) = (self.reference.global(&name), self.global(&name));
            if expected != found {
                return Err(Divergence::Global { call, name, expected, found });
            }
        }
        for name in self.reference.names.tables.clone() {
            let (expected, found) = (self.reference.table(&name), self.table(&name));
            if expected != found {
                return Err(Divergence::Table { call, name, expected, found });
            }
        }
        for name in self.reference.names.memories.clone() {
            let memory = self.compiled.memories.iter().find(|memory| memory.name == name);
            let found = memory.and_then(|memory| {
                let size = self.machine.static_cell(memory.size_cell)? * memory.size_unit;
                self.machine.memory().get(memory.base as usize..(memory.base + size) as usize)
            });
            let found = found.unwrap_or_default();
            let expected = self.reference.memory(&name).unwrap_or_default();
            if expected != found {
                let address = expected.iter().zip(found).position(|(one, other)| one != other);
                let address = address.unwrap_or(expected.len().min(found.len()));
                let (expected, found) = (expected.len(), found.len());
                return Err(Divergence::Memory { call, name, expected, found, address });
            }
        }
        Ok(())
    }

    fn cells(&self, first: u32, count: usize) -> Option<Vec<u64>> {
        (first..).take(count).map(|cell| self.machine.static_cell(cell)).collect()
    }

    fn global(&self, name: &str) -> Option<Vec<u64>> {
        let global = self.compiled.globals.iter().find(|global| global.name == name)?;
        let values = self.cells(global.cell, global.value_type.registers())?;
        Some(self.comparable(&[global.value_type], &values))
    }

    fn table(&self, name: &str) -> Option<Vec<u64>> {
        let table = self.compiled.tables.iter().find(|table| table.name == name)?;
        let size = match table.size {
            TableSize::Fixed(size) => size,
            TableSize::Cell(cell) => self.machine.static_cell(cell)? as u32,
        } as usize;
        Some(self.comparable(&vec![table.element; size], &self.cells(table.first, size)?))
    }
}
