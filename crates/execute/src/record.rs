//! Recording: what every executed instruction saw, for the trace.
//!
//! A run is recorded segment by segment. Clocks begin anew with each, and every cell that a segment
//! touches has a value and a clock it begins with, and a value and a clock it ends with.

use std::collections::HashSet;

use provasm_isa::layout::{
    CLOCK_GAP_MAX, CLOCK_SIZE, CLOCK_START, CLOCK_STEP, FRAME_REGISTERS_MAX, HOST_BASE, LEAF_CELLS, LINK_BASE,
    PAGE_CELLS, REGISTER_BASE, STACK_REGISTERS, STATIC_BASE, STATIC_MEMORY_SIZE, TREE_DEPTH,
};
use provasm_isa::{Chip, WINDOW_MAX};
use provasm_program::Program;

use crate::host::{PARTS, place};
use crate::interpret::Cursor;
use crate::machine::{ExecuteError, Inputs, Limits, Machine, Outcome, Run};
use crate::meter::{Counts, Cut, fuel_of};
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

/// An access to a register of a window, in the first slot of its instruction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WindowAccess {
    /// The register's value before.
    pub before: u64,
    /// Clock of its access before, after bridging.
    pub previous: u32,
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

/// Cells in a block.
pub const BLOCK_CELLS: usize = 32;

/// Neighbouring cells, at least one of which a segment touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellBlock {
    /// Address of the first cell, divided by [`BLOCK_CELLS`].
    pub number: u32,
    /// Values at the segment's start.
    pub before: [u64; BLOCK_CELLS],
    /// Values at its end.
    pub after: [u64; BLOCK_CELLS],
    /// Clocks from which the touched cells exist: just before the first access, or the birth of their page.
    pub first_clock: [u32; BLOCK_CELLS],
    /// Clocks of the last accesses; 0 of cells that are not touched.
    pub last_clock: [u32; BLOCK_CELLS],
}

/// The clock of a page's birth within the segment, 0 if it was there at the start.
#[must_use]
pub fn birth_of_page(grows: &[Grow], page: u32) -> u32 {
    // Every growth begins where the one before ends.
    let next = grows.partition_point(|grow| grow.to <= page);
    grows.get(next).filter(|grow| grow.from <= page).map_or(0, |grow| grow.clock)
}

/// Where execution stands between two instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Index of the next instruction.
    pub pc: u32,
    /// Frame pointer.
    pub fp: u32,
}

/// Everything a trace needs to know about a segment of a run.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Number of the segment within the run.
    pub index: u64,
    /// Arguments of the run, as register values.
    pub args: Vec<u64>,
    /// Where the segment begins.
    pub begin: Position,
    /// Where it ends.
    pub end: Position,
    /// How the run ended, if it did so in this segment.
    pub outcome: Option<Outcome>,
    /// Executed instructions.
    pub instructions: u64,
    /// The clock at the end.
    pub end_clock: u32,
    /// The memory's size in pages, at the start.
    pub pages: u64,
    /// Executed instructions by chip, in order of execution.
    pub steps: Vec<Vec<Step>>,
    /// Accesses to windows by chip: those of its first step, of its second, and so on.
    pub windows: Vec<Vec<WindowAccess>>,
    /// Bridged gaps.
    pub bridges: Vec<Bridge>,
    /// Touched cells with their neighbours, by increasing address.
    pub blocks: Vec<CellBlock>,
    /// Growths of the memory.
    pub grows: Vec<Grow>,
}

impl Recording {
    /// The steps a chip proves.
    #[must_use]
    pub fn steps_of(&self, chip: Chip) -> &[Step] {
        self.steps.get(chip as usize).map_or(&[], Vec::as_slice)
    }

    /// The accesses to windows of a chip's steps.
    #[must_use]
    pub fn windows_of(&self, chip: Chip) -> &[WindowAccess] {
        self.windows.get(chip as usize).map_or(&[], Vec::as_slice)
    }
}

/// A cell's first access within a segment.
#[derive(Clone, Copy)]
struct Touch {
    address: u32,
    initial: u64,
    first_clock: u32,
}

/// The listener that fills a [`Recording`].
///
/// The shadows hold the clock of every cell's last access within the segment, 0 before the first.
struct Recorder<'m> {
    step: Step,
    clock: u32,
    steps: Vec<Vec<Step>>,
    windows: Vec<Vec<WindowAccess>>,
    /// The window of the instruction at hand.
    window: Vec<WindowAccess>,
    bridges: Vec<Bridge>,
    grows: Vec<Grow>,
    touches: Vec<Touch>,
    registers: Vec<u32>,
    links: Vec<u32>,
    statics: Vec<u32>,
    memory: Vec<u32>,
    /// Of the host region: input, output, scratch.
    host: [Vec<u32>; PARTS],
    /// Nodes of the state tree above touched cells.
    nodes: HashSet<u64>,
    counts: Counts,
    cut: Cut<'m>,
    /// What can be spent before the counts must be looked at again: one for each instruction, bridge and node.
    fuel: i64,
    is_full: bool,
}

/// What one instruction can spend at most beyond its own fuel: the longest window's accesses, each with a bridge and new
/// nodes up to the root.
const FUEL_STEP_MAX: u32 = 1 + WINDOW_MAX as u32 * (1 + TREE_DEPTH);

/// Fuel given at a time, from most to least.
const FUEL: [u32; 9] = [1 << 16, 1 << 14, 1 << 12, 1 << 10, 1 << 8, 1 << 6, 1 << 4, 1 << 2, 1];

impl<'m> Recorder<'m> {
    fn new(program: &Program) -> Self {
        Self {
            step: Step::default(),
            clock: CLOCK_START,
            steps: vec![Vec::new(); Chip::COUNT],
            windows: vec![Vec::new(); Chip::COUNT],
            window: Vec::with_capacity(WINDOW_MAX),
            bridges: Vec::new(),
            grows: Vec::new(),
            touches: Vec::new(),
            registers: vec![0; (STACK_REGISTERS + FRAME_REGISTERS_MAX) as usize],
            links: vec![0; STACK_REGISTERS as usize],
            statics: vec![0; program.cells.iter().filter(|cell| cell.address >= STATIC_BASE).count()],
            memory: vec![0; (program.memory_pages * PAGE_CELLS) as usize],
            host: [const { Vec::new() }; PARTS],
            nodes: HashSet::new(),
            counts: Counts::default(),
            cut: Cut::Never,
            fuel: 0,
            is_full: false,
        }
    }

    /// Begins a segment, at whose start the memory has this size.
    fn begin_segment(&mut self, cut: Cut<'m>, pages: u64) {
        self.cut = cut;
        self.clock = CLOCK_START;
        self.is_full = false;
        self.counts = Counts::default();
        // The claim looks at the memory's size before the first instruction.
        let address = STATIC_BASE + STATIC_MEMORY_SIZE;
        self.count_nodes(address);
        self.touches.push(Touch { address, initial: pages, first_clock: 0 });
        if let Some(clock) = self.statics.get_mut(STATIC_MEMORY_SIZE as usize) {
            *clock = CLOCK_SIZE;
        }
        self.fuel = match cut {
            Cut::After(instructions) => i64::try_from(instructions).unwrap_or(i64::MAX),
            Cut::Never | Cut::When(_) => 0,
        };
        self.refuel();
    }

    /// Looks at what the segment costs so far, and how much more fits.
    #[cold]
    fn refuel(&mut self) {
        match self.cut {
            Cut::Never => self.fuel = i64::MAX,
            Cut::After(_) => self.is_full = self.fuel <= 0,
            Cut::When(meter) => {
                for (count, steps) in self.counts.steps.iter_mut().zip(&self.steps) {
                    *count = steps.len() as u64;
                }
                self.counts.bridges = self.bridges.len() as u64;
                let fuel = FUEL.into_iter().find(|&fuel| meter.fits(&self.counts.plus(fuel, FUEL_STEP_MAX)));
                self.fuel = fuel.unwrap_or(0).into();
                self.is_full = fuel.is_none();
            }
        }
    }

    fn is_metered(&self) -> bool {
        matches!(self.cut, Cut::When(_))
    }

    /// Counts the nodes above a cell that no other touched cell is below.
    fn count_nodes(&mut self, address: u32) {
        if !self.is_metered() {
            return;
        }
        for level in 0..=TREE_DEPTH {
            if !self.nodes.insert(u64::from(level) << 32 | u64::from(address / LEAF_CELLS) >> level) {
                break;
            }
            if level == 0 {
                self.counts.cells += 1;
            } else {
                self.counts.nodes += 1;
            }
            self.counts.pages += u64::from(level == provasm_isa::layout::TREE_PAGE_LEVEL);
            self.fuel -= 1;
        }
    }

    /// The birth of a cell within the segment, 0 if it was there at the start.
    fn birth(&self, address: u32) -> u32 {
        birth_of_page(&self.grows, address / PAGE_CELLS)
    }

    /// Notes a cell's first access within the segment; returns the clock from which it exists.
    #[cold]
    fn touch(&mut self, address: u32, initial: u64, now: u32) -> u32 {
        let birth = self.birth(address);
        let first_clock = if birth == 0 { now - 1 } else { birth };
        self.touches.push(Touch { address, initial, first_clock });
        self.count_nodes(address);
        first_clock
    }

    /// The clock of the access before, which is too far back: the cell is bridged.
    #[cold]
    fn bridge(&mut self, address: u32, value: u64, from: u32, now: u32) -> u32 {
        self.bridges.push(Bridge { address, value, from, to: now - 1 });
        self.fuel -= i64::from(self.is_metered());
        now - 1
    }
}

/// Notes an access: the cell's last clock moves to now, bridged if it lies too far back.
macro_rules! note {
    ($self:ident, $slot:ident, $address:expr, $last:expr, $before:ident) => {{
        let now = $self.clock + $slot as u32;
        let mut previous = core::mem::replace($last, now);
        if previous == 0 {
            previous = $self.touch($address, $before, now);
        }
        if now - previous > CLOCK_GAP_MAX {
            previous = $self.bridge($address, $before, previous, now);
        }
        $self.step.previous[$slot] = previous;
        $self.step.before[$slot] = $before;
    }};
}

impl Observer for Recorder<'_> {
    #[inline(always)]
    fn is_full(&self) -> bool {
        self.is_full
    }

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

    fn host_cell(&mut self, slot: usize, index: u32, before: u64) {
        // Whoever has accessed it has found its place.
        let Some((part, at)) = place(index) else { return };
        let clocks = &mut self.host[part];
        if clocks.len() <= at {
            clocks.resize(at + 1, 0);
        }
        note!(self, slot, HOST_BASE + index, &mut self.host[part][at], before);
    }

    fn window(&mut self, index: u32, before: u64) {
        let slot = 0;
        note!(self, slot, REGISTER_BASE + index, &mut self.registers[index as usize], before);
        self.window.push(WindowAccess { before, previous: self.step.previous[slot] });
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
        self.memory.resize((to * PAGE_CELLS) as usize, 0);
    }

    #[inline(always)]
    fn end(&mut self, chip: Chip, out: u64) {
        self.step.out = out;
        self.steps[chip as usize].push(self.step);
        if !self.window.is_empty() {
            self.windows[chip as usize].append(&mut self.window);
        }
        self.clock += CLOCK_STEP;
        self.fuel -= if self.is_metered() { i64::from(fuel_of(chip)) } else { 1 };
        if self.fuel <= 0 {
            self.refuel();
        }
    }
}

impl Recorder<'_> {
    /// The shadow of a cell.
    fn last_clock(&mut self, address: u32) -> Option<&mut u32> {
        if address >= LINK_BASE {
            self.links.get_mut((address - LINK_BASE) as usize)
        } else if address >= HOST_BASE {
            let (part, at) = place(address - HOST_BASE)?;
            self.host[part].get_mut(at)
        } else if address >= REGISTER_BASE {
            self.registers.get_mut((address - REGISTER_BASE) as usize)
        } else if address >= STATIC_BASE {
            self.statics.get_mut((address - STATIC_BASE) as usize)
        } else {
            self.memory.get_mut(address as usize)
        }
    }

    /// The touched cells with their neighbours. Forgets that they were touched.
    fn take_blocks(&mut self, machine: &Machine<'_>) -> Vec<CellBlock> {
        let mut touches = core::mem::take(&mut self.touches);
        touches.sort_unstable_by_key(|touch| touch.address);
        self.nodes.clear();
        let mut blocks = Vec::new();
        for touches in touches.chunk_by(|a, b| a.address / BLOCK_CELLS as u32 == b.address / BLOCK_CELLS as u32) {
            let number = touches[0].address / BLOCK_CELLS as u32;
            let after = core::array::from_fn(|i| machine.cell(number * BLOCK_CELLS as u32 + i as u32));
            let mut block =
                CellBlock { number, before: after, after, first_clock: [0; BLOCK_CELLS], last_clock: [0; BLOCK_CELLS] };
            for touch in touches {
                let i = touch.address as usize % BLOCK_CELLS;
                block.before[i] = touch.initial;
                block.first_clock[i] = touch.first_clock;
                block.last_clock[i] = self.last_clock(touch.address).map_or(0, core::mem::take);
            }
            blocks.push(block);
        }
        blocks
    }
}

/// A run that is executed and recorded segment by segment.
pub struct Execution<'p> {
    machine: Machine<'p>,
    recorder: Recorder<'p>,
    cursor: Cursor,
    segments: u64,
    run: Option<Run>,
}

impl<'p> Execution<'p> {
    /// A call of an exported function, from the program's initial state.
    ///
    /// # Errors
    /// As [`Machine::invoke`].
    pub fn new(
        program: &'p Program,
        entry: &str,
        args: &[u64],
        inputs: Inputs<'_>,
        limits: Limits,
    ) -> Result<Self, ExecuteError> {
        let mut machine = Machine::new(program, limits);
        machine.set_inputs(inputs)?;
        let cursor = machine.call(entry, args)?;
        Ok(Self { machine, recorder: Recorder::new(program), cursor, segments: 0, run: None })
    }

    /// Executes and records the next segment; none when the run has ended.
    ///
    /// # Errors
    /// A limit reached, or a segment too small for any instruction.
    pub fn next(&mut self, cut: Cut<'p>) -> Result<Option<Recording>, ExecuteError> {
        if self.run.is_some() {
            return Ok(None);
        }
        let begin = Position { pc: self.cursor.pc, fp: self.cursor.fp };
        let so_far = self.cursor.counts.instructions;
        let pages = self.machine.static_cell(STATIC_MEMORY_SIZE).unwrap_or(0);
        self.recorder.begin_segment(cut, pages);
        let outcome = self.machine.go_on(&mut self.recorder, &mut self.cursor)?;
        let instructions = self.cursor.counts.instructions - so_far;
        if instructions == 0 {
            return Err(ExecuteError::SegmentTooSmall);
        }
        self.run = outcome.clone().map(|outcome| self.cursor.run(outcome, self.machine.host.output()));
        let blocks = self.recorder.take_blocks(&self.machine);
        let steps = self.recorder.steps.iter_mut().map(|steps| {
            let capacity = steps.len();
            core::mem::replace(steps, Vec::with_capacity(capacity))
        });
        let recording = Recording {
            index: self.segments,
            args: self.cursor.args.clone(),
            begin,
            end: Position { pc: self.cursor.pc, fp: self.cursor.fp },
            outcome,
            instructions,
            end_clock: self.recorder.clock,
            pages,
            steps: steps.collect(),
            windows: self.recorder.windows.iter_mut().map(core::mem::take).collect(),
            bridges: core::mem::take(&mut self.recorder.bridges),
            blocks,
            grows: core::mem::take(&mut self.recorder.grows),
        };
        self.segments += 1;
        Ok(Some(recording))
    }

    /// The run, once it has ended.
    #[must_use]
    pub fn run(&self) -> Option<&Run> {
        self.run.as_ref()
    }

    /// Segments recorded so far.
    #[must_use]
    pub fn segments(&self) -> u64 {
        self.segments
    }

    /// Instructions executed so far.
    #[must_use]
    pub fn instructions(&self) -> u64 {
        self.cursor.counts.instructions
    }
}

/// Runs an exported function from the program's initial state, without inputs, and records it as one segment.
///
/// # Errors
/// As [`Machine::invoke`].
pub fn record(program: &Program, entry: &str, args: &[u64], limits: Limits) -> Result<(Run, Recording), ExecuteError> {
    Execution::new(program, entry, args, Inputs::default(), limits)?.whole()
}

impl Execution<'_> {
    /// Executes and records the rest of the run as one segment.
    ///
    /// # Errors
    /// As [`Execution::next`].
    pub fn whole(mut self) -> Result<(Run, Recording), ExecuteError> {
        loop {
            // Without a cut the next segment is the last.
            if let (Some(recording), Some(run)) = (self.next(Cut::Never)?, self.run()) {
                return Ok((run.clone(), recording));
            }
        }
    }
}
