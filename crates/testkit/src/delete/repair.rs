//! Repairing a lie: for each objection, cells whose change makes it go away.
//!
//! A constraint is a polynomial in each cell of its row, and its zeros are found. A message is made to be what it was,
//! or what is expected of it, or its other end is changed along with it.

use std::collections::BTreeMap;

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::columns::Cells;
use provasm_air::permutation::{PermutationCols, STATE};
use provasm_air::{KoalaBear, TableId, bus};

use super::honest::{Honest, Lie, Objection, Verdict};
use super::said::{Message, Place, Said};
use super::shape::Shape;
use super::solve::zeros;

/// A cell and its new value.
pub(super) type Change = (Place, usize, KoalaBear);

/// The shapes of all tables.
pub type Shapes = BTreeMap<TableId, Shape>;

/// A message of a row that is to have other fields.
struct Wish<'w> {
    place: Place,
    row: &'w [KoalaBear],
    said: &'w Said,
    interaction: usize,
    fields: &'w [KoalaBear],
}

pub(super) struct Repairs<'h, 't> {
    pub(super) honest: &'h Honest<'t>,
    pub(super) shapes: &'h Shapes,
}

impl Repairs<'_, '_> {
    fn shape(&self, place: Place) -> &Shape {
        &self.shapes[&self.honest.trace(place).table.id]
    }

    /// Every way to make an objection go away, the most harmless first.
    pub(super) fn of(&self, lie: &Lie, verdict: &Verdict, objection: &Objection) -> Vec<Vec<Change>> {
        match *objection {
            Objection::Constraint(place, i) => self.of_constraint(place, i, &lie.rows[&place], &verdict.said[&place]),
            Objection::Lookup(place, i) => self.of_lookup(place, i, &lie.rows[&place], &verdict.said[&place]),
            Objection::Balance(place, i) => self.of_balance(place, i, lie, verdict),
            Objection::Claim(_) => Vec::new(),
        }
    }

    /// A row with one cell increased by one, and by two.
    fn probe(&self, place: Place, row: &[KoalaBear], column: usize) -> [Said; 2] {
        let mut row = row.to_vec();
        [(); 2].map(|()| {
            row[column] += KoalaBear::ONE;
            self.honest.say(place, &row)
        })
    }

    /// Columns, first those on which least depends.
    fn sorted(&self, place: Place, columns: &[usize]) -> Vec<usize> {
        let mut columns = columns.to_vec();
        columns.sort_by_key(|&column| self.shape(place).dependents[column]);
        columns
    }

    fn of_constraint(&self, place: Place, i: usize, row: &[KoalaBear], said: &Said) -> Vec<Vec<Change>> {
        let mut repairs = Vec::new();
        if self.honest.trace(place).table.id == TableId::Nodes {
            repairs.push(permuted(place, row));
        }
        for column in self.sorted(place, &self.shape(place).constraints[i]) {
            let [one, two] = self.probe(place, row, column);
            let values = [said, &one, &two].map(|said| said.constraints[i]);
            repairs.extend(zeros(row[column], values).into_iter().map(|zero| vec![(place, column, zero)]));
        }
        repairs
    }

    fn of_lookup(&self, place: Place, i: usize, row: &[KoalaBear], said: &Said) -> Vec<Vec<Change>> {
        let ((bus, now), _) = &said.messages[i];
        let before = self.honest.said(place).messages[i].0.clone();
        let mut wanted = vec![before.1.clone()];
        let same_until = |fields: usize| {
            let keys =
                self.honest.provided.keys().filter(move |(of, known)| of == bus && known[..fields] == now[..fields]);
            keys.map(|(_, fields)| fields.clone())
        };
        match (bus::ALL[*bus].0, now.as_slice()) {
            (bus::AND, &[a, b, _]) => {
                let and = a.as_canonical_u32() & b.as_canonical_u32();
                wanted.insert(0, vec![a, b, KoalaBear::from_u32(and)]);
            }
            (bus::PROGRAM, _) => wanted.extend(same_until(1)),
            (bus::SHIFT, _) => wanted.extend(same_until(2)),
            (bus::RANGE, &[_, bits]) => {
                wanted.extend([KoalaBear::ZERO, KoalaBear::ONE].map(|value| vec![value, bits]));
            }
            _ => {}
        }
        let wish = |fields| Wish { place, row, said, interaction: i, fields };
        wanted.iter().flat_map(|fields| self.grant(&wish(fields))).collect()
    }

    fn of_balance(&self, place: Place, i: usize, lie: &Lie, verdict: &Verdict) -> Vec<Vec<Change>> {
        let (row, said) = (&lie.rows[&place], &verdict.said[&place]);
        let (now, count_now) = &said.messages[i];
        let honest = self.honest.said(place);
        let (before, count_before) = &honest.messages[i];
        if count_now != count_before {
            return self.of_count(place, i, row, said, *count_before);
        }
        let mut repairs = Vec::new();
        // The other end of what was said says along.
        for &(other, interaction, count) in self.honest.ends.get(before).into_iter().flatten() {
            if other != place && count == -*count_before {
                let row = lie.rows.get(&other).map_or_else(|| self.honest.cells(other), Vec::as_slice);
                let said = self.honest.say(other, row);
                repairs.extend(self.grant(&Wish { place: other, row, said: &said, interaction, fields: &now.1 }));
            }
        }
        repairs.extend(self.grant(&Wish { place, row, said, interaction: i, fields: &before.1 }));
        repairs
    }

    /// The changes by which a message of a row has other fields.
    pub(super) fn say_instead(
        &self,
        place: Place,
        row: &[KoalaBear],
        interaction: usize,
        fields: &[KoalaBear],
    ) -> Vec<Vec<Change>> {
        let said = self.honest.say(place, row);
        self.grant(&Wish { place, row, said: &said, interaction, fields })
    }

    /// The message is sent as often as before.
    fn of_count(&self, place: Place, i: usize, row: &[KoalaBear], said: &Said, count: KoalaBear) -> Vec<Vec<Change>> {
        let mut repairs = Vec::new();
        for column in self.sorted(place, &self.shape(place).interactions[i].1) {
            let [one, two] = self.probe(place, row, column);
            let values = [said, &one, &two].map(|said| said.messages[i].1 - count);
            repairs.extend(zeros(row[column], values).into_iter().map(|zero| vec![(place, column, zero)]));
        }
        repairs
    }

    /// The changes that give a message the fields that are wished for, each field by one cell.
    fn grant(&self, wish: &Wish<'_>) -> Vec<Vec<Change>> {
        let Wish { place, row, said, interaction, fields } = *wish;
        let now: &Message = &said.messages[interaction].0;
        let differing: Vec<usize> = (0..fields.len()).filter(|&field| now.1[field] != fields[field]).collect();
        let mut options: Vec<Vec<Change>> = vec![Vec::new(); differing.len()];
        for column in self.sorted(place, &self.shape(place).interactions[interaction].1) {
            let probes = self.probe(place, row, column);
            for (options, &field) in options.iter_mut().zip(&differing) {
                let value = |said: &Said| said.messages[interaction].0.1[field] - fields[field];
                let found = zeros(row[column], [value(said), value(&probes[0]), value(&probes[1])]);
                options.extend(found.into_iter().map(|zero| (place, column, zero)));
            }
        }
        match options.as_slice() {
            [] => Vec::new(),
            [one] => one.iter().map(|&change| vec![change]).collect(),
            several => {
                let firsts: Option<Vec<Change>> = several.iter().map(|options| options.first().copied()).collect();
                firsts.into_iter().collect()
            }
        }
    }
}

/// The permutation of a node's input, as it is now.
fn permuted(place: Place, row: &[KoalaBear]) -> Vec<Change> {
    let input: [KoalaBear; STATE] = std::array::from_fn(|i| row[i]);
    let mut changes = Vec::new();
    let mut column = 0;
    PermutationCols::<KoalaBear>::of(input).put(&mut |cell| {
        if row[column] != cell {
            changes.push((place, column, cell));
        }
        column += 1;
    });
    changes
}
