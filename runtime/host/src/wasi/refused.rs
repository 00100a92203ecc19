//! Functions that would change files, and those of sockets: there is nothing that they could do.

use super::descriptor;
use super::errno::{BADF, INVAL, NOTSOCK, NOTSUP, ROFS, SUCCESS};

/// The errno of changing something in a directory.
fn in_directory(fd: u32) -> u32 {
    let errno = descriptor::check_directory(descriptor::state(fd));
    if errno == SUCCESS { ROFS } else { errno }
}

/// The errno of changing something between directories.
fn in_directories(from: u32, to: u32) -> u32 {
    let errno = descriptor::check_directory(descriptor::state(from));
    if errno == SUCCESS { in_directory(to) } else { errno }
}

/// The errno of changing what is open.
fn open_file(fd: u32) -> u32 {
    let state = descriptor::state(fd);
    if descriptor::is_closed(state) {
        BADF
    } else if descriptor::is_stream(state) {
        INVAL
    } else {
        ROFS
    }
}

/// An errno for descriptors that are open, and that of all others.
fn open_or(fd: u32, errno: u32) -> u32 {
    if descriptor::is_closed(descriptor::state(fd)) { BADF } else { errno }
}

routines! {
    "wasi_snapshot_preview1.fd_allocate", fd_allocate(fd: u32, _offset: u64, _length: u64) -> u32 {
        open_or(fd, NOTSUP)
    }
    "wasi_snapshot_preview1.fd_filestat_set_size", fd_filestat_set_size(fd: u32, _size: u64) -> u32 { open_file(fd) }
    "wasi_snapshot_preview1.fd_filestat_set_times",
    fd_filestat_set_times(fd: u32, _accessed: u64, _modified: u64, _flags: u32) -> u32 { open_file(fd) }

    "wasi_snapshot_preview1.path_create_directory",
    path_create_directory(fd: u32, _path: u32, _length: u32) -> u32 { in_directory(fd) }
    "wasi_snapshot_preview1.path_filestat_set_times",
    path_filestat_set_times(
        fd: u32, _lookup: u32, _path: u32, _length: u32, _accessed: u64, _modified: u64, _flags: u32
    ) -> u32 { in_directory(fd) }
    "wasi_snapshot_preview1.path_link",
    path_link(from: u32, _lookup: u32, _path: u32, _length: u32, to: u32, _new: u32, _new_length: u32) -> u32 {
        in_directories(from, to)
    }
    "wasi_snapshot_preview1.path_remove_directory",
    path_remove_directory(fd: u32, _path: u32, _length: u32) -> u32 { in_directory(fd) }
    "wasi_snapshot_preview1.path_rename",
    path_rename(from: u32, _path: u32, _length: u32, to: u32, _new: u32, _new_length: u32) -> u32 {
        in_directories(from, to)
    }
    "wasi_snapshot_preview1.path_symlink",
    path_symlink(_target: u32, _target_length: u32, fd: u32, _path: u32, _length: u32) -> u32 { in_directory(fd) }
    "wasi_snapshot_preview1.path_unlink_file", path_unlink_file(fd: u32, _path: u32, _length: u32) -> u32 {
        in_directory(fd)
    }

    "wasi_snapshot_preview1.sock_accept", sock_accept(fd: u32, _flags: u32, _to: u32) -> u32 { open_or(fd, NOTSOCK) }
    "wasi_snapshot_preview1.sock_recv",
    sock_recv(fd: u32, _vectors: u32, _number: u32, _flags: u32, _count_at: u32, _flags_at: u32) -> u32 {
        open_or(fd, NOTSOCK)
    }
    "wasi_snapshot_preview1.sock_send",
    sock_send(fd: u32, _vectors: u32, _number: u32, _flags: u32, _count_at: u32) -> u32 { open_or(fd, NOTSOCK) }
    "wasi_snapshot_preview1.sock_shutdown", sock_shutdown(fd: u32, _how: u32) -> u32 { open_or(fd, NOTSOCK) }
}
