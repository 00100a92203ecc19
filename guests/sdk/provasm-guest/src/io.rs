//! Input, output and the log.

use alloc::vec::Vec;
use core::mem;

use crate::host;

/// Bytes that a stream of unknown length is first read into.
const FIRST_READ_BYTES: usize = 1024;

/// How many bytes of public input there are.
#[must_use]
pub fn input_len() -> usize {
    host::input_len()
}

/// The whole public input: bytes that the proof binds and whoever verifies it knows.
#[must_use]
pub fn input() -> Vec<u8> {
    let mut bytes = alloc::vec![0; host::input_len()];
    let read = host::input_read(0, &mut bytes);
    bytes.truncate(read);
    bytes
}

/// Reads the public input piece by piece, from its beginning.
#[must_use]
pub fn input_reader() -> InputReader {
    InputReader { at: 0 }
}

/// The private input that is left: bytes that the prover chose and the proof does not tell.
///
/// Nothing is known of them but what the program itself checks.
#[must_use]
pub fn private() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut read = 0;
    loop {
        if read == bytes.len() {
            bytes.resize((2 * read).max(FIRST_READ_BYTES), 0);
        }
        match host::private_read(&mut bytes[read..]) {
            0 => break,
            count => read += count,
        }
    }
    bytes.truncate(read);
    bytes
}

/// Reads the private input that is left piece by piece. All readers and [`private`] share one stream.
#[must_use]
pub fn private_reader() -> PrivateReader {
    PrivateReader { _private: () }
}

/// Appends bytes to the public output, which the proof binds.
pub fn output(bytes: &[u8]) {
    host::output_write(bytes);
}

/// Shows a message on standard error of whoever executes the program. It is no part of what is proven.
pub fn log(message: &str) {
    host::log(message.as_bytes());
}

/// Reads the public input; see [`input_reader`]. Each reader has its own position.
#[derive(Clone, Debug)]
pub struct InputReader {
    at: usize,
}

/// Reads the private input; see [`private_reader`].
#[derive(Debug)]
pub struct PrivateReader {
    _private: (),
}

impl InputReader {
    /// How many bytes are left.
    #[must_use]
    pub fn remaining(&self) -> usize {
        host::input_len() - self.at
    }

    /// Reads the next bytes and says how many: fewer than `to` has room for only at the end of the input.
    pub fn read(&mut self, to: &mut [u8]) -> usize {
        let count = host::input_read(self.at, to);
        self.at += count;
        count
    }

    /// Reads the next `N` bytes; `None` if fewer are left, and then these are read.
    pub fn read_array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        (self.read(&mut bytes) == N).then_some(bytes)
    }
}

impl PrivateReader {
    /// Reads the next bytes and says how many: fewer than `to` has room for only at the end of the input.
    pub fn read(&mut self, to: &mut [u8]) -> usize {
        let mut left = to;
        let mut total = 0;
        while !left.is_empty() {
            let count = host::private_read(left);
            if count == 0 {
                break;
            }
            total += count;
            left = &mut mem::take(&mut left)[count..];
        }
        total
    }

    /// Reads the next `N` bytes; `None` if fewer are left, and then these are read.
    pub fn read_array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        (self.read(&mut bytes) == N).then_some(bytes)
    }
}

#[cfg(any(feature = "std", not(target_arch = "wasm32")))]
impl std::io::Read for InputReader {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        Ok(Self::read(self, to))
    }
}

#[cfg(any(feature = "std", not(target_arch = "wasm32")))]
impl std::io::Read for PrivateReader {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        Ok(Self::read(self, to))
    }
}
