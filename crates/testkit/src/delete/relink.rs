//! The cells of a lie: every access takes what the one before it in time gives. Unlike [`Liar::settle`], this changes
//! the lie's own rows too, and leaves states as they are told.

use std::collections::{BTreeMap, BTreeSet};

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::{KoalaBear, TableId, bus};

use super::honest::Lie;
use super::liar::Liar;
use super::repair::Repairs;
use super::said::{Place, Said, is_one};

/// The field of a memory message that says the clock.
const CLOCK: usize = 5;

/// An access to a cell, or its begin or end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Access {
    /// When it is: a cell's begin is before everything, its end after everything.
    clock: u32,
    place: Place,
    /// The interaction that takes the cell; none at the begin.
    takes: Option<usize>,
    /// The interaction that gives it; none at the end.
    gives: Option<usize>,
}

impl Liar<'_, '_> {
    /// Orders the accesses to every cell by their clocks: each takes what the one before it gives, a cell begins before
    /// the first of them, and it ends with what the last one gives. What reads write back is as before.
    #[must_use]
    pub fn relink(&self, mut lie: Lie) -> Lie {
        for accesses in self.accesses(&lie).into_values() {
            let mut accesses = accesses.into_iter().peekable();
            let mut given: Option<Vec<KoalaBear>> = None;
            while let Some(access) = accesses.next() {
                let said = self.said_in(&lie, access.place);
                let now = |i: usize| said.messages[i].0.1.clone();
                let (interaction, wanted) = match (access.takes, access.gives, accesses.peek()) {
                    // It is there just before the first access.
                    (None, Some(gives), Some(first)) if now(gives)[CLOCK].as_canonical_u32() >= first.clock => {
                        let mut fields = now(gives);
                        fields[CLOCK] = KoalaBear::from_u32(first.clock) - KoalaBear::ONE;
                        (gives, fields)
                    }
                    (Some(takes), ..) => (takes, given.clone().unwrap_or_else(|| now(takes))),
                    (None, ..) => {
                        given = access.gives.map(now);
                        continue;
                    }
                };
                let repairs = Repairs { honest: self.honest, shapes: self.shapes };
                let row = lie.rows.get(&access.place).map_or_else(|| self.honest.cells(access.place), Vec::as_slice);
                if let Some(changes) = repairs.say_instead(access.place, row, interaction, &wanted).first() {
                    lie = self.honest.changed(&lie, changes);
                }
                given = access.gives.map(|gives| self.said_in(&lie, access.place).messages[gives].0.1.clone());
            }
        }
        lie
    }

    fn said_in(&self, lie: &Lie, place: Place) -> Said {
        let honest = || Said::clone(&self.honest.said(place));
        lie.rows.get(&place).map_or_else(honest, |row| self.honest.say(place, row))
    }

    /// The accesses to the cells that forged rows access, or accessed before, by address and in order.
    fn accesses(&self, lie: &Lie) -> BTreeMap<KoalaBear, BTreeSet<Access>> {
        let mut accesses: BTreeMap<KoalaBear, BTreeSet<Access>> = BTreeMap::new();
        for &place in lie.rows.keys() {
            for said in [self.said_in(lie, place), Said::clone(&self.honest.said(place))] {
                let of_memory = said.messages.iter().filter(|((of, _), _)| bus::ALL[*of].0 == bus::MEMORY);
                accesses.extend(of_memory.map(|((_, fields), _)| (fields[0], BTreeSet::new())));
            }
        }
        let tables = self.honest.traces.tables.iter().enumerate();
        let honest = tables.filter(|(_, trace)| trace.table.fixed.is_none());
        let honest = honest.flat_map(|(table, trace)| (0..trace.real).map(move |row| (table, row)));
        let places: BTreeSet<Place> = honest.chain(lie.rows.keys().copied()).collect();
        for place in places {
            let is_leaf = self.honest.trace(place).table.id == TableId::Cells;
            for (i, (address, clock)) in pairs(&self.said_in(lie, place), is_leaf) {
                if let Some(accesses) = accesses.get_mut(&address) {
                    if is_leaf {
                        accesses.insert(Access { clock: 0, place, takes: None, gives: Some(i) });
                        accesses.insert(Access { clock: u32::MAX, place, takes: Some(i + 1), gives: None });
                    } else {
                        accesses.insert(Access { clock, place, takes: Some(i), gives: Some(i + 1) });
                    }
                }
            }
        }
        accesses
    }
}

/// The first interactions of pairs on the memory bus that are about one cell, with its address and the second one's
/// clock.
fn pairs(said: &Said, is_leaf: bool) -> Vec<(usize, (KoalaBear, u32))> {
    let is_memory = |of: usize| bus::ALL[of].0 == bus::MEMORY;
    let mut pairs = Vec::new();
    for (i, messages) in said.messages.windows(2).enumerate() {
        let [((first, taken), _), ((second, given), count)] = messages else { continue };
        let counted = if is_leaf { -*count } else { *count };
        if is_memory(*first) && is_memory(*second) && taken[0] == given[0] && is_one(counted) {
            pairs.push((i, (given[0], given[CLOCK].as_canonical_u32())));
        }
    }
    pairs
}
