//! All deletions, and those that are killed so far.

use std::collections::{BTreeMap, BTreeSet};

use provasm_air::TableId;
use provasm_air::system::CLAIM_PINS;
use provasm_trace::Traces;

use super::honest::{Honest, asks};
use super::liar::{Kills, Liar};
use super::repair::Shapes;
use super::said::{Place, height};
use super::shape::Shape;
use super::{Deletion, Thing};
use crate::Random;

/// How a deletion is killed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Killed {
    /// Honest tables do not balance without it.
    Honest,
    /// A claim is accepted without it that says something else there.
    Claim,
    /// A run is accepted without it as one of a program that has another instruction somewhere: no other interaction
    /// fetches what is there.
    Program,
    /// A lie is accepted without it: about which tables, and what it says.
    Lie(String, String),
}

/// Columns from which on a table is wide, and its rows that are forged.
const WIDE: usize = 90;
const WIDE_ROWS: usize = 2;
/// Rows of tables of cells and pages that are forged: which of them matter depends on their place.
const LIGHT_ROWS: usize = 24;

/// How hard to look.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Rows of a table that are forged, per run.
    pub rows: usize,
    /// Rows that are forged for one deletion, in all runs.
    pub rows_in_all: usize,
    /// Columns of the widest table that is forged.
    pub width: usize,
    /// Lies that are judged in one search.
    pub budget: usize,
}

/// Every deletion of the tables seen, and what kills it.
#[derive(Debug, Default)]
pub struct Survey {
    /// The shapes of the tables.
    pub shapes: Shapes,
    /// The deletions, killed or not yet.
    pub deletions: BTreeMap<Deletion, Option<Killed>>,
    /// How many rows were forged for each, without success.
    pub tried: BTreeMap<Deletion, usize>,
    /// The names of the tables whose things are deleted; if there are none, all are.
    pub only: Vec<String>,
}

/// The first rows of a table, the last and some between; then a row of padding.
fn rows_of(traces: &Traces, table: usize, most: usize) -> Vec<Place> {
    let trace = &traces.tables[table];
    let spread =
        (0..most).map(|i| i * trace.real.saturating_sub(1) / (most - 1).max(1)).filter(|row| *row < trace.real);
    let rows: BTreeSet<usize> = spread.chain([height(trace)]).collect();
    rows.into_iter().map(|row| (table, row)).collect()
}

impl Survey {
    /// Whether a table's things are deleted.
    #[must_use]
    pub fn is_of(&self, table: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == table)
    }

    /// Takes note of the tables' things, and of those without which honest tables do not balance.
    pub fn meet(&mut self, honest: &Honest<'_>) {
        for trace in &honest.traces.tables {
            let id = trace.table.id;
            if self.shapes.contains_key(&id) {
                continue;
            }
            let shape = Shape::of(trace);
            if !self.is_of(id.name()) {
                self.shapes.insert(id, shape);
                continue;
            }
            let constraints = (0..shape.constraints.len()).map(Thing::Constraint);
            let interactions = (0..shape.interactions.len()).map(Thing::Interaction);
            let pins = CLAIM_PINS.iter().filter(|_| id == TableId::Claim).map(|pin| Thing::Pin(pin.column));
            let things = constraints.chain(interactions).chain(pins);
            self.deletions.extend(things.map(|thing| (Deletion { table: id, thing }, None)));
            self.shapes.insert(id, shape);
        }
        for fetches in honest.fetched.values().filter(|fetches| fetches.len() == 1) {
            for &(table, interaction) in fetches {
                self.kill(Deletion { table, thing: Thing::Interaction(interaction) }, Killed::Program);
            }
        }
        for &(table, interaction) in &honest.spoken {
            let (bus, _) = self.shapes[&table].interactions[interaction];
            if !asks(bus, table) {
                self.kill(Deletion { table, thing: Thing::Interaction(interaction) }, Killed::Honest);
            }
        }
    }

    /// Notes what kills a deletion.
    pub fn kill(&mut self, deletion: Deletion, killed: Killed) {
        if let Some(slot) = self.deletions.get_mut(&deletion) {
            slot.get_or_insert(killed);
        }
    }

    /// The deletions that nothing has killed.
    pub fn left(&self) -> impl Iterator<Item = Deletion> {
        self.deletions.iter().filter(|(_, killed)| killed.is_none()).map(|(deletion, _)| *deletion)
    }

    /// Looks for lies about honest tables that kill what is left, in the way that is given.
    pub fn lie(
        &mut self,
        name: &str,
        honest: &Honest<'_>,
        effort: Effort,
        look: impl Fn(&Liar<'_, '_>, &Deletion, Place, &mut Random, &mut Kills),
    ) {
        let mut random = Random::new(0x11a5);
        for table in 0..honest.traces.tables.len() {
            let id = honest.traces.tables[table].table.id;
            if id.width() > effort.width {
                continue;
            }
            let left: Vec<Deletion> = self.left().filter(|deletion| deletion.table == id).collect();
            let mut kills = Kills::new();
            for deletion in left {
                let rows = match id {
                    TableId::Cells | TableId::Pages => LIGHT_ROWS,
                    _ if id.width() > WIDE => WIDE_ROWS,
                    _ => effort.rows,
                };
                for place in rows_of(honest.traces, table, rows) {
                    let tried = self.tried.entry(deletion).or_default();
                    if !kills.contains_key(&deletion) && *tried < effort.rows_in_all {
                        *tried += 1;
                        let liar = Liar { honest, shapes: &self.shapes, budget: effort.budget };
                        look(&liar, &deletion, place, &mut random, &mut kills);
                    }
                }
            }
            for (deletion, lie) in kills {
                self.kill(deletion, Killed::Lie(name.to_owned(), honest.describe(&lie)));
            }
        }
    }
}
