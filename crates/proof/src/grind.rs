//! The transcript's hash state, with proof of work that has one answer.
//!
//! The library searches for a witness on all threads and takes any it meets, so proofs would
//! differ from run to run. Here the least witness is taken.

use alloc::vec::Vec;

use p3_blake3::Blake3;
use p3_challenger::{ByteGrindingChallenger, CanObserve, CanSample, HashChallenger};

/// Candidates searched at a time, in order.
const CANDIDATES: u64 = 1 << 17;

/// A BLAKE3 transcript that grinds for the least witness.
#[derive(Clone, Debug)]
pub struct LeastWitness(HashChallenger<u8, Blake3, 32>);

impl LeastWitness {
    pub(crate) fn new(initial: Vec<u8>) -> Self {
        Self(HashChallenger::new(initial, Blake3))
    }
}

impl CanObserve<u8> for LeastWitness {
    fn observe(&mut self, value: u8) {
        self.0.observe(value);
    }

    fn observe_slice(&mut self, values: &[u8]) {
        self.0.observe_slice(values);
    }
}

impl CanSample<u8> for LeastWitness {
    fn sample(&mut self) -> u8 {
        self.0.sample()
    }
}

impl ByteGrindingChallenger for LeastWitness {
    fn find_witness<const W: usize, const S: usize>(
        &self,
        num_candidates: u64,
        encode: impl Fn(u64) -> [u8; W] + Sync,
        accepts: impl Fn([u8; S]) -> bool + Sync,
    ) -> Option<u64> {
        let mut base = 0;
        while base < num_candidates {
            let search = |end: u64| self.0.find_witness(end, |i| encode(base.saturating_add(i)), &accepts);
            if let Some(mut found) = search(CANDIDATES.min(num_candidates.saturating_sub(base))) {
                // Any witness of the range; those below it are searched until there is none.
                while let Some(lower) = search(found) {
                    found = lower;
                }
                return Some(base.saturating_add(found));
            }
            base = base.saturating_add(CANDIDATES);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_witness_is_found() {
        let transcript = LeastWitness::new(b"transcript".to_vec());
        let accepts = |bytes: [u8; 4]| u32::from_le_bytes(bytes).is_multiple_of(1 << 10);
        let least = (0..u64::MAX).find(|&i| {
            let mut transcript = transcript.clone();
            transcript.observe_slice(&i.to_le_bytes());
            accepts(core::array::from_fn(|_| transcript.sample()))
        });
        assert_eq!(transcript.find_witness(1 << 20, u64::to_le_bytes, accepts), least);
    }
}
