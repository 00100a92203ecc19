//! File descriptors: what is open, and where it is read next.
//!
//! A descriptor has two cells, its state and its offset. A state is a kind in its low bits, above them the
//! descriptor's flags, and in the high half the node of a file or directory.

use super::errno;
use super::filesystem::{self, ROOT};
use crate::intrinsics::{get, set};
use crate::region::SCRATCH;

/// No descriptor below this one is closed.
const OPEN_BELOW: u32 = SCRATCH + 4;
/// The states and offsets.
const DESCRIPTORS: u32 = SCRATCH + 1024;
/// Descriptors that there can be.
pub(crate) const DESCRIPTORS_MAX: u32 = 1 << 16;

/// What a descriptor is of. A state is 0 before anything was done with the descriptor.
pub(crate) const CLOSED: u64 = 1;
pub(crate) const STDIN: u64 = 2;
pub(crate) const STDOUT: u64 = 3;
pub(crate) const STDERR: u64 = 4;
pub(crate) const FILE: u64 = 5;
pub(crate) const DIRECTORY: u64 = 6;
/// The directory that is open from the start.
pub(crate) const PREOPENED: u64 = 7;

/// Descriptor flags that exist.
pub(crate) const FLAGS: u32 = 0x1f;
const FLAGS_SHIFT: u32 = 8;

/// A descriptor's state.
pub(crate) fn state(descriptor: u32) -> u64 {
    if descriptor >= DESCRIPTORS_MAX {
        return CLOSED;
    }
    let state = get(cell(descriptor));
    if state != 0 {
        return state;
    }
    match descriptor {
        0 => STDIN,
        1 => STDOUT,
        2 => STDERR,
        3 if filesystem::exists() => PREOPENED | ROOT << 32,
        _ => CLOSED,
    }
}

fn cell(descriptor: u32) -> u32 {
    DESCRIPTORS + 2 * descriptor
}

/// What a state is of.
pub(crate) fn kind(state: u64) -> u64 {
    state & 0xff
}

/// The flags in a state.
pub(crate) fn flags(state: u64) -> u64 {
    (state >> FLAGS_SHIFT) & u64::from(FLAGS)
}

/// The file or directory in a state.
pub(crate) fn node(state: u64) -> u64 {
    state >> 32
}

pub(crate) fn is_closed(state: u64) -> bool {
    kind(state) == CLOSED
}

pub(crate) fn is_directory(state: u64) -> bool {
    kind(state) >= DIRECTORY
}

/// Whether a state is of standard input, output or error.
pub(crate) fn is_stream(state: u64) -> bool {
    kind(state) <= STDERR
}

/// An errno unless a state is of a directory.
pub(crate) fn check_directory(state: u64) -> u32 {
    if is_closed(state) {
        errno::BADF
    } else if is_directory(state) {
        errno::SUCCESS
    } else {
        errno::NOTDIR
    }
}

/// Where a descriptor is read next.
pub(crate) fn offset(descriptor: u32) -> u64 {
    get(cell(descriptor) + 1)
}

pub(crate) fn set_offset(descriptor: u32, offset: u64) {
    set(cell(descriptor) + 1, offset);
}

pub(crate) fn set_flags(descriptor: u32, state: u64, flags: u32) {
    let others = !(u64::from(FLAGS) << FLAGS_SHIFT);
    set(cell(descriptor), (state & others) | u64::from(flags) << FLAGS_SHIFT);
}

/// Gives a node the lowest descriptor that is closed, if there is one.
pub(crate) fn open(node: u64, flags: u32) -> Option<u32> {
    let mut descriptor = get(OPEN_BELOW) as u32;
    while descriptor < DESCRIPTORS_MAX {
        if is_closed(state(descriptor)) {
            let kind = if filesystem::is_directory(node) { DIRECTORY } else { FILE };
            set(cell(descriptor), kind | u64::from(flags) << FLAGS_SHIFT | node << 32);
            set_offset(descriptor, 0);
            set(OPEN_BELOW, u64::from(descriptor) + 1);
            return Some(descriptor);
        }
        descriptor += 1;
    }
    None
}

/// Closes a descriptor that is open.
pub(crate) fn close(descriptor: u32) {
    set(cell(descriptor), CLOSED);
    if u64::from(descriptor) < get(OPEN_BELOW) {
        set(OPEN_BELOW, u64::from(descriptor));
    }
}

/// Gives `to` what `from` has, and closes `from`. Both are open.
pub(crate) fn renumber(from: u32, to: u32) {
    if from == to {
        return;
    }
    set(cell(to), state(from));
    set_offset(to, offset(from));
    close(from);
}
