//! Rows of the rounds of Keccak-f\[1600\].

use provasm_air::rounds::keccak::{CONSTANT_BITS, KeccakRoundCols};
use provasm_isa::accel::keccak::{LANES, ROUNDS, rho_pi_chi, round, theta, theta_effect};

use super::FillRound;
use crate::fill::{F, f, flag};

/// A round of a call.
pub(crate) struct KeccakRound {
    clock: u32,
    number: usize,
    /// The state before it.
    before: [u64; LANES],
}

/// Bit `i % 64` of lane `i / 64`.
fn bit(lanes: &[u64], i: usize) -> F {
    flag(lanes[i / 64] >> (i % 64) & 1 == 1)
}

impl FillRound for KeccakRoundCols<F> {
    type Round = KeccakRound;

    fn rounds(clock: u32, window: &[u64]) -> Vec<KeccakRound> {
        let mut state = core::array::from_fn(|i| window[i]);
        let rounds = (0..ROUNDS).map(|number| {
            let before = state;
            state = round(&before, number);
            KeccakRound { clock, number, before }
        });
        rounds.collect()
    }

    fn fill(&KeccakRound { clock, number, before }: &KeccakRound) -> Self {
        let (effect, mixed) = (theta_effect(&before), theta(&before));
        let plain = rho_pi_chi(&mixed);
        Self {
            clock: f(clock),
            round: core::array::from_fn(|i| flag(i == number)),
            effect: core::array::from_fn(|i| bit(&effect, i)),
            mixed: core::array::from_fn(|i| bit(&mixed, i)),
            plain: CONSTANT_BITS.map(|i| bit(&plain, i)),
        }
    }
}
