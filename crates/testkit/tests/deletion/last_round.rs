//! Windows of Keccak whose last round begins with a state that suits a liar.
//!
//! The three top bits of each limb are 1, 0, 0 there. So every bit below the top one can be told as -1, 2, -2 or 3 with
//! the bits above making up for it; and theta adds 0 to the second of them, whose column and the one beside and below
//! are even, as has to be if it is told as 2.

use provasm_isa::accel::keccak::{LANES, ROTATIONS, ROUND_CONSTANTS, ROUNDS, pi_source, round, theta};
use provasm_testkit::Random;

type State = [u64; LANES];

/// The top three bits of all limbs, and those of them that are 1.
const TOP: u64 = 0xe000_e000_e000_e000;
const TOP_ONE: u64 = 0x8000_8000_8000_8000;

/// As often as theta has to be applied until nothing has changed: three times the width of a lane.
const THETA_ORDER: usize = 3 * 64;

/// As often as chi has to be applied until nothing has changed.
const CHI_ORDER: usize = 4;

fn chi(state: &State) -> State {
    let beside = |lane: usize, distance: usize| state[(lane + distance) % 5 + lane / 5 * 5];
    std::array::from_fn(|lane| state[lane] ^ (!beside(lane, 1) & beside(lane, 2)))
}

/// The state before a round.
fn before(mut state: State, number: usize) -> State {
    state[0] ^= ROUND_CONSTANTS[number];
    let moved = (1..CHI_ORDER).fold(state, |state, _| chi(&state));
    let mut mixed = [0; LANES];
    for (lane, moved) in moved.into_iter().enumerate() {
        let source = pi_source(lane);
        mixed[source] = moved.rotate_right(ROTATIONS[source]);
    }
    (1..THETA_ORDER).fold(mixed, |state, _| theta(&state))
}

/// A window.
pub(crate) fn window(random: &mut Random) -> State {
    let last: State = std::array::from_fn(|_| random.next_u64() & !TOP | TOP_ONE);
    let window = (0..ROUNDS - 1).rev().fold(last, before);
    assert_eq!((0..ROUNDS - 1).fold(window, |state, number| round(&state, number)), last);
    window
}
