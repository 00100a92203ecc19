//! Products and inverses by provasm.

use elliptic_curve::{bigint::U256, subtle::CtOption};
use provasm_guest::{Modulus, Residue, Secp256k1Field, Secp256k1Scalar};

fn inverse<M: Modulus>(number: &U256) -> CtOption<U256> {
    let inverse = Residue::<M>::from_words(number.to_words()).invert();
    CtOption::new(U256::from_words(inverse.unwrap_or(Residue::ZERO).to_words()), u8::from(inverse.is_some()).into())
}

/// The product of two numbers, modulo the field's prime.
pub(crate) fn field_product(a: &[u64; 4], b: &[u64; 4]) -> [u64; 4] {
    Residue::<Secp256k1Field>::product(a, b).to_words()
}

/// The inverse modulo the field's prime.
pub(crate) fn field_inverse(number: &U256) -> CtOption<U256> {
    inverse::<Secp256k1Field>(number)
}

/// The product of two numbers, modulo the group's order.
pub(crate) fn scalar_product(a: &U256, b: &U256) -> U256 {
    U256::from_words(Residue::<Secp256k1Scalar>::product(&a.to_words(), &b.to_words()).to_words())
}

/// The inverse modulo the group's order.
pub(crate) fn scalar_inverse(number: &U256) -> CtOption<U256> {
    inverse::<Secp256k1Scalar>(number)
}
