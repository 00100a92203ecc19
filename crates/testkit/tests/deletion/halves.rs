//! A call that exhausts the stack, in two rows of which each is half of it: half of its trap's code is another trap's.

use p3_field::PrimeCharacteristicRing;
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::{Chip, Trap};
use provasm_testkit::delete::{Kills, Liar, Lie};

use crate::forged::Row;

/// The lie: the run is said to end with half the code.
pub(crate) fn call_trap(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let honest = liar.honest;
    let claim = honest.traces.tables.iter().position(|trace| trace.table.id == TableId::Claim).expect("the claim");
    let outcome = TableId::Claim.column_names().iter().position(|name| name == "outcome").expect("a column");
    let code = F::from_u8(Trap::CallStackExhausted.code()).halve();
    let mut lie = honest.changed(&Lie::default(), &[((claim, 0), outcome, code)]);
    for mut row in Row::all(honest, Chip::CallTrap) {
        row.set("real", F::ONE.halve());
        let mut twin = Row::beyond(honest, Chip::CallTrap);
        twin.adopt(&row);
        lie.rows.extend([row, twin].map(Row::into_cells));
    }
    liar.tell(lie, kills);
}
