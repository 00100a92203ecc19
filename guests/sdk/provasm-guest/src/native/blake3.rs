//! BLAKE3's compression function (the specification's section 2.2).

use crate::hash::blake3::IV;

/// Where each round takes the message words of the round before from.
const PERMUTATION: [usize; 16] = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

/// BLAKE3's compression function with its whole output; its first 32 bytes are the chaining value.
#[must_use]
pub fn compress(cv: &[u32; 8], block: &[u8; 64], counter: u64, block_len: u32, flags: u32) -> [u8; 64] {
    let mut message = [0; 16];
    for (word, bytes) in message.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    let mut v = [0; 16];
    v[..8].copy_from_slice(cv);
    v[8..12].copy_from_slice(&IV[..4]);
    v[12..].copy_from_slice(&[counter as u32, (counter >> 32) as u32, block_len, flags]);
    for round in 0..7 {
        if round > 0 {
            message = PERMUTATION.map(|from| message[from]);
        }
        for i in 0..8 {
            // Four columns, then four diagonals.
            let row = |number: usize| 4 * number + (i + if i < 4 { 0 } else { number }) % 4;
            mix(&mut v, [row(0), row(1), row(2), row(3)], message[2 * i], message[2 * i + 1]);
        }
    }
    let mut out = [0; 64];
    for (i, bytes) in out.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        *bytes = if i < 8 { v[i] ^ v[i + 8] } else { v[i] ^ cv[i - 8] }.to_le_bytes();
    }
    out
}

fn mix(v: &mut [u32; 16], [a, b, c, d]: [usize; 4], x: u32, y: u32) {
    for (word, to_d, to_b) in [(x, 16, 12), (y, 8, 7)] {
        v[a] = v[a].wrapping_add(v[b]).wrapping_add(word);
        v[d] = (v[d] ^ v[a]).rotate_right(to_d);
        v[c] = v[c].wrapping_add(v[d]);
        v[b] = (v[b] ^ v[c]).rotate_right(to_b);
    }
}
