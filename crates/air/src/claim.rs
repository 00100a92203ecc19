//! The claim as field elements: public values, and the claim table's one row.

use alloc::vec::Vec;

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;

use crate::columns::Cells;
use crate::system::{ClaimCols, PUBLIC_VALUES};

/// What a proof says about a run of a known program.
#[derive(Clone, Copy, Debug)]
pub struct ClaimValues<'a> {
    /// The entry's first instruction.
    pub entry_pc: u32,
    /// Pages of linear memory at the start.
    pub pages: u32,
    /// 0 or a trap code.
    pub outcome: u32,
    /// Arguments, as register values.
    pub args: &'a [u64],
    /// Results, as register values.
    pub results: &'a [u64],
}

/// The four limbs of a value.
#[expect(clippy::cast_possible_truncation, reason = "limbs")]
pub fn limbs(value: u64) -> [KoalaBear; 4] {
    core::array::from_fn(|i| KoalaBear::from_u16((value >> (16 * i)) as u16))
}

impl ClaimValues<'_> {
    /// The claim table's first row, no argument being taken yet.
    #[must_use]
    pub fn row(&self) -> ClaimCols<KoalaBear> {
        let mut zeros = core::iter::repeat(KoalaBear::ZERO);
        let mut row = ClaimCols::take(&mut zeros);
        row.active = KoalaBear::ONE;
        row.entry_pc = KoalaBear::from_u32(self.entry_pc);
        row.pages = KoalaBear::from_u32(self.pages);
        row.outcome = KoalaBear::from_u32(self.outcome);
        fill(&mut row.argument_present, &mut row.arguments, self.args);
        fill(&mut row.result_present, &mut row.results, self.results);
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

fn fill(present: &mut [KoalaBear], cells: &mut [KoalaBear], values: &[u64]) {
    for ((present, cells), &value) in present.iter_mut().zip(cells.chunks_exact_mut(4)).zip(values) {
        *present = KoalaBear::ONE;
        cells.copy_from_slice(&limbs(value));
    }
}
