//! Calls that exhaust the stack, and are none: half of one, and one that the program does not have.

use p3_field::PrimeCharacteristicRing;
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::layout::STACK_REGISTERS;
use provasm_isa::{Chip, Op, Trap};
use provasm_testkit::delete::{Kills, Liar, Lie};

use crate::forged::Row;

/// The lie that a run ends with this outcome and these rows.
fn ends(liar: &Liar<'_, '_>, outcome: F, rows: impl IntoIterator<Item = Row>) -> Lie {
    let claim = liar.honest.traces.tables.iter().position(|trace| trace.table.id == TableId::Claim).expect("the claim");
    let column = TableId::Claim.column_names().iter().position(|name| name == "outcome").expect("a column");
    let mut lie = liar.honest.changed(&Lie::default(), &[((claim, 0), column, outcome)]);
    lie.rows.extend(rows.into_iter().map(Row::into_cells));
    lie
}

fn code() -> F {
    F::from_u8(Trap::CallStackExhausted.code())
}

/// A call in two rows of which each is half of it: half of its trap's code is another trap's.
pub(crate) fn halves(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for mut row in Row::all(liar.honest, Chip::CallTrap) {
        row.set("real", F::ONE.halve());
        let mut twin = Row::beyond(liar.honest, Chip::CallTrap);
        twin.adopt(&row);
        liar.tell(ends(liar, code().halve(), [row, twin]), kills);
    }
}

/// A call in the place of `halt`.
pub(crate) fn elsewhere(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for halt in Row::of(liar.honest, Chip::Io, Op::Halt) {
        let mut row = Row::beyond(liar.honest, Chip::CallTrap);
        row.adopt(&halt);
        row.set("real", F::ONE);
        row.set("frame", F::from_u32(STACK_REGISTERS) - halt.get("cpu.fp"));
        liar.tell(ends(liar, code(), [halt.removed(), row]), kills);
    }
}
