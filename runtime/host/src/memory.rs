//! Loads and stores in the program's memory, at any alignment.
//!
//! A load or store beyond the memory traps as WebAssembly's do.
#![allow(unsafe_code, reason = "accessing the program's memory")]

use crate::intrinsics;

/// A value at any alignment.
#[repr(C, packed)]
struct Unaligned<T>(T);

/// The address of the last byte that there can be.
const LAST: u32 = u32::MAX;

/// Defines a load and a store.
macro_rules! accesses {
    ($($load:ident, $store:ident, $type:ty;)*) => { $(
        pub(crate) fn $load(at: u32) -> $type {
            // SAFETY: this library has no objects in memory: every byte is the program's, and any bits are a value.
            unsafe { (*(at as usize as *const Unaligned<$type>)).0 }
        }

        pub(crate) fn $store(at: u32, value: $type) {
            // SAFETY: this library has no objects in memory that could change by this.
            unsafe { (*(at as usize as *mut Unaligned<$type>)).0 = value }
        }
    )* };
}

accesses! {
    load8, store8, u8;
    load16, store16, u16;
    load32, store32, u32;
    load64, store64, u64;
}

/// Words that a loop copies in one round.
pub(crate) const ROUND: u32 = 4;

/// The word of eight bytes with this number, below [`ROUND`], from `at` on. All of them are below 2^32.
pub(crate) fn load_word(at: u32, number: u32) -> u64 {
    // SAFETY: as for all loads; the addition does not wrap around, and becomes part of the load.
    unsafe { (*(at as usize as *const Unaligned<u64>).add(number as usize)).0 }
}

/// Stores the word of eight bytes with this number, below [`ROUND`], from `at` on. All of them are below 2^32.
pub(crate) fn store_word(at: u32, number: u32, value: u64) {
    // SAFETY: as for all stores; the addition does not wrap around, and becomes part of the store.
    unsafe { (*(at as usize as *mut Unaligned<u64>).add(number as usize)).0 = value }
}

/// The bytes from `at` on, fewer than eight of them, with zeros above them.
pub(crate) fn load_part(mut at: u32, length: u32) -> u64 {
    let (mut value, mut shift) = (0, 0);
    if length & 4 != 0 {
        value = u64::from(load32(at));
        shift = 32;
        at = at.wrapping_add(4);
    }
    if length & 2 != 0 {
        value |= u64::from(load16(at)) << shift;
        shift += 16;
        at = at.wrapping_add(2);
    }
    if length & 1 != 0 {
        value |= u64::from(load8(at)) << shift;
    }
    value
}

/// Stores the low bytes of a value, fewer than eight of them.
pub(crate) fn store_part(mut at: u32, mut value: u64, length: u32) {
    if length & 4 != 0 {
        store32(at, value as u32);
        value >>= 32;
        at = at.wrapping_add(4);
    }
    if length & 2 != 0 {
        store16(at, value as u16);
        value >>= 16;
        at = at.wrapping_add(2);
    }
    if length & 1 != 0 {
        store8(at, value as u8);
    }
}

/// Whether all bytes are within the memory.
pub(crate) fn has(at: u32, length: u64) -> bool {
    u64::from(at) + length <= intrinsics::memory_bytes()
}

/// Traps unless all bytes are within the memory. None are, wherever they are.
pub(crate) fn require(at: u32, length: u32) {
    if length != 0 && !has(at, u64::from(length)) {
        // Eight bytes from the last one on are in no memory. The load is volatile, or it would go for want of use.
        // SAFETY: as for all loads; it traps.
        unsafe { (LAST as usize as *const Unaligned<u64>).read_volatile() };
    }
}
