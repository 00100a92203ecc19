//! The claim as field elements: public values, and the claim table's one row.

use alloc::vec::Vec;

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;

use crate::columns::Cells;
use crate::system::{ClaimCols, PUBLIC_VALUES, StateCols};
use crate::tree::Digest;

/// The machine between two instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MachineState {
    /// Index of the next instruction.
    pub pc: u32,
    /// Frame pointer.
    pub fp: u32,
    /// Root of the state tree.
    pub root: Digest,
}

impl MachineState {
    fn cols(&self) -> StateCols<KoalaBear> {
        StateCols { pc: KoalaBear::from_u32(self.pc), fp: KoalaBear::from_u32(self.fp), root: self.root }
    }
}

/// What a proof says about a segment of a run of a known program.
#[derive(Clone, Copy, Debug)]
pub struct ClaimValues<'a> {
    /// The machine at the segment's start.
    pub before: MachineState,
    /// The machine at its end; pc and frame pointer are zero once the run has ended.
    pub after: MachineState,
    /// Of the last segment: 0 or a trap code, or 255 of a program that exited; and the exit code, else 0.
    pub outcome: Option<(u8, u32)>,
    /// Arguments of the run, as register values.
    pub args: &'a [u64],
    /// Results that the segment gives: their numbers and register values.
    pub results: &'a [(u8, u64)],
}

/// The four limbs of a value.
#[expect(clippy::cast_possible_truncation, reason = "limbs")]
pub fn limbs(value: u64) -> [KoalaBear; 4] {
    core::array::from_fn(|i| KoalaBear::from_u16((value >> (16 * i)) as u16))
}

impl ClaimValues<'_> {
    /// The claim table's first row, no argument being taken yet and no page touched.
    #[must_use]
    pub fn row(&self) -> ClaimCols<KoalaBear> {
        let mut zeros = core::iter::repeat(KoalaBear::ZERO);
        let mut row = ClaimCols::take(&mut zeros);
        row.active = KoalaBear::ONE;
        row.before = self.before.cols();
        row.after = self.after.cols();
        row.last = KoalaBear::from_bool(self.outcome.is_some());
        let (code, exit_code) = self.outcome.unwrap_or((0, 0));
        row.outcome = KoalaBear::from_u8(code);
        let [low, high, ..] = limbs(exit_code.into());
        row.exit_code = [low, high];
        let arguments = self.args.iter().copied().enumerate();
        fill(&mut row.argument_present, &mut row.arguments, arguments);
        let results = self.results.iter().map(|&(index, value)| (index.into(), value));
        fill(&mut row.result_given, &mut row.results, results);
        row
    }

    /// The public values: that row's pinned cells.
    #[must_use]
    pub fn public_values(&self) -> Vec<KoalaBear> {
        let mut values = Vec::with_capacity(<ClaimCols<KoalaBear> as Cells<KoalaBear>>::WIDTH);
        self.row().put(&mut |cell| values.push(cell));
        values.truncate(PUBLIC_VALUES);
        values
    }
}

/// Sets the values with these numbers; a number that has no place is left out.
fn fill(present: &mut [KoalaBear], cells: &mut [KoalaBear], values: impl Iterator<Item = (usize, u64)>) {
    for (index, value) in values {
        if let (Some(present), Some(cells)) = (present.get_mut(index), cells.chunks_exact_mut(4).nth(index)) {
            *present = KoalaBear::ONE;
            cells.copy_from_slice(&limbs(value));
        }
    }
}
