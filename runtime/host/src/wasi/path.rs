//! Finding files by path, and opening them.
//!
//! A path is relative to a directory and does not leave it: neither `/` at the beginning nor `..` from that directory
//! is permitted. There are no symbolic links.

use super::descriptor;
use super::errno::{EXIST, FAULT, INVAL, ISDIR, MFILE, NOENT, NOTDIR, PERM, ROFS, SUCCESS};
use super::filesystem::{self, child, parent};
use super::status::{RIGHT_WRITE, store_node};
use crate::memory;

/// Flags of `path_open`.
const CREATE: u32 = 1;
const MUST_BE_DIRECTORY: u32 = 2;
const EXCLUSIVE: u32 = 4;
const TRUNCATE: u32 = 8;
const OPEN_FLAGS: u32 = 15;

/// What is not a node: an errno with this above it.
const FAILED: u64 = 1 << 63;
/// Of [`NOENT`]: all but the last name of the path was found.
const LAST_MISSING: u64 = 1 << 62;

fn failed(errno: u32) -> u64 {
    FAILED | u64::from(errno)
}

/// The errno of a failed search.
fn errno(found: u64) -> u32 {
    found as u32
}

/// A byte of a path.
fn byte(path: u32, index: u32) -> u8 {
    memory::load8(path.wrapping_add(index))
}

/// The node that a path names, or why there is none.
fn find(fd: u32, path: u32, length: u32) -> u64 {
    let state = descriptor::state(fd);
    let errno = descriptor::check_directory(state);
    if errno != SUCCESS {
        return failed(errno);
    }
    if !memory::has(path, u64::from(length)) {
        return failed(FAULT);
    }
    resolve(descriptor::node(state), path, length)
}

/// The node that a path names from a directory on.
fn resolve(base: u64, path: u32, length: u32) -> u64 {
    if length == 0 {
        return failed(NOENT);
    }
    if byte(path, 0) == b'/' {
        return failed(PERM);
    }
    let (mut node, mut index) = (base, 0);
    loop {
        let from = index;
        while index < length && byte(path, index) != b'/' {
            index += 1;
        }
        let bytes = index - from;
        // Also for the empty name behind a slash: what is before it is a directory.
        if !filesystem::is_directory(node) {
            return failed(NOTDIR);
        }
        node = match bytes {
            0 => node,
            1 if byte(path, from) == b'.' => node,
            2 if byte(path, from) == b'.' && byte(path, from + 1) == b'.' => {
                if node == base {
                    return failed(PERM);
                }
                parent(node)
            }
            _ => match child(node, path.wrapping_add(from), bytes) {
                Some(node) => node,
                None => return missing(path, index, length),
            },
        };
        if index == length {
            return node;
        }
        // The slash.
        index += 1;
    }
}

/// Nothing has the name that ends at an index.
fn missing(path: u32, mut index: u32, length: u32) -> u64 {
    while index < length {
        if byte(path, index) != b'/' {
            return failed(NOENT);
        }
        index += 1;
    }
    failed(NOENT) | LAST_MISSING
}

/// An errno if a node cannot be opened like this: nothing can be written.
fn check_open(node: u64, flags: u32, rights: u64) -> u32 {
    let is_directory = filesystem::is_directory(node);
    if flags & CREATE != 0 && flags & EXCLUSIVE != 0 {
        EXIST
    } else if flags & MUST_BE_DIRECTORY != 0 && !is_directory {
        NOTDIR
    } else if flags & TRUNCATE != 0 {
        if is_directory { ISDIR } else { ROFS }
    } else if rights & RIGHT_WRITE != 0 && !is_directory {
        // To directories the right does not apply.
        ROFS
    } else {
        SUCCESS
    }
}

routines! {
    "wasi_snapshot_preview1.path_open",
    path_open(
        fd: u32, _lookup: u32, path: u32, length: u32, flags: u32, rights: u64, _inheriting: u64, fd_flags: u32, to: u32
    ) -> u32 {
        if flags & !OPEN_FLAGS != 0 || fd_flags & !descriptor::FLAGS != 0 {
            return INVAL;
        }
        let node = find(fd, path, length);
        if node & FAILED != 0 {
            return if flags & CREATE != 0 && node & LAST_MISSING != 0 { ROFS } else { errno(node) };
        }
        let errno = check_open(node, flags, rights);
        if errno != SUCCESS {
            return errno;
        }
        if !memory::has(to, 4) {
            return FAULT;
        }
        let Some(opened) = descriptor::open(node, fd_flags) else { return MFILE };
        memory::store32(to, opened);
        SUCCESS
    }

    "wasi_snapshot_preview1.path_filestat_get",
    path_filestat_get(fd: u32, _lookup: u32, path: u32, length: u32, at: u32) -> u32 {
        let node = find(fd, path, length);
        if node & FAILED != 0 { errno(node) } else { store_node(at, node) }
    }

    "wasi_snapshot_preview1.path_readlink",
    path_readlink(fd: u32, path: u32, length: u32, _to: u32, _room: u32, _count_at: u32) -> u32 {
        let node = find(fd, path, length);
        // What there is is no symbolic link.
        if node & FAILED != 0 { errno(node) } else { INVAL }
    }
}
