//! The runner of the specification's scripts.

use std::collections::HashMap;

use provasm_compile::{CompileError, Compiled, FloatPolicy, Options, compile_with_exports};
use provasm_execute::{ExecuteError, Limits, Machine, Outcome, Run};
use provasm_isa::Trap;
use provasm_program::Program;
use thiserror::Error;
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::token::Id;
use wast::{QuoteWat, Wast, WastDirective, WastExecute, WastInvoke, WastRet, Wat};

use crate::report::Report;
use crate::spectest::spectest;
use crate::value;

/// Why an assertion on a function that computes with floats is skipped.
const FLOAT_ARITHMETIC: &str = "float arithmetic";

/// The text is no script.
#[derive(Debug, Error)]
#[error("{name}: {source}")]
pub struct ScriptError {
    /// The script's name.
    pub name: String,
    /// What the parser says.
    pub source: wast::Error,
}

/// An action that ran as the script expects.
#[derive(Clone, Copy, Debug)]
pub struct Action<'a> {
    /// The instance's program.
    pub program: &'a Program,
    /// Exported function.
    pub entry: &'a str,
    /// Arguments as register values.
    pub args: &'a [u64],
    /// How it ended.
    pub outcome: &'a Outcome,
    /// Whether it is the instance's first: run from the program's initial state, it ends the same.
    pub is_first: bool,
}

/// A live module of a script.
struct Instance {
    compiled: &'static Compiled,
    machine: Machine<'static>,
    is_used: bool,
}

/// A module of a script: live, or not, for a reason.
type Slot = Result<Instance, String>;

/// Why an action gives no outcome.
enum Stop {
    Skip(String),
    Fail(String),
}

/// A running script.
struct Runner<'h> {
    report: Report,
    text: &'h str,
    slots: Vec<Slot>,
    /// Slots by the name they have in the script.
    names: HashMap<String, usize>,
    hook: &'h mut dyn FnMut(&Action<'_>),
}

/// Runs a script and calls the hook for every action that ran as expected.
///
/// Compiled modules are never freed, which is fine in a test.
///
/// # Errors
/// The text is no script. What its assertions find is in the report.
pub fn run_script(name: &str, text: &str, hook: &mut dyn FnMut(&Action<'_>)) -> Result<Report, ScriptError> {
    let failed = |source| ScriptError { name: name.to_owned(), source };
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).map_err(failed)?;
    let wast = parser::parse::<Wast<'_>>(&buffer).map_err(failed)?;
    let mut runner = Runner {
        report: Report { name: name.to_owned(), ..Report::default() },
        text,
        slots: Vec::new(),
        names: HashMap::new(),
        hook,
    };
    for directive in wast.directives {
        runner.directive(directive);
    }
    Ok(runner.report)
}

impl Runner<'_> {
    fn directive(&mut self, directive: WastDirective<'_>) {
        let line = directive.span().linecol_in(self.text).0 + 1;
        let result = match directive {
            WastDirective::Module(module) => self.module(module),
            WastDirective::Register { .. } => Ok(()),
            WastDirective::Invoke(invoke) => self.invoke(&invoke, |_| Ok(())),
            WastDirective::AssertReturn { exec, results, .. } => self.assert_return(exec, &results),
            WastDirective::AssertTrap { exec, message, .. } => self.assert_trap(exec, message),
            WastDirective::AssertExhaustion { call, message, .. } => {
                self.invoke(&call, |outcome| expect_trap(outcome, message))
            }
            WastDirective::AssertInvalid { module, .. }
            | WastDirective::AssertMalformed { module, .. }
            | WastDirective::AssertInvalidCustom { module, .. } => refused(module),
            WastDirective::AssertUnlinkable { module, .. } => refused(QuoteWat::Wat(module)),
            other => Err(Stop::Skip(format!("directive {}", directive_name(&other)))),
        };
        match result {
            Ok(()) => self.report.pass(),
            Err(Stop::Skip(reason)) => self.report.skip(reason),
            Err(Stop::Fail(what)) => self.report.fail(line, what),
        }
    }

    /// Instantiates a module; later actions that name none go to it.
    fn module(&mut self, mut module: QuoteWat<'_>) -> Result<(), Stop> {
        let name = match &module {
            QuoteWat::Wat(Wat::Module(module)) => module.id.map(|id| id.name().to_owned()),
            _ => None,
        };
        let instance = instantiate(&mut module).and_then(|mut instance| match instance.machine.start() {
            Ok(Outcome::Returned(_)) => Ok(instance),
            Ok(Outcome::Trapped(Trap::InvalidConversion)) => Err(Stop::Skip(FLOAT_ARITHMETIC.to_owned())),
            Ok(Outcome::Trapped(trap)) => Err(Stop::Fail(format!("the start function traps: {trap}"))),
            Err(error) => Err(Stop::Fail(error.to_string())),
        });
        if let Some(name) = name {
            self.names.insert(name, self.slots.len());
        }
        let (slot, result) = match instance {
            Ok(instance) => (Ok(instance), Ok(())),
            Err(Stop::Skip(reason)) => (Err(reason.clone()), Err(Stop::Skip(reason))),
            Err(Stop::Fail(what)) => (Err("its module failed".to_owned()), Err(Stop::Fail(what))),
        };
        self.slots.push(slot);
        result
    }

    fn instance(&mut self, name: Option<Id<'_>>) -> Result<&mut Instance, Stop> {
        let index = match name {
            Some(id) => self.names.get(id.name()).copied(),
            None => self.slots.len().checked_sub(1),
        };
        match index.and_then(|index| self.slots.get_mut(index)) {
            Some(Ok(instance)) => Ok(instance),
            Some(Err(reason)) => Err(Stop::Skip(reason.clone())),
            None => Err(Stop::Fail("no such module".to_owned())),
        }
    }

    /// Runs an exported function and checks how it ended.
    fn invoke(
        &mut self,
        invoke: &WastInvoke<'_>,
        check: impl FnOnce(&Outcome) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let args = invoke.args.iter().map(value::argument).collect::<Option<Vec<u64>>>();
        let args = args.ok_or_else(|| Stop::Skip("argument types".to_owned()))?;
        let instance = self.instance(invoke.module)?;
        if instance.compiled.excluded.iter().any(|name| name == invoke.name) {
            return Err(Stop::Skip("too many values for an entry".to_owned()));
        }
        let Run { outcome, .. } = instance.machine.invoke(invoke.name, &args).map_err(|error| match error {
            ExecuteError::UnknownEntry { .. } => Stop::Fail(format!("no export \"{}\"", invoke.name)),
            other => Stop::Fail(other.to_string()),
        })?;
        let is_first = !std::mem::replace(&mut instance.is_used, true);
        let program = &instance.compiled.program;
        if outcome == Outcome::Trapped(Trap::InvalidConversion) {
            return Err(Stop::Skip(FLOAT_ARITHMETIC.to_owned()));
        }
        check(&outcome)?;
        (self.hook)(&Action { program, entry: invoke.name, args: &args, outcome: &outcome, is_first });
        Ok(())
    }

    fn assert_return(&mut self, exec: WastExecute<'_>, results: &[WastRet<'_>]) -> Result<(), Stop> {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke, |outcome| expect_results(outcome, results)),
            WastExecute::Get { module, global, .. } => {
                let instance = self.instance(module)?;
                let exported = instance.compiled.globals.iter().find(|exported| exported.name == global);
                let cell = exported.and_then(|exported| instance.machine.static_cell(exported.cell));
                let value = cell.ok_or_else(|| Stop::Fail(format!("no global \"{global}\"")))?;
                expect_results(&Outcome::Returned(vec![value]), results)
            }
            WastExecute::Wat(_) => Err(Stop::Skip("returning modules".to_owned())),
        }
    }

    fn assert_trap(&mut self, exec: WastExecute<'_>, message: &str) -> Result<(), Stop> {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke, |outcome| expect_trap(outcome, message)),
            WastExecute::Wat(module) => instantiation_traps(module, message),
            WastExecute::Get { .. } => Err(Stop::Fail("reading a global does not trap".to_owned())),
        }
    }
}

/// Compiles a module, with float arithmetic as traps.
fn compile_module(module: &mut QuoteWat<'_>) -> Result<Result<Compiled, CompileError>, Stop> {
    let wasm = module.encode().map_err(|error| Stop::Fail(error.to_string()))?;
    let options = Options { imports: spectest(), float_arithmetic: FloatPolicy::Trap, ..Options::default() };
    Ok(compile_with_exports(&wasm, &options))
}

fn instantiate(module: &mut QuoteWat<'_>) -> Result<Instance, Stop> {
    let compiled = compile_module(module)?.map_err(|error| match error {
        CompileError::MissingImport { module, field } => Stop::Skip(format!("import \"{module}\" \"{field}\"")),
        CompileError::Unsupported { feature, .. } => Stop::Skip(format!("not supported: {feature}")),
        other => Stop::Fail(other.to_string()),
    })?;
    let compiled: &'static Compiled = Box::leak(Box::new(compiled));
    Ok(Instance { compiled, machine: Machine::new(&compiled.program, Limits::default()), is_used: false })
}

/// Checks that a module does not parse, validate or link.
fn refused(mut module: QuoteWat<'_>) -> Result<(), Stop> {
    match compile_module(&mut module) {
        Ok(Ok(_)) => Err(Stop::Fail("the module compiles".to_owned())),
        Ok(Err(_)) | Err(_) => Ok(()),
    }
}

/// Checks that the active segments or the start function of a module trap.
fn instantiation_traps(module: Wat<'_>, message: &str) -> Result<(), Stop> {
    let compiled = match compile_module(&mut QuoteWat::Wat(module))? {
        Ok(compiled) => compiled,
        Err(CompileError::DataOutOfBounds { .. } | CompileError::ElementOutOfBounds { .. }) => {
            return Ok(());
        }
        Err(error) => return Err(Stop::Fail(error.to_string())),
    };
    match Machine::new(&compiled.program, Limits::default()).start() {
        Ok(outcome) => expect_trap(&outcome, message),
        Err(error) => Err(Stop::Fail(error.to_string())),
    }
}

fn expect_results(outcome: &Outcome, expected: &[WastRet<'_>]) -> Result<(), Stop> {
    if let Outcome::Returned(found) = outcome
        && found.len() == expected.len()
        && expected.iter().zip(found).all(|(expected, found)| value::matches(expected, *found))
    {
        return Ok(());
    }
    Err(Stop::Fail(format!("{outcome:x?} instead of {expected:?}")))
}

/// The script may name a trap by the first words of its kind or say more.
fn expect_trap(outcome: &Outcome, message: &str) -> Result<(), Stop> {
    match outcome {
        Outcome::Trapped(trap) if trap.text().starts_with(message) || message.starts_with(trap.text()) => Ok(()),
        other => Err(Stop::Fail(format!("{other:x?} instead of \"{message}\""))),
    }
}

fn directive_name(directive: &WastDirective<'_>) -> String {
    let text = format!("{directive:?}");
    text.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}
