//! Poseidon2 over KoalaBear, by Plonky3's own permutation.

/// The permutation Poseidon2 over KoalaBear of width 16, with Plonky3's constants. Elements are taken modulo the
/// prime 2^31 - 2^24 + 1; the results are below it.
///
/// # Panics
///
/// Without the feature `native-poseidon2`.
#[cfg(feature = "native-poseidon2")]
pub fn permute(state: &mut [u32; 16]) {
    use p3_field::PrimeField32;
    use p3_koala_bear::{KoalaBear, default_koalabear_poseidon2_16};
    use p3_symmetric::Permutation;

    let elements = state.map(KoalaBear::new);
    *state = default_koalabear_poseidon2_16().permute(elements).map(|element| element.as_canonical_u32());
}

/// Not there without the feature `native-poseidon2`.
///
/// # Panics
///
/// Always.
#[cfg(not(feature = "native-poseidon2"))]
pub fn permute(_state: &mut [u32; 16]) {
    panic!("a native run of poseidon2_permute needs the feature native-poseidon2 of provasm-guest");
}
