//! Every accelerated function on the public input, to the public output: a line for each with its name and result in
//! hexadecimal.
//!
//! Of the private input it tells how many bytes there are.

use provasm_guest::{
    Bn254Field, Bn254Scalar, Ed25519Field, Ed25519Scalar, Modulus, Residue, Secp256k1Field, Secp256k1Scalar,
};

provasm_guest::entry!(main);

/// The whole program.
pub fn main() {
    let input = provasm_guest::input();
    let sha256 = provasm_guest::sha256(&input);
    let keccak256 = provasm_guest::keccak256(&input);
    line("sha256", &sha256);
    line("keccak256", &keccak256);
    line("sha3-256", &provasm_guest::sha3_256(&input));
    line("blake3", &provasm_guest::blake3(&input));
    // The permutation has no native form without a feature, and the digest stands for any state.
    #[cfg(target_arch = "wasm32")]
    line("poseidon2", &permuted(&sha256));
    line("secp256k1 field", &product::<Secp256k1Field>(&sha256, &keccak256));
    line("secp256k1 scalar", &product::<Secp256k1Scalar>(&sha256, &keccak256));
    line("ed25519 field", &product::<Ed25519Field>(&sha256, &keccak256));
    line("ed25519 scalar", &product::<Ed25519Scalar>(&sha256, &keccak256));
    line("bn254 field", &product::<Bn254Field>(&sha256, &keccak256));
    line("bn254 scalar", &product::<Bn254Scalar>(&sha256, &keccak256));
    let private_bytes = provasm_guest::private().len() as u64;
    line("private bytes", &private_bytes.to_be_bytes());
    provasm_guest::log("hashes: done");
}

/// The permutation of the digest's words, followed by zeros.
#[cfg(target_arch = "wasm32")]
fn permuted(digest: &[u8; 32]) -> [u8; 64] {
    let mut state = [0; 16];
    for (element, bytes) in state.iter_mut().zip(digest.as_chunks().0) {
        *element = u32::from_le_bytes(*bytes);
    }
    provasm_guest::poseidon2_permute(&mut state);
    let mut bytes = [0; 64];
    for (to, element) in bytes.as_chunks_mut().0.iter_mut().zip(state) {
        *to = element.to_le_bytes();
    }
    bytes
}

/// The product of two little-endian numbers, big-endian.
fn product<M: Modulus>(a: &[u8; 32], b: &[u8; 32]) -> [u8; 32] {
    (Residue::<M>::from_le_bytes(a) * Residue::from_le_bytes(b)).to_be_bytes()
}

fn line(name: &str, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| DIGITS[usize::from(digit)]);
    let line: Vec<u8> = name.bytes().chain(*b": ").chain(digits).chain(*b"\n").collect();
    provasm_guest::output(&line);
}

#[cfg(test)]
mod tests {
    use provasm_guest::native;

    #[test]
    fn results_for_abc_are_known() {
        let run = native::run(b"abc", b"hidden", super::main);
        assert_eq!(String::from_utf8(run.output).unwrap(), include_str!("../expected.txt"));
    }
}
