//! Where everything stands in the bytes of a part of a proof, found by encoding it.
//!
//! Writes what postcard writes, and notes each number, length, tag and array with the path of the field that it is. So
//! whatever fields the types have, here and in the proof library, are in the layout.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::ser::{
    Error as _, Serialize, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A byte by itself.
    Byte,
    /// An array of bytes: a digest, or a field element's four.
    Bytes,
    /// A number in as many bytes as it needs.
    Number,
    /// How many elements a sequence has.
    Length,
    /// Whether an option has a value.
    Option,
    /// Which variant of an enumeration it is.
    Variant,
}

/// A thing in the bytes.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// Its own bytes: of a sequence the length's.
    pub(crate) span: Range<usize>,
    /// Its bytes with those of what is in it.
    pub(crate) extent: Range<usize>,
    /// Where the elements of a sequence begin.
    pub(crate) elements: Vec<usize>,
}

/// Things at the same path, such as `stark.opening.evals[].current[]`: indices into the nodes.
pub(crate) type Groups = BTreeMap<(String, Kind), Vec<usize>>;

/// Everything in the bytes of a value.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    pub(crate) bytes: Vec<u8>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) groups: Groups,
    /// Of every node, while it is written.
    paths: Vec<String>,
    path: String,
}

type Error = serde::de::value::Error;

impl Layout {
    /// The layout of a value.
    pub(crate) fn of(value: &impl Serialize) -> Self {
        let mut layout = Self::default();
        value.serialize(&mut layout).expect("a part of a proof");
        for (index, path) in std::mem::take(&mut layout.paths).into_iter().enumerate() {
            layout.groups.entry((path, layout.nodes[index].kind)).or_default().push(index);
        }
        layout
    }

    fn node(&mut self, kind: Kind, bytes: &[u8]) -> usize {
        let start = self.bytes.len();
        self.bytes.extend(bytes);
        let span = start..self.bytes.len();
        self.nodes.push(Node { kind, extent: span.clone(), span, elements: Vec::new() });
        self.paths.push(self.path.clone());
        self.nodes.len() - 1
    }

    /// Ends a node whose content has been written.
    fn close(&mut self, node: usize) {
        self.nodes[node].extent.end = self.bytes.len();
    }

    fn within(&mut self, step: &str, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        let length = self.path.len();
        self.path.push_str(step);
        value.serialize(&mut *self)?;
        self.path.truncate(length);
        Ok(())
    }
}

/// A number as postcard has it: seven bits in a byte, the low ones first.
pub(crate) fn number(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// Something of several parts that is being written.
pub(crate) struct Parts<'l> {
    layout: &'l mut Layout,
    /// The node of a sequence's length.
    sequence: Option<usize>,
    /// The first node of a tuple's elements.
    first: usize,
    elements: usize,
}

impl<'l> Parts<'l> {
    fn new(layout: &'l mut Layout) -> Self {
        Self { sequence: None, first: layout.nodes.len(), elements: 0, layout }
    }

    fn element(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        if let Some(sequence) = self.sequence {
            let start = self.layout.bytes.len();
            self.layout.nodes[sequence].elements.push(start);
        }
        self.elements += 1;
        self.layout.within("[]", value)
    }

    /// An array of bytes is one thing.
    fn finish(self) {
        let layout = self.layout;
        if let Some(sequence) = self.sequence {
            return layout.close(sequence);
        }
        let nodes = &layout.nodes[self.first..];
        if nodes.len() == self.elements && nodes.iter().all(|node| node.kind == Kind::Byte) && !nodes.is_empty() {
            let span = nodes[0].span.start..layout.bytes.len();
            layout.nodes.truncate(self.first);
            layout.paths.truncate(self.first);
            layout.nodes.push(Node { kind: Kind::Bytes, extent: span.clone(), span, elements: Vec::new() });
            layout.paths.push(layout.path.clone());
        }
    }
}

/// Methods of the traits for things of several parts.
macro_rules! parts {
    ($($Trait:ident: $method:ident),+) => {$(
        impl $Trait for Parts<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            fn end(self) -> Result<(), Error> {
                self.finish();
                Ok(())
            }
        }
    )+};
    ($($Trait:ident),+) => {$(
        impl $Trait for Parts<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.layout.within(&format!(".{name}"), value)
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        }
    )+};
}

parts! {
    SerializeSeq: serialize_element, SerializeTuple: serialize_element, SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
}
parts! { SerializeStruct, SerializeStructVariant }

/// Methods that write a number.
macro_rules! numbers {
    ($($method:ident: $Type:ty),+) => {$(
        fn $method(self, value: $Type) -> Result<(), Error> {
            self.node(Kind::Number, &number(value.into()));
            Ok(())
        }
    )+};
}

/// Methods for what no proof has.
macro_rules! absent {
    ($($method:ident: $Type:ty),+) => {$(
        fn $method(self, _: $Type) -> Result<(), Error> {
            Err(Error::custom(stringify!($method)))
        }
    )+};
}

impl<'l> Serializer for &'l mut Layout {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'l>;
    type SerializeTuple = Parts<'l>;
    type SerializeTupleStruct = Parts<'l>;
    type SerializeTupleVariant = Parts<'l>;
    type SerializeMap = serde::ser::Impossible<(), Error>;
    type SerializeStruct = Parts<'l>;
    type SerializeStructVariant = Parts<'l>;

    numbers! { serialize_u16: u16, serialize_u32: u32, serialize_u64: u64 }
    absent! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_f32: f32,
        serialize_f64: f64, serialize_char: char, serialize_bool: bool
    }

    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        self.node(Kind::Byte, &[value]);
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.serialize_bytes(value.as_bytes())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.node(Kind::Option, &[0]);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        let node = self.node(Kind::Option, &[1]);
        self.within("?", value)?;
        self.close(node);
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, index: u32, _: &'static str) -> Result<(), Error> {
        self.node(Kind::Variant, &number(index.into()));
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let node = self.node(Kind::Variant, &number(index.into()));
        self.within(&format!(":{variant}"), value)?;
        self.close(node);
        Ok(())
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Parts<'l>, Error> {
        let length = length.ok_or_else(|| Error::custom("a sequence without a length"))?;
        let sequence = Some(self.node(Kind::Length, &number(length as u64)));
        Ok(Parts { sequence, ..Parts::new(self) })
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'l>, Error> {
        Ok(Parts::new(self))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'l>, Error> {
        Ok(Parts::new(self))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Parts<'l>, Error> {
        self.node(Kind::Variant, &number(index.into()));
        Ok(Parts::new(self))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        Err(Error::custom("a map"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'l>, Error> {
        Ok(Parts::new(self))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Parts<'l>, Error> {
        self.node(Kind::Variant, &number(index.into()));
        Ok(Parts::new(self))
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}
