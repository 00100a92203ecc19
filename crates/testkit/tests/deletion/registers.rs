//! What a lie says of registers, said along by the instructions before and after: hints give what is taken, and
//! whatever overwrites what is left takes that.

use p3_field::PrimeCharacteristicRing;
use provasm_air::{KoalaBear as F, TableId, bus};
use provasm_testkit::delete::{Honest, Lie, Message, Place, Said};

/// The position of a column in its table.
pub(crate) fn column(id: TableId, name: &str) -> usize {
    id.column_names().iter().position(|column| column == name).expect("a column of the table")
}

/// The rows of a table that are not padding.
pub(crate) fn rows(honest: &Honest<'_>, id: TableId) -> Vec<Place> {
    let tables = honest.traces.tables.iter().enumerate().filter(|(_, trace)| trace.table.id == id);
    tables.flat_map(|(table, trace)| (0..trace.real).map(move |row| (table, row))).collect()
}

/// Adds to a lie what others say of the registers of its row at `place`, which is there in place of `honest_place`.
pub(crate) fn settle(honest: &Honest<'_>, lie: &mut Lie, place: Place, honest_place: Place) {
    let accesses = |said: &Said| -> Vec<(Message, F)> {
        let messages = said.messages.iter();
        messages.filter(|((of, _), _)| bus::ALL[*of].0 == bus::MEMORY).cloned().collect()
    };
    let now = accesses(&honest.say(place, &lie.rows[&place]));
    let before = accesses(&honest.said(honest_place));
    for ((said, _), (known, count)) in now.into_iter().zip(before).filter(|(now, before)| now.0 != before.0) {
        let ends = honest.ends[&known].iter();
        let (other, ..) = ends.copied().find(|(_, _, other)| *other == -count).expect("the other end");
        let name = if count == F::ONE { "write.before[0]" } else { "value[0]" };
        let first = column(honest.trace(other).table.id, name);
        let row = lie.rows.entry(other).or_insert_with(|| honest.cells(other).to_vec());
        // Between the address and the clock.
        row[first..first + 4].copy_from_slice(&said.1[1..5]);
    }
}
