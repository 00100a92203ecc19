//! Keccak-256 as Ethereum has it, and SHA3-256 (FIPS 202). They differ in the padding only.

use crate::host;

/// Lanes of the state that take in data.
const RATE_LANES: usize = 17;
const LANE_BYTES: usize = 8;

/// The Keccak-256 digest of the data, as in Ethereum.
#[must_use]
pub fn keccak256(data: &[u8]) -> [u8; 32] {
    sponge(data, 0x01)
}

/// The SHA3-256 digest of the data.
#[must_use]
pub fn sha3_256(data: &[u8]) -> [u8; 32] {
    sponge(data, 0x06)
}

/// `padding` are the bits after the data, the lowest first, with the first bit of the padding.
fn sponge(data: &[u8], padding: u8) -> [u8; 32] {
    let mut state = [0; 25];
    let (blocks, tail) = data.as_chunks::<{ RATE_LANES * LANE_BYTES }>();
    for block in blocks {
        absorb(&mut state, block);
    }
    let mut last = [0; RATE_LANES * LANE_BYTES];
    last[..tail.len()].copy_from_slice(tail);
    last[tail.len()] = padding;
    last[RATE_LANES * LANE_BYTES - 1] |= 0x80;
    absorb(&mut state, &last);

    let mut digest = [0; 32];
    for (bytes, lane) in digest.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = lane.to_le_bytes();
    }
    digest
}

fn absorb(state: &mut [u64; 25], block: &[u8; RATE_LANES * LANE_BYTES]) {
    for (lane, bytes) in state.iter_mut().zip(block.as_chunks().0) {
        *lane ^= u64::from_le_bytes(*bytes);
    }
    host::keccak_f1600(state);
}
