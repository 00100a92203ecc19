//! Lies about honest tables, and what objects to them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::columns::Cells;
use provasm_air::permutation::{PermutationCols, STATE};
use provasm_air::system::CLAIM_PINS;
use provasm_air::{KoalaBear, TableId, bus};
use provasm_trace::{Trace, Traces};

use super::said::{Message, Place, Said, cells, height, say};
use super::{Deletion, Thing};
use crate::forge::{is_common, is_lookup, is_provider};

/// Rows in place of the honest ones. The lookups are recounted, and the claim is as false as the rows say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lie {
    /// The rows with all their cells.
    pub rows: BTreeMap<Place, Vec<KoalaBear>>,
    /// Rows of nodes that were split in one for each side: where the one for the side after is.
    pub split: BTreeMap<Place, Place>,
}

/// What is wrong with a lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Objection {
    /// A constraint of this row does not hold.
    Constraint(Place, usize),
    /// This row alone looks up what is not there, by this interaction.
    Lookup(Place, usize),
    /// A message of this row, by this interaction, is left over.
    Balance(Place, usize),
    /// The claim's row has something here that no claim says.
    Claim(usize),
}

/// What became of a lie.
#[derive(Debug)]
pub struct Verdict {
    /// What the rows say now.
    pub said: BTreeMap<Place, Said>,
    /// What is wrong.
    pub objections: BTreeSet<Objection>,
}

/// Columns of the claim whose values a liar chooses, as he claims something false: groups of them, and the bound of
/// each.
const CLAIMED: [(&str, u32); 6] = [
    ("after", KoalaBear::ORDER_U32),
    ("outcome", 256),
    ("exit_code", 1 << 16),
    ("arguments", 1 << 16),
    ("results", 1 << 16),
    ("result_given", 2),
];

/// Honest tables, and where everything they say comes from.
pub struct Honest<'t> {
    /// The tables.
    pub traces: &'t Traces,
    /// For each message that is no lookup, the rows and interactions it is of.
    pub ends: HashMap<Message, Vec<(Place, usize, KoalaBear)>>,
    /// What is provided for lookup, and where: by the code, the routing of shifts, and the growths of the memory.
    pub provided: HashMap<Message, Vec<Place>>,
    /// For each place in the code, the interactions that fetch it.
    pub fetched: BTreeMap<KoalaBear, BTreeSet<(TableId, usize)>>,
    /// For each interaction, whether it says something.
    pub spoken: BTreeSet<(TableId, usize)>,
    /// For each column of the claim, the bound of values that can be claimed.
    claimed: Vec<u32>,
    /// For each table, a row of padding.
    padding: Vec<Vec<KoalaBear>>,
    /// What honest rows say, of those that were asked for.
    known: RefCell<HashMap<Place, Rc<Said>>>,
}

/// A row of padding: zeros, and in a table of nodes what they are permuted to.
fn padding(trace: &Trace) -> Vec<KoalaBear> {
    let mut row = vec![KoalaBear::ZERO; trace.rows.width];
    if trace.table.id == TableId::Nodes {
        let mut cells = row.iter_mut();
        PermutationCols::<KoalaBear>::of([KoalaBear::ZERO; STATE]).put(&mut |cell| {
            cells.next().into_iter().for_each(|slot| *slot = cell);
        });
    }
    row
}

/// Whether what a table says on a bus asks for a row of another.
#[must_use]
pub fn asks(bus: usize, id: TableId) -> bool {
    let name = bus::ALL[bus].0;
    is_lookup(name) && !is_provider(name, id)
}

impl<'t> Honest<'t> {
    /// Tables that are honest.
    #[must_use]
    pub fn new(traces: &'t Traces) -> Self {
        let names = TableId::Claim.column_names();
        let bound = |name: &String| {
            let group = name.split(['.', '[']).next().unwrap_or(name);
            CLAIMED.iter().find(|(claimed, _)| *claimed == group).map_or(0, |(_, bound)| *bound)
        };
        let claimed = names.iter().map(bound).collect();
        let padding = traces.tables.iter().map(padding).collect();
        let mut honest = Self {
            traces,
            ends: HashMap::new(),
            provided: HashMap::new(),
            fetched: BTreeMap::new(),
            spoken: BTreeSet::new(),
            claimed,
            padding,
            known: RefCell::default(),
        };
        for (table, trace) in traces.tables.iter().enumerate() {
            let id = trace.table.id;
            for row in 0..trace.real {
                let is_fixed = trace.table.fixed.is_some() && id != TableId::Rom && id != TableId::Shift;
                if is_fixed && cells(trace, row).iter().all(|times| *times == KoalaBear::ZERO) {
                    continue;
                }
                for (i, (message, count)) in say(trace, row, cells(trace, row)).messages.into_iter().enumerate() {
                    honest.note((table, row), i, message, count);
                }
            }
        }
        honest
    }

    fn note(&mut self, place: Place, interaction: usize, message: Message, count: KoalaBear) {
        let id = self.traces.tables[place.0].table.id;
        let name = bus::ALL[message.0].0;
        if count != KoalaBear::ZERO {
            self.spoken.insert((id, interaction));
            if name == bus::PROGRAM && asks(message.0, id) {
                self.fetched.entry(message.1[0]).or_default().insert((id, interaction));
            }
        }
        if is_provider(name, id) {
            if [bus::PROGRAM, bus::SHIFT].contains(&name) || name == bus::GROWTH {
                self.provided.entry(message).or_default().push(place);
            }
        } else if !is_lookup(name) && count != KoalaBear::ZERO {
            self.ends.entry(message).or_default().push((place, interaction, count));
        }
    }

    /// The table of a place.
    #[must_use]
    pub fn trace(&self, place: Place) -> &'t Trace {
        &self.traces.tables[place.0]
    }

    /// The cells of a row, as honest; of one that the table has not, those of padding.
    pub fn cells(&self, place: Place) -> &[KoalaBear] {
        let trace = self.trace(place);
        if place.1 < height(trace) { cells(trace, place.1) } else { &self.padding[place.0] }
    }

    /// A row that the table has not.
    #[must_use]
    pub fn beyond(&self, table: usize) -> Place {
        (table, height(&self.traces.tables[table]))
    }

    /// What a row says with these cells.
    #[must_use]
    pub fn say(&self, place: Place, cells: &[KoalaBear]) -> Said {
        say(self.trace(place), place.1, cells)
    }

    /// What a row says that is honest.
    #[must_use]
    pub fn said(&self, place: Place) -> Rc<Said> {
        let mut known = self.known.borrow_mut();
        let said = known.entry(place).or_insert_with(|| Rc::new(self.say(place, self.cells(place))));
        Rc::clone(said)
    }

    /// Whether a lookup of this message succeeds, in a row that is not forged.
    #[must_use]
    pub fn is_found(&self, (bus, fields): &Message, lie: &Lie) -> bool {
        let integers: Vec<u32> = fields.iter().map(KoalaBear::as_canonical_u32).collect();
        is_common(bus::ALL[*bus].0, &integers).unwrap_or_else(|| {
            let message = (*bus, fields.clone());
            self.provided.get(&message).is_some_and(|places| places.iter().any(|place| !lie.rows.contains_key(place)))
        })
    }

    /// What becomes of a lie.
    #[must_use]
    pub fn judge(&self, lie: &Lie) -> Verdict {
        let mut verdict = Verdict { said: BTreeMap::new(), objections: BTreeSet::new() };
        let mut changed: Vec<(Message, KoalaBear, Place, usize)> = Vec::new();
        for (&place, row) in &lie.rows {
            let (said, honest) = (self.say(place, row), self.said(place));
            let violated = said.constraints.iter().enumerate().filter(|(_, value)| **value != KoalaBear::ZERO);
            verdict.objections.extend(violated.map(|(i, _)| Objection::Constraint(place, i)));
            for (i, (now, before)) in said.messages.iter().zip(&honest.messages).enumerate() {
                if now != before {
                    let mut change = |(message, count): (Message, KoalaBear)| {
                        let is_free = asks(message.0, self.trace(place).table.id) && self.is_found(&message, lie);
                        if count != KoalaBear::ZERO && !is_free {
                            changed.push((message, count, place, i));
                        }
                    };
                    change(now.clone());
                    change((before.0.clone(), -before.1));
                }
            }
            if self.trace(place).table.id == TableId::Claim && place.1 == 0 {
                let pinned = CLAIM_PINS.iter().map(|pin| pin.column);
                let forged = pinned.filter(|&column| row[column] != self.cells(place)[column]);
                let unclaimed = forged.filter(|&column| row[column].as_canonical_u32() >= self.claimed[column]);
                verdict.objections.extend(unclaimed.map(Objection::Claim));
            }
            verdict.said.insert(place, said);
        }
        changed.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for same in changed.chunk_by(|a, b| a.0 == b.0) {
            if same.iter().map(|(_, count, ..)| *count).sum::<KoalaBear>() != KoalaBear::ZERO {
                verdict.objections.extend(self.objections_of(same));
            }
        }
        verdict
    }

    /// The objections to changes of one message that do not make up for one another.
    fn objections_of(&self, changes: &[(Message, KoalaBear, Place, usize)]) -> Vec<Objection> {
        let id = |place: Place| self.trace(place).table.id;
        let &((bus, _), _, first, interaction) = &changes[0];
        let is_one = changes.iter().all(|&(_, _, place, i)| i == interaction && id(place) == id(first));
        if is_one && asks(bus, id(first)) {
            return vec![Objection::Lookup(first, interaction)];
        }
        changes.iter().map(|&(_, _, place, i)| Objection::Balance(place, i)).collect()
    }

    /// What has to be deleted for an objection to be none.
    #[must_use]
    pub fn deletion(&self, objection: &Objection) -> Option<Deletion> {
        let of = |place: &Place, thing: Thing| Some(Deletion { table: self.trace(*place).table.id, thing });
        match objection {
            Objection::Constraint(place, i) => of(place, Thing::Constraint(*i)),
            Objection::Lookup(place, i) => of(place, Thing::Interaction(*i)),
            Objection::Balance(..) | Objection::Claim(_) => None,
        }
    }

    /// The one thing that catches a lie, if it is one, the rows that it catches take part without it, and the lie says
    /// something else than is honest.
    #[must_use]
    pub fn only(&self, verdict: &Verdict, lie: &Lie) -> Option<Deletion> {
        let mut deletions = verdict.objections.iter().map(|objection| self.deletion(objection));
        let first = deletions.next()??;
        let is_one = deletions.all(|deletion| deletion == Some(first));
        let takes_part = |objection: &Objection| match objection {
            Objection::Constraint(place, _) | Objection::Lookup(place, _) => {
                self.takes_part(*place, &verdict.said[place], first, lie)
            }
            Objection::Balance(..) | Objection::Claim(_) => false,
        };
        (is_one && self.says_else(verdict) && verdict.objections.iter().any(takes_part)).then_some(first)
    }

    /// Whether a lie says anything else than honest rows do, but for what it looks up. If not, it says nothing false:
    /// that cells hold something else which nobody sees is no harm.
    fn says_else(&self, verdict: &Verdict) -> bool {
        verdict.said.iter().any(|(&place, said)| {
            let (id, honest) = (self.trace(place).table.id, self.said(place));
            said.messages.iter().zip(&honest.messages).any(|(now, before)| {
                let is_silent = now.1 == KoalaBear::ZERO && before.1 == KoalaBear::ZERO;
                now != before && !is_silent && !asks(now.0.0, id)
            })
        })
    }

    /// Whether a row says anything, without the thing deleted, but what it asks for and finds.
    fn takes_part(&self, place: Place, said: &Said, without: Deletion, lie: &Lie) -> bool {
        let id = self.trace(place).table.id;
        said.messages.iter().enumerate().any(|(i, (message, count))| {
            let is_deleted = without == Deletion { table: id, thing: Thing::Interaction(i) };
            !is_deleted && *count != KoalaBear::ZERO && !(asks(message.0, id) && self.is_found(message, lie))
        })
    }
}
