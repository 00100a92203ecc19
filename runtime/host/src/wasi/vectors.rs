//! Lists of buffers: records of a pointer and a length.

use super::errno::{FAULT, INVAL, SUCCESS};
use super::world;
use crate::{intrinsics, memory, region};

/// Bytes of a record.
const RECORD: u32 = 8;

/// Where a buffer begins and ends, and the buffers behind it.
#[derive(Clone, Copy)]
pub(crate) struct Vectors {
    pub(crate) at: u32,
    pub(crate) number: u32,
}

impl Vectors {
    /// The first buffer's pointer and length.
    fn first(self) -> (u32, u32) {
        (memory::load32(self.at), memory::load32(self.at.wrapping_add(4)))
    }

    fn rest(self) -> Self {
        Self { at: self.at.wrapping_add(RECORD), number: self.number - 1 }
    }

    /// An errno if the list or a buffer is not within the memory, or the lengths' sum has more than 32 bits.
    pub(crate) fn check(mut self) -> u32 {
        if !memory::has(self.at, u64::from(RECORD) * u64::from(self.number)) {
            return FAULT;
        }
        let mut sum = 0;
        while self.number != 0 {
            let (at, length) = self.first();
            if !memory::has(at, u64::from(length)) {
                return FAULT;
            }
            sum += u64::from(length);
            self = self.rest();
        }
        if sum > u64::from(u32::MAX) { INVAL } else { SUCCESS }
    }

    /// The lengths' sum, for a list that was checked.
    fn length(mut self) -> u32 {
        let mut sum = 0;
        while self.number != 0 {
            sum += self.first().1;
            self = self.rest();
        }
        sum
    }

    /// Fills the buffers of a list that was checked with what is behind the offset, and returns how many bytes that
    /// were. A buffer that overlaps the list is the last one: the records behind it are no longer what was checked.
    pub(crate) fn fill(mut self, reference: u64, offset: u64) -> u32 {
        let length = world::length(reference);
        let mut offset = offset.min(u64::from(length)) as u32;
        let from = offset;
        while self.number != 0 && offset != length {
            let (to, room) = self.first();
            let count = room.min(length - offset);
            world::read(reference, offset, to, count);
            offset += count;
            self = self.rest();
            if self.overlaps(to, count) {
                break;
            }
        }
        offset - from
    }

    /// Whether a buffer overlaps the records.
    fn overlaps(self, at: u32, length: u32) -> bool {
        let (at, list) = (u64::from(at), u64::from(self.at));
        at < list + u64::from(RECORD) * u64::from(self.number) && list < at + u64::from(length)
    }

    /// Appends the buffers of a list that was checked to the public output, and returns how many bytes that were, or
    /// nothing if the output has no room for them.
    pub(crate) fn print(mut self) -> Option<u32> {
        let sum = self.length();
        if !region::output_has_room(sum) {
            return None;
        }
        while self.number != 0 {
            let (from, length) = self.first();
            if length != 0 {
                region::append_output(from, length);
            }
            self = self.rest();
        }
        Some(sum)
    }

    /// Shows the buffers of a list that was checked, and returns how many bytes that were.
    pub(crate) fn log(mut self) -> u32 {
        let sum = self.length();
        while self.number != 0 {
            let (from, length) = self.first();
            intrinsics::log(from, length);
            self = self.rest();
        }
        sum
    }
}
