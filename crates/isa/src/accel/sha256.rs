//! The compression function of SHA-256 (FIPS 180-4) on a window of 12 registers.
//!
//! The first four registers hold the state, two words each, the low one first. The other eight hold the 64 bytes of the
//! block as they lie in memory; the message's words are big-endian in them. The state is replaced.

/// Registers of the window.
pub const WINDOW: usize = 12;

/// Registers that hold the state.
pub const STATE_REGISTERS: usize = 4;

/// Words of the state.
pub const STATE: usize = 8;

/// Words of a block.
pub const BLOCK: usize = 16;

/// Rounds of a compression.
pub const ROUNDS: usize = 64;

/// The round constants.
pub const K: [u32; ROUNDS] = [
    0x428a_2f98,
    0x7137_4491,
    0xb5c0_fbcf,
    0xe9b5_dba5,
    0x3956_c25b,
    0x59f1_11f1,
    0x923f_82a4,
    0xab1c_5ed5,
    0xd807_aa98,
    0x1283_5b01,
    0x2431_85be,
    0x550c_7dc3,
    0x72be_5d74,
    0x80de_b1fe,
    0x9bdc_06a7,
    0xc19b_f174,
    0xe49b_69c1,
    0xefbe_4786,
    0x0fc1_9dc6,
    0x240c_a1cc,
    0x2de9_2c6f,
    0x4a74_84aa,
    0x5cb0_a9dc,
    0x76f9_88da,
    0x983e_5152,
    0xa831_c66d,
    0xb003_27c8,
    0xbf59_7fc7,
    0xc6e0_0bf3,
    0xd5a7_9147,
    0x06ca_6351,
    0x1429_2967,
    0x27b7_0a85,
    0x2e1b_2138,
    0x4d2c_6dfc,
    0x5338_0d13,
    0x650a_7354,
    0x766a_0abb,
    0x81c2_c92e,
    0x9272_2c85,
    0xa2bf_e8a1,
    0xa81a_664b,
    0xc24b_8b70,
    0xc76c_51a3,
    0xd192_e819,
    0xd699_0624,
    0xf40e_3585,
    0x106a_a070,
    0x19a4_c116,
    0x1e37_6c08,
    0x2748_774c,
    0x34b0_bcb5,
    0x391c_0cb3,
    0x4ed8_aa4a,
    0x5b9c_ca4f,
    0x682e_6ff3,
    0x748f_82ee,
    0x78a5_636f,
    0x84c8_7814,
    0x8cc7_0208,
    0x90be_fffa,
    0xa450_6ceb,
    0xbef9_a3f7,
    0xc671_78f2,
];

/// A function of the schedule or of the rounds: the exclusive or of three rotations to the right, of which the last
/// can be a shift.
#[derive(Clone, Copy, Debug)]
pub struct Sigma {
    /// By how many bits.
    pub by: [usize; 3],
    /// Whether the last one drops bits.
    pub shifts: bool,
}

/// Of the round's first word.
pub const BIG_0: Sigma = Sigma { by: [2, 13, 22], shifts: false };
/// Of the round's fifth word.
pub const BIG_1: Sigma = Sigma { by: [6, 11, 25], shifts: false };
/// Of the schedule's word 15 before.
pub const SMALL_0: Sigma = Sigma { by: [7, 18, 3], shifts: true };
/// Of the schedule's word 2 before.
pub const SMALL_1: Sigma = Sigma { by: [17, 19, 10], shifts: true };

impl Sigma {
    /// Its value.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "amounts below 32")]
    pub const fn of(self, word: u32) -> u32 {
        let [first, second, third] = self.by;
        let last = if self.shifts { word >> third } else { word.rotate_right(third as u32) };
        word.rotate_right(first as u32) ^ word.rotate_right(second as u32) ^ last
    }
}

/// The words of the state, a to h.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "halves")]
pub fn state_of(window: &[u64; WINDOW]) -> [u32; STATE] {
    core::array::from_fn(|i| (window[i / 2] >> (32 * (i % 2))) as u32)
}

/// All words of the schedule.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "halves")]
pub fn schedule(window: &[u64; WINDOW]) -> [u32; ROUNDS] {
    let mut words = [0; ROUNDS];
    for t in 0..ROUNDS {
        words[t] = if t < BLOCK {
            ((window[STATE_REGISTERS + t / 2] >> (32 * (t % 2))) as u32).swap_bytes()
        } else {
            SMALL_1
                .of(words[t - 2])
                .wrapping_add(words[t - 7])
                .wrapping_add(SMALL_0.of(words[t - 15]))
                .wrapping_add(words[t - 16])
        };
    }
    words
}

/// The state after a round: a and e are new, the others move on.
#[must_use]
pub const fn round(state: &[u32; STATE], constant: u32, word: u32) -> [u32; STATE] {
    let [a, b, c, d, e, f, g, h] = *state;
    let choice = (e & f) ^ (!e & g);
    let majority = (a & b) ^ (a & c) ^ (b & c);
    let first = h.wrapping_add(BIG_1.of(e)).wrapping_add(choice).wrapping_add(constant).wrapping_add(word);
    let second = BIG_0.of(a).wrapping_add(majority);
    [first.wrapping_add(second), a, b, c, d.wrapping_add(first), e, f, g]
}

/// The state after all rounds, before it is added to that before them.
#[must_use]
pub fn rounds(window: &[u64; WINDOW]) -> [u32; STATE] {
    let words = schedule(window);
    words.iter().zip(K).fold(state_of(window), |state, (&word, constant)| round(&state, constant, word))
}

/// The compression function, in place.
pub fn compress(window: &mut [u64; WINDOW]) {
    let (before, after) = (state_of(window), rounds(window));
    for (i, register) in window.iter_mut().take(STATE_REGISTERS).enumerate() {
        let word = |i: usize| u64::from(before[i].wrapping_add(after[i]));
        *register = word(2 * i) | word(2 * i + 1) << 32;
    }
}
