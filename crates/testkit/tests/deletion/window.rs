//! What lies about calls of accelerators share: the hints that overwrite a call's window find there what the lie says.

use p3_field::PrimeCharacteristicRing;
use provasm_air::{KoalaBear as F, TableId, bus};
use provasm_isa::Chip;
use provasm_testkit::delete::{Honest, Lie, Place, column};

/// Limbs of a cell.
const LIMBS: usize = 4;

/// Lets the accesses after a call, which are hints' and forget what they find, find what the lie's row of the call
/// leaves.
///
/// [`Liar::settle`] would do the same for any rows: it finds out which cells say what, and what is left over, again for
/// every register. Here both are known, which counts where thousands of lies leave up to 25 registers each.
///
/// [`Liar::settle`]: provasm_testkit::delete::Liar::settle
pub(crate) fn overwrite(honest: &Honest<'_>, lie: &mut Lie, call: Place) {
    let hint = TableId::Chip(Chip::Hint);
    let first = column(hint, "write.before[0]");
    let (now, before) = (honest.say(call, &lie.rows[&call]), honest.said(call));
    for ((now, _), (before, count)) in now.messages.iter().zip(&before.messages) {
        if bus::ALL[before.0].0 != bus::MEMORY || *count != F::ONE || now == before {
            continue;
        }
        let ends = &honest.ends[before];
        let &(after, ..) = ends.iter().find(|(_, _, count)| *count == -F::ONE).expect("an access after");
        assert_eq!(honest.trace(after).table.id, hint);
        let row = lie.rows.entry(after).or_insert_with(|| honest.cells(after).to_vec());
        // The address is the first field.
        row[first..first + LIMBS].copy_from_slice(&now.1[1..=LIMBS]);
    }
}
