//! Rows of the rounds of accelerator calls.

mod blake3;
mod keccak;
mod sha256;

use provasm_air::columns::Cells;

use super::{F, f, flag};

/// The bits of words, low ones first, as many as there are cells.
fn bits<const N: usize>(words: &[u32]) -> [F; N] {
    core::array::from_fn(|i| flag(words[i / 32] >> (i % 32) & 1 == 1))
}

/// The limbs of words, as many as there are cells.
pub(super) fn word_limbs<const N: usize>(words: &[u32]) -> [F; N] {
    core::array::from_fn(|i| f(words[i / 2] >> (16 * (i % 2)) & 0xffff))
}

/// The bytes of words, as many as there are cells.
pub(super) fn word_bytes<const N: usize>(words: &[u32]) -> [F; N] {
    core::array::from_fn(|i| f(words[i / 4] >> (8 * (i % 4)) & 0xff))
}

/// A row of a call's rounds.
pub(crate) trait FillRound: Cells<F> {
    /// What a row is made of.
    type Round: Sync;

    /// The rounds of a call with this clock, on a window that holds these values before.
    fn rounds(clock: u32, window: &[u64]) -> Vec<Self::Round>;

    /// The row of a round.
    fn fill(round: &Self::Round) -> Self;
}
