//! Clocks and randomness, both declared.
//!
//! Time passes by the declared step whenever a clock is read, and when a program sleeps. Clock 0 is real time and begins at the declared start; clocks 1 to 3 begin at 0.

use super::errno::{FAULT, INVAL, SUCCESS};
use super::world::{CLOCK_START, CLOCK_STEP, SEED, header};
use crate::intrinsics::{get, set};
use crate::memory;
use crate::region::SCRATCH;

/// Nanoseconds that have passed.
const PASSED: u32 = SCRATCH + 2;
/// Random words that were given.
const RANDOM_WORDS: u32 = SCRATCH + 3;

/// Clocks that there are.
pub(crate) const CLOCKS: u32 = 4;

/// What a declared step of 0 stands for: a millisecond, for time that stands still would make a program wait forever.
const STEP_DEFAULT: u64 = 1_000_000;

/// Nanoseconds that pass at each reading.
fn step() -> u64 {
    match header(CLOCK_STEP) {
        0 => STEP_DEFAULT,
        step => step,
    }
}

/// The time on a clock, without letting any pass.
pub(crate) fn time(clock: u32) -> u64 {
    let passed = get(PASSED);
    if clock == 0 { header(CLOCK_START).saturating_add(passed) } else { passed }
}

/// Lets time pass.
pub(crate) fn pass(nanoseconds: u64) {
    set(PASSED, get(PASSED).saturating_add(nanoseconds));
}

/// Word `index` of the generator SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// 2014).
fn random(seed: u64, index: u64) -> u64 {
    let mut word = seed.wrapping_add(index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ word >> 31
}

routines! {
    "wasi_snapshot_preview1.clock_res_get", clock_res_get(clock: u32, to: u32) -> u32 {
        if clock >= CLOCKS {
            return INVAL;
        }
        if !memory::has(to, 8) {
            return FAULT;
        }
        memory::store64(to, step());
        SUCCESS
    }

    "wasi_snapshot_preview1.clock_time_get", clock_time_get(clock: u32, _precision: u64, to: u32) -> u32 {
        if clock >= CLOCKS {
            return INVAL;
        }
        if !memory::has(to, 8) {
            return FAULT;
        }
        pass(step());
        memory::store64(to, time(clock));
        SUCCESS
    }

    "wasi_snapshot_preview1.random_get", random_get(to: u32, bytes: u32) -> u32 {
        if !memory::has(to, u64::from(bytes)) {
            return FAULT;
        }
        let seed = header(SEED);
        let mut index = get(RANDOM_WORDS);
        let mut done = 0;
        while bytes - done >= 8 {
            memory::store64(to.wrapping_add(done), random(seed, index));
            index += 1;
            done += 8;
        }
        if done < bytes {
            memory::store_part(to.wrapping_add(done), random(seed, index), bytes - done);
            index += 1;
        }
        set(RANDOM_WORDS, index);
        SUCCESS
    }
}
