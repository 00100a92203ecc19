//! Modular multiplications with false results.
//!
//! Factors are chosen by the liar, as they are hints. A quotient and a rest follow, of their product or of what is told
//! instead of it; the carries solve all constraints on the product but the last, as elements of the field, and are
//! right if that holds too.

mod product;
mod rest;
mod row;

pub(crate) use product::products;
pub(crate) use rest::rests;
