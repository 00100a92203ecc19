//! Arbitrary bytes as a proof and as its parts: an error, or a value whose encoding they are.
#![no_main]

use libfuzzer_sys::fuzz_target;
use provasm_proof::{PREFIX_BYTES, Proof, ProofHead, SegmentProof, prefix};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(head) = ProofHead::from_bytes(bytes) {
        assert_eq!(head.to_bytes(), bytes);
        assert_eq!(ProofHead::program_id(bytes), Ok(head.header.id()));
    }
    if let Ok(segment) = SegmentProof::from_bytes(bytes) {
        assert_eq!(segment.to_bytes(), bytes);
    }
    // Behind the first bytes that every proof has.
    let mut proof = prefix().to_vec();
    proof.extend(bytes.get(PREFIX_BYTES..).unwrap_or(bytes));
    for bytes in [bytes, &proof] {
        if let Ok(proof) = Proof::from_bytes(bytes) {
            assert_eq!(proof.to_bytes().as_deref(), Ok(bytes));
        }
    }
});
