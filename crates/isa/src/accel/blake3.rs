//! The compression function of BLAKE3 on a window of 14 registers.
//!
//! Four registers hold the chaining value, eight the block, both two words each with the low one first; then the
//! counter, and a register of the block's length (low half) and the flags. The first eight are replaced by the 64 bytes of
//! the extended output, whose first half is the next chaining value.

/// Registers of the window.
pub const WINDOW: usize = 14;

/// Registers that are replaced.
pub const OUTPUT_REGISTERS: usize = 8;

/// Words of the state, and of the block.
pub const STATE: usize = 16;

/// Rounds of a compression.
pub const ROUNDS: usize = 7;

/// The first words of the initial value, in the third row of the state.
pub const IV: [u32; 4] = [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a];

/// Which word of the message comes to each place after a round.
pub const PERMUTATION: [usize; STATE] = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

/// The words that the quarter rounds of a round mix: the columns, then the diagonals.
pub const QUARTERS: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

/// The two words in a register, or in several.
#[expect(clippy::cast_possible_truncation, reason = "halves")]
fn words<const N: usize>(registers: &[u64]) -> [u32; N] {
    core::array::from_fn(|i| (registers[i / 2] >> (32 * (i % 2))) as u32)
}

/// The state before the first round.
#[must_use]
pub fn initial_state(window: &[u64; WINDOW]) -> [u32; STATE] {
    let (chaining, last): ([u32; 8], [u32; 4]) = (words(window), words(&window[12..]));
    core::array::from_fn(|i| match i {
        0..8 => chaining[i],
        8..12 => IV[i - 8],
        _ => last[i - 12],
    })
}

/// The words of the block.
#[must_use]
pub fn message(window: &[u64; WINDOW]) -> [u32; STATE] {
    words(&window[4..])
}

/// What a quarter round leaves halfway, and at its end: the words a, b, c and d.
#[must_use]
pub const fn quarter(words: [u32; 4], message: [u32; 2]) -> [[u32; 4]; 2] {
    let [a, b, c, d] = words;
    let a = a.wrapping_add(b).wrapping_add(message[0]);
    let d = (d ^ a).rotate_right(16);
    let c = c.wrapping_add(d);
    let b = (b ^ c).rotate_right(12);
    let half = [a, b, c, d];
    let a = a.wrapping_add(b).wrapping_add(message[1]);
    let d = (d ^ a).rotate_right(8);
    let c = c.wrapping_add(d);
    let b = (b ^ c).rotate_right(7);
    [half, [a, b, c, d]]
}

/// The state after a round with this message.
#[must_use]
pub fn round(state: &[u32; STATE], message: &[u32; STATE]) -> [u32; STATE] {
    let mut after = *state;
    for (i, places) in QUARTERS.into_iter().enumerate() {
        let [_, mixed] = quarter(places.map(|place| after[place]), [message[2 * i], message[2 * i + 1]]);
        places.into_iter().zip(mixed).for_each(|(place, word)| after[place] = word);
    }
    after
}

/// The message of the next round.
#[must_use]
pub fn permuted(message: &[u32; STATE]) -> [u32; STATE] {
    PERMUTATION.map(|place| message[place])
}

/// The state after all rounds.
#[must_use]
pub fn rounds(window: &[u64; WINDOW]) -> [u32; STATE] {
    let begin = (initial_state(window), message(window));
    (0..ROUNDS).fold(begin, |(state, message), _| (round(&state, &message), permuted(&message))).0
}

/// The compression function with its whole output, in place.
pub fn compress(window: &mut [u64; WINDOW]) {
    let (initial, mixed) = (initial_state(window), rounds(window));
    let output: [u32; STATE] = core::array::from_fn(|i| mixed[i] ^ if i < 8 { mixed[i + 8] } else { initial[i - 8] });
    for (i, register) in window.iter_mut().take(OUTPUT_REGISTERS).enumerate() {
        *register = u64::from(output[2 * i]) | u64::from(output[2 * i + 1]) << 32;
    }
}
