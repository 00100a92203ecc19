//! Outputs of a permutation that are larger than they are by the field's order.

use p3_field::{Field, PrimeCharacteristicRing};
use provasm_air::KoalaBear as F;
use provasm_air::gadgets::canonical::{LARGEST_HIGH, UPPER_START};
use provasm_isa::Chip;
use provasm_testkit::delete::{Kills, Liar};

use crate::forged::{Row, tell};

/// Each of them, with a high limb out of both intervals, and with an interval that is neither.
pub(crate) fn larger(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for honest in Row::all(liar.honest, Chip::Poseidon2) {
        for (i, high) in honest.array("output.high").into_iter().enumerate() {
            let high = high + F::from_u32(LARGEST_HIGH);
            let mut row = honest.clone();
            row.set(&format!("output.high[{i}]"), high);
            tell(liar, [row.clone()], kills);
            row.set(&format!("output.lower[{i}]"), F::ONE - high * F::from_u32(UPPER_START).inverse());
            tell(liar, [row], kills);
        }
    }
}
