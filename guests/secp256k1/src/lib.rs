//! Recovery of a secp256k1 public key from an ECDSA signature, as Ethereum does it, by the `k256` crate.

use core::hint::black_box;

use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};

/// The hash that was signed.
const DIGEST: [u8; 32] = *b"provasm: secp256k1 guest, 32 by.";
/// r and s, then the recovery id.
const SIGNATURE: [u8; 65] = *b"\
      \xda\x91\x43\x2a\x31\x8a\x93\x9f\xb4\x8c\x13\xdb\xad\xdd\x11\xe3\
      \xe6\x87\x58\x64\x91\xdf\x44\xa5\x7b\x4e\x20\x5b\x9b\x3e\xd0\x1b\
      \x69\x40\xb3\x8d\xfc\x56\xc2\xf1\xc2\xca\x02\x07\xa4\x9d\x2e\x5a\
      \x42\x6c\x0c\x45\xa8\x7f\xe3\x51\x74\xcd\x5f\xad\x31\x76\x3e\x15\
      \x00";
/// The signer's key in SEC1's compressed form.
const PUBLIC_KEY: [u8; 33] = *b"\
      \x03\x4f\x35\x5b\xdc\xb7\xcc\x0a\xf7\x28\xef\x3c\xce\xb9\x61\x5d\
      \x90\x68\x4b\xb5\xb2\xca\x5f\x85\x9a\xb0\xf0\xb7\x04\x07\x58\x71\
      \xaa";

/// Recovers the key of one fixed signature `n` times, each time from its bytes; returns how often it was
/// the signer's.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn secp256k1_recover(n: u32) -> u32 {
    let correct = |_: &u32| recover(black_box(&DIGEST), black_box(&SIGNATURE)) == Some(PUBLIC_KEY);
    (0..n).filter(correct).count() as u32
}

/// The compressed public key under which `signature` (r, s, recovery id) signs `digest`, if there is one.
pub fn recover(digest: &[u8; 32], signature: &[u8; 65]) -> Option<[u8; 33]> {
    let (scalars, recovery_id) = signature.split_at(64);
    let scalars = Signature::from_slice(scalars).ok()?;
    let recovery_id = RecoveryId::from_byte(recovery_id[0])?;
    let key = VerifyingKey::recover_from_prehash(digest, &scalars, recovery_id).ok()?;
    key.to_sec1_point(true).as_bytes().try_into().ok()
}

#[cfg(test)]
mod tests {
    use k256::ecdsa::SigningKey;

    use super::*;

    #[test]
    fn constants_are_a_signature() {
        let key = SigningKey::from_slice(&[0x11; 32]).expect("a valid scalar");
        let (scalars, recovery_id) = key.sign_prehash_recoverable(&DIGEST);
        assert_eq!(
            PUBLIC_KEY,
            key.verifying_key().to_sec1_point(true).as_bytes()
        );
        assert_eq!(SIGNATURE[..64], scalars.to_bytes()[..]);
        assert_eq!(SIGNATURE[64], recovery_id.to_byte());
    }

    #[test]
    fn rejects_a_changed_digest() {
        assert_eq!(recover(&DIGEST, &SIGNATURE), Some(PUBLIC_KEY));
        assert_ne!(recover(&[0; 32], &SIGNATURE), Some(PUBLIC_KEY));
    }
}
