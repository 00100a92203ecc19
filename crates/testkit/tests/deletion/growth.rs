//! Growths of the memory beyond its maximum, and pages that are said to be older than they are.

use std::collections::BTreeMap;

use p3_field::PrimeCharacteristicRing;
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::Chip;
use provasm_testkit::delete::{Kills, Liar, Lie};

use crate::alu::CARRY;
use crate::forged::{Row, tell};

/// One page more than fit is said to fit: the carry of what is left, which is -1, is no integer that it can be.
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
    for (table, trace) in honest.traces.tables.iter().enumerate() {
        let id = trace.table.id;
        if ![TableId::Pages, TableId::Nodes, TableId::Cells].contains(&id) {
            continue;
        }
        let names = id.column_names();
        let at = |name: &str| names.iter().position(|column| column == name).expect("a column");
        for place in (0..trace.real).map(|row| (table, row)) {
            let mut cells = honest.cells(place).to_vec();
            if std::mem::take(&mut cells[at("birth")]) != F::ZERO {
                if id == TableId::Pages {
                    (cells[at("linear")], cells[at("fixed")]) = (F::ZERO, F::ONE);
                }
                rows.insert(place, cells);
            }
        }
    }
    liar.tell(Lie { rows, ..Lie::default() }, kills);
}
