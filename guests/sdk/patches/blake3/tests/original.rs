//! All functions agree with the crate whose place this one takes.

use blake3::Hasher;

#[test]
fn functions_are_those_of_the_original() {
    let data: Vec<u8> = (0..5000).map(|i| (i % 251) as u8).collect();
    let key = [7; 32];
    for length in [0, 1, 64, 1024, 1025, 5000] {
        let data = &data[..length];
        assert_eq!(blake3::hash(data).as_bytes(), blake3_original::hash(data).as_bytes());
        assert_eq!(blake3::keyed_hash(&key, data).as_bytes(), blake3_original::keyed_hash(&key, data).as_bytes());
        assert_eq!(blake3::derive_key("context", data), blake3_original::derive_key("context", data));
        let (mut ours, mut theirs) = ([0; 100], [0; 100]);
        Hasher::new().update(data).finalize_xof().fill(&mut ours);
        blake3_original::Hasher::new().update(data).finalize_xof().fill(&mut theirs);
        assert_eq!(ours, theirs);
    }
}

#[test]
fn readers_and_writers_work() {
    let data = [5; 3000];
    let mut hasher = Hasher::new();
    hasher.update_reader(&data[..]).unwrap();
    assert_eq!(hasher.count(), 3000);
    assert_eq!(hasher.finalize(), blake3::hash(&data));
    assert_eq!(hasher.reset().finalize(), blake3::hash(&[]));
}

#[test]
fn hexadecimal_is_written_and_read() {
    let hash = blake3::hash(b"abc");
    let hex = "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";
    assert_eq!(hash.to_string(), hex);
    assert_eq!(&*hash.to_hex(), hex);
    assert_eq!(format!("{hash:?}"), format!("Hash({hex:?})"));
    assert_eq!(hex.parse(), Ok(hash));
    assert!(blake3::Hash::from_hex(&hex[1..]).is_err());
    assert!(blake3::Hash::from_hex(hex.replace('6', "g")).is_err());
    assert_eq!(hash, *hash.as_bytes());
}
