//! Runs that are cut into segments: wherever, all constraints hold and the claim is the same.

mod constraints;
mod families;
mod proofs;
