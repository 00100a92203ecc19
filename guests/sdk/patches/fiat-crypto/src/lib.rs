//! Stands in for the crate `fiat-crypto` 0.3, as far as curve25519-dalek uses it: multiplication modulo 2^255 - 19 is
//! provasm's.
//!
//! curve25519-dalek takes its field arithmetic from here with the flags
//! `--cfg curve25519_dalek_backend="fiat" --cfg curve25519_dalek_bits="64"`. The other fields of fiat-crypto, and this one
//! with limbs for 32 bits, are not here. Nothing is derived from a formal proof, as the original is.
#![no_std]

pub mod curve25519_64;
