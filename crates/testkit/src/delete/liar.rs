//! Looking for a lie that one thing alone objects to.
//!
//! A lie begins with a cell changed so that the thing objects. As long as anything else objects too, [`Liar::search`]
//! changes cells that make it go away.

use std::collections::{BTreeMap, BTreeSet};

use p3_field::{Field, PrimeCharacteristicRing, PrimeField32};
use provasm_air::{KoalaBear, TableId, bus};

use super::honest::{Honest, Lie};
use super::repair::{Repairs, Shapes};
use super::said::Place;
use super::{Deletion, Thing};
use crate::Random;

/// Columns of a constraint beyond which it ties nothing together.
const NEAR_MAX: usize = 24;

/// Columns beyond which no part of a row is moved for a thing.
const SPLIT_MAX: usize = 8;

/// Cells of a row that a description shows.
const CELLS_SHOWN: usize = 12;

/// Rows of a lie that a description shows.
const ROWS_SHOWN: usize = 60;

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

impl Liar<'_, '_> {
    /// The columns that a thing depends on.
    fn columns(&self, deletion: &Deletion) -> &[usize] {
        let shape = &self.shapes[&deletion.table];
        match deletion.thing {
            Thing::Constraint(i) => &shape.constraints[i],
            Thing::Interaction(i) => &shape.interactions[i].1,
            Thing::Pin(_) => &[],
        }
    }

    /// The deletion of the constraint that makes a column a bit: the first on this column alone.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn bit(&self, table: TableId, column: usize) -> Deletion {
        let shape = &self.shapes[&table];
        let constraint = shape.constraints.iter().position(|columns| *columns == [column]);
        let constraint = constraint.unwrap_or_else(|| panic!("{} need be no bit", shape.names[column]));
        Deletion { table, thing: Thing::Constraint(constraint) }
    }

    /// Values to begin with, in a cell.
    fn values(&self, place: Place, column: usize, random: &mut Random) -> Vec<KoalaBear> {
        let present = self.honest.cells(place)[column];
        let trace = self.honest.trace(place);
        let one = KoalaBear::ONE;
        let mut values = vec![present + one, present - one, one - present, KoalaBear::TWO, -one];
        values
            .extend([1 << 8, 1 << 16].map(KoalaBear::from_u32).into_iter().flat_map(|by| [present + by, present - by]));
        values.push(KoalaBear::from_u64(random.next_u64()));
        values.push(KoalaBear::ZERO);
        if trace.real > 0 {
            values.push(trace.rows.values[trace.rows.width * random.below(trace.real) + column]);
        }
        values.extend(self.values_in_range(place, column));
        let mut seen = BTreeSet::from([present]);
        values.retain(|value| seen.insert(*value));
        values
    }

    /// Values with which a range check of the row looks up something else that is there.
    fn values_in_range(&self, place: Place, column: usize) -> Vec<KoalaBear> {
        let said = self.honest.said(place);
        let mut row = self.honest.cells(place).to_vec();
        let present = row[column];
        row[column] += KoalaBear::ONE;
        let moved = self.honest.say(place, &row);
        let mut values = Vec::new();
        for (((of, before), _), ((_, after), _)) in said.messages.iter().zip(&moved.messages) {
            if bus::ALL[*of].0 == bus::RANGE
                && let Some(slope) = (after[0] - before[0]).try_inverse()
            {
                let others = [KoalaBear::ZERO, before[0] + KoalaBear::ONE, before[0] - KoalaBear::ONE];
                values.extend(others.map(|other| present + (other - before[0]) * slope));
            }
        }
        values
    }

    /// The columns that a thing depends on, and those that constraints tie to them.
    fn columns_around(&self, deletion: &Deletion) -> Vec<usize> {
        let mut columns = self.columns(deletion).to_vec();
        if matches!(deletion.thing, Thing::Interaction(_)) {
            let near = self.shapes[&deletion.table].constraints.iter();
            let near = near
                .filter(|of| of.len() <= NEAR_MAX && of.iter().any(|column| self.columns(deletion).contains(column)));
            columns.extend(near.flatten());
        }
        let mut seen = BTreeSet::new();
        columns.retain(|column| seen.insert(*column));
        columns
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
        for column in self.columns_around(deletion) {
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
        if self.columns(deletion).len() > SPLIT_MAX {
            return;
        }
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
        let (true, Some(bridges)) = (is_memory(range.checked_sub(2)) && is_memory(range.checked_sub(1)), bridges)
        else {
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
        for changes in repairs.say_instead(place, self.honest.cells(place), range - 2, &fields) {
            let mut lie = self.honest.changed(&Lie::default(), &changes);
            lie.rows.insert(self.honest.beyond(bridges), bridge.clone());
            self.tell(lie, kills);
        }
    }

    /// Judges a lie, notes what alone objects to it, and returns that.
    pub fn tell(&self, lie: Lie, kills: &mut Kills) -> Option<Deletion> {
        let only = self.honest.only(&self.honest.judge(&lie), &lie)?;
        kills.entry(only).or_insert(lie);
        Some(only)
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
        for (&place, row) in lie.rows.iter().take(ROWS_SHOWN) {
            let id = self.trace(place).table.id;
            let honest = self.cells(place);
            let changed =
                id.column_names().into_iter().zip(row.iter().zip(honest)).filter(|(_, (now, before))| now != before);
            let mut cells: Vec<String> =
                changed.map(|(name, (now, before))| format!("{name} {before} -> {now}")).collect();
            let more = cells.len().saturating_sub(CELLS_SHOWN);
            cells.truncate(CELLS_SHOWN);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            rows.push(format!("{} row {}: {}{more}", id.name(), place.1, cells.join(", ")));
        }
        let more = lie.rows.len().saturating_sub(ROWS_SHOWN);
        let more = if more == 0 { String::new() } else { format!("; and {more} more rows") };
        rows.join("; ") + &more
    }
}
