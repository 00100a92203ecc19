//! Bytes that are not an honest proof, however near to one: `verify` returns an error, and takes no more memory for it
//! than for an honest proof. A quick tier of a few thousand; `PROVASM_LONG=1` tries a million, or as many as
//! `PROVASM_MUTANTS` says.

mod allocator;
mod fields;
mod honest;
mod hostile;
mod judge;
mod layout;
mod mutants;
mod mutate;
mod scramble;
