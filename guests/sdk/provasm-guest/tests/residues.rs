//! Residues: laws that products modulo a prime obey, at its edges, and values computed elsewhere.

use provasm_guest::{
    Bn254Field, Bn254Scalar, Ed25519Field, Ed25519Scalar, Modulus, Residue, Secp256k1Field, Secp256k1Scalar,
};

fn laws<M: Modulus>() {
    let largest = -Residue::<M>::ONE;
    let mut below = M::WORDS;
    below[0] -= 1;
    assert_eq!(largest.to_words(), below);
    assert_eq!(largest * largest, Residue::ONE);
    assert_eq!(largest + Residue::ONE, Residue::ZERO);
    assert_eq!(Residue::ZERO - Residue::ONE, largest);
    assert_eq!(Residue::<M>::from_words(M::WORDS), Residue::ZERO);
    assert_eq!(Residue::<M>::from_canonical_words(M::WORDS), None);
    assert_eq!(Residue::from_canonical_words(below), Some(largest));

    // 2^256 - 1, and the same number from smaller ones.
    let ones = Residue::<M>::from_words([u64::MAX; 4]);
    let two = Residue::<M>::from(2);
    assert_eq!(ones, two.pow(&[256, 0, 0, 0]) - Residue::ONE);

    let mut number = Residue::<M>::from_words([1, 2, 3, 4]);
    for _ in 0..20 {
        number = number.square() + ones;
        assert_eq!(number.invert().map(|inverse| inverse * number), Some(Residue::ONE));
        assert_eq!((number + largest) * number, number.square() - number);
        assert_eq!(Residue::from_le_bytes(&number.to_le_bytes()), number);
        assert_eq!(Residue::from_be_bytes(&number.to_be_bytes()), number);
        // Fermat: the power by the prime is the number itself.
        assert_eq!(number.pow(&M::WORDS), number);
    }
    assert_eq!(Residue::<M>::ZERO.invert(), None);
    assert_eq!(number.pow(&[0; 4]), Residue::ONE);
}

#[test]
fn residues_obey_the_laws() {
    laws::<Secp256k1Field>();
    laws::<Secp256k1Scalar>();
    laws::<Ed25519Field>();
    laws::<Ed25519Scalar>();
    laws::<Bn254Field>();
    laws::<Bn254Scalar>();
}

#[test]
fn generators_lie_on_their_curves() {
    let number = |hex: &str| {
        let word = |i: usize| u64::from_str_radix(&hex[16 * i..16 * (i + 1)], 16).unwrap();
        [word(3), word(2), word(1), word(0)]
    };
    // SEC 2, section 2.4.1: y^2 = x^3 + 7.
    let x = number("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
    let y = number("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8");
    let (x, y) = (Residue::<Secp256k1Field>::from_words(x), Residue::from_words(y));
    assert_eq!(y.square(), x.pow(&[3, 0, 0, 0]) + Residue::from(7));
    // EIP-196: y^2 = x^3 + 3 has the point (1, 2).
    assert_eq!(Residue::<Bn254Field>::from(2).square(), Residue::ONE + Residue::from(3));
    // RFC 8032, section 5.1: y = 4/5, -x^2 + y^2 = 1 + d x^2 y^2, d = -121665/121666.
    let x = number("216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a");
    let x = Residue::<Ed25519Field>::from_words(x).square();
    let y = (Residue::from(4) * Residue::from(5).invert().unwrap()).square();
    let d = -Residue::<Ed25519Field>::from(121_665) * Residue::from(121_666).invert().unwrap();
    assert_eq!(y - x, Residue::ONE + d * x * y);
}
