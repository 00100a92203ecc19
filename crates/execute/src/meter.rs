//! When a segment is full.

use provasm_isa::Chip;

/// What a segment has so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Executed instructions, by chip.
    pub steps: [u64; Chip::COUNT],
    /// Bridged gaps.
    pub bridges: u64,
    /// Leaves of the state tree that hold touched cells.
    pub cells: u64,
    /// Nodes above them.
    pub nodes: u64,
    /// Pages that hold them.
    pub pages: u64,
}

impl Default for Counts {
    fn default() -> Self {
        Self { steps: [0; Chip::COUNT], bridges: 0, cells: 0, nodes: 0, pages: 0 }
    }
}

impl Counts {
    /// These counts with `more` of everything there is: whatever the next `more` are, there are no more.
    pub(crate) fn plus(&self, more: u32) -> Self {
        let plus = |count: u64| count + u64::from(more);
        Self {
            steps: self.steps.map(plus),
            bridges: plus(self.bridges),
            cells: plus(self.cells),
            nodes: plus(self.nodes),
            pages: plus(self.pages),
        }
    }
}

/// Says how much fits into a segment. A segment that fits also does with less of anything.
pub trait Meter {
    /// Whether a segment of these counts fits.
    fn fits(&self, counts: &Counts) -> bool;
}

/// Where a segment ends, if the run does not end before.
#[derive(Clone, Copy)]
pub enum Cut<'m> {
    /// Nowhere.
    Never,
    /// After this many instructions.
    After(u64),
    /// Before it no longer fits.
    When(&'m dyn Meter),
}
