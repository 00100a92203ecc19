//! Growths of the memory beyond its maximum, and pages that are said to be older than they are.

use std::collections::BTreeMap;

use p3_field::PrimeCharacteristicRing;
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::Chip;
use provasm_testkit::delete::{Kills, Liar, Lie, column};

use crate::alu::CARRY;
use crate::forged::{Row, tell};

/// One page more than fit is said to fit: what is left is -1, told as 2^16 times a high limb of 32512, with a carry as
/// large.
pub(crate) fn beyond(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for mut row in Row::all(liar.honest, Chip::MemoryGrow) {
        let (max, size) = (row.get("max[0]"), row.get("size.value[0]"));
        row.put("delta.value", &[max - size + F::ONE, F::ZERO]);
        row.put("after", &[max + F::ONE, F::ZERO]);
        row.set("fits", F::ONE);
        row.set("carry", -F::from_i32(CARRY));
        row.put("slack", &[F::ZERO, -F::from_i32(CARRY)]);
        tell(liar, [row], kills);
    }
}

/// A page that a growth made is said to be one of static cells, which was there from the start.
pub(crate) fn older(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let honest = liar.honest;
    let mut rows = BTreeMap::new();
    for id in [TableId::Pages, TableId::Nodes, TableId::Cells] {
        let birth = column(id, "birth");
        for place in honest.rows(id) {
            let mut cells = honest.cells(place).to_vec();
            if std::mem::take(&mut cells[birth]) != F::ZERO {
                if id == TableId::Pages {
                    (cells[column(id, "linear")], cells[column(id, "fixed")]) = (F::ZERO, F::ONE);
                }
                rows.insert(place, cells);
            }
        }
    }
    liar.tell(Lie { rows, ..Lie::default() }, kills);
}
