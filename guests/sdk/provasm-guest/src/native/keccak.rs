//! Keccak-f\[1600\] (FIPS 202, section 3).

const ROUNDS: usize = 24;

/// The permutation Keccak-f\[1600\] on 25 lanes, lane x + 5 y.
pub fn permute(state: &mut [u64; 25]) {
    let mut lfsr = 1;
    for _ in 0..ROUNDS {
        theta(state);
        let moved = rho_pi(state);
        for (i, lane) in state.iter_mut().enumerate() {
            let row = i - i % 5;
            *lane = moved[i] ^ (!moved[row + (i + 1) % 5] & moved[row + (i + 2) % 5]);
        }
        state[0] ^= round_constant(&mut lfsr);
    }
}

fn theta(state: &mut [u64; 25]) {
    let parity: [u64; 5] = core::array::from_fn(|x| (0..5).fold(0, |parity, y| parity ^ state[x + 5 * y]));
    for (i, lane) in state.iter_mut().enumerate() {
        *lane ^= parity[(i + 4) % 5] ^ parity[(i + 1) % 5].rotate_left(1);
    }
}

fn rho_pi(state: &[u64; 25]) -> [u64; 25] {
    let mut moved = [0; 25];
    moved[0] = state[0];
    let (mut x, mut y) = (1, 0);
    for step in 0..24 {
        let offset = (step + 1) * (step + 2) / 2 % 64;
        let lane = state[x + 5 * y].rotate_left(offset);
        (x, y) = (y, (2 * x + 3 * y) % 5);
        moved[x + 5 * y] = lane;
    }
    moved
}

/// Bit 2^j - 1 of the constant is the next output of the shift register x^8 + x^6 + x^5 + x^4 + 1.
fn round_constant(lfsr: &mut u8) -> u64 {
    let mut constant = 0;
    for j in 0..7 {
        constant |= u64::from(*lfsr & 1) << ((1 << j) - 1);
        let carry = *lfsr >> 7;
        *lfsr = (*lfsr << 1) ^ (carry * 0x71);
    }
    constant
}
