//! The instances of a script: how the runner uses the compiler and the machine.
//!
//! Owns programs, machines and their state. Does not know what a script expects.

use std::cell::OnceCell;
use std::rc::Rc;

use provasm_compile::{CompileError, ExportedGlobal, InstanceId, Linker, Options, compile_with_exports};
use provasm_execute::{ExecuteError, Limits, Machine, Outcome, Run};
use provasm_isa::Trap;
use provasm_program::{Entry, Program, ValType};
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

/// The program that starts where instances are now.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) program: Program,
    pub(crate) tables: OnceCell<Vec<provasm_air::Table>>,
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

/// Places for the programs of a script, which outlive its machines: one for each directive.
pub(crate) struct Programs(Vec<OnceCell<Program>>);

impl Programs {
    /// Places for this many programs.
    pub(crate) fn new(count: usize) -> Self {
        Self((0..count).map(|_| OnceCell::new()).collect())
    }
}

/// What an instance exports, besides a program's entries.
enum Exports {
    /// Of the program's only instance: its globals, and functions with too many values.
    Alone { globals: Vec<ExportedGlobal>, excluded: Vec<String> },
    /// Of instances that share the program.
    Shared(Box<Linker>),
}

/// A machine, and the one instance or the instances that it runs.
struct Group<'p> {
    program: &'p Program,
    machine: Machine<'p>,
    exports: Exports,
    /// Whether the machine has run anything but the start function of a program of its own.
    is_used: bool,
    /// The state it is in, unless it changed since this was known.
    snapshot: Option<Rc<Snapshot>>,
}

/// A live instance.
#[derive(Clone, Copy)]
struct Instance<'p> {
    wasm: &'p [u8],
    place: Place,
    /// Its name in the linker of its group.
    id: Option<InstanceId>,
}

/// Where an instance is: its number, or that of its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// It shares nothing.
    Alone(usize),
    /// It is in the group of this number.
    Group(usize),
}

impl Place {
    const fn index(self) -> usize {
        match self {
            Place::Alone(index) | Place::Group(index) => index,
        }
    }
}

/// The instances of a script, by the number of the directive that made them.
pub(crate) struct Store<'p> {
    programs: &'p Programs,
    options: Options,
    instances: Vec<Option<Instance<'p>>>,
    groups: Vec<Option<Group<'p>>>,
}

/// What modules of scripts are compiled with.
pub(crate) fn compile_options(options: &crate::Options) -> Options {
    Options { imports: spectest(), features: options.standard.compiled_as, ..Options::default() }
}

impl<'p> Store<'p> {
    /// A store without instances.
    pub(crate) fn new(programs: &'p Programs, options: Options) -> Self {
        let count = programs.0.len();
        Self { programs, options, instances: vec![None; count], groups: (0..count).map(|_| None).collect() }
    }

    /// Makes the instance with this number and runs its start function.
    pub(crate) fn instantiate(&mut self, number: usize, place: Place, wasm: &'p [u8]) -> Result<(), Refusal> {
        let id = match place {
            Place::Alone(index) => {
                self.instantiate_alone(number, index, wasm)?;
                None
            }
            Place::Group(index) => Some(self.instantiate_shared(number, index, wasm)?),
        };
        self.instances[number] = Some(Instance { wasm, place, id });
        Ok(())
    }

    fn instantiate_alone(&mut self, number: usize, index: usize, wasm: &[u8]) -> Result<(), Refusal> {
        let compiled = compile_with_exports(wasm, &self.options)?;
        let program = self.programs.0[number].get_or_init(|| compiled.program);
        let mut machine = Machine::new(program, Limits::default());
        match machine.start()? {
            Outcome::Returned(_) | Outcome::Exited(_) => {}
            Outcome::Trapped(trap) => return Err(Refusal::Trapped(trap)),
        }
        let exports = Exports::Alone { globals: compiled.globals, excluded: compiled.excluded };
        self.groups[index] = Some(Group { program, machine, exports, is_used: false, snapshot: None });
        Ok(())
    }

    /// The instances before keep their state, and what a module does before it fails persists.
    fn instantiate_shared(&mut self, number: usize, index: usize, wasm: &[u8]) -> Result<InstanceId, Refusal> {
        let mut linker = match self.groups[index].take() {
            Some(Group { machine, exports: Exports::Shared(mut linker), .. }) => {
                linker.adopt(&machine.snapshot());
                linker
            }
            _ => Box::new(Linker::new(&self.options)),
        };
        let instantiated = linker.instantiate(wasm);
        let program = self.programs.0[number].get_or_init(|| linker.program());
        let start = instantiated.as_ref().ok().and_then(|id| linker.start(*id));
        let machine = Machine::new(program, Limits::default());
        let exports = Exports::Shared(linker);
        let group =
            self.groups[index].insert(Group { program, machine, exports, is_used: start.is_some(), snapshot: None });
        let id = instantiated?;
        match start.map(|start| group.machine.invoke(&start, &[])).transpose()? {
            Some(Run { outcome: Outcome::Trapped(trap), .. }) => Err(Refusal::Trapped(trap)),
            _ => Ok(id),
        }
    }

    /// Makes the exports of an instance importable by the others of its group.
    pub(crate) fn register(&mut self, name: &str, number: usize) {
        let Some(Instance { place, id: Some(id), .. }) = self.instances.get(number).copied().flatten() else { return };
        if let Some(Group { exports: Exports::Shared(linker), .. }) = &mut self.groups[place.index()] {
            linker.register(name, id);
        }
    }

    /// Frees the instance with this number, or the group of this number.
    pub(crate) fn release(&mut self, number: usize) {
        self.instances[number] = None;
        self.groups[number] = None;
    }

    fn instance(&self, number: usize) -> Option<(&Instance<'p>, &Group<'p>)> {
        let instance = self.instances.get(number)?.as_ref()?;
        Some((instance, self.groups.get(instance.place.index())?.as_ref()?))
    }

    fn group_mut(&mut self, number: usize) -> Option<&mut Group<'p>> {
        let place = self.instances.get(number)?.as_ref()?.place;
        self.groups.get_mut(place.index())?.as_mut()
    }

    /// The program that an instance is of.
    pub(crate) fn program(&self, number: usize) -> Option<&'p Program> {
        self.instance(number).map(|(_, group)| group.program)
    }

    /// The module of an instance that has its program for itself.
    pub(crate) fn wasm_alone(&self, number: usize) -> Option<&'p [u8]> {
        self.instance(number).filter(|(instance, _)| instance.id.is_none()).map(|(instance, _)| instance.wasm)
    }

    /// Whether no function of an instance, or of those that share its program, has been called.
    pub(crate) fn is_unused(&self, number: usize) -> bool {
        self.instance(number).is_some_and(|(_, group)| !group.is_used)
    }

    /// An exported function of an instance.
    pub(crate) fn function(&self, number: usize, name: &str) -> Function<'p> {
        let Some((instance, group)) = self.instance(number) else { return Function::Missing };
        let (entry, is_excluded) = match (&group.exports, instance.id) {
            (Exports::Shared(linker), Some(id)) => {
                (linker.entry_name(id, name).and_then(|name| group.program.entry(&name)), false)
            }
            (Exports::Alone { excluded, .. }, _) => (group.program.entry(name), excluded.iter().any(|one| one == name)),
            (Exports::Shared(_), None) => (None, false),
        };
        match entry {
            Some(entry) => Function::Entry(entry),
            None if is_excluded => Function::TooManyValues,
            None => Function::Missing,
        }
    }

    /// Calls an entry of an instance's program. The state is no longer known.
    pub(crate) fn invoke(&mut self, number: usize, entry: &Entry, args: &[u64]) -> Result<Run, ExecuteError> {
        let unknown = || ExecuteError::UnknownEntry { name: entry.name.clone() };
        let group = self.group_mut(number).ok_or_else(unknown)?;
        group.is_used = true;
        group.snapshot = None;
        group.machine.invoke(&entry.name, args)
    }

    /// The type of an exported global, and its value as register values.
    pub(crate) fn global(&self, number: usize, name: &str) -> Option<(ValType, Vec<u64>)> {
        let (instance, group) = self.instance(number)?;
        let global = match (&group.exports, instance.id) {
            (Exports::Shared(linker), Some(id)) => linker.global(id, name),
            (Exports::Alone { globals, .. }, _) => globals.iter().find(|global| global.name == name).cloned(),
            (Exports::Shared(_), None) => None,
        }?;
        let cells = (global.cell..).take(global.value_type.registers());
        let values = cells.map(|cell| group.machine.static_cell(cell)).collect::<Option<Vec<u64>>>()?;
        Some((global.value_type, values))
    }

    /// The program that starts in the state of an instance. Of one that nothing has been called of
    /// it is the program itself, so that what the start function did is part of the first call.
    pub(crate) fn snapshot(&mut self, number: usize) -> Option<Rc<Snapshot>> {
        let group = self.group_mut(number)?;
        let Group { program, machine, is_used, snapshot, .. } = group;
        let take = || {
            let program = if *is_used { machine.snapshot() } else { program.clone() };
            Rc::new(Snapshot { program, tables: OnceCell::new() })
        };
        Some(Rc::clone(snapshot.get_or_insert_with(take)))
    }

    /// Says that an instance is still in this state.
    pub(crate) fn keep(&mut self, number: usize, snapshot: Rc<Snapshot>) {
        if let Some(group) = self.group_mut(number) {
            group.snapshot = Some(snapshot);
        }
    }
}
