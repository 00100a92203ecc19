//! Poseidon2 of width 16 over KoalaBear, on a window of registers.

use std::sync::LazyLock;

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use p3_koala_bear::{KoalaBear, Poseidon2KoalaBear, default_koalabear_poseidon2_16};
use p3_symmetric::Permutation;

static PERMUTATION: LazyLock<Poseidon2KoalaBear<16>> = LazyLock::new(default_koalabear_poseidon2_16);

/// Permutes the window's 16 words, two to a cell and the low one first. They are taken modulo the field's order and
/// left below it.
pub(crate) fn permute(window: &mut [u64; 8]) {
    #[expect(clippy::cast_possible_truncation, reason = "the words of a cell")]
    let words: [u32; 16] = core::array::from_fn(|i| (window[i / 2] >> (32 * (i % 2))) as u32);
    let output =
        PERMUTATION.permute(words.map(KoalaBear::from_u32)).map(|element| u64::from(element.as_canonical_u32()));
    *window = core::array::from_fn(|i| output[2 * i] | output[2 * i + 1] << 32);
}
