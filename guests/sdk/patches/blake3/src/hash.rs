//! A digest and its form in hexadecimal.

use core::{array::TryFromSliceError, fmt, ops::Deref, str::FromStr};

use crate::OUT_LEN;

/// A digest. Comparing ends where digests differ: in a proof there is nobody to take the time.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; OUT_LEN]);

impl Hash {
    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; OUT_LEN] {
        &self.0
    }

    /// The bytes.
    #[must_use]
    pub const fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// The digest of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; OUT_LEN]) -> Self {
        Self(bytes)
    }

    /// The digest of these bytes.
    ///
    /// # Errors
    ///
    /// If there are not 32.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, TryFromSliceError> {
        Ok(Self(bytes.try_into()?))
    }

    /// The bytes in lower-case hexadecimal.
    #[must_use]
    pub fn to_hex(&self) -> Hex {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut digits = [0; 2 * OUT_LEN];
        for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(self.0) {
            *pair = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
        }
        Hex(digits)
    }

    /// Reads hexadecimal digits.
    ///
    /// # Errors
    ///
    /// If there are not 64, or others than hexadecimal ones.
    pub fn from_hex(hex: impl AsRef<[u8]>) -> Result<Self, HexError> {
        let hex = hex.as_ref();
        let (pairs, rest) = hex.as_chunks::<2>();
        if pairs.len() != OUT_LEN || !rest.is_empty() {
            return Err(HexError::Length(hex.len()));
        }
        let mut bytes = [0; OUT_LEN];
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Self(bytes))
    }
}

fn digit(char: u8) -> Result<u8, HexError> {
    char::from(char).to_digit(16).map(|digit| digit as u8).ok_or(HexError::Digit(char))
}

/// A digest in hexadecimal: a `str`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hex([u8; 2 * OUT_LEN]);

impl Hex {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Deref for Hex {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Hex {
    fn as_ref(&self) -> &str {
        self
    }
}

impl fmt::Display for Hex {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self)
    }
}

impl fmt::Debug for Hex {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

/// Why a text is no digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HexError {
    /// It has so many characters.
    Length(usize),
    /// It has this character.
    Digit(u8),
}

impl fmt::Display for HexError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(length) => write!(formatter, "64 hexadecimal digits are expected, not {length}"),
            Self::Digit(char) => write!(formatter, "{:?} is no hexadecimal digit", char::from(*char)),
        }
    }
}

impl core::error::Error for HexError {}

impl From<[u8; OUT_LEN]> for Hash {
    fn from(bytes: [u8; OUT_LEN]) -> Self {
        Self(bytes)
    }
}

impl From<Hash> for [u8; OUT_LEN] {
    fn from(hash: Hash) -> Self {
        hash.0
    }
}

impl FromStr for Hash {
    type Err = HexError;

    fn from_str(hex: &str) -> Result<Self, HexError> {
        Self::from_hex(hex)
    }
}

impl PartialEq<[u8]> for Hash {
    fn eq(&self, other: &[u8]) -> bool {
        self.0[..] == *other
    }
}

impl PartialEq<[u8; OUT_LEN]> for Hash {
    fn eq(&self, other: &[u8; OUT_LEN]) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Hash").field(&self.to_hex()).finish()
    }
}
