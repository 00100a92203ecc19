//! The instances of a script: how the runner uses the compiler and the machine.
//!
//! Owns programs, machines and their state. Does not know what a script expects.

use std::cell::OnceCell;
use std::rc::Rc;

use provasm_compile::{CompileError, Compiled, Options, compile_with_exports};
use provasm_execute::{ExecuteError, Limits, Machine, Outcome, Run};
use provasm_isa::Trap;
use provasm_isa::layout::{PAGE_BYTES, STATIC_BASE};
use provasm_program::{Entry, InitialCell, Program, ValType};
use thiserror::Error;

use crate::spectest;

/// Why there is no instance.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Refusal {
    /// The module does not compile or link.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// Its start function trapped.
    #[error("the start function traps: {0}")]
    Trapped(Trap),
    /// Its start function could not run to its end.
    #[error("the start function: {0}")]
    Stopped(#[from] ExecuteError),
}

/// The program that an instance would start from now.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) program: Program,
    pub(crate) tables: OnceCell<Vec<provasm_air::Table>>,
}

/// A live instance.
struct Instance<'p> {
    wasm: &'p [u8],
    compiled: &'p Compiled,
    machine: Machine<'p>,
    is_used: bool,
    /// The state it is in, unless it changed since this was known.
    snapshot: Option<Rc<Snapshot>>,
}

/// An exported function of an instance.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Function<'p> {
    /// It can be called.
    Entry(&'p Entry),
    /// It has more parameters or results than a proof can claim.
    TooManyValues,
    /// There is none of this name.
    Missing,
}

/// Places for the programs of a script, which outlive its machines.
pub(crate) struct Programs(Vec<OnceCell<Compiled>>);

impl Programs {
    /// Places for this many programs.
    pub(crate) fn new(count: usize) -> Self {
        Self((0..count).map(|_| OnceCell::new()).collect())
    }
}

/// The instances of a script, by the number of the directive that made them.
pub(crate) struct Store<'p> {
    programs: &'p Programs,
    instances: Vec<Option<Instance<'p>>>,
}

/// What modules of scripts are compiled with.
pub(crate) fn compile_options() -> Options {
    Options { imports: spectest(), ..Options::default() }
}

impl<'p> Store<'p> {
    /// A store without instances.
    pub(crate) fn new(programs: &'p Programs) -> Self {
        Self { programs, instances: programs.0.iter().map(|_| None).collect() }
    }

    /// Makes the instance with this number and runs its start function.
    pub(crate) fn instantiate(&mut self, number: usize, wasm: &'p [u8]) -> Result<(), Refusal> {
        let compiled = compile_with_exports(wasm, &compile_options())?;
        let compiled = self.programs.0[number].get_or_init(|| compiled);
        let mut machine = Machine::new(&compiled.program, Limits::default());
        match machine.start()? {
            Outcome::Returned(_) => {}
            Outcome::Trapped(trap) => return Err(Refusal::Trapped(trap)),
        }
        self.instances[number] = Some(Instance { wasm, compiled, machine, is_used: false, snapshot: None });
        Ok(())
    }

    /// Frees the instance with this number.
    pub(crate) fn release(&mut self, number: usize) {
        self.instances[number] = None;
    }

    fn instance(&self, number: usize) -> Option<&Instance<'p>> {
        self.instances.get(number)?.as_ref()
    }

    /// The program that an instance is of.
    pub(crate) fn program(&self, number: usize) -> Option<&'p Program> {
        self.instance(number).map(|instance| &instance.compiled.program)
    }

    /// The binary format of an instance's module.
    pub(crate) fn wasm(&self, number: usize) -> Option<&'p [u8]> {
        self.instance(number).map(|instance| instance.wasm)
    }

    /// Whether no function of an instance has been called.
    pub(crate) fn is_unused(&self, number: usize) -> bool {
        self.instance(number).is_some_and(|instance| !instance.is_used)
    }

    /// An exported function of an instance.
    pub(crate) fn function(&self, number: usize, name: &str) -> Function<'p> {
        let Some(instance) = self.instance(number) else { return Function::Missing };
        match instance.compiled.program.entry(name) {
            Some(entry) => Function::Entry(entry),
            None if instance.compiled.excluded.iter().any(|excluded| excluded == name) => Function::TooManyValues,
            None => Function::Missing,
        }
    }

    /// Calls an exported function. The instance's state is no longer known.
    pub(crate) fn invoke(&mut self, number: usize, entry: &Entry, args: &[u64]) -> Result<Run, ExecuteError> {
        let unknown = || ExecuteError::UnknownEntry { name: entry.name.clone() };
        let instance = self.instances.get_mut(number).and_then(Option::as_mut).ok_or_else(unknown)?;
        instance.is_used = true;
        instance.snapshot = None;
        instance.machine.invoke(&entry.name, args)
    }

    /// The value of an exported global.
    pub(crate) fn global(&self, number: usize, name: &str) -> Option<(ValType, u64)> {
        let instance = self.instance(number)?;
        let global = instance.compiled.globals.iter().find(|global| global.name == name)?;
        Some((global.value_type, instance.machine.static_cell(global.cell)?))
    }

    /// The program that starts in an instance's state. Of one that no function has been called of
    /// it is the program itself, so that what the start function did is part of the first call.
    pub(crate) fn snapshot(&mut self, number: usize) -> Option<Rc<Snapshot>> {
        let instance = self.instances.get_mut(number)?.as_mut()?;
        let program = &instance.compiled.program;
        let take = || {
            let program = if instance.is_used { resumed(program, &instance.machine) } else { program.clone() };
            Rc::new(Snapshot { program, tables: OnceCell::new() })
        };
        Some(Rc::clone(instance.snapshot.get_or_insert_with(take)))
    }

    /// Says that an instance is still in this state.
    pub(crate) fn keep(&mut self, number: usize, snapshot: Rc<Snapshot>) {
        if let Some(instance) = self.instances.get_mut(number).and_then(Option::as_mut) {
            instance.snapshot = Some(snapshot);
        }
    }
}

/// A program whose initial state is that of a machine that ran it.
fn resumed(program: &Program, machine: &Machine<'_>) -> Program {
    let memory = machine.memory();
    let words = (0..).zip(memory.chunks_exact(8)).filter_map(|(address, bytes)| {
        let value = u64::from_le_bytes(bytes.try_into().ok()?);
        (value != 0).then_some(InitialCell { address, value })
    });
    let statics = (0..).map_while(|index| {
        let value = machine.static_cell(index)?;
        Some(InitialCell { address: STATIC_BASE + index, value })
    });
    let mut resumed = Program {
        cells: words.chain(statics).collect(),
        memory_pages: (memory.len() as u64 / PAGE_BYTES) as u32,
        start: None,
        ..program.clone()
    };
    if program.start.is_some() {
        // An entry's first instruction calls the start function.
        resumed.entries.iter_mut().for_each(|entry| entry.pc += 1);
    }
    resumed
}
