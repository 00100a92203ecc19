//! Rows of the rounds of SHA-256.

use provasm_air::rounds::sha256::{BLOCK_LIMBS, STEPS, Sha256RoundCols};
use provasm_isa::accel::sha256::{BLOCK, K, ROUNDS, SMALL_0, SMALL_1, STATE, round, schedule, state_of};

use super::{FillRound, bits, word_limbs};
use crate::fill::{F, f, flag};

/// Sixteen rounds of a call.
pub(crate) struct Sha256Round {
    clock: u32,
    step: usize,
    /// Words a before the step, d first, and after each round.
    a: [u32; STATE / 2 + BLOCK],
    /// Words e before the step, h first, and after each round.
    e: [u32; STATE / 2 + BLOCK],
    /// Words of the schedule: of the step before, and of this one.
    words: [u32; 2 * BLOCK],
}

/// The limbs of the sum of words of the step before that goes into a word; of the first step, the block as it lies in
/// memory.
fn sums(step: usize, words: &[u32; 2 * BLOCK]) -> [F; BLOCK_LIMBS] {
    core::array::from_fn(|limb| {
        let i = limb / 2;
        let of = |word: u32| word >> (16 * (limb % 2)) & 0xffff;
        if step == 0 {
            return f(of(words[BLOCK + i].swap_bytes()));
        }
        // The word so many places earlier, if it is of the step before.
        let earlier = |places: usize| words[..BLOCK].get(i + BLOCK - places).copied();
        let terms = [
            earlier(16),
            earlier(15).map(|word| SMALL_0.of(word)),
            earlier(7),
            earlier(2).map(|word| SMALL_1.of(word)),
        ];
        f(terms.into_iter().flatten().map(of).sum())
    })
}

impl FillRound for Sha256RoundCols<F> {
    type Round = Sha256Round;

    fn rounds(clock: u32, window: &[u64]) -> Vec<Sha256Round> {
        let window = core::array::from_fn(|i| window[i]);
        let words = schedule(&window);
        // All words a and e, those of the state first.
        let state = state_of(&window);
        let mut history = ([0; STATE / 2 + ROUNDS], [0; STATE / 2 + ROUNDS]);
        for i in 0..STATE / 2 {
            (history.0[i], history.1[i]) = (state[STATE / 2 - 1 - i], state[STATE - 1 - i]);
        }
        let mut state = state;
        for (i, (&word, constant)) in words.iter().zip(K).enumerate() {
            state = round(&state, constant, word);
            (history.0[STATE / 2 + i], history.1[STATE / 2 + i]) = (state[0], state[STATE / 2]);
        }
        let step = |step: usize| Sha256Round {
            clock,
            step,
            a: core::array::from_fn(|i| history.0[BLOCK * step + i]),
            e: core::array::from_fn(|i| history.1[BLOCK * step + i]),
            words: core::array::from_fn(|i| (BLOCK * step + i).checked_sub(BLOCK).map_or(0, |i| words[i])),
        };
        (0..STEPS).map(step).collect()
    }

    fn fill(Sha256Round { clock, step, a, e, words }: &Sha256Round) -> Self {
        Self {
            clock: f(*clock),
            step: core::array::from_fn(|i| flag(i == *step)),
            before_a: bits(&a[1..]),
            before_e: bits(&e[1..]),
            before_d: word_limbs(a),
            before_h: word_limbs(e),
            sums: sums(*step, words),
            words: bits(&words[BLOCK..]),
            a: bits(&a[STATE / 2..]),
            e: bits(&e[STATE / 2..]),
        }
    }
}
