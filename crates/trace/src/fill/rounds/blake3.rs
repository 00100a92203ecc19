//! Rows of the rounds of BLAKE3.

use provasm_air::rounds::blake3::Blake3RoundCols;
use provasm_isa::accel::blake3::{QUARTERS, ROUNDS, STATE, initial_state, message, permuted, quarter, round};

use super::{FillRound, word_bytes, word_limbs};
use crate::fill::{F, f, flag};

/// A round of a call.
pub(crate) struct Blake3Round {
    clock: u32,
    number: u32,
    state: [u32; STATE],
    message: [u32; STATE],
}

/// The words of the quarter rounds.
#[derive(Default)]
struct Words {
    half_a: [u32; 8],
    half_ad: [u32; 8],
    half_c: [u32; 8],
    half_bc: [u32; 8],
    nibbles: [u32; 8],
    a: [u32; 8],
    ad: [u32; 8],
    c: [u32; 8],
    bc: [u32; 8],
    tops: [u32; 8],
}

impl Words {
    fn of(state: &[u32; STATE], message: &[u32; STATE]) -> Self {
        let mut words = Self::default();
        let mut state = *state;
        for (i, places) in QUARTERS.into_iter().enumerate() {
            let before = places.map(|place| state[place]);
            let [half, after] = quarter(before, [message[2 * i], message[2 * i + 1]]);
            places.into_iter().zip(after).for_each(|(place, word)| state[place] = word);
            let ([_, b, _, d], [half_a, half_b, half_c, half_d], [a, _, c, _]) = (before, half, after);
            (words.half_a[i], words.half_ad[i]) = (half_a, half_a & d);
            (words.half_c[i], words.half_bc[i]) = (half_c, half_c & b);
            (words.a[i], words.ad[i]) = (a, a & half_d);
            (words.c[i], words.bc[i]) = (c, c & half_b);
            // What the bits that leave each byte are, before the last part of each rotation.
            words.nibbles[i] = (b ^ half_c).rotate_right(16) >> 4 & 0x0f0f_0f0f;
            words.tops[i] = (half_b ^ c).rotate_right(8) >> 7 & 0x0101_0101;
        }
        words
    }
}

impl FillRound for Blake3RoundCols<F> {
    type Round = Blake3Round;

    fn rounds(clock: u32, window: &[u64]) -> Vec<Blake3Round> {
        let window = core::array::from_fn(|i| window[i]);
        let (mut state, mut message) = (initial_state(&window), message(&window));
        let mut rounds = Vec::with_capacity(ROUNDS);
        for number in (0..).take(ROUNDS) {
            rounds.push(Blake3Round { clock, number, state, message });
            state = round(&state, &message);
            message = permuted(&message);
        }
        rounds
    }

    fn fill(Blake3Round { clock, number, state, message }: &Blake3Round) -> Self {
        let words = Words::of(state, message);
        Self {
            real: flag(true),
            clock: f(*clock),
            round: f(*number),
            before_a: word_limbs(state),
            before_b: word_bytes(&state[4..]),
            before_c: word_limbs(&state[8..]),
            before_d: word_bytes(&state[12..]),
            message: word_limbs(message),
            half_a: word_bytes(&words.half_a),
            half_ad: word_bytes(&words.half_ad),
            half_c: word_bytes(&words.half_c),
            half_bc: word_bytes(&words.half_bc),
            nibbles: word_bytes(&words.nibbles),
            a: word_bytes(&words.a),
            ad: word_bytes(&words.ad),
            c: word_bytes(&words.c),
            bc: word_bytes(&words.bc),
            tops: word_bytes(&words.tops),
            odd_tops: core::array::from_fn(|i| f(words.tops[4 + i / 2] >> (16 * (i % 2) + 8) & 1)),
        }
    }
}
