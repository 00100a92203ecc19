//! What the counts mean: a run's cost by function, chip, line and stack.

use std::collections::HashMap;

use provasm_isa::Chip;

use crate::calls::{Caller, NodeId};
use crate::cost::{Amount, ChipCosts};
use crate::profiler::{Profiler, chip_of};
use crate::stacks::{Builder, Stacks};
use crate::symbols::{Frame, FrameId, FrameKind, Line};

/// What the instructions of a function cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionCost {
    /// The function.
    pub frame: Frame,
    /// How often it was called; 0 of an inlined function.
    pub calls: u64,
    /// Its own instructions.
    pub own: Amount,
    /// Its own and those of everything that it called; a function that calls itself counts once.
    pub total: Amount,
    /// Its own by chip, the most cells first.
    pub chips: Vec<ChipCost>,
}

/// What the instructions of a chip cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChipCost {
    /// The chip.
    pub chip: Chip,
    /// Its instructions.
    pub amount: Amount,
}

/// What the instructions of a source line cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineCost {
    /// The line.
    pub line: Line,
    /// Its instructions.
    pub amount: Amount,
}

/// What a run's instructions cost. Everything but stacks is in order of own cells, the most first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// All of them.
    pub total: Amount,
    /// By function.
    pub functions: Vec<FunctionCost>,
    /// By chip.
    pub chips: Vec<ChipCost>,
    /// By source line; instructions without one are left out.
    pub lines: Vec<LineCost>,
    /// By call stack.
    pub stacks: Stacks,
    /// Whether the module says what its source lines are.
    pub has_lines: bool,
}

/// Instructions by chip.
type ByChip = [u64; Chip::COUNT];

/// Counts on their way to a profile.
struct Sorter<'c> {
    costs: &'c ChipCosts,
    stacks: Builder,
    /// The stack of each node of the tree of calls.
    node_stacks: Vec<u32>,
    /// By frame.
    chips: HashMap<FrameId, ByChip>,
    calls: HashMap<FrameId, u64>,
    lines: HashMap<u32, Amount>,
}

impl Profiler<'_> {
    /// What was counted, as cells and interactions.
    #[must_use]
    pub fn finish(mut self, costs: &ChipCosts) -> Profile {
        let mut sorter = Sorter {
            costs,
            stacks: Builder::default(),
            node_stacks: Vec::with_capacity(self.tree.nodes().len()),
            chips: HashMap::new(),
            calls: HashMap::new(),
            lines: HashMap::new(),
        };
        for id in 0..self.tree.nodes().len() {
            sorter.add_node(&mut self, id as NodeId);
        }
        if let Some(trapped) = self.trapped {
            sorter.add_instructions(&mut self, trapped.node, trapped.pc, trapped.chip, 1);
        }
        let has_lines = self.symbols.has_lines();
        let lines = sorter
            .lines
            .iter()
            .filter_map(|(line, amount)| Some(LineCost { line: self.symbols.line(*line)?.clone(), amount: *amount }));
        let mut lines: Vec<LineCost> = lines.collect();
        lines.sort_by(|a, b| {
            (b.amount.cells, &a.line.file, a.line.number).cmp(&(a.amount.cells, &b.line.file, b.line.number))
        });
        sorter.finish(lines, self.symbols.into_frames(), has_lines)
    }
}

impl Sorter<'_> {
    /// Adds a call and what was executed in it.
    fn add_node(&mut self, profiler: &mut Profiler<'_>, id: NodeId) {
        let Some(node) = profiler.tree.nodes().get(id as usize).copied() else { return };
        let Some(function) = profiler.symbols.functions().get(node.function as usize).copied() else { return };
        let mut stack = match node.caller {
            Caller::Run => None,
            Caller::Unknown => {
                let name = "(calls without room in the profile)".to_owned();
                let frame = profiler.symbols.frame(Frame { name, kind: FrameKind::NoRoom });
                Some(self.stacks.call(None, frame))
            }
            Caller::Node(caller, context) => {
                let mut stack = self.node_stacks.get(caller as usize).copied();
                for frame in profiler.symbols.context_frames(context) {
                    stack = Some(self.stacks.call(stack, frame));
                }
                stack
            }
        };
        stack = Some(self.stacks.call(stack, function.frame));
        self.node_stacks.extend(stack);
        *self.calls.entry(function.frame).or_default() += node.calls;

        let mut counter = node.first;
        for pc in function.start..function.end {
            let Some(op) = profiler.program.code.get(pc as usize).map(|instr| instr.op) else { return };
            for which in 0..crate::calls::COUNTERS_PER_INSTRUCTION {
                let count = profiler.tree.counters().get(counter).copied().unwrap_or(0);
                counter += 1;
                if count > 0 {
                    self.add_instructions(profiler, id, pc, chip_of(op, which), count);
                }
            }
        }
    }

    /// Adds so many executions of an instruction.
    fn add_instructions(&mut self, profiler: &mut Profiler<'_>, node: NodeId, pc: u32, chip: Chip, count: u64) {
        let amount = self.costs.of(chip).times(count);
        let site = profiler.symbols.site(pc);
        let Some(mut stack) = self.node_stacks.get(node as usize).copied() else { return };
        let function = profiler.tree.nodes().get(node as usize).map(|node| node.function);
        let function = function.and_then(|function| profiler.symbols.functions().get(function as usize));
        let Some(mut frame) = function.map(|function| function.frame) else { return };
        for inlined in profiler.symbols.context_frames(site.context) {
            stack = self.stacks.call(Some(stack), inlined);
            frame = inlined;
        }
        self.stacks.add(stack, amount);
        self.chips.entry(frame).or_insert([0; Chip::COUNT])[chip as usize] += count;
        if let Some(line) = site.line {
            *self.lines.entry(line).or_default() += amount;
        }
    }

    fn finish(self, lines: Vec<LineCost>, frames: Vec<Frame>, has_lines: bool) -> Profile {
        let stacks = self.stacks.finish(frames);
        let mut all: ByChip = [0; Chip::COUNT];
        for by_chip in self.chips.values() {
            all.iter_mut().zip(by_chip).for_each(|(all, count)| *all += count);
        }
        let chips = chip_costs(self.costs, &all);
        let mut functions: HashMap<FrameId, FunctionCost> = HashMap::new();
        for (number, stack) in (0..).zip(&stacks.stacks) {
            let Some(frame) = stacks.frames.get(stack.frame as usize) else { continue };
            let function = functions.entry(stack.frame).or_insert_with(|| FunctionCost {
                frame: frame.clone(),
                calls: self.calls.get(&stack.frame).copied().unwrap_or(0),
                own: Amount::default(),
                total: Amount::default(),
                chips: self.chips.get(&stack.frame).map_or_else(Vec::new, |counts| chip_costs(self.costs, counts)),
            });
            function.own += stack.own;
            // What a function's inner calls of itself cost is part of its outermost call.
            if stacks.callers(number).skip(1).all(|caller| caller.frame != stack.frame) {
                function.total += stack.total;
            }
        }
        let mut functions: Vec<FunctionCost> = functions.into_values().collect();
        functions.sort_by(|a, b| {
            (b.own.cells, b.total.cells, &a.frame.name).cmp(&(a.own.cells, a.total.cells, &b.frame.name))
        });
        let total = chips.iter().fold(Amount::default(), |mut total, chip| {
            total += chip.amount;
            total
        });
        Profile { total, functions, chips, lines, stacks, has_lines }
    }
}

/// What instructions cost, by chip, the most cells first.
fn chip_costs(costs: &ChipCosts, counts: &ByChip) -> Vec<ChipCost> {
    let counted = Chip::ALL.iter().zip(counts).filter(|(_, count)| **count > 0);
    let mut chips: Vec<ChipCost> =
        counted.map(|(&chip, &count)| ChipCost { chip, amount: costs.of(chip).times(count) }).collect();
    chips.sort_by_key(|chip| (std::cmp::Reverse(chip.amount.cells), chip.chip));
    chips
}
