//! Elements of secp256k1's field as numbers of 256 bits. Products are provasm's.
//!
//! The interface is that of k256's own elements, which have magnitudes. Here every element has magnitude 1; it is normalized
//! if it is below the prime.

use elliptic_curve::{
    bigint::{ArrayEncoding, U256},
    subtle::{Choice, ConditionallySelectable, ConstantTimeEq, CtOption},
    zeroize::Zeroize,
};

use crate::{FieldBytes, provasm::field_product};

/// 2^256 less the prime.
const REST: u64 = 0x1_0000_03d1;

/// An element: a number below 2^256, the lowest word first. The name is k256's.
#[derive(Clone, Copy, Debug, Default)]
pub struct FieldElement5x52([u64; 4]);

/// The sum of a number and a small one, and whether it has a bit 256.
const fn add_small([w0, w1, w2, w3]: [u64; 4], small: u64) -> ([u64; 4], bool) {
    let (w0, carry) = w0.overflowing_add(small);
    if !carry {
        return ([w0, w1, w2, w3], false);
    }
    let (w1, carry) = w1.overflowing_add(1);
    let (w2, carry) = w2.overflowing_add(carry as u64);
    let (w3, carry) = w3.overflowing_add(carry as u64);
    ([w0, w1, w2, w3], carry)
}

/// The difference of a number and a small one modulo 2^256, and whether it is negative.
const fn sub_small([w0, w1, w2, w3]: [u64; 4], small: u64) -> ([u64; 4], bool) {
    let (w0, borrow) = w0.overflowing_sub(small);
    if !borrow {
        return ([w0, w1, w2, w3], false);
    }
    let (w1, borrow) = w1.overflowing_sub(1);
    let (w2, borrow) = w2.overflowing_sub(borrow as u64);
    let (w3, borrow) = w3.overflowing_sub(borrow as u64);
    ([w0, w1, w2, w3], borrow)
}

impl FieldElement5x52 {
    pub const ZERO: Self = Self([0; 4]);
    pub const ONE: Self = Self([1, 0, 0, 0]);

    pub(crate) const fn from_bytes_unchecked(bytes: &[u8; 32]) -> Self {
        Self::from_u256_unchecked(U256::from_be_slice(bytes))
    }

    pub fn from_bytes(bytes: &FieldBytes) -> CtOption<Self> {
        Self::from_u256(U256::from_be_byte_array(*bytes))
    }

    pub const fn from_u64(number: u64) -> Self {
        Self([number, 0, 0, 0])
    }

    pub fn to_bytes(self) -> FieldBytes {
        self.to_u256().to_be_byte_array()
    }

    pub const fn to_u256(self) -> U256 {
        U256::from_words(self.0)
    }

    pub const fn from_u256_unchecked(number: U256) -> Self {
        Self(number.to_words())
    }

    pub fn from_u256(number: U256) -> CtOption<Self> {
        let element = Self::from_u256_unchecked(number);
        CtOption::new(element, u8::from(!element.exceeds()).into())
    }

    /// Whether the number is not below the prime.
    const fn exceeds(&self) -> bool {
        add_small(self.0, REST).1
    }

    pub fn normalize_weak(&self) -> Self {
        *self
    }

    pub fn normalize(&self) -> Self {
        // The prime less is the rest more, modulo 2^256.
        let (less, exceeds) = add_small(self.0, REST);
        if exceeds { Self(less) } else { *self }
    }

    pub fn normalizes_to_zero(&self) -> Choice {
        self.normalize().is_zero()
    }

    pub fn is_zero(&self) -> Choice {
        let [w0, w1, w2, w3] = self.0;
        u8::from(w0 | w1 | w2 | w3 == 0).into()
    }

    pub fn is_odd(&self) -> Choice {
        u8::from(self.0[0] & 1 == 1).into()
    }

    #[cfg(debug_assertions)]
    pub const fn max_magnitude() -> u32 {
        u32::MAX
    }

    pub const fn negate(&self, _magnitude: u32) -> Self {
        // The prime less the number.
        let [w0, w1, w2, w3] = self.0;
        let (negative, borrow) = sub_small([!w0, !w1, !w2, !w3], REST - 1);
        // Of a number above the prime it is negative: then the prime more, which is the rest less.
        Self(if borrow { sub_small(negative, REST).0 } else { negative })
    }

    pub const fn add(&self, other: &Self) -> Self {
        let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (self.0, other.0);
        let (w0, carry) = a0.overflowing_add(b0);
        let (w1, carry) = add_with(a1, b1, carry);
        let (w2, carry) = add_with(a2, b2, carry);
        let (w3, mut carry) = add_with(a3, b3, carry);
        let mut sum = [w0, w1, w2, w3];
        // 2^256 is the rest; it may have to be added twice.
        while carry {
            (sum, carry) = add_small(sum, REST);
        }
        Self(sum)
    }

    pub fn mul_single(&self, factor: u32) -> Self {
        Self(field_product(&self.0, &[factor.into(), 0, 0, 0]))
    }

    pub fn mul(&self, other: &Self) -> Self {
        Self(field_product(&self.0, &other.0))
    }

    pub fn square(&self) -> Self {
        Self(field_product(&self.0, &self.0))
    }
}

/// The sum of two words and a carry, and whether it has a bit 64.
const fn add_with(a: u64, b: u64, carry: bool) -> (u64, bool) {
    let (sum, first) = a.overflowing_add(b);
    let (sum, second) = sum.overflowing_add(carry as u64);
    (sum, first | second)
}

impl ConditionallySelectable for FieldElement5x52 {
    fn conditional_select(a: &Self, b: &Self, choice: Choice) -> Self {
        if choice.into() { *b } else { *a }
    }
}

impl ConstantTimeEq for FieldElement5x52 {
    fn ct_eq(&self, other: &Self) -> Choice {
        u8::from(self.0 == other.0).into()
    }
}

impl Zeroize for FieldElement5x52 {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}
