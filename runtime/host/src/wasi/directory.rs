//! Listing a directory: first `.` and `..`, then what is in it, by name. An entry's cookie is its place in that order.

use super::descriptor;
use super::errno::{FAULT, SUCCESS};
use super::filesystem;
use super::world;
use crate::memory;

/// Stores the bytes of a word for which there is room, and returns how many.
fn put(at: u32, word: u64, length: u32, room: u32) -> u32 {
    let length = length.min(room);
    if length == 8 {
        memory::store64(at, word);
    } else {
        memory::store_part(at, word, length);
    }
    length
}

/// Stores what comes before the name for which there is room, and returns how many bytes.
fn put_entry(at: u32, next: u64, node: u64, name_length: u32, room: u32) -> u32 {
    let mut done = put(at, next, 8, room);
    done += put(at.wrapping_add(done), node + 1, 8, room - done);
    let file_type = filesystem::node_type(node);
    done + put(at.wrapping_add(done), u64::from(name_length) | file_type << 32, 8, room - done)
}

routines! {
    "wasi_snapshot_preview1.fd_readdir",
    fd_readdir(fd: u32, to: u32, room: u32, cookie: u64, count_at: u32) -> u32 {
        let state = descriptor::state(fd);
        let errno = descriptor::check_directory(state);
        if errno != SUCCESS {
            return errno;
        }
        if !memory::has(to, u64::from(room)) || !memory::has(count_at, 4) {
            return FAULT;
        }
        let directory = descriptor::node(state);
        let (first, number) = filesystem::children(directory);
        let (mut cookie, mut done) = (cookie, 0);
        while done < room && cookie < number + 2 {
            let at = to.wrapping_add(done);
            let next = cookie + 1;
            done += match cookie {
                0 => put_entry(at, next, directory, 1, room - done),
                1 => put_entry(at, next, filesystem::parent(directory), 2, room - done),
                _ => {
                    let node = first + cookie - 2;
                    put_entry(at, next, node, world::length(filesystem::name(node)), room - done)
                }
            };
            let at = to.wrapping_add(done);
            done += match cookie {
                0 => put(at, 0x2e, 1, room - done),
                1 => put(at, 0x2e2e, 2, room - done),
                _ => {
                    let name = filesystem::name(first + cookie - 2);
                    let length = world::length(name).min(room - done);
                    world::read(name, 0, at, length);
                    length
                }
            };
            cookie = next;
        }
        memory::store32(count_at, done);
        SUCCESS
    }
}
