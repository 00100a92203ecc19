//! Proofs that are read and written piece by piece, so that memory does not grow with their length.

use std::io::{self, Read, Write};

use provasm_proof::{
    FRAME_PREFIX_BYTES, PREFIX_BYTES, ProgramId, ProofHead, check_prefix, frame_length, frame_prefix, prefix,
};
use provasm_verify::{Chain, Verified, VerifyError};

use crate::error::Error;
use crate::store::SegmentStore;

/// Writes a proof whose segments are in a store; returns its length in bytes.
///
/// # Errors
/// [`Error::Store`] when a segment is missing or cannot be read or written.
pub fn write_proof(head: &ProofHead, store: &dyn SegmentStore, out: &mut dyn Write) -> Result<u64, Error> {
    let mut length = PREFIX_BYTES as u64;
    out.write_all(&prefix())?;
    let mut frame = |bytes: &[u8]| -> Result<(), Error> {
        let prefix = frame_prefix(bytes).map_err(VerifyError::from)?;
        out.write_all(&prefix)?;
        out.write_all(bytes)?;
        length += (prefix.len() + bytes.len()) as u64;
        Ok(())
    };
    frame(&head.to_bytes())?;
    for index in 0..head.segments {
        let missing = || io::Error::new(io::ErrorKind::NotFound, format!("segment {index} is missing"));
        frame(&store.get(index)?.ok_or_else(missing)?)?;
    }
    Ok(length)
}

/// The next frame; none at the end.
fn read_frame(proof: &mut dyn Read) -> Result<Option<Vec<u8>>, Error> {
    let mut prefix = [0; FRAME_PREFIX_BYTES];
    let mut have = 0;
    while have < prefix.len() {
        match proof.read(&mut prefix[have..]) {
            Ok(0) if have == 0 => return Ok(None),
            Ok(0) => return Err(short()),
            Ok(bytes) => have += bytes,
            Err(reason) if reason.kind() == io::ErrorKind::Interrupted => {}
            Err(reason) => return Err(reason.into()),
        }
    }
    let length = frame_length(prefix).map_err(VerifyError::from)?;
    let mut frame = Vec::new();
    let read = proof.take(length as u64).read_to_end(&mut frame)?;
    if read < length { Err(short()) } else { Ok(Some(frame)) }
}

fn short() -> Error {
    VerifyError::from(provasm_proof::DecodeError::Short).into()
}

/// Checks that a proof proves a claim about the program with this id. `progress` is told how many segments are
/// checked, and how many the proof says it has.
///
/// # Errors
/// [`Error::Verify`] says why the proof is rejected; [`Error::Store`] that it cannot be read.
pub fn verify_reader(
    proof: &mut dyn Read,
    id: &ProgramId,
    progress: Option<&dyn Fn(u64, u64)>,
) -> Result<Verified, Error> {
    let mut prefix = Vec::new();
    proof.take(PREFIX_BYTES as u64).read_to_end(&mut prefix)?;
    check_prefix(&prefix).map_err(VerifyError::from)?;
    let mut chain = Chain::new(&read_frame(proof)?.ok_or_else(short)?, id)?;
    let mut checked = 0;
    while let Some(segment) = read_frame(proof)? {
        chain.segment(&segment)?;
        checked += 1;
        progress.into_iter().for_each(|progress| progress(checked, chain.segments()));
    }
    Ok(chain.finish()?)
}
