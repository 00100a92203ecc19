//! WASI preview 1, module `wasi_snapshot_preview1`: all of its functions.
//!
//! A program sees the world that the public input describes ([`world`]), and nothing else. Results are errnos; a
//! pointer beyond the memory is [`errno::FAULT`], and then nothing has changed. `docs/wasi.md` says what each function does.

pub mod clock;
mod descriptor;
pub mod directory;
pub mod environment;
mod errno;
pub mod file;
mod filesystem;
pub mod path;
pub mod poll;
pub mod process;
pub mod refused;
pub mod status;
mod vectors;
mod world;
