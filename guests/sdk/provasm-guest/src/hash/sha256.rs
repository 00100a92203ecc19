//! SHA-256 (FIPS 180-4).

use crate::host;

const BLOCK_BYTES: usize = 64;
const LENGTH_BYTES: usize = 8;
/// The fractional parts of the square roots of the first eight primes.
const INITIAL_STATE: [u32; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/// The SHA-256 digest of the data.
#[must_use]
pub fn sha256(data: &[u8]) -> [u8; 32] {
    let mut state = INITIAL_STATE;
    let (blocks, tail) = data.as_chunks();
    host::sha256_compress(&mut state, blocks);

    // The tail, a bit, zeros, and the length in bits: one block, or two if the length does not fit into the first.
    let mut last = [[0; BLOCK_BYTES]; 2];
    last[0][..tail.len()].copy_from_slice(tail);
    last[0][tail.len()] = 0x80;
    let count = if tail.len() < BLOCK_BYTES - LENGTH_BYTES { 1 } else { 2 };
    last[count - 1][BLOCK_BYTES - LENGTH_BYTES..].copy_from_slice(&(8 * data.len() as u64).to_be_bytes());
    host::sha256_compress(&mut state, &last[..count]);

    let mut digest = [0; 32];
    for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    digest
}
