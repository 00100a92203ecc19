//! What a function does with its locals, found in one pass over its operators.
//!
//! Two questions are answered. Which locals can be read before they are written? These must be
//! zeroed when the function starts; the others need not. Between which operators is a local
//! written? A pending read of a local can stay pending across a block that never writes it.

use wasmparser::{FunctionBody, Operator};

use crate::CompileError;

/// Facts about a function's locals.
#[derive(Debug, Default)]
pub(crate) struct LocalFacts {
    /// Locals, parameters excluded, that can be read before they are written, ascending.
    pub(crate) zeroed: Vec<u32>,
    /// Writes as (local, operator index), ascending.
    writes: Vec<(u32, u32)>,
    /// Index of the operator that ends each block, in the order in which blocks begin.
    block_ends: Vec<u32>,
    /// Greatest number of blocks open at once.
    pub(crate) nesting: u32,
}

impl LocalFacts {
    /// Whether a local is written from operator `start` to the end of the block of this ordinal.
    pub(crate) fn is_written_in_block(&self, local: u32, start: u32, block: u32) -> bool {
        let end = self.block_ends.get(block as usize).copied().unwrap_or(u32::MAX);
        let first = self.writes.partition_point(|write| *write < (local, start));
        self.writes.get(first).is_some_and(|&(written, at)| written == local && at <= end)
    }
}

/// A set of locals.
#[derive(Clone, Debug, PartialEq, Eq)]
struct LocalSet {
    words: Vec<u64>,
}

impl LocalSet {
    fn below(params: u32, locals: u32) -> Self {
        let mut set = LocalSet { words: vec![0; (locals as usize).div_ceil(64)] };
        (0..params).for_each(|local| set.insert(local));
        set
    }

    fn insert(&mut self, local: u32) {
        if let Some(word) = self.words.get_mut(local as usize / 64) {
            *word |= 1 << (local % 64);
        }
    }

    fn contains(&self, local: u32) -> bool {
        self.words.get(local as usize / 64).is_some_and(|word| word >> (local % 64) & 1 == 1)
    }

    fn intersect(&mut self, other: &LocalSet) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }
}

/// An open block, seen by the analysis.
#[derive(Debug)]
struct Block {
    ordinal: Option<u32>,
    is_loop: bool,
    /// Assigned at the end by every branch here; `None` before the first.
    incoming: Option<LocalSet>,
    /// Assigned at the start of an `else` arm still to come.
    otherwise: Option<LocalSet>,
}

/// The forward pass. `assigned` is `None` in unreachable code.
struct Analysis {
    facts: LocalFacts,
    zeroed: LocalSet,
    assigned: Option<LocalSet>,
    blocks: Vec<Block>,
}

/// Analyses a validated body with this many parameters and locals, parameters included.
pub(crate) fn analyse(body: &FunctionBody<'_>, params: u32, locals: u32) -> Result<LocalFacts, CompileError> {
    let mut analysis = Analysis {
        facts: LocalFacts::default(),
        zeroed: LocalSet::below(0, locals),
        assigned: Some(LocalSet::below(params, locals)),
        blocks: vec![Block { ordinal: None, is_loop: false, incoming: None, otherwise: None }],
    };
    let mut reader = body.get_operators_reader()?;
    let mut index = 0;
    while !reader.eof() {
        analysis.operator(&reader.read()?, index)?;
        index += 1;
    }
    let Analysis { mut facts, zeroed, .. } = analysis;
    facts.writes.sort_unstable();
    facts.zeroed = (params..locals).filter(|&local| zeroed.contains(local)).collect();
    Ok(facts)
}

impl Analysis {
    fn operator(&mut self, operator: &Operator<'_>, index: u32) -> Result<(), CompileError> {
        match *operator {
            Operator::LocalGet { local_index } => self.read(local_index),
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                self.facts.writes.push((local_index, index));
                if let Some(assigned) = &mut self.assigned {
                    assigned.insert(local_index);
                }
            }
            Operator::Block { .. } => self.open(false, false),
            Operator::Loop { .. } => self.open(true, false),
            Operator::If { .. } => self.open(false, true),
            Operator::Else => self.otherwise(),
            Operator::End => self.close(index),
            Operator::Br { relative_depth } => {
                self.branch(relative_depth);
                self.assigned = None;
            }
            Operator::BrIf { relative_depth } => self.branch(relative_depth),
            Operator::BrTable { ref targets } => {
                let mut depths = targets.targets().collect::<Result<Vec<u32>, _>>()?;
                depths.push(targets.default());
                depths.sort_unstable();
                depths.dedup();
                depths.into_iter().for_each(|depth| self.branch(depth));
                self.assigned = None;
            }
            Operator::Return
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. }
            | Operator::Unreachable => self.assigned = None,
            _ => {}
        }
        Ok(())
    }

    fn read(&mut self, local: u32) {
        if self.assigned.as_ref().is_some_and(|assigned| !assigned.contains(local)) {
            self.zeroed.insert(local);
        }
    }

    fn open(&mut self, is_loop: bool, is_if: bool) {
        let ordinal = self.facts.block_ends.len() as u32;
        self.facts.block_ends.push(u32::MAX);
        let otherwise = if is_if { self.assigned.clone() } else { None };
        self.blocks.push(Block { ordinal: Some(ordinal), is_loop, incoming: None, otherwise });
        self.facts.nesting = self.facts.nesting.max(self.blocks.len() as u32);
    }

    /// The `then` arm ends: its outcome waits at the label while the other arm starts over.
    fn otherwise(&mut self) {
        self.branch(0);
        self.assigned = self.blocks.last_mut().and_then(|block| block.otherwise.take());
    }

    fn close(&mut self, index: u32) {
        let Some(block) = self.blocks.pop() else {
            return;
        };
        if let Some(end) = block.ordinal.and_then(|ordinal| self.facts.block_ends.get_mut(ordinal as usize)) {
            *end = index;
        }
        // An `if` without `else` can also be passed by.
        for other in [block.incoming, block.otherwise].into_iter().flatten() {
            meet(&mut self.assigned, &other);
        }
    }

    fn branch(&mut self, depth: u32) {
        let Some(assigned) = &self.assigned else {
            return;
        };
        let target = self.blocks.len().checked_sub(1 + depth as usize);
        if let Some(block) = target.and_then(|target| self.blocks.get_mut(target))
            && !block.is_loop
        {
            meet(&mut block.incoming, assigned);
        }
    }
}

/// What is assigned when control comes from either of two places.
fn meet(one: &mut Option<LocalSet>, other: &LocalSet) {
    match one {
        Some(set) => set.intersect(other),
        None => *one = Some(other.clone()),
    }
}
