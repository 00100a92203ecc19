//! The permutation Keccak-f\[1600\] of FIPS 202 on a window of 25 registers.
//!
//! Lane (x, y) is register x + 5 y of the window, its bit z the register's bit z.

/// Lanes of the state, and registers of the window.
pub const LANES: usize = 25;

/// Rounds of the permutation.
pub const ROUNDS: usize = 24;

/// What iota adds to lane (0, 0) in each round.
pub const ROUND_CONSTANTS: [u64; ROUNDS] = [
    0x0000_0000_0000_0001,
    0x0000_0000_0000_8082,
    0x8000_0000_0000_808a,
    0x8000_0000_8000_8000,
    0x0000_0000_0000_808b,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8009,
    0x0000_0000_0000_008a,
    0x0000_0000_0000_0088,
    0x0000_0000_8000_8009,
    0x0000_0000_8000_000a,
    0x0000_0000_8000_808b,
    0x8000_0000_0000_008b,
    0x8000_0000_0000_8089,
    0x8000_0000_0000_8003,
    0x8000_0000_0000_8002,
    0x8000_0000_0000_0080,
    0x0000_0000_0000_800a,
    0x8000_0000_8000_000a,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8080,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8008,
];

/// By how many bits rho rotates each lane to the left.
pub const ROTATIONS: [u32; LANES] =
    [0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14];

/// What theta adds to each lane of a column of lanes.
#[must_use]
pub fn theta_effect(state: &[u64; LANES]) -> [u64; 5] {
    let parity: [u64; 5] = core::array::from_fn(|x| (0..5).fold(0, |sum, y| sum ^ state[x + 5 * y]));
    core::array::from_fn(|x| parity[(x + 4) % 5] ^ parity[(x + 1) % 5].rotate_left(1))
}

/// The state after theta.
#[must_use]
pub fn theta(state: &[u64; LANES]) -> [u64; LANES] {
    let effect = theta_effect(state);
    core::array::from_fn(|lane| state[lane] ^ effect[lane % 5])
}

/// The lane that rho and pi bring to this one.
#[must_use]
pub const fn pi_source(lane: usize) -> usize {
    let (x, y) = (lane % 5, lane / 5);
    (x + 3 * y) % 5 + 5 * x
}

/// The state after rho, pi and chi, iota being left out.
#[must_use]
pub fn rho_pi_chi(state: &[u64; LANES]) -> [u64; LANES] {
    let moved: [u64; LANES] = core::array::from_fn(|lane| {
        let source = pi_source(lane);
        state[source].rotate_left(ROTATIONS[source])
    });
    core::array::from_fn(|lane| {
        let beside = |distance: usize| moved[(lane + distance) % 5 + lane / 5 * 5];
        moved[lane] ^ (!beside(1) & beside(2))
    })
}

/// The state after a round.
#[must_use]
pub fn round(state: &[u64; LANES], round: usize) -> [u64; LANES] {
    let mut after = rho_pi_chi(&theta(state));
    after[0] ^= ROUND_CONSTANTS[round];
    after
}

/// Keccak-f\[1600\], in place.
pub fn permute(window: &mut [u64; LANES]) {
    *window = (0..ROUNDS).fold(*window, |state, index| round(&state, index));
}
