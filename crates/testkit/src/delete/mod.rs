//! Deleting constraints and interactions one at a time, and looking for a lie that only the deleted one caught.
//!
//! A lie is a set of forged rows: cells with other values, rows that are there twice, a claim that is false. It *kills*
//! a deletion if the thing deleted is all that objects to it: every other constraint holds, every lookup is found,
//! every other message is taken. Then the tables with that thing deleted accept what they must not.

mod honest;
mod liar;
mod named;
mod rehash;
mod relink;
mod repair;
mod said;
mod search;
mod settle;
mod shape;
mod solve;
mod survey;

pub use honest::{Honest, Lie, Objection, Verdict, asks};
pub use liar::{Kills, Liar};
pub use named::{column, table};
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
    /// What is deleted, in words that stay when other things come and go: the constraint of its columns, the
    /// interaction on its bus with its columns; the second such thing says so.
    ///
    /// # Panics
    /// When it is not of the table with this shape.
    #[must_use]
    pub fn label(&self, shape: &Shape) -> String {
        let label = |thing: Thing| {
            let names = |columns: &[usize]| {
                let names: Vec<&str> = columns.iter().map(|&column| shape.names[column].as_str()).collect();
                names.join(", ")
            };
            match thing {
                Thing::Constraint(i) => format!("constraint of {}", names(&shape.constraints[i])),
                Thing::Interaction(i) => {
                    let (bus, columns) = &shape.interactions[i];
                    format!("{} of {}", bus::ALL[*bus].0, names(columns))
                }
                Thing::Pin(column) => format!("pin of {}", shape.names[column]),
            }
        };
        let own = label(self.thing);
        let before = match self.thing {
            Thing::Constraint(i) => (0..i).filter(|&i| label(Thing::Constraint(i)) == own).count(),
            Thing::Interaction(i) => (0..i).filter(|&i| label(Thing::Interaction(i)) == own).count(),
            Thing::Pin(_) => 0,
        };
        if before == 0 { own } else { format!("{own} ({})", before + 1) }
    }
}
