//! What descriptors and files are.

use super::descriptor::{self, DIRECTORY, FILE, PREOPENED, STDERR, STDIN, STDOUT};
use super::errno::{BADF, FAULT, INVAL, NAMETOOLONG, NOTSUP, SUCCESS};
use super::filesystem::{self, TYPE_DIRECTORY, TYPE_FILE};
use super::world::{self, CLOCK_START, DIRECTORY_NAME, header};
use crate::memory;

/// Rights, by the number of their bit in WASI.
const DATASYNC: u64 = 1;
const READ: u64 = 1 << 1;
const SEEK: u64 = 1 << 2;
const SET_FLAGS: u64 = 1 << 3;
const SYNC: u64 = 1 << 4;
const TELL: u64 = 1 << 5;
const WRITE: u64 = 1 << 6;
const ADVISE: u64 = 1 << 7;
const OPEN: u64 = 1 << 13;
const READDIR: u64 = 1 << 14;
const READLINK: u64 = 1 << 15;
const PATH_FILESTAT: u64 = 1 << 18;
const FILESTAT: u64 = 1 << 21;
const POLL: u64 = 1 << 27;

const EVERY: u64 = DATASYNC | SYNC | SET_FLAGS | FILESTAT;
const FILE_RIGHTS: u64 = EVERY | READ | SEEK | TELL | ADVISE | POLL;
const DIRECTORY_RIGHTS: u64 = EVERY | OPEN | READDIR | READLINK | PATH_FILESTAT;

/// The right to write, which nothing gives but standard output and error.
pub(crate) const RIGHT_WRITE: u64 = WRITE;

/// The rights of a descriptor.
fn rights(state: u64) -> u64 {
    match descriptor::kind(state) {
        STDIN => EVERY | READ | POLL,
        STDOUT | STDERR => EVERY | WRITE | POLL,
        FILE => FILE_RIGHTS,
        _ => DIRECTORY_RIGHTS,
    }
}

/// The rights that descriptors can have that are opened by this one.
fn inherited_rights(state: u64) -> u64 {
    if descriptor::is_directory(state) { FILE_RIGHTS | DIRECTORY_RIGHTS } else { 0 }
}

/// The type of what is open, as WASI numbers it. Standard input, output and error are of unknown type, as pipes are.
fn file_type(state: u64) -> u64 {
    match descriptor::kind(state) {
        FILE => TYPE_FILE,
        DIRECTORY | PREOPENED => TYPE_DIRECTORY,
        _ => 0,
    }
}

/// Stores a filestat: device, number on it, type, links, size and three times.
fn store(at: u32, device: u64, number: u64, file_type: u64, size: u64) -> u32 {
    if !memory::has(at, 64) {
        return FAULT;
    }
    let time = header(CLOCK_START);
    memory::store64(at, device);
    memory::store64(at.wrapping_add(8), number);
    memory::store64(at.wrapping_add(16), file_type);
    memory::store64(at.wrapping_add(24), 1);
    memory::store64(at.wrapping_add(32), size);
    memory::store64(at.wrapping_add(40), time);
    memory::store64(at.wrapping_add(48), time);
    memory::store64(at.wrapping_add(56), time);
    SUCCESS
}

/// Stores the filestat of a file or directory.
pub(crate) fn store_node(at: u32, node: u64) -> u32 {
    store(at, 1, node + 1, filesystem::node_type(node), filesystem::size(node))
}

routines! {
    "wasi_snapshot_preview1.fd_fdstat_get", fd_fdstat_get(fd: u32, at: u32) -> u32 {
        let state = descriptor::state(fd);
        if descriptor::is_closed(state) {
            return BADF;
        }
        if !memory::has(at, 24) {
            return FAULT;
        }
        memory::store64(at, file_type(state) | descriptor::flags(state) << 16);
        memory::store64(at.wrapping_add(8), rights(state));
        memory::store64(at.wrapping_add(16), inherited_rights(state));
        SUCCESS
    }

    "wasi_snapshot_preview1.fd_fdstat_set_flags", fd_fdstat_set_flags(fd: u32, flags: u32) -> u32 {
        let state = descriptor::state(fd);
        if descriptor::is_closed(state) {
            return BADF;
        }
        if flags & !descriptor::FLAGS != 0 {
            return INVAL;
        }
        descriptor::set_flags(fd, state, flags);
        SUCCESS
    }

    "wasi_snapshot_preview1.fd_fdstat_set_rights", fd_fdstat_set_rights(fd: u32, _base: u64, _inheriting: u64) -> u32 {
        if descriptor::is_closed(descriptor::state(fd)) { BADF } else { NOTSUP }
    }

    "wasi_snapshot_preview1.fd_filestat_get", fd_filestat_get(fd: u32, at: u32) -> u32 {
        let state = descriptor::state(fd);
        if descriptor::is_closed(state) {
            return BADF;
        }
        if descriptor::is_stream(state) {
            return store(at, 0, descriptor::kind(state), 0, 0);
        }
        store_node(at, descriptor::node(state))
    }

    "wasi_snapshot_preview1.fd_prestat_get", fd_prestat_get(fd: u32, at: u32) -> u32 {
        if descriptor::kind(descriptor::state(fd)) != PREOPENED {
            return BADF;
        }
        if !memory::has(at, 8) {
            return FAULT;
        }
        memory::store32(at, 0);
        memory::store32(at.wrapping_add(4), world::length(header(DIRECTORY_NAME)));
        SUCCESS
    }

    "wasi_snapshot_preview1.fd_prestat_dir_name", fd_prestat_dir_name(fd: u32, to: u32, room: u32) -> u32 {
        if descriptor::kind(descriptor::state(fd)) != PREOPENED {
            return BADF;
        }
        let name = header(DIRECTORY_NAME);
        let length = world::length(name);
        if room < length {
            return NAMETOOLONG;
        }
        if !memory::has(to, u64::from(length)) {
            return FAULT;
        }
        world::read(name, 0, to, length);
        SUCCESS
    }
}
