//! Looking for a lie that one thing alone objects to.
//!
//! A search begins with a cell changed so that the thing objects. As long as anything else objects too, cells are
//! changed that make it go away, best lies first; cells that were changed stay as they are.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::{KoalaBear, TableId, bus};

use super::honest::{Honest, Lie, Objection, Verdict};
use super::repair::{Change, Repairs, Shapes};
use super::said::Place;
use super::{Deletion, Thing};
use crate::Random;

/// Objections beyond which a lie is given up.
const OBJECTIONS_MAX: usize = 60;

/// Cells of a row that a description shows.
const CELLS_SHOWN: usize = 12;

/// Looks for lies about honest tables.
pub struct Liar<'h, 't> {
    /// The tables.
    pub honest: &'h Honest<'t>,
    /// Their shapes.
    pub shapes: &'h Shapes,
    /// Lies to judge in one search.
    pub budget: usize,
}

/// Deletions and the lies that kill them.
pub type Kills = BTreeMap<Deletion, Lie>;

/// A lie on the way.
struct State {
    lie: Lie,
    verdict: Verdict,
    fixed: BTreeSet<(Place, usize)>,
}

impl<'t> Liar<'_, 't> {
    /// The columns that a thing depends on.
    #[must_use]
    pub fn columns(&self, deletion: &Deletion) -> &[usize] {
        let shape = &self.shapes[&deletion.table];
        match deletion.thing {
            Thing::Constraint(i) => &shape.constraints[i],
            Thing::Interaction(i) => &shape.interactions[i].1,
            Thing::Pin(_) => &[],
        }
    }

    /// Values to begin with, in a cell.
    fn values(&self, place: Place, column: usize, random: &mut Random) -> Vec<KoalaBear> {
        let present = self.honest.cells(place)[column];
        let trace = self.honest.trace(place);
        let one = KoalaBear::ONE;
        let mut values = vec![present + one, present - one, one - present, KoalaBear::TWO, -one];
        values.extend([1 << 8, 1 << 16].map(KoalaBear::from_u32).into_iter().flat_map(|by| [present + by, present - by]));
        values.push(KoalaBear::from_u64(random.next_u64()));
        values.push(KoalaBear::ZERO);
        if trace.real > 0 {
            values.push(trace.rows.values[trace.rows.width * random.below(trace.real) + column]);
        }
        let mut seen = BTreeSet::from([present]);
        values.retain(|value| seen.insert(*value));
        values
    }

    /// Changes single cells that a thing depends on, in a row, and notes everything that alone objects to one.
    pub fn change_cells(&self, deletion: &Deletion, place: Place, random: &mut Random, kills: &mut Kills) {
        for &column in self.columns(deletion) {
            for value in self.values(place, column, random) {
                if kills.contains_key(deletion) {
                    return;
                }
                let lie = self.honest.changed(&Lie::default(), &[(place, column, value)]);
                let verdict = self.honest.judge(&lie);
                if let Some(only) = self.honest.only(&verdict, &lie) {
                    kills.entry(only).or_insert(lie);
                }
            }
        }
    }

    /// Changes cells that a thing depends on, in a row, and repairs what else objects.
    pub fn change_and_repair(&self, deletion: &Deletion, place: Place, random: &mut Random, kills: &mut Kills) {
        for &column in self.columns(deletion) {
            for value in self.values(place, column, random) {
                let lie = self.honest.changed(&Lie::default(), &[(place, column, value)]);
                self.search(deletion, lie, BTreeSet::from([(place, column)]), kills);
                if kills.contains_key(deletion) {
                    return;
                }
            }
        }
    }

    /// Moves a part of a row into padding: the row stays with one of its cells less, and is there a second time with
    /// what it lacks; then repairs what else objects.
    pub fn split_and_repair(&self, deletion: &Deletion, place: Place, kills: &mut Kills) {
        let padding = self.honest.beyond(place.0);
        for &column in self.columns(deletion) {
            for part in [KoalaBear::TWO, KoalaBear::ONE] {
                let row = self.honest.cells(place);
                let mut lie = Lie::default();
                lie.rows.insert(padding, row.to_vec());
                lie.rows.insert(place, row.to_vec());
                let changes = [(place, column, row[column] - part), (padding, column, part)];
                let lie = self.honest.changed(&lie, &changes);
                self.search(deletion, lie, BTreeSet::from([(place, column), (padding, column)]), kills);
                if kills.contains_key(deletion) {
                    return;
                }
            }
        }
    }

    /// Exchanges flags of the fetched instruction, in a row, and repairs what objects.
    pub fn exchange_and_repair(&self, deletion: &Deletion, place: Place, kills: &mut Kills) {
        let row = self.honest.cells(place);
        let is_flag = |column: &usize| row[*column] == KoalaBear::ZERO || row[*column] == KoalaBear::ONE;
        let shape = &self.shapes[&deletion.table];
        let fetch = shape.interactions.iter().find(|(of, _)| bus::ALL[*of].0 == bus::PROGRAM);
        let flags: Vec<usize> = fetch.into_iter().flat_map(|(_, columns)| columns).copied().filter(is_flag).collect();
        for (i, &first) in flags.iter().enumerate() {
            for &second in &flags[i + 1..] {
                let changes = [first, second].map(|column| (place, column, KoalaBear::ONE - row[column]));
                let lie = self.honest.changed(&Lie::default(), &changes);
                self.search(deletion, lie, BTreeSet::from([(place, first), (place, second)]), kills);
                if kills.contains_key(deletion) {
                    return;
                }
            }
        }
    }

    /// Lets an access follow one that is later than itself: a bridge goes there.
    pub fn access_before(&self, deletion: &Deletion, place: Place, kills: &mut Kills) {
        let Thing::Interaction(range) = deletion.thing else { return };
        let is_memory = |i: Option<usize>| i.is_some_and(|i| self.bus(place, i) == bus::MEMORY);
        let bridges = self.honest.traces.tables.iter().position(|trace| trace.table.id == TableId::Bridges);
        let (true, Some(bridges)) = (is_memory(range.checked_sub(2)) && is_memory(range.checked_sub(1)), bridges) else {
            return;
        };
        let said = self.honest.said(place);
        let ((_, taken), count) = &said.messages[range - 2];
        let [address, v0, v1, v2, v3, from] = taken[..] else { return };
        if *count == KoalaBear::ZERO {
            return;
        }
        let now = said.messages[range - 1].0.1[5];
        let to = now + KoalaBear::new(5);
        let low = |value: KoalaBear| KoalaBear::from_u32(value.as_canonical_u32() & 0xffff);
        let gap = to - from - KoalaBear::ONE;
        let bridge = vec![KoalaBear::ONE, address, v0, v1, v2, v3, from, to, low(gap), low(to)];
        let repairs = Repairs { honest: self.honest, shapes: self.shapes };
        let fields = [address, v0, v1, v2, v3, to];
        for changes in repairs.say_instead(place, range - 2, &fields) {
            let mut lie = self.honest.changed(&Lie::default(), &changes);
            lie.rows.insert(self.honest.beyond(bridges), bridge.clone());
            self.tell(lie, kills);
        }
    }

    /// Judges a lie, and notes what alone objects to it.
    pub fn tell(&self, lie: Lie, kills: &mut Kills) {
        if let Some(only) = self.honest.only(&self.honest.judge(&lie), &lie) {
            kills.entry(only).or_insert(lie);
        }
    }

    fn is_of(&self, objection: &Objection, deletion: &Deletion) -> bool {
        self.honest.deletion(objection) == Some(*deletion)
    }

    /// Looks for repairs of everything but the thing.
    pub fn search(&self, deletion: &Deletion, lie: Lie, fixed: BTreeSet<(Place, usize)>, kills: &mut Kills) {
        let repairs = Repairs { honest: self.honest, shapes: self.shapes };
        let verdict = self.honest.judge(&lie);
        let mut states = vec![Some(State { lie, verdict, fixed })];
        let mut queue = BinaryHeap::from([Reverse((0, 0))]);
        let mut seen = BTreeSet::new();
        while let Some(Reverse((_, index))) = queue.pop() {
            let Some(state) = states[index].take() else { continue };
            if let Some(only) = self.honest.only(&state.verdict, &state.lie) {
                let is_it = only == *deletion;
                kills.entry(only).or_insert_with(|| state.lie.clone());
                if is_it {
                    return;
                }
            }
            let objections = &state.verdict.objections;
            let others = objections.iter().filter(|objection| !self.is_of(objection, deletion));
            let Some(next) = others.min_by_key(|objection| self.urgency(objection)) else { continue };
            for (lie, changes) in self.next(&repairs, &state, next) {
                if states.len() > self.budget {
                    return;
                }
                let mut fixed = state.fixed.clone();
                fixed.extend(changes.iter().map(|&(place, column, _)| (place, column)));
                let key: Vec<(Place, Vec<KoalaBear>)> = lie.rows.iter().map(|(p, r)| (*p, r.clone())).collect();
                if !seen.insert(key) {
                    continue;
                }
                let verdict = self.honest.judge(&lie);
                let left = verdict.objections.len();
                if left > OBJECTIONS_MAX {
                    continue;
                }
                queue.push(Reverse((2 * left + fixed.len(), states.len())));
                states.push(Some(State { lie, verdict, fixed }));
            }
        }
    }

    /// What is repaired first: constraints, then lookups, then other messages, those of the state tree last.
    fn urgency(&self, objection: &Objection) -> usize {
        match objection {
            Objection::Claim(_) => 0,
            Objection::Constraint(..) => 1,
            Objection::Lookup(..) => 2,
            Objection::Balance(place, i) => 3 + usize::from(self.bus(*place, *i) == bus::TREE),
        }
    }

    fn bus(&self, place: Place, interaction: usize) -> &'static str {
        bus::ALL[self.shapes[&self.honest.trace(place).table.id].interactions[interaction].0].0
    }

    /// The lies that repair an objection.
    fn next(&self, repairs: &Repairs<'_, 't>, state: &State, objection: &Objection) -> Vec<(Lie, Vec<Change>)> {
        if let Objection::Balance(place, i) = *objection
            && self.bus(place, i) == bus::TREE
            && [TableId::Cells, TableId::Nodes].contains(&self.honest.trace(place).table.id)
        {
            let mut lie = state.lie.clone();
            return if self.honest.rehash(&mut lie) { vec![(lie, Vec::new())] } else { Vec::new() };
        }
        let options = repairs.of(&state.lie, &state.verdict, objection).into_iter();
        let is_free = |(place, column, _): &Change| !state.fixed.contains(&(*place, *column));
        let free = options.filter(|changes| changes.iter().all(is_free));
        free.map(|changes| (self.honest.changed(&state.lie, &changes), changes)).collect()
    }
}

impl Honest<'_> {
    /// A lie with some more cells changed.
    #[must_use]
    pub fn changed(&self, lie: &Lie, changes: &[(Place, usize, KoalaBear)]) -> Lie {
        let mut lie = lie.clone();
        for &(place, column, value) in changes {
            lie.rows.entry(place).or_insert_with(|| self.cells(place).to_vec())[column] = value;
        }
        lie
    }

    /// A lie in words: the cells that are not what they were.
    #[must_use]
    pub fn describe(&self, lie: &Lie) -> String {
        let mut rows = Vec::new();
        for (&place, row) in &lie.rows {
            let id = self.trace(place).table.id;
            let honest = self.cells(place);
            let changed = id.column_names().into_iter().zip(row.iter().zip(honest)).filter(|(_, (now, before))| now != before);
            let mut cells: Vec<String> =
                changed.map(|(name, (now, before))| format!("{name} {before} -> {now}")).collect();
            let more = cells.len().saturating_sub(CELLS_SHOWN);
            cells.truncate(CELLS_SHOWN);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            rows.push(format!("{} row {}: {}{more}", id.name(), place.1, cells.join(", ")));
        }
        rows.join("; ")
    }
}
