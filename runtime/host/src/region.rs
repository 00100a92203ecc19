//! The host region: where public input, public output and the state of routines are, in cells of 64 bits.
//!
//! Input and output are a cell with the length in bytes and behind it the bytes, the first in the low bits, with zeros
//! above the last.

use crate::intrinsics::{get, set};
use crate::memory::{self, ROUND};

/// The public input's length; the bytes follow.
const INPUT: u32 = 0;
/// The public output's length; the bytes follow.
const OUTPUT: u32 = 1 << 26;
/// Cells that are zero at the start and belong to routines.
pub(crate) const SCRATCH: u32 = 1 << 27;

/// Bytes that the public output can have.
const OUTPUT_BYTES_MAX: u64 = 8 * ((1 << 26) - 1);

/// Bytes of public input.
pub(crate) fn input_length() -> u32 {
    get(INPUT) as u32
}

/// Eight bytes of public input, `index` words behind its start, with zeros for what is beyond its end.
pub(crate) fn input_word(index: u64) -> u64 {
    if 8 * index < u64::from(input_length()) { get(INPUT + 1 + index as u32) } else { 0 }
}

/// Copies public input to memory. All of it is within the input, and within the memory.
pub(crate) fn read_input(offset: u32, mut to: u32, length: u32) {
    if length == 0 {
        return;
    }
    let mut cell = INPUT + 1 + (offset >> 3);
    let shift = 8 * (offset & 7);
    let rest = length & 7;
    let mut words = length >> 3;
    if shift == 0 {
        while words >= ROUND {
            for word in 0..ROUND {
                memory::store_word(to, word, get(cell + word));
            }
            cell += ROUND;
            to = to.wrapping_add(8 * ROUND);
            words -= ROUND;
        }
        while words != 0 {
            memory::store64(to, get(cell));
            cell += 1;
            to = to.wrapping_add(8);
            words -= 1;
        }
        if rest != 0 {
            memory::store_part(to, get(cell), rest);
        }
        return;
    }
    let mut low = get(cell) >> shift;
    while words >= ROUND {
        for word in 0..ROUND {
            let next = get(cell + 1 + word);
            memory::store_word(to, word, low | next << (64 - shift));
            low = next >> shift;
        }
        cell += ROUND;
        to = to.wrapping_add(8 * ROUND);
        words -= ROUND;
    }
    while words != 0 {
        cell += 1;
        let next = get(cell);
        memory::store64(to, low | next << (64 - shift));
        low = next >> shift;
        to = to.wrapping_add(8);
        words -= 1;
    }
    // Only if some of the bytes are in the next cell: there may be none.
    if shift + 8 * rest > 64 {
        low |= get(cell + 1) << (64 - shift);
    }
    memory::store_part(to, low, rest);
}

/// Whether the public output can take more bytes.
pub(crate) fn output_has_room(length: u32) -> bool {
    get(OUTPUT) + u64::from(length) <= OUTPUT_BYTES_MAX
}

/// Appends bytes of memory to the public output, which has room for them. All of them are within the memory: a trap
/// in between would leave bytes behind the output's end.
pub(crate) fn append_output(mut from: u32, length: u32) {
    let before = get(OUTPUT);
    set(OUTPUT, before + u64::from(length));
    let mut cell = OUTPUT + 1 + (before >> 3) as u32;
    let shift = 8 * (before as u32 & 7);
    let rest = length & 7;
    let mut words = length >> 3;
    if shift == 0 {
        while words >= ROUND {
            for word in 0..ROUND {
                set(cell + word, memory::load_word(from, word));
            }
            cell += ROUND;
            from = from.wrapping_add(8 * ROUND);
            words -= ROUND;
        }
        while words != 0 {
            set(cell, memory::load64(from));
            cell += 1;
            from = from.wrapping_add(8);
            words -= 1;
        }
        if rest != 0 {
            set(cell, memory::load_part(from, rest));
        }
        return;
    }
    let mut low = get(cell);
    while words >= ROUND {
        for word in 0..ROUND {
            let next = memory::load_word(from, word);
            set(cell + word, low | next << shift);
            low = next >> (64 - shift);
        }
        cell += ROUND;
        from = from.wrapping_add(8 * ROUND);
        words -= ROUND;
    }
    while words != 0 {
        let next = memory::load64(from);
        set(cell, low | next << shift);
        low = next >> (64 - shift);
        cell += 1;
        from = from.wrapping_add(8);
        words -= 1;
    }
    let last = memory::load_part(from, rest);
    set(cell, low | last << shift);
    if shift + 8 * rest > 64 {
        set(cell + 1, last >> (64 - shift));
    }
}
