//! Reading what anyone may have written, in no more memory than its bytes justify.
//!
//! An empty sequence is one byte in postcard's format and three words in memory, so a few megabytes could ask for a
//! hundred. Here every element of a sequence takes its size in memory from an allowance before it is read, and a sequence
//! that announces many elements is given little room ahead of them.

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, EnumAccess, SeqAccess, VariantAccess, Visitor};

/// Elements of this many bytes could take all of the allowance ahead of being read, smaller ones less.
const ROOM_BYTES: usize = 128;

/// Bytes that the elements of sequences may still take.
pub(crate) struct Allowance {
    left: Cell<usize>,
    exceeded: Cell<bool>,
}

impl Allowance {
    pub(crate) const fn new(bytes: usize) -> Self {
        Self { left: Cell::new(bytes), exceeded: Cell::new(false) }
    }

    /// Whether reading ended because nothing was left.
    pub(crate) fn is_exceeded(&self) -> bool {
        self.exceeded.get()
    }

    fn take<E: de::Error>(&self, bytes: usize) -> Result<(), E> {
        let Some(left) = self.left.get().checked_sub(bytes) else {
            self.exceeded.set(true);
            return Err(E::custom("the allowance is exceeded"));
        };
        self.left.set(left);
        Ok(())
    }
}

/// A deserializer, or what one is given or gives, whose sequences take from an allowance.
pub(crate) struct Bounded<'a, T> {
    inner: T,
    allowance: &'a Allowance,
    /// Whether what is visited next is a sequence: its elements are not part of anything that was paid for.
    is_sequence: bool,
}

impl<'a, T> Bounded<'a, T> {
    pub(crate) const fn new(inner: T, allowance: &'a Allowance) -> Self {
        Self { inner, allowance, is_sequence: false }
    }
}

/// Methods that hand a visitor on.
macro_rules! forwarded {
    ($($method:ident($($argument:ident: $Type:ty),*)),+ $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $Type,)* visitor: V) -> Result<V::Value, Self::Error> {
            self.inner.$method($($argument,)* Bounded::new(visitor, self.allowance))
        }
    )+};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Bounded<'_, D> {
    type Error = D::Error;

    forwarded! {
        deserialize_any(), deserialize_bool(), deserialize_i8(), deserialize_i16(), deserialize_i32(),
        deserialize_i64(), deserialize_i128(), deserialize_u8(), deserialize_u16(), deserialize_u32(),
        deserialize_u64(), deserialize_u128(), deserialize_f32(), deserialize_f64(), deserialize_char(),
        deserialize_str(), deserialize_string(), deserialize_bytes(), deserialize_byte_buf(), deserialize_option(),
        deserialize_unit(), deserialize_map(), deserialize_identifier(), deserialize_ignored_any(),
        deserialize_unit_struct(name: &'static str), deserialize_newtype_struct(name: &'static str),
        deserialize_tuple(length: usize), deserialize_tuple_struct(name: &'static str, length: usize),
        deserialize_struct(name: &'static str, fields: &'static [&'static str]),
        deserialize_enum(name: &'static str, variants: &'static [&'static str]),
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.inner.deserialize_seq(Bounded { inner: visitor, allowance: self.allowance, is_sequence: true })
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// Methods that hand on a value without parts.
macro_rules! values {
    ($($method:ident: $Type:ty),+ $(,)?) => {$(
        fn $method<E: de::Error>(self, value: $Type) -> Result<V::Value, E> {
            self.inner.$method(value)
        }
    )+};
}

/// Maps are refused: a proof has none.
impl<'de, V: Visitor<'de>> Visitor<'de> for Bounded<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    values! {
        visit_bool: bool, visit_i8: i8, visit_i16: i16, visit_i32: i32, visit_i64: i64, visit_i128: i128,
        visit_u8: u8, visit_u16: u16, visit_u32: u32, visit_u64: u64, visit_u128: u128, visit_f32: f32, visit_f64: f64,
        visit_char: char, visit_str: &str, visit_borrowed_str: &'de str, visit_string: String,
        visit_bytes: &[u8], visit_borrowed_bytes: &'de [u8], visit_byte_buf: Vec<u8>,
    }

    fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Bounded::new(value, self.allowance))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        self.inner.visit_newtype_struct(Bounded::new(value, self.allowance))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Bounded { inner: elements, allowance: self.allowance, is_sequence: self.is_sequence })
    }

    fn visit_enum<A: EnumAccess<'de>>(self, value: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(Bounded::new(value, self.allowance))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Bounded<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(Bounded::new(value, self.allowance))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Bounded<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        if self.is_sequence && self.inner.size_hint() != Some(0) {
            self.allowance.take(size_of::<S::Value>())?;
        }
        self.inner.next_element_seed(Bounded::new(seed, self.allowance))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint().map(|elements| elements.min(self.allowance.left.get() / ROOM_BYTES))
    }
}

impl<'a, 'de, A: EnumAccess<'de>> EnumAccess<'de> for Bounded<'a, A> {
    type Error = A::Error;
    type Variant = Bounded<'a, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        let (value, variant) = self.inner.variant_seed(seed)?;
        Ok((value, Bounded::new(variant, self.allowance)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Bounded<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.inner.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.newtype_variant_seed(Bounded::new(seed, self.allowance))
    }

    forwarded! {
        tuple_variant(length: usize),
        struct_variant(fields: &'static [&'static str]),
    }
}
