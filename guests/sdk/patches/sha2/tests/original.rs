//! All functions agree with the crate whose place this one takes, however the data comes.

use sha2::digest::{Digest, common::hazmat::SerializableState};

fn compare<Ours, Theirs>()
where
    Ours: Digest + SerializableState,
    Theirs: sha2_original::Digest + SerializableState,
{
    let data: Vec<u8> = (0..600).map(|i| (i % 251) as u8).collect();
    for length in (0..300).chain([600]) {
        let (first, second) = data[..length].split_at(length / 3);
        let mut ours = Ours::new();
        ours.update(first);
        let ours = Ours::deserialize(&ours.serialize()).expect("a state that was saved");
        let mut theirs = Theirs::new();
        theirs.update(first);
        assert_eq!(ours.serialize()[..], theirs.serialize()[..], "state after {} bytes", first.len());
        assert_eq!(
            ours.chain_update(second).finalize()[..],
            theirs.chain_update(second).finalize()[..],
            "{length} bytes"
        );
    }
}

#[test]
fn functions_are_those_of_the_original() {
    compare::<sha2::Sha224, sha2_original::Sha224>();
    compare::<sha2::Sha256, sha2_original::Sha256>();
    compare::<sha2::Sha384, sha2_original::Sha384>();
    compare::<sha2::Sha512, sha2_original::Sha512>();
    compare::<sha2::Sha512_224, sha2_original::Sha512_224>();
    compare::<sha2::Sha512_256, sha2_original::Sha512_256>();
}
