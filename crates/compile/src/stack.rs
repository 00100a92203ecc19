//! The lazy operand stack.
//!
//! An entry says where a value is; only [`Operand::Temp`] entries occupy the canonical register of
//! their height. Reading a local or a constant therefore emits nothing until an instruction needs
//! it. The stack counts the pending reads of each local, so that writing a local without pending
//! reads, which is the rule, costs no search.
//!
//! A v128 is two entries, the low half first; the upper one is marked.

/// Where an operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    /// In the canonical register of its height.
    Temp,
    /// In this register, which belongs to a local.
    Local(u16),
    /// Nowhere: it is a constant.
    Const(u64),
}

/// An operand and which part of a value it is.
#[derive(Clone, Copy, Debug)]
struct Entry {
    operand: Operand,
    /// It is the high half of a v128.
    is_high: bool,
}

/// The operand stack at one point of a function.
#[derive(Debug, Default)]
pub(crate) struct OperandStack {
    entries: Vec<Entry>,
    /// Heights of the pending reads of locals, ascending.
    reads: Vec<usize>,
    /// Pending reads by register of local.
    pending: Vec<u32>,
}

impl OperandStack {
    /// An empty stack of a function whose locals are the registers below `registers`.
    pub(crate) fn new(registers: usize) -> Self {
        OperandStack { entries: Vec::new(), reads: Vec::new(), pending: vec![0; registers] }
    }

    /// Number of operands.
    pub(crate) fn height(&self) -> usize {
        self.entries.len()
    }

    /// The operand at a height.
    pub(crate) fn get(&self, height: usize) -> Option<Operand> {
        self.entries.get(height).map(|entry| entry.operand)
    }

    /// Adds an operand: the high half of the v128 whose low half is below it, or anything else.
    pub(crate) fn push(&mut self, operand: Operand, is_high: bool) {
        self.count(operand, 1);
        if let Operand::Local(_) = operand {
            self.reads.push(self.entries.len());
        }
        self.entries.push(Entry { operand, is_high });
    }

    /// Whether the top value is a v128.
    pub(crate) fn top_is_vector(&self) -> bool {
        self.entries.last().is_some_and(|entry| entry.is_high)
    }

    /// Takes the top operand.
    pub(crate) fn pop(&mut self) -> Option<Operand> {
        let operand = self.entries.pop()?.operand;
        if let Operand::Local(_) = operand {
            self.reads.pop();
        }
        self.count(operand, -1);
        Some(operand)
    }

    /// Drops everything above a height.
    pub(crate) fn truncate(&mut self, height: usize) {
        while self.entries.len() > height {
            self.pop();
        }
    }

    /// Records that the operand at a height is now in its canonical register.
    pub(crate) fn set_temp(&mut self, height: usize) {
        if let Some(operand) = self.get(height) {
            self.count(operand, -1);
            if let Ok(read) = self.reads.binary_search(&height) {
                self.reads.remove(read);
            }
            self.entries[height].operand = Operand::Temp;
        }
    }

    /// Heights of the pending reads of a local, from the top down.
    pub(crate) fn pending_reads(&self, register: u16) -> Vec<usize> {
        let count = self.pending.get(usize::from(register)).copied().unwrap_or(0) as usize;
        if count == 0 {
            return Vec::new();
        }
        let reads = |&height: &usize| self.entries[height].operand == Operand::Local(register);
        self.reads.iter().copied().rev().filter(reads).take(count).collect()
    }

    /// Heights and registers of the pending reads of locals at or above a height.
    pub(crate) fn pending_reads_from(&self, height: usize) -> Vec<(usize, u16)> {
        let first = self.reads.partition_point(|read| *read < height);
        let local = |&height: &usize| match self.entries.get(height)?.operand {
            Operand::Local(register) => Some((height, register)),
            _ => None,
        };
        self.reads.iter().skip(first).filter_map(local).collect()
    }

    fn count(&mut self, operand: Operand, change: i32) {
        if let Operand::Local(register) = operand
            && let Some(count) = self.pending.get_mut(usize::from(register))
        {
            *count = count.wrapping_add_signed(change);
        }
    }
}
