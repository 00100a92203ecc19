//! The host interface with safe signatures where there is no host: input and output are those of `native::run`, and
//! the accelerated functions are computed.

use crate::{Modulus, native};

pub use native::{
    blake3::compress as blake3_compress, exit, keccak::permute as keccak_f1600,
    poseidon2::permute as poseidon2_permute, sha256::compress as sha256_compress,
};

pub(crate) fn input_len() -> usize {
    native::with(|host| host.input.len())
}

/// Copies the public input from `offset` on and says how many bytes there were.
pub(crate) fn input_read(offset: usize, to: &mut [u8]) -> usize {
    native::with(|host| copy(host.input.get(offset..).unwrap_or_default(), to))
}

/// Copies the next bytes of private input and says how many there were.
pub(crate) fn private_read(to: &mut [u8]) -> usize {
    native::with(|host| {
        let count = copy(&host.private[host.private_at..], to);
        host.private_at += count;
        count
    })
}

fn copy(from: &[u8], to: &mut [u8]) -> usize {
    let count = from.len().min(to.len());
    to[..count].copy_from_slice(&from[..count]);
    count
}

pub(crate) fn output_write(bytes: &[u8]) {
    native::with(|host| host.output.extend_from_slice(bytes));
}

pub(crate) fn log(message: &[u8]) {
    std::eprintln!("{}", alloc::string::String::from_utf8_lossy(message));
}

/// The product modulo `M`, below it.
pub(crate) fn modmul<M: Modulus>(a: &[u64; 4], b: &[u64; 4]) -> [u64; 4] {
    native::modmul::modmul(a, b, &M::WORDS)
}
