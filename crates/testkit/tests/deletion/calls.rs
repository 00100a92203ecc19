//! Calls that are none: half of one that exhausts the stack, one that the program does not have, and one of an element
//! beyond the table.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::layout::{STACK_REGISTERS, STATIC_BASE};
use provasm_isa::{Chip, Op, Trap};
use provasm_testkit::delete::{Kills, Liar, Lie};

use crate::copies::held;
use crate::forged::{Row, tell};

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

/// A call of the element after a table of one, in the run that has it.
pub(crate) fn beyond_the_table(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for mut row in Row::of(liar.honest, Chip::CallIndirect, Op::CallIndirect) {
        let cell = STATIC_BASE + row.get("first").as_canonical_u32() + 1;
        let Some((element, read)) = held(liar.honest, cell, row.get("cpu.clock")) else { continue };
        row.put("read.value", &[F::ONE, F::ZERO]);
        row.put("element.value", &element[..3]);
        row.set("element.previous", read);
        tell(liar, [row], kills);
    }
}
