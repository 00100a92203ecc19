//! The commands, one file each.

mod check;
mod inspect;
mod params;
mod profile;
mod prove;
mod run;
mod verify;
mod wast;

use std::path::Path;

use provasm::{Entry, Program};

pub(crate) use self::profile::ProfileArgs;
use crate::args::{Command, Invocation};
use crate::failure::Failure;
use crate::files::read_module;
use crate::inputs::{Given, InputArgs};
use crate::values::{choose_entry, parse_args};

/// Does what the arguments ask for.
pub(crate) fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Run(invocation) => run::run(&invocation),
        Command::Prove(args) => prove::prove(&args),
        Command::Verify(args) => verify::verify(&args),
        Command::Check(invocation) => check::check(&invocation),
        Command::Profile(args) => profile::profile(&args),
        Command::Id(args) => inspect::id(&args),
        Command::Disasm(args) => inspect::disasm(&args),
        Command::Wast(args) => wast::wast(&args),
        Command::Params => params::params(),
    }
}

/// A compiled module, the function to run and its arguments as register values.
struct Call {
    program: Program,
    entry: Entry,
    args: Vec<u64>,
    given: Given,
}

impl Call {
    fn new(invocation: &Invocation) -> Result<Self, Failure> {
        let Invocation { module, invoke, inputs, args, .. } = invocation;
        Self::of_module(&read_module(module)?, module, invoke.as_deref(), inputs, args)
    }

    /// A call of a function of a module that was read from `path`.
    fn of_module(
        module: &[u8],
        path: &Path,
        invoke: Option<&str>,
        inputs: &InputArgs,
        args: &[String],
    ) -> Result<Self, Failure> {
        let program = Program::compile(module)?;
        let entry = choose_entry(program.entries(), invoke).map_err(Failure::usage)?.clone();
        let values = parse_args(&entry, inputs.function_args(args)).map_err(Failure::usage)?;
        let given = inputs.read(path, args)?;
        Ok(Self { program, entry, args: values, given })
    }
}
