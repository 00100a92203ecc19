//! Numbers modulo the primes that provasm multiplies by in one instruction.

use core::{
    fmt,
    marker::PhantomData,
    ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign},
};

use crate::host;

mod sealed {
    pub trait Sealed {}
}

/// A prime that [`Residue`]s are taken by.
pub trait Modulus: sealed::Sealed + Copy + 'static {
    /// The prime, its lowest word first.
    const WORDS: [u64; 4];
    #[doc(hidden)]
    const NUMBER: usize;
}

macro_rules! moduli {
    ($($(#[doc = $doc:literal])* $name:ident = $number:literal, [$($word:literal),*];)*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub enum $name {}

            impl sealed::Sealed for $name {}

            impl Modulus for $name {
                const WORDS: [u64; 4] = [$($word),*];
                const NUMBER: usize = $number;
            }
        )*
    };
}

moduli! {
    /// The prime of secp256k1's field, 2^256 - 2^32 - 977.
    Secp256k1Field = 0,
        [0xffff_fffe_ffff_fc2f, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff];
    /// The order of secp256k1's group.
    Secp256k1Scalar = 1,
        [0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, 0xffff_ffff_ffff_fffe, 0xffff_ffff_ffff_ffff];
    /// The prime of ed25519's field, 2^255 - 19.
    Ed25519Field = 2,
        [0xffff_ffff_ffff_ffed, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0x7fff_ffff_ffff_ffff];
    /// The order of ed25519's prime-order group.
    Ed25519Scalar = 3,
        [0x5812_631a_5cf5_d3ed, 0x14de_f9de_a2f7_9cd6, 0, 0x1000_0000_0000_0000];
    /// The prime of BN254's base field (alt_bn128 of Ethereum).
    Bn254Field = 4,
        [0x3c20_8c16_d87c_fd47, 0x9781_6a91_6871_ca8d, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029];
    /// The order of BN254's group.
    Bn254Scalar = 5,
        [0x43e1_f593_f000_0001, 0x2833_e848_79b9_7091, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029];
}

/// A number modulo `M`. Its product with another is one accelerated call.
pub struct Residue<M> {
    /// Below the modulus, the lowest word first.
    words: [u64; 4],
    modulus: PhantomData<M>,
}

impl<M: Modulus> Residue<M> {
    /// Zero.
    pub const ZERO: Self = Self::from_canonical([0; 4]);
    /// One.
    pub const ONE: Self = Self::from_canonical([1, 0, 0, 0]);

    const fn from_canonical(words: [u64; 4]) -> Self {
        Self { words, modulus: PhantomData }
    }

    /// The residue of a number, its lowest word first.
    #[must_use]
    pub fn from_words(words: [u64; 4]) -> Self {
        Self::product(&words, &[1, 0, 0, 0])
    }

    /// The product of two numbers of any value, their lowest words first.
    #[must_use]
    pub fn product(a: &[u64; 4], b: &[u64; 4]) -> Self {
        Self::from_canonical(host::modmul::<M>(a, b))
    }

    /// The residue that is this number, its lowest word first; `None` if it is not below the modulus.
    #[must_use]
    pub fn from_canonical_words(words: [u64; 4]) -> Option<Self> {
        let (_, below) = sub(&words, &M::WORDS);
        below.then_some(Self::from_canonical(words))
    }

    /// The residue of a little-endian number.
    #[must_use]
    pub fn from_le_bytes(bytes: &[u8; 32]) -> Self {
        Self::from_words(core::array::from_fn(|i| u64::from_le_bytes(bytes.as_chunks().0[i])))
    }

    /// The residue of a big-endian number.
    #[must_use]
    pub fn from_be_bytes(bytes: &[u8; 32]) -> Self {
        Self::from_words(core::array::from_fn(|i| u64::from_be_bytes(bytes.as_chunks().0[3 - i])))
    }

    /// The number below the modulus, the lowest word first.
    #[must_use]
    pub fn to_words(self) -> [u64; 4] {
        self.words
    }

    /// The number below the modulus in little-endian order.
    #[must_use]
    pub fn to_le_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (to, word) in bytes.as_chunks_mut().0.iter_mut().zip(self.words) {
            *to = word.to_le_bytes();
        }
        bytes
    }

    /// The number below the modulus in big-endian order.
    #[must_use]
    pub fn to_be_bytes(self) -> [u8; 32] {
        let mut bytes = self.to_le_bytes();
        bytes.reverse();
        bytes
    }

    /// Its product with itself.
    #[must_use]
    pub fn square(self) -> Self {
        self * self
    }

    /// Its power by a number, the lowest word first: up to 334 products. How many depends on the number alone.
    #[must_use]
    pub fn pow(self, exponent: &[u64; 4]) -> Self {
        let mut powers = [Self::ONE; 16];
        for i in 1..16 {
            powers[i] = powers[i - 1] * self;
        }
        let mut power = Self::ONE;
        let mut begun = false;
        for digit in (0..64).rev().map(|at| (exponent[at / 16] >> (4 * (at % 16)) & 15) as usize) {
            if begun {
                power = power.square().square().square().square();
            }
            if digit != 0 {
                power = if begun { power * powers[digit] } else { powers[digit] };
                begun = true;
            }
        }
        power
    }

    /// The residue whose product with this one is one, by a power; `None` for zero.
    #[must_use]
    pub fn invert(self) -> Option<Self> {
        // All moduli are odd primes, and their lowest words are above two.
        let mut exponent = M::WORDS;
        exponent[0] -= 2;
        (self != Self::ZERO).then(|| self.pow(&exponent))
    }
}

impl<M: Modulus> From<u64> for Residue<M> {
    fn from(number: u64) -> Self {
        // Every modulus is above 2^64.
        Self::from_canonical([number, 0, 0, 0])
    }
}

impl<M: Modulus> Add for Residue<M> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (sum, carry) = add(&self.words, &other.words);
        let (difference, borrow) = sub(&sum, &M::WORDS);
        Self::from_canonical(if carry || !borrow { difference } else { sum })
    }
}

impl<M: Modulus> Sub for Residue<M> {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        let (difference, borrow) = sub(&self.words, &other.words);
        Self::from_canonical(if borrow { add(&difference, &M::WORDS).0 } else { difference })
    }
}

impl<M: Modulus> Mul for Residue<M> {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self::product(&self.words, &other.words)
    }
}

impl<M: Modulus> Neg for Residue<M> {
    type Output = Self;

    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

impl<M: Modulus> AddAssign for Residue<M> {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<M: Modulus> SubAssign for Residue<M> {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl<M: Modulus> MulAssign for Residue<M> {
    fn mul_assign(&mut self, other: Self) {
        *self = *self * other;
    }
}

// Derived implementations would ask the same of `M`.
impl<M> Clone for Residue<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Residue<M> {}

impl<M> PartialEq for Residue<M> {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}

impl<M> Eq for Residue<M> {}

impl<M> fmt::Debug for Residue<M> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [w0, w1, w2, w3] = self.words;
        write!(formatter, "0x{w3:016x}{w2:016x}{w1:016x}{w0:016x}")
    }
}

/// The sum of two numbers and whether it has a bit 256.
pub(crate) fn add(a: &[u64; 4], b: &[u64; 4]) -> ([u64; 4], bool) {
    let mut carry = false;
    let sum = core::array::from_fn(|i| {
        let (sum, first) = a[i].overflowing_add(b[i]);
        let (sum, second) = sum.overflowing_add(u64::from(carry));
        carry = first || second;
        sum
    });
    (sum, carry)
}

/// The difference of two numbers modulo 2^256 and whether it is negative.
pub(crate) fn sub(a: &[u64; 4], b: &[u64; 4]) -> ([u64; 4], bool) {
    let mut borrow = false;
    let difference = core::array::from_fn(|i| {
        let (difference, first) = a[i].overflowing_sub(b[i]);
        let (difference, second) = difference.overflowing_sub(u64::from(borrow));
        borrow = first || second;
        difference
    });
    (difference, borrow)
}
