//! A scene that was executed: what can be told of it, and what becomes of what is told.

use p3_field::PrimeField32;
use provasm_air::row::{Row, Sink};
use provasm_air::{KoalaBear, Table, TableId, bus};
use provasm_execute::{BLOCK_CELLS, Execution, Inputs, Limits, Outcome, Recording, Step};
use provasm_isa::layout::{CLOCK_STEP, LINK_BASE};
use provasm_isa::{Instr, Op};
use provasm_program::Program;
use provasm_testkit::tables::{check_used, tables_of};
use provasm_trace::{StateTree, Traces, generate};

use crate::kind::Kind;
use crate::scene::{ARGUMENT, PRIVATE, PUBLIC, Scene};

/// Why the value of a hint can be any.
pub(crate) const HINT: &str = "the value of a hint is the prover's to say";

/// Instructions a lie may execute.
const INSTRUCTIONS_MAX: u64 = 1000;

/// What an executor tells: the instructions as its rows have them, and what they did.
#[derive(Clone)]
pub(crate) struct Told {
    pub(crate) program: Program,
    pub(crate) recording: Recording,
}

/// Where a step is in a recording: its chip, and its place among the chip's.
pub(crate) type Site = (usize, usize);

impl Told {
    pub(crate) fn step(&mut self, site: Site) -> &mut Step {
        &mut self.recording.steps[site.0][site.1]
    }

    /// Puts an instruction in a place that may be beyond the code.
    pub(crate) fn put(&mut self, pc: u32, instr: Instr) {
        let code = &mut self.program.code;
        code.resize(code.len().max(pc as usize + 1), instr);
        code[pc as usize] = instr;
    }

    /// What the last access at a clock left in its cell: where the next access finds it, or the end.
    pub(crate) fn left_at(&mut self, address: u32, clock: u32) -> &mut u64 {
        let Recording { steps, blocks, .. } = &mut self.recording;
        let taken = steps.iter_mut().flatten().find_map(|step| {
            let slot = step.previous.iter().position(|previous| *previous == clock)?;
            Some(&mut step.before[slot])
        });
        if let Some(before) = taken {
            return before;
        }
        let (number, place) = (address / BLOCK_CELLS as u32, address as usize % BLOCK_CELLS);
        let block = blocks.iter_mut().find(|block| block.number == number).expect("it is touched");
        &mut block.after[place]
    }

    /// Every clock of the recording.
    pub(crate) fn clocks(&mut self, mut change: impl FnMut(&mut u32)) {
        let Recording { steps, windows, blocks, grows, end_clock, .. } = &mut self.recording;
        for step in steps.iter_mut().flatten() {
            change(&mut step.clock);
            step.previous.iter_mut().for_each(&mut change);
        }
        windows.iter_mut().flatten().for_each(|access| change(&mut access.previous));
        for block in blocks {
            block.first_clock.iter_mut().chain(&mut block.last_clock).for_each(&mut change);
        }
        grows.iter_mut().for_each(|grow| change(&mut grow.clock));
        change(end_clock);
    }
}

/// A lie, and the reason if it is none. It is made up when it is told; there is none if what it needs has no execution.
pub(crate) struct Lie<'s> {
    pub(crate) kind: Kind,
    pub(crate) what: String,
    pub(crate) tell: Box<dyn FnOnce() -> Option<Told> + 's>,
    pub(crate) free: Option<&'static str>,
}

impl<'s> Lie<'s> {
    pub(crate) fn new(kind: Kind, what: impl Into<String>, told: Told) -> Self {
        Self::later(kind, what, || Some(told))
    }

    pub(crate) fn later(kind: Kind, what: impl Into<String>, tell: impl FnOnce() -> Option<Told> + 's) -> Self {
        Self { kind, what: what.into(), tell: Box::new(tell), free: None }
    }
}

/// What becomes of what is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The tables are those of the truth.
    Truth,
    /// No proof can be made of the tables.
    Rejected,
    /// A proof can be made.
    Accepted,
}

/// An access that the instruction makes, as its row says it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    pub(crate) address: u32,
    /// The clock of the cell's access before.
    pub(crate) previous: u32,
    pub(crate) now: u32,
}

/// Lists the accesses of a row.
#[derive(Default)]
struct Accesses(Vec<Access>);

impl Sink for Accesses {
    fn constraint(&mut self, _: usize, _: KoalaBear) {}

    fn message(&mut self, bus: &str, fields: &[KoalaBear], count: KoalaBear) {
        let fields: Vec<u32> = fields.iter().map(KoalaBear::as_canonical_u32).collect();
        match (bus, &fields[..], count.as_canonical_u32()) {
            (_, _, 0) => {}
            (bus::MEMORY, &[address, .., clock], 1) => {
                let access = self.0.last_mut().filter(|access| access.address == address);
                access.expect("a cell is taken before it is given").now = clock;
            }
            (bus::MEMORY, &[address, .., previous], _) => self.0.push(Access { address, previous, now: 0 }),
            _ => {}
        }
    }
}

/// An executed scene.
pub(crate) struct Stage {
    pub(crate) op: Op,
    pub(crate) scene: Scene,
    pub(crate) recording: Recording,
    /// Where the instruction's step is.
    pub(crate) site: Site,
    /// The instruction's accesses.
    pub(crate) accesses: Vec<Access>,
    tables: Vec<Table>,
    tree: StateTree,
    honest: Traces,
}

impl Stage {
    pub(crate) fn new(op: Op, scene: Scene) -> Self {
        let tables = tables_of(&scene.program);
        let tree = StateTree::new(&scene.program).with_input(PUBLIC);
        let recording = run(&scene.program, ARGUMENT, PUBLIC).unwrap_or_else(|| panic!("{op:?} does not run"));
        let honest = generate(&scene.program, &tables, &recording, &tree.clone().advance(&recording));
        assert_eq!(check_used(&honest), [], "{op:?}");
        let is_site = |step: &Step| step.pc == scene.pc;
        let sites = recording.steps.iter().enumerate();
        let mut sites = sites.filter_map(|(chip, steps)| Some((chip, steps.iter().position(is_site)?)));
        let site = sites.next().expect("the instruction is executed");
        let mut stage = Self { op, scene, recording, site, accesses: Vec::new(), tables, tree, honest };
        stage.accesses = stage.accesses();
        stage
    }

    fn accesses(&self) -> Vec<Access> {
        let chip = TableId::Chip(provasm_isa::Chip::ALL[self.site.0]);
        let trace = self.honest.tables.iter().find(|trace| trace.table.id == chip).expect("the step's table");
        let width = trace.rows.width;
        let main = &trace.rows.values[width * self.site.1..width * (self.site.1 + 1)];
        let mut accesses = Accesses::default();
        Row { main, next: main, fixed: &[], is_first: false, is_last: false }.evaluate(&trace.table, &mut accesses);
        accesses.0
    }

    pub(crate) fn step(&self) -> &Step {
        &self.recording.steps[self.site.0][self.site.1]
    }

    pub(crate) fn instr(&self) -> Instr {
        self.scene.program.code[self.scene.pc as usize]
    }

    /// Where the step after the instruction's is, if the run goes on.
    pub(crate) fn next(&self) -> Option<Site> {
        let clock = self.step().clock + CLOCK_STEP;
        let mut chips = self.recording.steps.iter().enumerate();
        chips.find_map(|(chip, steps)| Some((chip, steps.iter().position(|step| step.clock == clock)?)))
    }

    pub(crate) fn traps(&self) -> bool {
        matches!(self.recording.outcome, Some(Outcome::Trapped(_)))
    }

    /// The truth, to be changed.
    pub(crate) fn truth(&self) -> Told {
        Told { program: self.scene.program.clone(), recording: self.recording.clone() }
    }

    /// What another program does, told as if this one did it.
    pub(crate) fn as_if(&self, executed: &Program) -> Option<Told> {
        run(executed, ARGUMENT, PUBLIC).map(|recording| Told { recording, ..self.truth() })
    }

    /// Why what an instruction does can be told by a row of another: both are the program's hint, whose value is the
    /// prover's to say. A row has the low half of a hint's number.
    pub(crate) fn hinted(&self, executed: Instr, row: Instr) -> Option<&'static str> {
        let truth = self.instr();
        let is_hint = |instr: Instr| instr.op == Op::Hint && instr.d == truth.d;
        let is_truth = [truth, executed, row].into_iter().all(is_hint) && row.imm as u32 == truth.imm as u32;
        is_truth.then_some(HINT)
    }

    pub(crate) fn verdict(&self, told: &Told) -> Verdict {
        let walk = self.tree.clone().advance(&told.recording);
        let traces = generate(&told.program, &self.tables, &told.recording, &walk);
        if is_same(&traces, &self.honest) {
            Verdict::Truth
        } else if check_used(&traces).is_empty() {
            Verdict::Accepted
        } else {
            Verdict::Rejected
        }
    }
}

fn is_same(told: &Traces, honest: &Traces) -> bool {
    let mut tables = told.tables.iter().zip(&honest.tables);
    told.tables.len() == honest.tables.len()
        && told.public_values == honest.public_values
        && tables.all(|(a, b)| a.table.id == b.table.id && a.rows.values == b.rows.values)
}

/// The recording of a run with this argument and input; none if there is no such run. It says that the argument was the
/// true one.
pub(crate) fn run(program: &Program, argument: u64, public: &[u8]) -> Option<Recording> {
    let limits = Limits { instructions_max: INSTRUCTIONS_MAX, ..Limits::default() };
    let inputs = Inputs { public, private: PRIVATE };
    let (_, mut recording) = Execution::new(program, "main", &[argument], inputs, limits).ok()?.whole().ok()?;
    recording.args = vec![ARGUMENT];
    Some(recording)
}

/// Whether a cell is a link, which holds a pc and a frame pointer.
pub(crate) fn is_link(address: u32) -> bool {
    address >= LINK_BASE
}
