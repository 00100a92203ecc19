//! The file of a finished segment: a head, then the segment's bytes.
//!
//! The head has a magic number, the format's version, the segment's number, how many bytes follow and a digest over the
//! program's id, the number and the bytes. A file in which any of these is wrong counts as not there.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use provasm_proof::ProgramId;

/// How a file begins: a magic number, then the format's version.
const MAGIC: &[u8; 10] = b"provaseg\x01\0";

/// Bytes of the head.
const HEAD_BYTES: usize = MAGIC.len() + 8 + 8 + 32;

/// Separates digests of segments from every other digest.
const DOMAIN: &str = "provasm 2026-11 segment of a run";

/// The file's name.
pub(super) fn name(index: u64) -> String {
    format!("segment-{index:08}.bin")
}

/// The number of the segment whose file has this name.
pub(super) fn index_of(file: &str) -> Option<u64> {
    let index = file.strip_prefix("segment-")?.strip_suffix(".bin")?.parse().ok()?;
    // One number has one name.
    (name(index) == file).then_some(index)
}

/// What the file begins with.
pub(super) fn head(program: &ProgramId, index: u64, bytes: &[u8]) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new_derive_key(DOMAIN);
    hasher.update(&program.0).update(&index.to_le_bytes()).update(bytes);
    let length = (bytes.len() as u64).to_le_bytes();
    [&MAGIC[..], &index.to_le_bytes(), &length, hasher.finalize().as_bytes()].concat()
}

/// The segment's bytes, if the file is there and whole.
pub(super) fn read(path: &Path, program: &ProgramId, index: u64) -> io::Result<Option<Vec<u8>>> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
        Ok(found) if !found.is_file() => return Ok(None),
        Ok(_) => {}
    }
    let mut file = Vec::new();
    File::open(path)?.read_to_end(&mut file)?;
    let whole = file.split_at_checked(HEAD_BYTES).is_some_and(|(found, bytes)| found == head(program, index, bytes));
    Ok(whole.then(|| file.split_off(HEAD_BYTES)))
}
