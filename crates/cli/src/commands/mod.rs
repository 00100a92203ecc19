//! The commands, one file each.

mod check;
mod inspect;
mod params;
mod prove;
mod run;
mod verify;
mod wast;

use provasm::{Entry, Program};

use crate::args::{Command, Invocation};
use crate::failure::Failure;
use crate::files::read_module;
use crate::values::{choose_entry, parse_args};

/// Does what the arguments ask for.
pub(crate) fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Run(invocation) => run::run(&invocation),
        Command::Prove(args) => prove::prove(&args),
        Command::Verify(args) => verify::verify(&args),
        Command::Check(invocation) => check::check(&invocation),
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
}

impl Call {
    fn new(invocation: &Invocation) -> Result<Self, Failure> {
        Self::of_module(&read_module(&invocation.module)?, invocation.invoke.as_deref(), &invocation.args)
    }

    fn of_module(module: &[u8], invoke: Option<&str>, args: &[String]) -> Result<Self, Failure> {
        let program = Program::compile(module)?;
        let entry = choose_entry(program.entries(), invoke).map_err(Failure::usage)?.clone();
        let args = parse_args(&entry, args).map_err(Failure::usage)?;
        Ok(Self { program, entry, args })
    }
}
