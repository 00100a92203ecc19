//! The constraints against the instruction set: what an honest executor does passes, and what a
//! dishonest one claims does not.

mod end;
mod honest;
mod instead;
mod kind;
mod matrix;
mod place;
mod scene;
mod stage;
mod traps;
mod value;
