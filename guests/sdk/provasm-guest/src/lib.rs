//! For programs that provasm proves: their input and output, and cryptography that is cheap to prove.
//!
//! ```
//! provasm_guest::entry!(main);
//!
//! fn main() {
//!     let digest = provasm_guest::sha256(&provasm_guest::input());
//!     provasm_guest::output(&digest);
//! }
//! ```
//!
//! Compiled to wasm32, each function is a call of provasm's host interface. Compiled for another machine, the same
//! functions work on the input that [`native::run`] is given, so that a program is tested like any other.
#![no_std]

extern crate alloc;
#[cfg(any(feature = "std", not(target_arch = "wasm32")))]
extern crate std;

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod allocator;
mod entry;
mod hash;
#[cfg_attr(target_arch = "wasm32", path = "host/wasm.rs")]
#[cfg_attr(not(target_arch = "wasm32"), path = "host/native.rs")]
mod host;
mod io;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
mod panic;
mod residue;
#[cfg(target_arch = "wasm32")]
pub mod sys;

#[doc(hidden)]
pub use entry::start;
pub use hash::{
    blake3::{Blake3, Blake3Reader, blake3},
    keccak::{keccak256, sha3_256},
    sha256::sha256,
};
pub use host::{blake3_compress, exit, keccak_f1600, poseidon2_permute, sha256_compress};
pub use io::{InputReader, PrivateReader, input, input_len, input_reader, log, output, private, private_reader};
pub use residue::{
    Bn254Field, Bn254Scalar, Ed25519Field, Ed25519Scalar, Modulus, Residue, Secp256k1Field, Secp256k1Scalar,
};

/// Writes a formatted line to the log, as `format!` would.
#[macro_export]
macro_rules! log {
    ($($argument:tt)*) => { $crate::log(&$crate::__format(::core::format_args!($($argument)*))) };
}

#[doc(hidden)]
#[must_use]
pub fn __format(arguments: core::fmt::Arguments<'_>) -> alloc::string::String {
    alloc::fmt::format(arguments)
}
