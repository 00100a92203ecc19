//! What instructions cost.

use std::ops::AddAssign;

use provasm_isa::Chip;

/// What some of a run's instructions cost to prove, padding not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Instructions.
    pub instructions: u64,
    /// Committed cells.
    pub cells: u64,
    /// Interactions.
    pub interactions: u64,
}

impl Amount {
    /// So many times this.
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        Self {
            instructions: self.instructions * count,
            cells: self.cells * count,
            interactions: self.interactions * count,
        }
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.instructions += other.instructions;
        self.cells += other.cells;
        self.interactions += other.interactions;
    }
}

/// What one instruction costs, by the chip that proves it.
#[derive(Clone, Debug)]
pub struct ChipCosts([Amount; Chip::COUNT]);

impl Default for ChipCosts {
    fn default() -> Self {
        Self([Amount { instructions: 1, cells: 0, interactions: 0 }; Chip::COUNT])
    }
}

impl ChipCosts {
    /// Adds what the rows of a table cost to the instructions of a chip, each of which has so many there.
    pub fn add(&mut self, chip: Chip, rows: u64, columns: u64, interactions: u64) {
        self.0[chip as usize] += Amount { instructions: 0, cells: rows * columns, interactions: rows * interactions };
    }

    /// What an instruction of this chip costs.
    #[must_use]
    pub fn of(&self, chip: Chip) -> Amount {
        self.0[chip as usize]
    }
}
