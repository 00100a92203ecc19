//! Changes of bytes that know nothing of what they are.

use provasm_testkit::Random;

/// Bytes of a span that is changed, at most.
const SPAN_BYTES_MAX: usize = 64;

/// How bytes are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scramble {
    /// One to three bits flipped.
    Flip,
    /// A span of zeros, ones or random bytes in the place of another.
    Overwrite,
    /// Two spans in each other's place.
    Swap,
    /// A span of another proof in the place of what stands there.
    Splice,
    /// A span appended: zeros, random bytes or the proof's own.
    Extend,
    /// A span left out.
    Delete,
    /// A span put in.
    Insert,
    /// A span twice.
    Duplicate,
    /// The end left out.
    Truncate,
}

impl Scramble {
    /// Changes that leave every other byte where it was; most can be read.
    pub(crate) const IN_PLACE: &[Self] = &[Self::Flip, Self::Overwrite, Self::Swap, Self::Splice, Self::Extend];
    /// Changes that move what comes behind.
    pub(crate) const MOVING: &[Self] = &[Self::Delete, Self::Insert, Self::Duplicate, Self::Truncate];

    /// The bytes with this change.
    pub(crate) fn apply(self, bytes: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        let length = 1 + random.below(SPAN_BYTES_MAX.min(bytes.len()));
        let at = random.below(bytes.len() - length + 1);
        let span = at..at + length;
        match self {
            Self::Flip => {
                for _ in 0..=random.below(3) {
                    changed[random.below(bytes.len())] ^= 1 << random.below(8);
                }
            }
            Self::Overwrite => changed[span].copy_from_slice(&filling(length, random)),
            Self::Swap => {
                let second = random.below(bytes.len() - length + 1);
                if second.abs_diff(at) >= length {
                    changed[span.clone()].copy_from_slice(&bytes[second..second + length]);
                    changed[second..second + length].copy_from_slice(&bytes[span]);
                }
            }
            Self::Splice => {
                // Long ones too: up to the end of the shorter.
                let end = [span.end, bytes.len()][random.below(2)].min(other.len());
                if at < end {
                    changed[at..end].copy_from_slice(&other[at..end]);
                }
            }
            Self::Extend if random.below(2) == 0 => changed.extend_from_slice(&bytes[span]),
            Self::Extend => changed.extend(filling(length, random)),
            Self::Delete => drop(changed.drain(span)),
            Self::Insert => drop(changed.splice(at..at, filling(length, random))),
            Self::Duplicate => drop(changed.splice(at..at, bytes[span].to_vec())),
            Self::Truncate => changed.truncate(random.below(bytes.len())),
        }
        changed
    }
}

/// Zeros, ones or random bytes.
fn filling(length: usize, random: &mut Random) -> Vec<u8> {
    match random.below(3) {
        0 => vec![0; length],
        1 => vec![255; length],
        _ => (0..length).map(|_| random.next_u64() as u8).collect(),
    }
}
