//! Ed25519 signature verification by the `ed25519-dalek` crate.

use core::hint::black_box;

use ed25519_dalek::{Signature, VerifyingKey};

const MESSAGE: &[u8] = b"provasm: ed25519 guest";
const PUBLIC_KEY: [u8; 32] = *b"\
      \xd0\x4a\xb2\x32\x74\x2b\xb4\xab\x3a\x13\x68\xbd\x46\x15\xe4\xe6\
      \xd0\x22\x4a\xb7\x1a\x01\x6b\xaf\x85\x20\xa3\x32\xc9\x77\x87\x37";
const SIGNATURE: [u8; 64] = *b"\
      \xb0\xc8\xb0\x05\x2a\x55\x3a\x12\xb1\xb5\x54\xe8\x02\x80\xe2\xd8\
      \xb1\x2e\x70\x33\xbf\x59\xc3\x93\xfa\x71\x6a\xf8\xfa\x83\x73\x52\
      \xd5\x77\xdc\x1a\x00\xa0\xae\x8a\xfd\x1a\x44\x22\xe5\xae\x21\x4c\
      \x6f\x32\x3b\x8e\xf1\x05\x76\x41\xaa\x6c\x59\x9f\x88\x6e\xe2\x08";

/// Verifies one fixed signature `n` times, each time from its bytes; returns how often it was valid.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn ed25519_verify(n: u32) -> u32 {
    let valid = |_: &u32| is_valid(black_box(&PUBLIC_KEY), MESSAGE, black_box(&SIGNATURE));
    (0..n).filter(valid).count() as u32
}

/// Whether `signature` is `public_key`'s signature of `message`, by the strict rules: no weak keys.
pub fn is_valid(public_key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public_key)
        .and_then(|key| key.verify_strict(message, &Signature::from_bytes(signature)))
        .is_ok()
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};

    use super::*;

    #[test]
    fn constants_are_a_signature() {
        let key = SigningKey::from_bytes(&[0x11; 32]);
        assert_eq!(PUBLIC_KEY, key.verifying_key().to_bytes());
        assert_eq!(SIGNATURE, key.sign(MESSAGE).to_bytes());
    }

    #[test]
    fn rejects_a_changed_message() {
        assert!(is_valid(&PUBLIC_KEY, MESSAGE, &SIGNATURE));
        assert!(!is_valid(&PUBLIC_KEY, &MESSAGE[1..], &SIGNATURE));
    }
}
