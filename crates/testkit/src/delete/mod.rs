//! Deleting constraints and interactions one at a time, and looking for a lie that only the deleted one caught.
//!
//! A lie is a set of forged rows: cells with other values, rows that are there twice, a claim that is false. It *kills* a
//! deletion if the thing deleted is all that objects to it: every other constraint holds, every lookup is found,
//! every other message is taken. Then the tables with that thing deleted accept what they must not.

mod honest;
mod liar;
mod rehash;
mod repair;
mod said;
mod shape;
mod solve;
mod survey;

pub use honest::{Honest, Lie, Objection, Verdict, asks};
pub use liar::{Kills, Liar};
pub use repair::Shapes;
pub use said::{Message, Place, Said, height};
pub use shape::Shape;
pub use survey::{Effort, Killed, Survey};

use provasm_air::{TableId, bus};

/// What can be deleted of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Thing {
    /// The constraint with this number.
    Constraint(usize),
    /// The interaction with this number.
    Interaction(usize),
    /// The pin of this column to the public values.
    Pin(usize),
}

/// A table without one of its things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Deletion {
    /// The table.
    pub table: TableId,
    /// What is deleted.
    pub thing: Thing,
}

impl Deletion {
    /// In words: the table, and the constraint with its columns, or the interaction with its bus.
    #[must_use]
    pub fn describe(&self, shape: &Shape) -> String {
        let names = |columns: &[usize]| {
            let names: Vec<&str> = columns.iter().map(|&column| shape.names[column].as_str()).collect();
            names.join(", ")
        };
        let table = self.table.name();
        match self.thing {
            Thing::Constraint(i) => format!("{table}: constraint {i} of {}", names(&shape.constraints[i])),
            Thing::Interaction(i) => {
                let (bus, columns) = &shape.interactions[i];
                format!("{table}: interaction {i} on {} of {}", bus::ALL[*bus].0, names(columns))
            }
            Thing::Pin(column) => format!("{table}: pin of {}", shape.names[column]),
        }
    }
}
