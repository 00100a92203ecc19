//! The host interface with safe signatures, by the imports of `sys`.

use crate::{Modulus, sys};

/// Ends the run with this exit code. The code is part of what is proven.
pub fn exit(code: i32) -> ! {
    sys::exit(code)
}

pub(crate) fn input_len() -> usize {
    sys::input_len() as usize
}

/// Copies the public input from `offset` on and says how many bytes there were.
pub(crate) fn input_read(offset: usize, to: &mut [u8]) -> usize {
    // SAFETY: the host writes at most `to.len()` bytes from the pointer on.
    unsafe { sys::input_read(offset as u32, to.as_mut_ptr(), to.len() as u32) as usize }
}

/// Copies the next bytes of private input and says how many there were.
pub(crate) fn private_read(to: &mut [u8]) -> usize {
    // SAFETY: the host writes at most `to.len()` bytes from the pointer on.
    unsafe { sys::private_read(to.as_mut_ptr(), to.len() as u32) as usize }
}

pub(crate) fn output_write(bytes: &[u8]) {
    // SAFETY: the host reads the slice.
    unsafe { sys::output_write(bytes.as_ptr(), bytes.len() as u32) }
}

pub(crate) fn log(message: &[u8]) {
    // SAFETY: the host reads the slice.
    unsafe { sys::log(message.as_ptr(), message.len() as u32) }
}

/// SHA-256's compression function: works the blocks into the state, one after the other.
pub fn sha256_compress(state: &mut [u32; 8], blocks: &[[u8; 64]]) {
    // SAFETY: the host reads the blocks, and reads and writes the state.
    unsafe { sys::sha256_compress(state.as_mut_ptr(), blocks.as_ptr().cast(), blocks.len() as u32) }
}

/// The permutation Keccak-f\[1600\] on 25 lanes, lane x + 5 y.
pub fn keccak_f1600(state: &mut [u64; 25]) {
    // SAFETY: the host reads and writes the state.
    unsafe { sys::keccak_f1600(state.as_mut_ptr()) }
}

/// BLAKE3's compression function with its whole output; its first 32 bytes are the chaining value.
#[must_use]
pub fn blake3_compress(cv: &[u32; 8], block: &[u8; 64], counter: u64, block_len: u32, flags: u32) -> [u8; 64] {
    let mut out = [0; 64];
    // SAFETY: the host reads the chaining value and the block and writes `out`.
    unsafe { sys::blake3_compress(cv.as_ptr(), block.as_ptr(), counter, block_len, flags, out.as_mut_ptr()) }
    out
}

/// The permutation Poseidon2 over KoalaBear of width 16, with Plonky3's constants. Elements are taken modulo the
/// prime 2^31 - 2^24 + 1; the results are below it.
pub fn poseidon2_permute(state: &mut [u32; 16]) {
    // SAFETY: the host reads and writes the state.
    unsafe { sys::poseidon2_permute(state.as_mut_ptr()) }
}

/// The product modulo `M`, below it.
pub(crate) fn modmul<M: Modulus>(a: &[u64; 4], b: &[u64; 4]) -> [u64; 4] {
    let mul = match M::NUMBER {
        0 => sys::secp256k1_field_mul,
        1 => sys::secp256k1_scalar_mul,
        2 => sys::ed25519_field_mul,
        3 => sys::ed25519_scalar_mul,
        4 => sys::bn254_field_mul,
        _ => sys::bn254_scalar_mul,
    };
    let mut out = [0; 4];
    // SAFETY: the host reads both operands and writes `out`.
    unsafe { mul(a.as_ptr(), b.as_ptr(), out.as_mut_ptr()) }
    out
}
