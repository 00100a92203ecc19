//! The host interface, module `provasm`, without the accelerators.
//!
//! A pointer beyond the memory traps as a load or store there does; a count of zero touches no memory.

use crate::intrinsics::{self, get, set};
use crate::memory;
use crate::region::{self, SCRATCH};

/// Bytes of private input that were taken and not yet read, the next one in the low bits.
const PRIVATE_REST: u32 = SCRATCH;
/// How many there are: fewer than eight.
const PRIVATE_REST_LENGTH: u32 = SCRATCH + 1;

routines! {
    "provasm.input_len", input_len() -> u32 { region::input_length() }

    "provasm.input_read", input_read(offset: u32, to: u32, length: u32) -> u32 {
        let input = region::input_length();
        if offset >= input {
            return 0;
        }
        let count = length.min(input - offset);
        memory::require(to, count);
        region::read_input(offset, to, count);
        count
    }

    "provasm.output_write", output_write(from: u32, length: u32) {
        if length == 0 {
            return;
        }
        memory::require(from, length);
        if !region::output_has_room(length) {
            intrinsics::refuse();
            return;
        }
        region::append_output(from, length);
    }

    "provasm.private_read", private_read(to: u32, length: u32) -> u32 {
        if length == 0 {
            return 0;
        }
        let rest_length = get(PRIVATE_REST_LENGTH) as u32;
        // Whatever the prover says is left, the sum does not overflow. No more than this many are taken for the length.
        let left = intrinsics::private_left().min(u64::from(length) + 8);
        let count = u64::from(length).min(left + u64::from(rest_length)) as u32;
        memory::require(to, count);
        read_private(to, count, get(PRIVATE_REST), rest_length, left);
        count
    }

    "provasm.exit", exit(code: u32) { intrinsics::exit(code) }

    "provasm.log", log(from: u32, length: u32) { intrinsics::log(from, length) }
}

/// Reads `count` bytes of private input: first the `rest_length` bytes of `rest`, then of the `left` bytes that can
/// be taken. There are as many.
fn read_private(mut to: u32, mut count: u32, mut rest: u64, mut rest_length: u32, mut left: u64) {
    while count > rest_length {
        let word = intrinsics::private_word();
        let taken = left.min(8) as u32;
        left -= u64::from(taken);
        let shift = 8 * rest_length;
        if count < 8 {
            // The last bytes: of `rest` all, of `word` those that are missing.
            memory::store_part(to, rest | word << shift, count);
            let used = count - rest_length;
            set(PRIVATE_REST, word >> (8 * used));
            set(PRIVATE_REST_LENGTH, u64::from(taken - used));
            return;
        }
        memory::store64(to, rest | word << shift);
        to = to.wrapping_add(8);
        count -= 8;
        // In two steps, for by 64 nothing would be shifted.
        rest = word >> 1 >> (63 - shift);
        rest_length = rest_length + taken - 8;
    }
    if count != 0 {
        memory::store_part(to, rest, count);
    }
    set(PRIVATE_REST, rest >> (8 * count));
    set(PRIVATE_REST_LENGTH, u64::from(rest_length - count));
}
