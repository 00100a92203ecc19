//! The archive in the public input that says what the program sees; `docs/wasi.md` has its format.
//!
//! Without the magic number all of it is zero, which is the empty world. What an archive refers to beyond its end is
//! zero too, or empty, so that every input has a meaning.

use crate::region;

/// The first eight bytes: "provasm" and the format's version.
const MAGIC: u64 = u64::from_le_bytes(*b"provasm\x01");

/// Words of the header.
pub(crate) const CLOCK_START: u64 = 1;
pub(crate) const CLOCK_STEP: u64 = 2;
pub(crate) const SEED: u64 = 3;
pub(crate) const ARGUMENTS: u64 = 4;
pub(crate) const ENVIRONMENT: u64 = 6;
pub(crate) const STDIN: u64 = 8;
pub(crate) const DIRECTORY_NAME: u64 = 9;
pub(crate) const NODES: u64 = 10;

/// A word of the header.
pub(crate) fn header(index: u64) -> u64 {
    if region::input_word(0) == MAGIC { region::input_word(index) } else { 0 }
}

/// The low half of a reference: the index of the word where something begins.
pub(crate) fn start(reference: u64) -> u64 {
    reference & 0xffff_ffff
}

/// The high half of a reference: a number of elements, or of bytes.
pub(crate) fn count(reference: u64) -> u64 {
    reference >> 32
}

/// The bytes that a reference is of. They are within the input.
pub(crate) fn length(reference: u64) -> u32 {
    let length = count(reference);
    if 8 * start(reference) + length <= u64::from(region::input_length()) { length as u32 } else { 0 }
}

/// Copies bytes of what is referred to, of which there are as many behind the offset.
pub(crate) fn read(reference: u64, offset: u32, to: u32, length: u32) {
    region::read_input((8 * start(reference)) as u32 + offset, to, length);
}
