//! Outputs of a permutation as integers that are not canonical.

use p3_field::{Field, PrimeCharacteristicRing};
use provasm_air::KoalaBear as F;
use provasm_air::gadgets::canonical::{LARGEST_HIGH, UPPER_START};
use provasm_isa::Chip;
use provasm_testkit::delete::{Kills, Liar};

use crate::forged::{Row, tell};

/// Each of them larger by the field's order: with a high limb out of both intervals, and with an interval that is
/// neither. And each with a high limb that is one more, so that the low one is negative.
pub(crate) fn integers(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for honest in Row::all(liar.honest, Chip::Poseidon2) {
        for (i, high) in honest.array("output.high").into_iter().enumerate() {
            let with_high = |high: F| {
                let mut row = honest.clone();
                row.set(&format!("output.high[{i}]"), high);
                row
            };
            let larger = high + F::from_u32(LARGEST_HIGH);
            let mut row = with_high(larger);
            tell(liar, [row.clone()], kills);
            row.set(&format!("output.lower[{i}]"), F::ONE - larger * F::from_u32(UPPER_START).inverse());
            tell(liar, [row], kills);
            tell(liar, [with_high(high + F::ONE)], kills);
        }
    }
}
