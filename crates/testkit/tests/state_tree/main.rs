//! Forged walks through the state tree. The forger refills all tables, recomputes every digest and
//! recounts every lookup; each test says what catches him.

mod forger;
mod native;
mod pages;
mod walks;
