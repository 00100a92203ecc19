//! The runner: a script's directives, one after the other.

use std::rc::Rc;

use provasm_execute::{Outcome, Run};
use provasm_program::Program;
use thiserror::Error;
use wast::{WastDirective, WastExecute, WastInvoke, WastRet};

use crate::audit::{Audit, Done};
use crate::groups::{self, Links};
use crate::prepare::{self, Module, Step};
use crate::refuse::{instantiation_traps, invalid, invalid_custom, unlinkable, unsupported};
use crate::store::{Function, Place, Programs, Refusal, Store, compile_options};
use crate::{Options, Report, Verdict, expect, value};

/// The text is no script.
#[derive(Debug, Error)]
#[error("{name}:{line}: {message}")]
pub struct ScriptError {
    /// The script's name.
    pub name: String,
    /// The line where reading stopped.
    pub line: usize,
    /// What the parser says.
    pub message: String,
}

/// A call of an exported function that ended as the script says.
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

/// A directive and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Directive<'a> {
    /// Its number, from 0.
    pub number: usize,
    /// How many the script has.
    pub count: usize,
    /// Its line, from 1.
    pub line: usize,
    /// What it is, as scripts call it.
    pub kind: &'static str,
    /// What became of it.
    pub verdict: &'a Verdict,
}

/// Who is told what happens while a script runs.
pub trait Observer {
    /// A directive was done.
    fn directive(&mut self, _: &Directive<'_>) {}
    /// An action ended as the script says. This is told before its directive.
    fn action(&mut self, _: &Action<'_>) {}
    /// The script was run; its chosen actions are proven now.
    fn proving(&mut self) {}
}

/// Is told and does nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Observer for Quiet {}

/// Calls a function for every action.
#[derive(Debug)]
pub struct OnAction<F>(pub F);

impl<F: FnMut(&Action<'_>)> Observer for OnAction<F> {
    fn action(&mut self, action: &Action<'_>) {
        (self.0)(action);
    }
}

/// Why a directive did not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It needs a feature that is not supported.
    Skip(String),
    /// It did not do as the script says.
    Fail(String),
}

impl Stop {
    fn unsupported(feature: &str) -> Self {
        Stop::Skip(format!("not supported: {feature}"))
    }
}

/// A running script.
struct Runner<'p, 'r> {
    steps: &'p [Step<'p>],
    links: &'p [Links],
    options: &'p Options,
    store: Store<'p>,
    /// By directive, why it made no instance, if it should have.
    refused: Vec<Option<Stop>>,
    /// By directive, why the state of the instance it made is not what the script expects: something
    /// that should have changed it was skipped. Of a group, by its number.
    tainted: Vec<Option<String>>,
    audit: Audit<'p>,
    actions: usize,
    observer: &'r mut dyn Observer,
}

/// Runs a script.
///
/// # Errors
/// The text is no script. What became of its directives is in the report.
pub fn run(name: &str, text: &str, options: &Options, observer: &mut dyn Observer) -> Result<Report, ScriptError> {
    let failed = |error: wast::Error| ScriptError {
        name: name.to_owned(),
        line: error.span().linecol_in(text).0 + 1,
        message: error.message(),
    };
    let buffer = prepare::lex(text).map_err(failed)?;
    let steps = prepare::parse(&buffer, text).map_err(failed)?;
    let links = groups::resolve(&steps);
    let programs = Programs::new(steps.len());
    let mut runner = Runner {
        steps: &steps,
        links: &links,
        options,
        store: Store::new(&programs, compile_options(options)),
        refused: vec![None; steps.len()],
        tainted: vec![None; steps.len()],
        audit: Audit::new(options),
        actions: 0,
        observer,
    };
    Ok(runner.run(name))
}

impl<'p> Runner<'p, '_> {
    fn run(&mut self, name: &str) -> Report {
        let mut report = Report::new(name);
        let mut ends: Vec<Vec<usize>> = vec![Vec::new(); self.steps.len()];
        for (index, link) in self.links.iter().enumerate() {
            ends[link.last_use].push(index);
        }
        for (index, step) in self.steps.iter().enumerate() {
            let verdict = self.verdict(index, step);
            let kind = kind(&step.directive);
            let (count, line) = (self.steps.len(), step.line);
            self.observer.directive(&Directive { number: index, count, line, kind, verdict: &verdict });
            report.note(line, verdict);
            for &ended in &ends[index] {
                self.store.release(ended);
                self.audit.release(ended);
            }
        }
        if self.options.prove > 0 || self.options.prove_new_operators.is_some() {
            self.observer.proving();
        }
        for (line, reason) in self.audit.prove() {
            report.note(line, Verdict::Failed(reason));
        }
        report.actions = self.actions;
        let counts = std::mem::take(&mut self.audit.counts);
        (report.checked, report.unchecked, report.proved) = (counts.checked, counts.unchecked, counts.proved);
        report.operators_proved = counts.operators_proved;
        report
    }

    /// Does a directive. One that is excluded must fail.
    fn verdict(&mut self, index: usize, step: &Step<'p>) -> Verdict {
        let verdict = match self.directive(index, step) {
            Ok(()) => Verdict::Passed,
            Err(Stop::Skip(reason)) => {
                self.taint(index, &reason);
                Verdict::Skipped(reason)
            }
            Err(Stop::Fail(reason)) => match self.taint_of(index) {
                Some(skipped) => Verdict::Skipped(format!("depends on what was skipped: {skipped}")),
                None => Verdict::Failed(reason),
            },
        };
        let excluded = self.options.excluded.iter().find(|(line, _)| *line == step.line);
        match (excluded, verdict) {
            (Some((_, reason)), Verdict::Failed(_)) => Verdict::Skipped(reason.clone()),
            (Some((_, reason)), Verdict::Passed) => Verdict::Failed(format!("it passes, but is excluded: {reason}")),
            (_, verdict) => verdict,
        }
    }

    /// The places of what a directive can change: instances, or their groups.
    fn touched(&self, index: usize) -> impl Iterator<Item = usize> {
        let place = |instance: usize| self.links[instance].group.unwrap_or(instance);
        self.links[index].target.iter().chain(&self.links[index].imports).map(move |instance| place(*instance))
    }

    /// Notes that a directive was skipped that could have changed the state of others.
    fn taint(&mut self, index: usize, reason: &str) {
        let touched: Vec<usize> = self.touched(index).collect();
        for place in touched {
            self.tainted[place].get_or_insert_with(|| reason.to_owned());
        }
    }

    /// What was skipped that the directive depends on.
    fn taint_of(&self, index: usize) -> Option<&String> {
        self.touched(index).find_map(|place| self.tainted[place].as_ref())
    }

    fn directive(&mut self, index: usize, step: &Step<'p>) -> Result<(), Stop> {
        if step.module.as_ref().is_some_and(|module| module.is_component) {
            return Err(Stop::unsupported("components"));
        }
        match &step.directive {
            WastDirective::Module(_) | WastDirective::ModuleInstance { .. } => {
                let instance = self.instance(index);
                self.refused[index] = instance.clone().err();
                instance
            }
            WastDirective::ModuleDefinition(_) => self.definition(step),
            WastDirective::Register { name, .. } => {
                let target = self.target(index)?;
                self.store.register(name, target);
                Ok(())
            }
            WastDirective::Invoke(invoke) => self.invoke(index, invoke, |_, _| Ok(())),
            WastDirective::AssertReturn { exec, results, .. } => self.assert_return(index, exec, results),
            WastDirective::AssertTrap { exec, message, .. } => self.assert_trap(index, exec, message),
            WastDirective::AssertExhaustion { call, message, .. } => {
                self.invoke(index, call, |outcome, _| expect::trap(outcome, message))
            }
            WastDirective::AssertInvalid { .. } | WastDirective::AssertMalformed { .. } => {
                invalid(module_of(step)?, self.options)
            }
            WastDirective::AssertInvalidCustom { .. } | WastDirective::AssertMalformedCustom { .. } => {
                invalid_custom(module_of(step)?, self.options)
            }
            WastDirective::AssertUnlinkable { message, .. } => match self.instantiate(index)? {
                Ok(()) => Err(Stop::Fail(format!("the module links instead of \"{message}\""))),
                Err(refusal) => unlinkable(&refusal, message, &self.options.standard),
            },
            WastDirective::AssertException { .. } => Err(Stop::unsupported("exception handling")),
            WastDirective::AssertSuspension { .. } => Err(Stop::unsupported("stack switching")),
            WastDirective::Thread(_) | WastDirective::Wait { .. } => Err(Stop::unsupported("threads")),
        }
    }

    /// Makes an instance, for later directives to use.
    fn instance(&mut self, index: usize) -> Result<(), Stop> {
        match self.instantiate(index)? {
            Ok(()) => Ok(()),
            Err(Refusal::Compile(error)) => Err(unsupported(&error).unwrap_or(Stop::Fail(error.to_string()))),
            Err(refusal) => Err(Stop::Fail(refusal.to_string())),
        }
    }

    /// Makes an instance, if what it imports is there.
    fn instantiate(&mut self, index: usize) -> Result<Result<(), Refusal>, Stop> {
        let (steps, link) = (self.steps, &self.links[index]);
        let definition = link.definition.and_then(|definition| steps.get(definition));
        let definition = definition.ok_or_else(|| Stop::Fail("no such module".to_owned()))?;
        let wasm = wasm_of(module_of(definition)?)?;
        for &import in &link.imports {
            self.check_instance(import)?;
        }
        let place = link.group.map_or(Place::Alone(index), Place::Group);
        Ok(self.store.instantiate(index, place, wasm))
    }

    /// Checks that a module that is only defined compiles; what it imports is not looked at.
    fn definition(&self, step: &'p Step<'p>) -> Result<(), Stop> {
        use provasm_compile::CompileError::{IncompatibleImport, MissingImport};
        let wasm = wasm_of(module_of(step)?)?;
        match provasm_compile::compile(wasm, &compile_options(self.options)) {
            Ok(_) | Err(MissingImport { .. } | IncompatibleImport { .. }) => Ok(()),
            Err(error) => Err(unsupported(&error).unwrap_or(Stop::Fail(error.to_string()))),
        }
    }

    /// Checks that a directive made an instance.
    fn check_instance(&self, index: usize) -> Result<(), Stop> {
        match &self.refused[index] {
            None => Ok(()),
            Some(Stop::Skip(reason)) => Err(Stop::Skip(reason.clone())),
            Some(Stop::Fail(_)) => {
                let line = self.steps.get(index).map_or(0, |step| step.line);
                Err(Stop::Fail(format!("it needs the module at line {line}, which failed")))
            }
        }
    }

    /// The instance that a directive is about.
    fn target(&self, index: usize) -> Result<usize, Stop> {
        let target = self.links[index].target.ok_or_else(|| Stop::Fail("no such instance".to_owned()))?;
        self.check_instance(target)?;
        Ok(target)
    }

    /// Calls an exported function and checks how it ended.
    fn invoke(
        &mut self,
        index: usize,
        invoke: &WastInvoke<'_>,
        expect: impl FnOnce(&Outcome, &provasm_program::Entry) -> Result<(), String>,
    ) -> Result<(), Stop> {
        let target = self.target(index)?;
        let args = value::arguments(&invoke.args).map_err(|feature| Stop::unsupported(&feature))?;
        let entry = match self.store.function(target, invoke.name) {
            Function::Entry(entry) => entry,
            Function::TooManyValues => {
                let max = provasm_isa::layout::ENTRY_VALUES_MAX;
                return Err(Stop::Skip(format!("limit: more than {max} arguments or results of a call from outside")));
            }
            Function::Missing => return Err(Stop::Fail(format!("no exported function \"{}\"", invoke.name))),
        };
        let is_first = self.store.is_unused(target);
        let plan = self.audit.plan();
        let before = if plan.needs_snapshot() { self.store.snapshot(target) } else { None };
        let run = self.store.invoke(target, entry, &args).map_err(|error| Stop::Fail(error.to_string()))?;
        let Run { outcome, .. } = &run;
        expect(outcome, entry).map_err(Stop::Fail)?;
        self.actions += 1;
        if let Some(program) = self.store.program(target) {
            self.observer.action(&Action { program, entry: &entry.name, args: &args, outcome, is_first });
        }
        if let Some(before) = before {
            let line = self.steps[index].line;
            let wasm = self.store.wasm_alone(target);
            let done = Done { line, instance: target, wasm, entry, args: &args, run: &run };
            if self.audit.action(plan, &before, &done).map_err(Stop::Fail)? {
                self.store.keep(target, Rc::clone(&before));
            }
        }
        Ok(())
    }

    fn assert_return(&mut self, index: usize, exec: &WastExecute<'_>, results: &[WastRet<'_>]) -> Result<(), Stop> {
        match exec {
            WastExecute::Invoke(invoke) => {
                self.invoke(index, invoke, |outcome, entry| expect::results(outcome, &entry.results, results))
            }
            WastExecute::Get { global, .. } => {
                let target = self.target(index)?;
                let found = self.store.global(target, global);
                let (ty, values) = found.ok_or_else(|| Stop::Fail(format!("no exported global \"{global}\"")))?;
                expect::results(&Outcome::Returned(values), &[ty], results).map_err(Stop::Fail)
            }
            WastExecute::Wat(_) => self.instance(index),
        }
    }

    fn assert_trap(&mut self, index: usize, exec: &WastExecute<'_>, message: &str) -> Result<(), Stop> {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(index, invoke, |outcome, _| expect::trap(outcome, message)),
            WastExecute::Wat(_) => match self.instantiate(index)? {
                Ok(()) => Err(Stop::Fail(format!("the module starts instead of the trap \"{message}\""))),
                Err(refusal) => instantiation_traps(&refusal, message),
            },
            WastExecute::Get { .. } => Err(Stop::Fail("reading a global does not trap".to_owned())),
        }
    }
}

fn module_of<'s>(step: &'s Step<'_>) -> Result<&'s Module, Stop> {
    step.module.as_ref().ok_or_else(|| Stop::Fail("no such module".to_owned()))
}

/// The binary format of a module that must parse.
fn wasm_of(module: &Module) -> Result<&[u8], Stop> {
    module.wasm.as_deref().map_err(|error| Stop::Fail(format!("the text does not parse: {error}")))
}

/// What a directive is called.
const fn kind(directive: &WastDirective<'_>) -> &'static str {
    match directive {
        WastDirective::Module(_) => "module",
        WastDirective::ModuleDefinition(_) => "module definition",
        WastDirective::ModuleInstance { .. } => "module instance",
        WastDirective::AssertMalformed { .. } => "assert_malformed",
        WastDirective::AssertInvalid { .. } => "assert_invalid",
        WastDirective::AssertInvalidCustom { .. } => "assert_invalid_custom",
        WastDirective::AssertMalformedCustom { .. } => "assert_malformed_custom",
        WastDirective::Register { .. } => "register",
        WastDirective::Invoke(_) => "invoke",
        WastDirective::AssertTrap { .. } => "assert_trap",
        WastDirective::AssertReturn { .. } => "assert_return",
        WastDirective::AssertExhaustion { .. } => "assert_exhaustion",
        WastDirective::AssertUnlinkable { .. } => "assert_unlinkable",
        WastDirective::AssertException { .. } => "assert_exception",
        WastDirective::AssertSuspension { .. } => "assert_suspension",
        WastDirective::Thread(_) => "thread",
        WastDirective::Wait { .. } => "wait",
    }
}
