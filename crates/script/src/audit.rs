//! Checking and proving a script's actions, beside running them.
//!
//! An action is recorded on a program that starts in the state before it. It must end as it did on
//! the machine; then its tables are checked, or it is proven and the proof verified.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use provasm::{Program as Provable, claimed, verify};
use provasm_execute::{BLOCK_CELLS, Limits, Outcome, Recording, Run, record};
use provasm_isa::layout::REGISTER_BASE;
use provasm_program::Entry;

use crate::operators::OperatorMap;
use crate::random::Random;
use crate::store::Snapshot;
use crate::tables::{check_used, fill_first, tables_of};
use crate::{Operator, Options};

/// Violations named in a message.
const NAMED_MAX: usize = 3;

/// What is to be done with an action, decided before it runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Its tables are to be checked.
    check: bool,
    /// It is to be proven in this place.
    place: Option<usize>,
    /// It is to be proven if it executes a new operator.
    cover: bool,
}

impl Plan {
    /// Whether the state before the action is needed.
    pub(crate) fn needs_snapshot(self) -> bool {
        self.check || self.place.is_some() || self.cover
    }
}

/// An action that ran as the script says.
pub(crate) struct Done<'a> {
    pub(crate) line: usize,
    /// The number of its instance.
    pub(crate) instance: usize,
    /// Its module, if the program is of this instance alone.
    pub(crate) wasm: Option<&'a [u8]>,
    pub(crate) entry: &'a Entry,
    pub(crate) args: &'a [u64],
    pub(crate) run: &'a Run,
}

/// An action that is going to be proven.
struct Chosen {
    line: usize,
    snapshot: Rc<Snapshot>,
    entry: String,
    args: Vec<u64>,
    outcome: Outcome,
    operators: BTreeSet<Operator>,
}

/// What checking and proving came to.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) checked: usize,
    pub(crate) unchecked: usize,
    pub(crate) proved: usize,
    pub(crate) operators_proved: BTreeSet<Operator>,
}

/// Chooses actions, checks them and proves them.
pub(crate) struct Audit<'o> {
    options: &'o Options,
    random: Random,
    /// Actions planned so far.
    planned: u64,
    /// Actions that could have been chosen so far.
    eligible: usize,
    chosen: Vec<Chosen>,
    /// Chosen for the operators they execute.
    covering: Vec<Chosen>,
    covered: BTreeSet<Operator>,
    maps: BTreeMap<usize, OperatorMap>,
    pub(crate) counts: Counts,
}

impl<'o> Audit<'o> {
    pub(crate) fn new(options: &'o Options) -> Self {
        Self {
            options,
            random: Random::new(options.seed),
            planned: 0,
            eligible: 0,
            chosen: Vec::new(),
            covering: Vec::new(),
            covered: options.prove_new_operators.clone().unwrap_or_default(),
            maps: BTreeMap::new(),
            counts: Counts::default(),
        }
    }

    /// Decides about the next action. Every action that can be proven is chosen with the same
    /// probability, without knowing how many will come: the n-th replaces one of those chosen
    /// before it with probability prove / n (Vitter's algorithm R).
    pub(crate) fn plan(&mut self) -> Plan {
        let one_in = u64::from(self.options.check_one_in);
        let check = one_in > 0 && self.planned.is_multiple_of(one_in);
        self.planned += 1;
        let place = match self.options.prove {
            0 => None,
            prove if self.eligible < prove => Some(self.eligible),
            prove => Some(self.random.below(self.eligible + 1)).filter(|place| *place < prove),
        };
        Plan { check, place, cover: self.options.prove_new_operators.is_some() }
    }

    /// Checks an action that was planned so, and keeps it if it is to be proven. Tells whether the
    /// state before it is known to be the state after it.
    pub(crate) fn action(&mut self, plan: Plan, before: &Rc<Snapshot>, done: &Done<'_>) -> Result<bool, String> {
        let instructions = done.run.instructions;
        let is_provable = instructions <= self.options.prove_instructions_max;
        let check = plan.check && instructions <= self.options.check_instructions_max;
        if plan.check && !check {
            self.counts.unchecked += 1;
        }
        if is_provable {
            self.eligible += 1;
        }
        let prove = is_provable && (plan.place.is_some() || plan.cover);
        if !check && !prove {
            return Ok(false);
        }
        let recording = record(&before.program, &done.entry.name, done.args, Limits::default());
        let (run, recording) = recording.map_err(|error| format!("recorded anew it does not run: {error}"))?;
        if run.outcome != done.run.outcome {
            let (found, expected) = (&run.outcome, &done.run.outcome);
            return Err(format!("recorded anew it ends otherwise: {found:x?} instead of {expected:x?}"));
        }
        if prove {
            self.choose(plan, before, done, &recording);
        }
        if check {
            violations(before, &recording)?;
            self.counts.checked += 1;
        }
        Ok(keeps_state(&recording))
    }

    fn choose(&mut self, plan: Plan, before: &Rc<Snapshot>, done: &Done<'_>, recording: &Recording) {
        // Offsets in a program of several modules do not say which module they are of.
        let operators = done.wasm.map_or_else(BTreeSet::new, |wasm| {
            let map = self.maps.entry(done.instance).or_insert_with(|| OperatorMap::new(wasm, &before.program));
            map.executed(&before.program, recording)
        });
        let is_new = plan.cover && !operators.is_subset(&self.covered);
        if plan.place.is_none() && !is_new {
            return;
        }
        let chosen = Chosen {
            line: done.line,
            snapshot: Rc::clone(before),
            entry: done.entry.name.clone(),
            args: done.args.to_vec(),
            outcome: done.run.outcome.clone(),
            operators,
        };
        if is_new {
            // These are proven whatever comes, those chosen at random may be replaced.
            self.covered.extend(&chosen.operators);
            self.covering.push(chosen);
        } else if let Some(place) = plan.place {
            match self.chosen.get_mut(place) {
                Some(replaced) => *replaced = chosen,
                None => self.chosen.push(chosen),
            }
        }
    }

    /// Forgets what was known of an instance that is gone.
    pub(crate) fn release(&mut self, instance: usize) {
        self.maps.remove(&instance);
    }

    /// Proves the chosen actions and verifies the proofs; the lines and reasons of those that fail.
    pub(crate) fn prove(&mut self) -> Vec<(usize, String)> {
        let mut failed = Vec::new();
        for chosen in self.covering.drain(..).chain(self.chosen.drain(..)) {
            match prove(&chosen) {
                Ok(()) => {
                    self.counts.proved += 1;
                    self.counts.operators_proved.extend(&chosen.operators);
                }
                Err(reason) => failed.push((chosen.line, format!("not proven: {reason}"))),
            }
        }
        failed
    }
}

/// Fills the tables of a recorded run and checks them.
fn violations(before: &Snapshot, recording: &Recording) -> Result<(), String> {
    let tables = before.tables.get_or_init(|| tables_of(&before.program));
    let violations = check_used(&fill_first(&before.program, tables, recording));
    if violations.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = violations.iter().take(NAMED_MAX).map(ToString::to_string).collect();
    Err(format!("{} violations of constraints: {}", violations.len(), named.join("; ")))
}

/// Whether a run left memory, globals and tables as they were.
fn keeps_state(recording: &Recording) -> bool {
    // Registers and links, which come last, are nothing that the next call sees.
    let mut lasting = recording.blocks.iter().take_while(|block| block.number < REGISTER_BASE / BLOCK_CELLS as u32);
    recording.grows.is_empty() && lasting.all(|block| block.before == block.after)
}

/// Proves an action, verifies the proof and compares what it claims.
fn prove(chosen: &Chosen) -> Result<(), String> {
    let program = Provable::from_compiled(chosen.snapshot.program.clone());
    let proven = program.prove(&chosen.entry, &chosen.args).map_err(|error| error.to_string())?;
    let verified = verify(&proven.proof, &program.id()).map_err(|error| error.to_string())?;
    let claim = &verified.claim;
    if claim.entry == chosen.entry && claim.args == chosen.args && claim.outcome == claimed(&chosen.outcome) {
        return Ok(());
    }
    Err(format!("the proof claims {claim:x?}"))
}

#[cfg(test)]
mod tests {
    use std::cell::OnceCell;

    use provasm_execute::Machine;
    use provasm_program::Program;

    use super::*;

    const PLAN: Plan = Plan { check: true, place: Some(0), cover: false };

    fn program(body: &str) -> Program {
        let text = format!(
            "(assert_return (module
                (global $count (mut i32) (i32.const 0))
                (func (export \"f\") (param i32) (result i32)
                    (global.set $count (i32.add (global.get $count) (i32.const 1)))
                    ({body} (global.get $count) (local.get 0)))))"
        );
        let buffer = crate::prepare::lex(&text).expect("a script");
        let mut steps = crate::prepare::parse(&buffer, &text).expect("a script");
        let wasm = steps.remove(0).module.and_then(|module| module.wasm.ok()).expect("a module");
        provasm_compile::compile(&wasm, &provasm_compile::Options::default()).expect("it compiles")
    }

    fn snapshot(program: Program) -> Rc<Snapshot> {
        Rc::new(Snapshot { program, tables: OnceCell::new() })
    }

    /// What the audit says of a call on a machine, from a snapshot.
    fn audit(
        audit: &mut Audit<'_>,
        machine: &mut Machine<'_>,
        entry: &Entry,
        before: &Program,
    ) -> Result<bool, String> {
        let run = machine.invoke("f", &[40]).expect("it runs");
        let done = Done { line: 1, instance: 0, wasm: None, entry, args: &[40], run: &run };
        audit.action(PLAN, &snapshot(before.clone()), &done)
    }

    #[test]
    fn a_call_from_another_state_is_noticed() {
        let (program, options) = (program("i32.add"), Options::default());
        let entry = program.entry("f").expect("an export");
        let mut machine = Machine::new(&program, Limits::default());
        let mut checked = Audit::new(&options);
        assert_eq!(audit(&mut checked, &mut machine, entry, &program), Ok(false), "it changed the state");
        let now = machine.snapshot();
        let error = audit(&mut checked, &mut machine, entry, &program).expect_err("the state is another");
        assert!(error.contains("ends otherwise"), "{error}");
        // A snapshot of its own is good, but not the one of two calls before.
        assert_eq!(checked.counts.checked, 1);
        assert!(audit(&mut checked, &mut machine, entry, &now).is_err());
    }

    #[test]
    fn tables_of_another_program_are_noticed() {
        let (added, subtracted) = (program("i32.add"), program("i32.sub"));
        let (_, recording) = record(&added, "f", &[40], Limits::default()).expect("it runs");
        assert_eq!(violations(&snapshot(added), &recording), Ok(()));
        let error = violations(&snapshot(subtracted), &recording).expect_err("the code is another");
        assert!(error.contains("violations of constraints"), "{error}");
    }

    #[test]
    fn a_proof_of_another_outcome_is_noticed() {
        let before = snapshot(program("i32.add"));
        let chosen = |result| Chosen {
            line: 1,
            snapshot: Rc::clone(&before),
            entry: "f".to_owned(),
            args: vec![40],
            outcome: Outcome::Returned(vec![result]),
            operators: BTreeSet::new(),
        };
        assert_eq!(prove(&chosen(41)), Ok(()));
        let error = prove(&chosen(42)).expect_err("it is 41");
        assert!(error.contains("the proof claims"), "{error}");
    }
}
