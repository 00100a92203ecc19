//! Repairing a lie until one thing alone objects to it: best lies first, and cells that were changed stay as they are.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use provasm_air::{KoalaBear, TableId, bus};

use super::Deletion;
use super::honest::{Lie, Objection, Verdict};
use super::liar::{Kills, Liar};
use super::repair::{Change, Repairs};
use super::said::Place;

/// Objections beyond which a lie is given up.
const OBJECTIONS_MAX: usize = 60;

/// A lie on the way.
struct State {
    lie: Lie,
    verdict: Verdict,
    fixed: BTreeSet<(Place, usize)>,
}

impl<'t> Liar<'_, 't> {
    fn is_of(&self, objection: &Objection, deletion: &Deletion) -> bool {
        self.honest.deletion(objection) == Some(*deletion)
    }

    /// Looks for repairs of everything but the thing.
    pub(super) fn search(&self, deletion: &Deletion, lie: Lie, fixed: BTreeSet<(Place, usize)>, kills: &mut Kills) {
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

    pub(super) fn bus(&self, place: Place, interaction: usize) -> &'static str {
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
