//! Scalar floats.

#[macro_use]
mod operators;

pub mod convert;
pub mod double;
pub mod single;
