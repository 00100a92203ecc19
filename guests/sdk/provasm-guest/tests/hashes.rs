//! The hash functions agree with the crates that everybody uses, at all lengths where blocks and chunks begin and end.

use provasm_guest::{Blake3, blake3, keccak256, sha3_256, sha256};
use sha2::Digest;

const LENGTHS: [usize; 22] =
    [0, 1, 55, 56, 63, 64, 65, 119, 120, 135, 136, 137, 271, 272, 1023, 1024, 1025, 2048, 2049, 3072, 8193, 31744];

fn data(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i % 251) as u8).collect()
}

#[test]
fn digests_are_those_of_other_implementations() {
    for length in LENGTHS {
        let data = data(length);
        assert_eq!(sha256(&data)[..], sha2::Sha256::digest(&data)[..], "SHA-256 of {length} bytes");
        assert_eq!(keccak256(&data)[..], sha3::Keccak256::digest(&data)[..], "Keccak-256 of {length} bytes");
        assert_eq!(sha3_256(&data)[..], sha3::Sha3_256::digest(&data)[..], "SHA3-256 of {length} bytes");
        assert_eq!(blake3(&data), *::blake3::hash(&data).as_bytes(), "BLAKE3 of {length} bytes");
    }
}

#[test]
fn blake3_has_no_notion_of_pieces() {
    let data = data(10_000);
    for piece in [1, 63, 64, 65, 1000, 1024, 1025, 4096] {
        let mut hasher = Blake3::new();
        let mut taken = 0;
        for bytes in data.chunks(piece) {
            hasher.update(bytes);
            taken += bytes.len();
            assert_eq!(hasher.count(), taken as u64);
        }
        assert_eq!(hasher.finalize(), blake3(&data), "pieces of {piece}");
        hasher.reset();
        assert_eq!(hasher.finalize(), blake3(&[]));
    }
}

#[test]
fn blake3_has_keys_and_long_output() {
    let key = core::array::from_fn(|i| i as u8);
    let data = data(5000);
    assert_eq!(Blake3::keyed(&key).update(&data).finalize(), *::blake3::keyed_hash(&key, &data).as_bytes());
    let derived = ::blake3::derive_key("a purpose", &data);
    assert_eq!(Blake3::derive_key("a purpose").update(&data).finalize(), derived);

    let (mut expected, mut found) = ([0; 300], [0; 300]);
    ::blake3::Hasher::new().update(&data).finalize_xof().fill(&mut expected);
    let mut reader = Blake3::new().update(&data).finalize_xof();
    for piece in found.chunks_mut(70) {
        reader.fill(piece);
    }
    assert_eq!(found, expected);
    reader.set_position(100);
    let mut again = [0; 100];
    reader.fill(&mut again);
    assert_eq!(again, expected[100..200]);
    assert_eq!(reader.position(), 200);
}
