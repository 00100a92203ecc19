//! Calls that are none: one that the program does not have, and one of an element beyond the table.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::layout::{STACK_REGISTERS, STATIC_BASE};
use provasm_isa::{Chip, Op, Trap};
use provasm_testkit::delete::{Kills, Liar, Lie, column, table};

use crate::copies::held;
use crate::forged::{Row, tell};

/// A call that exhausts the stack, in the place of `halt`.
pub(crate) fn elsewhere(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for halt in Row::of(liar.honest, Chip::Io, Op::Halt) {
        let mut row = Row::beyond(liar.honest, Chip::CallTrap);
        row.adopt(&halt);
        row.set("real", F::ONE);
        row.set("frame", F::from_u32(STACK_REGISTERS) - halt.get("cpu.fp"));
        let claim = (table(liar.honest.traces, TableId::Claim), 0);
        let outcome = F::from_u8(Trap::CallStackExhausted.code());
        let mut lie = liar.honest.changed(&Lie::default(), &[(claim, column(TableId::Claim, "outcome"), outcome)]);
        lie.rows.extend([halt.removed(), row].map(Row::into_cells));
        liar.tell(lie, kills);
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
