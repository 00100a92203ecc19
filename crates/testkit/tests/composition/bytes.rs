//! Frames whose lengths are not theirs, proofs that end early or go on, and flipped bits.

use provasm_proof::{FRAME_BYTES_MAX, FRAME_PREFIX_BYTES, PREFIX_BYTES};
use provasm_testkit::Random;

use crate::forger::{Court, honest};

/// Bits that are flipped.
const FLIPS: usize = 60;

/// Where every frame's length stands, and the frame's own length; the head's first.
fn places() -> Vec<(usize, usize)> {
    let mut at = PREFIX_BYTES;
    let frames = std::iter::once(&honest().head).chain(&honest().segments);
    let place = |frame: &Vec<u8>| {
        let place = (at, frame.len());
        at += FRAME_PREFIX_BYTES + frame.len();
        place
    };
    frames.map(place).collect()
}

#[test]
fn the_first_bytes() {
    let court = Court::default();
    let bytes = honest().bytes();
    for at in 0..PREFIX_BYTES {
        let mut forged = bytes.clone();
        forged[at] ^= 1;
        let expected = if at < PREFIX_BYTES - 2 { "Decode(NotAProof)" } else { "Decode(Version" };
        court.reject_bytes("prefix", &forged, &honest().id, expected);
        court.reject_bytes("prefix", &bytes[..at], &honest().id, "Decode(NotAProof)");
    }
    court.reject_bytes("nothing else", &bytes[..PREFIX_BYTES], &honest().id, "Decode(Short)");
}

#[test]
fn lengths_of_frames() {
    let court = Court::default();
    let honest = honest();
    let bytes = honest.bytes();
    let places = places();
    for (frame, &(at, length)) in places.iter().enumerate() {
        let is_last = frame + 1 == places.len();
        let with = |length: u32| {
            let mut forged = bytes.clone();
            forged[at..at + FRAME_PREFIX_BYTES].copy_from_slice(&length.to_le_bytes());
            forged
        };
        let reject = |what: &str, forged: &[u8], expected: &str| {
            court.reject_bytes(&format!("frame {frame}, {what}"), forged, &honest.id, expected);
        };
        let longer = if is_last { "Decode(Short)" } else { "Decode(Trailing { bytes: 1 })" };
        reject("one byte more", &with(length as u32 + 1), longer);
        reject("one byte less", &with(length as u32 - 1), "Decode(Malformed");
        reject("half", &with(length as u32 / 2), "Decode(Malformed");
        reject("nothing", &with(0), "Decode(Malformed");
        let to_the_end = bytes.len() - at - FRAME_PREFIX_BYTES;
        if !is_last {
            reject("to the end", &with(to_the_end as u32), "Decode(Trailing");
        }
        reject("beyond the end", &with(to_the_end as u32 + 1), "Decode(Short)");
        reject("as much as allowed", &with(FRAME_BYTES_MAX as u32), "Decode(Short)");
        reject("more than allowed", &with(FRAME_BYTES_MAX as u32 + 1), "Decode(TooLong");
        reject("as much as there can be", &with(u32::MAX), "Decode(TooLong");
        let mut forged = with(length as u32 + 1);
        forged.insert(at + FRAME_PREFIX_BYTES + length, 0);
        reject("a byte appended", &forged, "Decode(Trailing { bytes: 1 })");
    }
}

#[test]
fn truncated_and_extended() {
    let court = Court::default();
    let honest = honest();
    let bytes = honest.bytes();
    let reject = |what: &str, forged: &[u8], expected: &str| court.reject_bytes(what, forged, &honest.id, expected);
    for (frame, (at, length)) in places().into_iter().enumerate() {
        // Between two frames segments are missing, anywhere else bytes.
        let missing = if frame == 0 { "Decode(Short)" } else { "SegmentCount" };
        reject("between frames", &bytes[..at], missing);
        let inner = at + FRAME_PREFIX_BYTES;
        for end in [at + 1, at + 3, inner, inner + 1, inner + length / 3, inner + length / 2, inner + length - 1] {
            reject("within a frame", &bytes[..end], "Decode(Short)");
        }
    }
    for (more, expected) in [(1, "Decode(Short)"), (3, "Decode(Short)"), (4, "AfterTheLast"), (9, "AfterTheLast")] {
        reject("zeros appended", &[&bytes[..], &vec![0; more]].concat(), expected);
    }
    reject("a length appended", &[&bytes[..], &[1, 0, 0, 0]].concat(), "Decode(Short)");
    reject("twice", &[&bytes[..], &bytes].concat(), "Decode(TooLong");
    reject("segments twice", &[&bytes[..], &bytes[places()[1].0..]].concat(), "AfterTheLast");
}

#[test]
fn flipped_bits() {
    let court = Court::default();
    let bytes = honest().bytes();
    let mut random = Random::new(0xf11b);
    for _ in 0..FLIPS {
        let (at, bit) = (random.below(bytes.len()), random.below(8));
        let mut forged = bytes.clone();
        forged[at] ^= 1 << bit;
        court.reject_bytes(&format!("bit {bit} of byte {at}"), &forged, &honest().id, "");
    }
}
