//! The files and directories of the world. A node is a number; the root is 0.

use super::world::{self, NODES, count, header, length, start};
use crate::{memory, region};

/// The root directory.
pub(crate) const ROOT: u64 = 0;

/// Words of a node.
const WORDS: u64 = 3;
/// The node's name, by reference.
const NAME: u64 = 0;
/// A file's bytes, by reference; a directory's first child and the number of its children, which follow one another in
/// the order of their names.
const CONTENT: u64 = 1;
/// The node's type and the directory it is in.
const PLACE: u64 = 2;

/// Types of nodes, as WASI numbers them.
pub(crate) const TYPE_DIRECTORY: u64 = 3;
pub(crate) const TYPE_FILE: u64 = 4;

/// Whether there are files or directories.
pub(crate) fn exists() -> bool {
    count(header(NODES)) != 0
}

fn word(node: u64, word: u64) -> u64 {
    region::input_word(start(header(NODES)) + WORDS * node + word)
}

/// A node's name, by reference.
pub(crate) fn name(node: u64) -> u64 {
    word(node, NAME)
}

/// A file's bytes, by reference.
pub(crate) fn content(node: u64) -> u64 {
    word(node, CONTENT)
}

/// A directory's first child and how many it has.
pub(crate) fn children(node: u64) -> (u64, u64) {
    let content = word(node, CONTENT);
    (start(content), count(content))
}

pub(crate) fn is_directory(node: u64) -> bool {
    start(word(node, PLACE)) == TYPE_DIRECTORY
}

/// The directory that a node is in; the root is in itself.
pub(crate) fn parent(node: u64) -> u64 {
    count(word(node, PLACE))
}

/// The type of a node, as WASI numbers it.
pub(crate) fn node_type(node: u64) -> u64 {
    if is_directory(node) { TYPE_DIRECTORY } else { TYPE_FILE }
}

/// Bytes of a file; a directory has none.
pub(crate) fn size(node: u64) -> u64 {
    if is_directory(node) { 0 } else { u64::from(length(content(node))) }
}

/// The child of a directory with the name that is in memory.
pub(crate) fn child(directory: u64, at: u32, bytes: u32) -> Option<u64> {
    let (mut low, number) = children(directory);
    let mut high = low + number;
    while low < high {
        let middle = (low + high) / 2;
        let order = compare(name(middle), at, bytes);
        if order == 0 {
            return Some(middle);
        }
        if order < 0 {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    None
}

/// Negative if the name that is referred to is before the one in memory, 0 if they are equal. Names are in the order of
/// their bytes.
fn compare(reference: u64, at: u32, bytes: u32) -> i32 {
    let length = world::length(reference);
    let common = length.min(bytes);
    let first = start(reference);
    let mut done = 0;
    while done < common {
        let part = common - done;
        let word = region::input_word(first + u64::from(done >> 3));
        let differ = if part >= 8 {
            word ^ memory::load64(at.wrapping_add(done))
        } else {
            let mask = !(u64::MAX << (8 * part));
            (word & mask) ^ memory::load_part(at.wrapping_add(done), part)
        };
        if differ != 0 {
            // The first byte that differs.
            let shift = differ.trailing_zeros() & 56;
            let ours = (word >> shift) as i32 & 0xff;
            return ours - (ours ^ ((differ >> shift) as i32 & 0xff));
        }
        done = done.wrapping_add(8);
    }
    if length < bytes { -1 } else { i32::from(length > bytes) }
}
