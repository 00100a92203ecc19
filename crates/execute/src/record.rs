//! Recording: what every executed instruction saw, for the trace.

use provasm_isa::Chip;
use provasm_isa::layout::{
    CLOCK_GAP_MAX, CLOCK_START, CLOCK_STEP, FRAME_REGISTERS_MAX, LINK_BASE, PAGE_CELLS, REGISTER_BASE, STACK_REGISTERS,
    STATIC_BASE,
};
use provasm_program::Program;

use crate::machine::{ExecuteError, Limits, Machine, Run};
use crate::observe::Observer;

/// One executed instruction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Program counter.
    pub pc: u32,
    /// Frame pointer.
    pub fp: u32,
    /// Clock of its first access slot.
    pub clock: u32,
    /// Per access slot, the clock of the cell's access before, after bridging.
    pub previous: [u32; 4],
    /// Per access slot, the cell's value before the access.
    pub before: [u64; 4],
    /// What it wrote, the next pc of a jump, or a trap code.
    pub out: u64,
}

/// A cell moved forward in time, unchanged, because its next access is too far away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bridge {
    /// Cell address.
    pub address: u32,
    /// Its value.
    pub value: u64,
    /// Clock it is taken from.
    pub from: u32,
    /// Clock it is brought to.
    pub to: u32,
}

/// The memory grew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grow {
    /// Size before, in pages.
    pub from: u32,
    /// Size after, in pages.
    pub to: u32,
    /// Clock of the new pages' birth.
    pub clock: u32,
}

/// What makes a cell exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// The program's initial image.
    Image,
    /// A page of linear memory.
    Memory,
    /// The register file.
    Register,
    /// The call stack.
    Link,
}

/// A cell's life over a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellRecord {
    /// Cell address.
    pub address: u32,
    /// What makes it exist.
    pub kind: CellKind,
    /// Value at birth.
    pub initial: u64,
    /// Clock of its birth.
    pub birth: u32,
    /// Value at the end.
    pub last: u64,
    /// Clock of its last access, or of its birth.
    pub last_clock: u32,
}

/// Everything a trace needs to know about a run.
#[derive(Debug)]
pub struct Recording {
    /// The run itself.
    pub run: Run,
    /// Its arguments, as register values.
    pub args: Vec<u64>,
    /// Entry program counter.
    pub entry_pc: u32,
    /// Executed instructions by chip, in order of execution.
    pub steps: Vec<Vec<Step>>,
    /// Bridged gaps.
    pub bridges: Vec<Bridge>,
    /// Every touched cell and every cell of the image, by increasing address.
    pub cells: Vec<CellRecord>,
    /// Growths of the memory.
    pub grows: Vec<Grow>,
}

impl Recording {
    /// The steps a chip proves.
    #[must_use]
    pub fn steps_of(&self, chip: Chip) -> &[Step] {
        self.steps.get(chip as usize).map_or(&[], Vec::as_slice)
    }
}

/// The listener that fills a [`Recording`].
struct Recorder {
    step: Step,
    clock: u32,
    steps: Vec<Vec<Step>>,
    bridges: Vec<Bridge>,
    grows: Vec<Grow>,
    registers: Vec<u32>,
    links: Vec<u32>,
    statics: Vec<u32>,
    memory: Vec<u32>,
    /// Birth clock of every page of linear memory.
    births: Vec<u32>,
}

impl Recorder {
    fn new(program: &Program) -> Self {
        Self {
            step: Step::default(),
            clock: CLOCK_START,
            steps: vec![Vec::new(); Chip::COUNT],
            bridges: Vec::new(),
            grows: Vec::new(),
            registers: vec![0; (STACK_REGISTERS + FRAME_REGISTERS_MAX) as usize],
            links: vec![0; STACK_REGISTERS as usize],
            statics: vec![0; program.cells.iter().filter(|cell| cell.address >= STATIC_BASE).count()],
            memory: vec![0; (program.memory_pages * PAGE_CELLS) as usize],
            births: vec![0; program.memory_pages as usize],
        }
    }
}

/// Notes an access: the cell's last clock moves to now, bridged if it lies too far back.
macro_rules! note {
    ($self:ident, $slot:ident, $address:expr, $last:expr, $before:ident) => {{
        let now = $self.clock + $slot as u32;
        let mut previous = core::mem::replace($last, now);
        if now - previous > CLOCK_GAP_MAX {
            let bridge = Bridge { address: $address, value: $before, from: previous, to: now - 1 };
            $self.bridges.push(bridge);
            previous = now - 1;
        }
        $self.step.previous[$slot] = previous;
        $self.step.before[$slot] = $before;
    }};
}

impl Observer for Recorder {
    #[inline(always)]
    fn begin(&mut self, pc: u32, fp: u32) {
        self.step = Step { pc, fp, clock: self.clock, ..Step::default() };
    }

    #[inline(always)]
    fn register(&mut self, slot: usize, index: u32, before: u64) {
        note!(self, slot, REGISTER_BASE + index, &mut self.registers[index as usize], before);
    }

    #[inline(always)]
    fn link(&mut self, slot: usize, fp: u32, before: u64) {
        note!(self, slot, LINK_BASE + fp, &mut self.links[fp as usize], before);
    }

    #[inline(always)]
    fn static_cell(&mut self, slot: usize, index: u32, before: u64) {
        note!(self, slot, STATIC_BASE + index, &mut self.statics[index as usize], before);
    }

    #[inline(always)]
    fn memory(&mut self, slot: usize, cell: u32, before: u64) {
        note!(self, slot, cell, &mut self.memory[cell as usize], before);
    }

    fn grow(&mut self, from: u32, to: u32) {
        if from == to {
            return;
        }
        self.grows.push(Grow { from, to, clock: self.clock });
        self.births.resize(to as usize, self.clock);
        // A cell that was never accessed was last seen at its birth.
        self.memory.resize((to * PAGE_CELLS) as usize, self.clock);
    }

    #[inline(always)]
    fn end(&mut self, chip: Chip, out: u64) {
        self.step.out = out;
        self.steps[chip as usize].push(self.step);
        self.clock += CLOCK_STEP;
    }
}

impl Recorder {
    fn cells(&self, program: &Program, machine: &Machine<'_>) -> Vec<CellRecord> {
        let mut cells = Vec::new();
        let mut image = program.cells.iter().peekable();
        let birth_of = |cell: usize| self.births.get(cell / PAGE_CELLS as usize).copied().unwrap_or(0);
        let words = machine.memory.chunks_exact(8).map(|bytes| {
            let mut word = [0; 8];
            word.copy_from_slice(bytes);
            u64::from_le_bytes(word)
        });
        for ((cell, &last_clock), last) in self.memory.iter().enumerate().zip(words) {
            let address = cell as u32;
            let birth = birth_of(cell);
            let initial = image.next_if(|initial| initial.address == address);
            if initial.is_some() || last_clock != birth {
                let kind = if initial.is_some() { CellKind::Image } else { CellKind::Memory };
                let initial = initial.map_or(0, |initial| initial.value);
                cells.push(CellRecord { address, kind, initial, birth, last, last_clock });
            }
        }
        for (initial, (&last, &last_clock)) in image.zip(machine.statics.iter().zip(&self.statics)) {
            let kind = CellKind::Image;
            let (address, initial) = (initial.address, initial.value);
            cells.push(CellRecord { address, kind, initial, birth: 0, last, last_clock });
        }
        let files = [
            (CellKind::Register, REGISTER_BASE, &machine.registers, &self.registers),
            (CellKind::Link, LINK_BASE, &machine.links, &self.links),
        ];
        for (kind, base, values, clocks) in files {
            for (address, (&last, &last_clock)) in (base..).zip(values.iter().zip(clocks)) {
                if last_clock != 0 {
                    cells.push(CellRecord { address, kind, initial: 0, birth: 0, last, last_clock });
                }
            }
        }
        cells
    }
}

/// Runs an exported function from the program's initial state and records it.
///
/// # Errors
/// As [`Machine::invoke`].
pub fn record(program: &Program, entry: &str, args: &[u64], limits: Limits) -> Result<Recording, ExecuteError> {
    let mut machine = Machine::new(program, limits);
    let mut recorder = Recorder::new(program);
    let run = machine.invoke_observed(entry, args, &mut recorder)?;
    let cells = recorder.cells(program, &machine);
    Ok(Recording {
        run,
        args: args.to_vec(),
        entry_pc: program.entry(entry).map_or(0, |entry| entry.pc),
        steps: recorder.steps,
        bridges: recorder.bridges,
        cells,
        grows: recorder.grows,
    })
}
