//! What `cargo provasm accelerate` puts into a copy of the crate `k256`: `field.rs` in place of its field, and `provasm.rs`.
//! Here the two are compiled alone and compared with the original.
#![no_std]
// The original's interface, which nothing uses here.
#![allow(dead_code, missing_docs, unreachable_pub)]

mod field;
mod provasm;
#[cfg(test)]
mod tests;

type FieldBytes = elliptic_curve::array::Array<u8, elliptic_curve::consts::U32>;
