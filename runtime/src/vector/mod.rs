//! Vectors, one 64-bit half at a time.

pub mod convert;
pub mod float;
pub mod integer;
pub mod multiply;
pub mod narrow;
pub mod whole;
