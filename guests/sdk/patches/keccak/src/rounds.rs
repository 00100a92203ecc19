//! Keccak's permutations with lanes of any width and any number of rounds (FIPS 202, section 3.3).

use core::ops::{BitAnd, BitXor, Not};

use crate::PLEN;

/// A lane of 2^`LOG_BITS` bits.
pub(crate) trait Lane:
    Copy + Default + BitXor<Output = Self> + BitAnd<Output = Self> + Not<Output = Self>
{
    const LOG_BITS: usize;

    fn rotate_left(self, by: u32) -> Self;

    /// The lowest bits of a number.
    fn truncate(number: u64) -> Self;
}

macro_rules! lanes {
    ($($lane:ident $log_bits:literal),*) => {
        $(impl Lane for $lane {
            const LOG_BITS: usize = $log_bits;

            fn rotate_left(self, by: u32) -> Self {
                $lane::rotate_left(self, by)
            }

            fn truncate(number: u64) -> Self {
                number as $lane
            }
        })*
    };
}

lanes!(u8 3, u16 4, u32 5, u64 6);

/// The last `ROUNDS` rounds of the permutation.
///
/// # Panics
///
/// If it has not so many.
pub(crate) fn permute<L: Lane, const ROUNDS: usize>(state: &mut [L; PLEN]) {
    let rounds = 12 + 2 * L::LOG_BITS;
    assert!(ROUNDS <= rounds, "{ROUNDS} rounds of {rounds}");
    let mut register = 1;
    for round in 0..rounds {
        let constant = round_constant(&mut register, L::LOG_BITS);
        if round >= rounds - ROUNDS {
            theta(state);
            chi(state, &rho_pi(state));
            state[0] = state[0] ^ L::truncate(constant);
        }
    }
}

fn theta<L: Lane>(state: &mut [L; PLEN]) {
    let parity: [L; 5] = core::array::from_fn(|x| (0..5).fold(L::default(), |sum, y| sum ^ state[x + 5 * y]));
    for (i, lane) in state.iter_mut().enumerate() {
        *lane = *lane ^ parity[(i + 4) % 5] ^ parity[(i + 1) % 5].rotate_left(1);
    }
}

/// Rotates each lane and moves it to its place.
fn rho_pi<L: Lane>(state: &[L; PLEN]) -> [L; PLEN] {
    let mut moved = *state;
    let (mut x, mut y) = (1, 0);
    for step in 0..24 {
        let lane = state[x + 5 * y].rotate_left((step + 1) * (step + 2) / 2 % (1 << L::LOG_BITS));
        (x, y) = (y, (2 * x + 3 * y) % 5);
        moved[x + 5 * y] = lane;
    }
    moved
}

fn chi<L: Lane>(state: &mut [L; PLEN], from: &[L; PLEN]) {
    for (i, lane) in state.iter_mut().enumerate() {
        let row = i - i % 5;
        *lane = from[i] ^ (!from[row + (i + 1) % 5] & from[row + (i + 2) % 5]);
    }
}

/// The next round's constant: bit 2^j - 1 is the next output of the shift register x^8 + x^6 + x^5 + x^4 + 1.
fn round_constant(register: &mut u8, log_bits: usize) -> u64 {
    let mut constant = 0;
    for j in 0..7 {
        if j <= log_bits {
            constant |= u64::from(*register & 1) << ((1 << j) - 1);
        }
        *register = (*register << 1) ^ ((*register >> 7) * 0x71);
    }
    constant
}

#[cfg(test)]
mod tests {
    use crate::Keccak;

    #[test]
    fn permutations_are_those_of_the_original() {
        macro_rules! compare {
            ($lane:ident: $($call:ident $(::<$rounds:literal>)?),*) => {$(
                let mut ours: [$lane; 25] = core::array::from_fn(|i| (i as $lane).wrapping_mul(0x9d));
                let mut theirs = ours;
                Keccak::new().$call$(::<$rounds>)?(|permute| permute(&mut ours));
                keccak_original::Keccak::new().$call$(::<$rounds>)?(|permute| permute(&mut theirs));
                assert_eq!(ours, theirs, stringify!($call $($rounds)?));
            )*};
        }
        compare!(u8: with_f200, with_p200::<5>);
        compare!(u16: with_f400, with_p400::<20>);
        compare!(u32: with_f800, with_p800::<1>);
        compare!(u64: with_f1600, with_p1600::<12>, with_p1600::<24>, with_p1600::<0>);
    }
}
