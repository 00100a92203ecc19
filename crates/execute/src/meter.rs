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

/// Fuel that a step of a chip takes: more where a row is large, so that room is kept for fewer of them.
pub(crate) const fn fuel_of(chip: Chip) -> u32 {
    match chip {
        Chip::Keccak => 4_096,
        Chip::Sha256 | Chip::Blake3 => 512,
        Chip::Poseidon2 | Chip::ModMul => 16,
        _ => 1,
    }
}

impl Counts {
    /// The most there can be when `fuel` more is spent, and the last step takes `last` more.
    pub(crate) fn plus(&self, fuel: u32, last: u32) -> Self {
        let plus = |count: u64| count + u64::from(fuel) + u64::from(last);
        let mut steps = self.steps;
        for (steps, &chip) in steps.iter_mut().zip(Chip::ALL) {
            // The step that exhausts the fuel is one more.
            *steps += u64::from(fuel / fuel_of(chip)) + 1;
        }
        Self {
            steps,
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
