//! Constraints as composable gadgets: typed limbs in, typed limbs out.
//!
//! A limb is 16 bits, checked where it is created and never where it is read.

pub mod address;
pub mod bits;
pub mod canonical;
pub mod compare;
pub mod cpu;
pub mod limbs;
pub mod register;
pub mod shift;
pub mod window;
