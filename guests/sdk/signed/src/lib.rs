//! Takes a signed message: an ed25519 key of 32 bytes, a signature of 64, the message. Ends with 1 if the signature is
//! not valid, else writes the message's digests by SHA-256, Keccak-256 and BLAKE3.

use ed25519_dalek::{Signature, VerifyingKey};
use sha2::Digest;

provasm_guest::entry!(main);

/// The whole program.
pub fn main() {
    let input = provasm_guest::input();
    let Some(message) = signed_message(&input) else {
        provasm_guest::log!("signed: {} bytes without a valid signature", input.len());
        provasm_guest::exit(1);
    };
    provasm_guest::output(&sha2::Sha256::digest(message));
    provasm_guest::output(&sha3::Keccak256::digest(message));
    provasm_guest::output(blake3::hash(message).as_bytes());
}

/// The message, if key and signature before it are valid.
fn signed_message(input: &[u8]) -> Option<&[u8]> {
    let (key, input) = input.split_first_chunk()?;
    let (signature, message) = input.split_first_chunk()?;
    let key = VerifyingKey::from_bytes(key).ok()?;
    key.verify_strict(message, &Signature::from_bytes(signature)).ok()?;
    Some(message)
}

#[cfg(test)]
mod tests {
    use provasm_guest::native;

    /// RFC 8032, section 7.1, test 3: the key, the signature, the message.
    const SIGNED: &str = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025\
        6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
        18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a\
        af82";

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect()
    }

    #[test]
    fn a_signature_is_verified() {
        let signed = bytes(SIGNED);
        let run = native::run(&signed, &[], super::main);
        assert_eq!(run.exit_code, None);
        let digests = [
            provasm_guest::sha256(&signed[96..]),
            provasm_guest::keccak256(&signed[96..]),
            provasm_guest::blake3(&signed[96..]),
        ];
        assert_eq!(run.output, digests.concat());
    }

    #[test]
    fn a_forgery_is_refused() {
        for at in [0, 40, 70, 97] {
            let mut signed = bytes(SIGNED);
            signed[at] ^= 1;
            let run = native::run(&signed, &[], super::main);
            assert_eq!(run, native::Run { output: vec![], exit_code: Some(1) });
        }
    }
}
