//! Poseidon2: the function against Plonky3's, and words that are not canonical.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use p3_koala_bear::default_koalabear_poseidon2_16;
use p3_symmetric::Permutation;
use provasm_air::KoalaBear;
use provasm_execute::accelerate;
use provasm_isa::Op;
use provasm_testkit::Random;

use crate::calls::{Cells, forged};
use crate::inputs::{LARGEST_OUTPUTS, ORDER, nonce, words};

fn permuted(window: &Cells) -> Cells {
    let mut cells = *window;
    assert!(accelerate(Op::Poseidon2, 0, &mut cells));
    cells
}

fn word(window: &Cells, i: usize) -> u32 {
    (window[i / 2] >> (32 * (i % 2))) as u32
}

#[test]
fn the_function_is_the_permutation() {
    let permutation = default_koalabear_poseidon2_16();
    let mut random = Random::new(0x12);
    for _ in 0..10_000 {
        let window = words(&mut random);
        let mut state = core::array::from_fn(|i| KoalaBear::from_u32(word(&window, i) % ORDER));
        permutation.permute_mut(&mut state);
        let after = permuted(&window);
        for (i, element) in state.iter().enumerate() {
            assert_eq!(word(&after, i), element.as_canonical_u32(), "{window:x?}");
        }
    }
    for (input, place) in LARGEST_OUTPUTS {
        assert_eq!(word(&permuted(&nonce(input)), place), ORDER - 1);
    }
}

/// A word of the output becomes another one of the same element, by every choice of flags: it is noticed by range
/// checks and by nothing else.
#[test]
fn words_after_are_canonical() {
    let mut random = Random::new(0x13);
    let mut tried = [0; 2];
    let windows: Vec<Cells> = (0..60).map(|_| words(&mut random)).collect();
    for window in windows {
        let honest = permuted(&window);
        for (i, times) in (0..16).flat_map(|i| [(i, 1u32), (i, 2)]) {
            let Some(other) = times.checked_mul(ORDER).and_then(|more| word(&honest, i).checked_add(more)) else {
                continue;
            };
            // All elements below 2^25 - 2 have a third word, below 2^31 a second one: a few suffice.
            if tried[times as usize - 1] >= 12 {
                continue;
            }
            tried[times as usize - 1] += 1;
            let shift = 32 * (i % 2);
            let mut after = honest;
            after[i / 2] = after[i / 2] & !(0xffff_ffff << shift) | u64::from(other) << shift;
            for (lower, largest) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let wrong = forged(Op::Poseidon2, (0, window), &after, |row| {
                    row.set("output.high", i, KoalaBear::from_u32(other >> 16));
                    row.set("output.lower", i, KoalaBear::from_u32(lower));
                    row.set("output.largest", i, KoalaBear::from_u32(largest));
                });
                assert!(wrong.is_range_alone(), "{other:x} {lower} {largest}: {wrong:?}");
            }
        }
    }
    assert!(tried[0] == 12 && tried[1] > 0, "{tried:?}");
}

/// The largest element, as a high limb one above or below, or as other elements.
#[test]
fn the_largest_element_has_one_word() {
    for (input, place) in LARGEST_OUTPUTS {
        let window = nonce(input);
        let honest = permuted(&window);
        for (high, lower, largest) in [(0x7eff, 0, 0), (0x7f00, 0, 0), (0x7f00, 1, 1), (0x4000, 1, 1), (0xfe00, 0, 1)] {
            let wrong = forged(Op::Poseidon2, (0, window), &honest, |row| {
                row.set("output.high", place, KoalaBear::from_u32(high));
                row.set("output.lower", place, KoalaBear::from_u32(lower));
                row.set("output.largest", place, KoalaBear::from_u32(largest));
            });
            assert!(wrong.buses.iter().any(|bus| bus == "range"), "{high:x} {lower} {largest}: {wrong:?}");
        }
    }
}

/// A permutation of other words, whatever rounds it is given.
#[test]
fn the_rounds_are_those_of_the_window() {
    let mut random = Random::new(0x14);
    let (window, other) = (words(&mut random), words(&mut random));
    let after = permuted(&other);
    let wrong = forged(Op::Poseidon2, (0, window), &after, |row| {
        let input = core::array::from_fn(|i| KoalaBear::from_u32(word(&other, i)));
        let rounds = provasm_air::permutation::RoundsCols::<KoalaBear>::of(input);
        let all =
            [("rounds.first", &rounds.first[..]), ("rounds.partial", &rounds.partial), ("rounds.last", &rounds.last)];
        for (column, values) in all {
            values.iter().enumerate().for_each(|(i, value)| row.set(column, i, *value));
        }
        for i in 0..16 {
            let high = word(&after, i) >> 16;
            row.set("output.high", i, KoalaBear::from_u32(high));
            row.set("output.lower", i, KoalaBear::from_bool(high < 0x3f00));
        }
    });
    // All that is wrong is the first round.
    assert!(wrong.buses.is_empty() && (1..=16).contains(&wrong.constraints), "{wrong:?}");
}
