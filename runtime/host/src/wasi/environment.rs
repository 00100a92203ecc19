//! Arguments and environment variables: a reference to where each string begins among the strings, and to the strings,
//! each with a zero byte behind it.

use super::errno::{FAULT, SUCCESS};
use super::world::{self, ARGUMENTS, ENVIRONMENT, count, header, length, start};
use crate::memory;
use crate::region;

/// Stores how many strings there are, and of how many bytes.
fn sizes(list: u64, number_at: u32, bytes_at: u32) -> u32 {
    if !memory::has(number_at, 4) || !memory::has(bytes_at, 4) {
        return FAULT;
    }
    memory::store32(number_at, count(header(list)) as u32);
    memory::store32(bytes_at, length(header(list + 1)));
    SUCCESS
}

/// Stores the strings, and pointers to them.
fn strings(list: u64, pointers: u32, to: u32) -> u32 {
    let (table, strings) = (header(list), header(list + 1));
    let (number, bytes) = (count(table), length(strings));
    if !memory::has(pointers, 4 * number) || !memory::has(to, u64::from(bytes)) {
        return FAULT;
    }
    world::read(strings, 0, to, bytes);
    let mut index = 0;
    while index < number {
        let offset = region::input_word(start(table) + index) as u32;
        memory::store32(pointers.wrapping_add(4 * index as u32), to.wrapping_add(offset));
        index += 1;
    }
    SUCCESS
}

routines! {
    "wasi_snapshot_preview1.args_sizes_get", args_sizes_get(number_at: u32, bytes_at: u32) -> u32 {
        sizes(ARGUMENTS, number_at, bytes_at)
    }
    "wasi_snapshot_preview1.args_get", args_get(pointers: u32, to: u32) -> u32 { strings(ARGUMENTS, pointers, to) }
    "wasi_snapshot_preview1.environ_sizes_get", environ_sizes_get(number_at: u32, bytes_at: u32) -> u32 {
        sizes(ENVIRONMENT, number_at, bytes_at)
    }
    "wasi_snapshot_preview1.environ_get", environ_get(pointers: u32, to: u32) -> u32 {
        strings(ENVIRONMENT, pointers, to)
    }
}
