//! Reading, writing, seeking and closing of descriptors.

use super::descriptor::{self, DIRECTORY, FILE, PREOPENED, STDERR, STDIN, STDOUT};
use super::errno::{BADF, FAULT, INVAL, ISDIR, NOSPC, SPIPE, SUCCESS};
use super::filesystem::{self, content};
use super::vectors::Vectors;
use super::world::{self, header};
use crate::memory;

/// The errno of reading where there is nothing to read.
fn not_readable(state: u64) -> u32 {
    match descriptor::kind(state) {
        DIRECTORY | PREOPENED => ISDIR,
        _ => BADF,
    }
}

/// The errno of asking a descriptor that is no file for its offset.
fn not_seekable(state: u64) -> u32 {
    if descriptor::is_stream(state) && !descriptor::is_closed(state) { SPIPE } else { BADF }
}

/// Checks that the list and what it lists, and the result's four bytes, are within the memory.
fn check(vectors: Vectors, result_at: u32) -> u32 {
    if memory::has(result_at, 4) { vectors.check() } else { FAULT }
}

/// The new offset after a seek, or `u64::MAX`, which is none.
fn sought(offset: u64, delta: u64, whence: u32, size: u64) -> u64 {
    let from = match whence {
        0 => 0,
        1 => offset,
        _ => size,
    };
    let to = from.wrapping_add(delta);
    // Offsets are below 2^63, as if they were signed.
    if to >> 63 == 0 { to } else { u64::MAX }
}

/// Sets a descriptor's offset and stores it.
fn seek(fd: u32, delta: u64, whence: u32, to: u32) -> u32 {
    let state = descriptor::state(fd);
    if descriptor::kind(state) != FILE {
        return not_seekable(state);
    }
    if whence > 2 {
        return INVAL;
    }
    let offset = sought(descriptor::offset(fd), delta, whence, filesystem::size(descriptor::node(state)));
    if offset == u64::MAX {
        return INVAL;
    }
    if !memory::has(to, 8) {
        return FAULT;
    }
    descriptor::set_offset(fd, offset);
    memory::store64(to, offset);
    SUCCESS
}

/// An errno unless the descriptor is open.
fn check_open(fd: u32) -> u32 {
    if descriptor::is_closed(descriptor::state(fd)) { BADF } else { SUCCESS }
}

routines! {
    "wasi_snapshot_preview1.fd_read", fd_read(fd: u32, vectors: u32, number: u32, count_at: u32) -> u32 {
        let state = descriptor::state(fd);
        let reference = match descriptor::kind(state) {
            STDIN => header(world::STDIN),
            FILE => content(descriptor::node(state)),
            _ => return not_readable(state),
        };
        let vectors = Vectors { at: vectors, number };
        let errno = check(vectors, count_at);
        if errno != SUCCESS {
            return errno;
        }
        let offset = descriptor::offset(fd);
        let count = vectors.fill(reference, offset);
        descriptor::set_offset(fd, offset + u64::from(count));
        memory::store32(count_at, count);
        SUCCESS
    }

    "wasi_snapshot_preview1.fd_pread",
    fd_pread(fd: u32, vectors: u32, number: u32, offset: u64, count_at: u32) -> u32 {
        let state = descriptor::state(fd);
        match descriptor::kind(state) {
            FILE => {}
            STDIN => return SPIPE,
            _ => return not_readable(state),
        }
        let vectors = Vectors { at: vectors, number };
        let errno = check(vectors, count_at);
        if errno != SUCCESS {
            return errno;
        }
        memory::store32(count_at, vectors.fill(content(descriptor::node(state)), offset));
        SUCCESS
    }

    "wasi_snapshot_preview1.fd_write", fd_write(fd: u32, vectors: u32, number: u32, count_at: u32) -> u32 {
        let kind = descriptor::kind(descriptor::state(fd));
        if kind != STDOUT && kind != STDERR {
            return BADF;
        }
        let vectors = Vectors { at: vectors, number };
        let errno = check(vectors, count_at);
        if errno != SUCCESS {
            return errno;
        }
        let count = if kind == STDERR {
            vectors.log()
        } else {
            match vectors.print() {
                Some(count) => count,
                None => return NOSPC,
            }
        };
        memory::store32(count_at, count);
        SUCCESS
    }

    "wasi_snapshot_preview1.fd_pwrite",
    fd_pwrite(fd: u32, _vectors: u32, _number: u32, _offset: u64, _count_at: u32) -> u32 {
        match descriptor::kind(descriptor::state(fd)) {
            STDOUT | STDERR => SPIPE,
            _ => BADF,
        }
    }

    "wasi_snapshot_preview1.fd_seek", fd_seek(fd: u32, delta: u64, whence: u32, to: u32) -> u32 {
        seek(fd, delta, whence, to)
    }
    "wasi_snapshot_preview1.fd_tell", fd_tell(fd: u32, to: u32) -> u32 { seek(fd, 0, 1, to) }

    "wasi_snapshot_preview1.fd_close", fd_close(fd: u32) -> u32 {
        let errno = check_open(fd);
        if errno == SUCCESS {
            descriptor::close(fd);
        }
        errno
    }

    "wasi_snapshot_preview1.fd_renumber", fd_renumber(from: u32, to: u32) -> u32 {
        if check_open(from) != SUCCESS || check_open(to) != SUCCESS {
            return BADF;
        }
        descriptor::renumber(from, to);
        SUCCESS
    }

    "wasi_snapshot_preview1.fd_sync", fd_sync(fd: u32) -> u32 { check_open(fd) }
    "wasi_snapshot_preview1.fd_datasync", fd_datasync(fd: u32) -> u32 { check_open(fd) }

    "wasi_snapshot_preview1.fd_advise", fd_advise(fd: u32, _offset: u64, _length: u64, advice: u32) -> u32 {
        let state = descriptor::state(fd);
        if descriptor::kind(state) != FILE {
            return not_seekable(state);
        }
        if advice > 5 { INVAL } else { SUCCESS }
    }
}
