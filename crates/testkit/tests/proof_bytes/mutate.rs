//! Changes of one thing in the bytes of a part of a proof, by what it is.

use provasm_testkit::Random;

use crate::layout::{Kind, Layout, Node, number};

/// The field's order: elements are four bytes, low first, and below it.
const ORDER: u32 = 0x7f00_0001;

/// How a thing is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// A bit flipped.
    Flip,
    /// All bits zero.
    Zeros,
    /// All bits one: no field element.
    Ones,
    /// Random bits; a field element if it was one.
    Random,
    /// The field's order added: the same element, were it one.
    PlusOrder,
    /// What stands at the same path elsewhere in the same proof.
    Other,
    /// What stands at the same path in another proof.
    Foreign,
    /// A number one greater or less.
    Near,
    /// The greatest number.
    Greatest,
    /// A number with zeros at its end, one byte longer.
    Overlong,
    /// A length that is not the sequence's, near to it.
    LengthNear,
    /// A length beyond what there is.
    LengthHuge,
    /// An element of a sequence left out.
    Drop,
    /// An element of a sequence twice.
    Repeat,
    /// An element of a sequence in the place of its neighbour.
    Swap,
    /// No elements.
    Clear,
    /// An option's or a variant's tag that is none.
    Tag,
    /// Another of the tags that there are.
    OtherTag,
    /// A value where there was none, and none where there was one.
    Toggle,
}

impl Change {
    /// The changes that a thing can have.
    pub(crate) const fn all(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Byte => &[Self::Flip, Self::Zeros, Self::Ones, Self::Random, Self::Foreign],
            Kind::Bytes => {
                &[Self::Flip, Self::Zeros, Self::Ones, Self::Random, Self::PlusOrder, Self::Other, Self::Foreign]
            }
            Kind::Number => &[Self::Near, Self::Greatest, Self::Overlong, Self::Random, Self::Foreign],
            Kind::Length => &[
                Self::LengthNear,
                Self::LengthHuge,
                Self::Overlong,
                Self::Drop,
                Self::Repeat,
                Self::Swap,
                Self::Clear,
                Self::Foreign,
            ],
            Kind::Option => &[Self::Tag, Self::Toggle, Self::Foreign],
            Kind::Variant => &[Self::Tag, Self::OtherTag, Self::Overlong],
        }
    }

    /// Whether what is changed can be read again, so that more than reading it has to notice.
    pub(crate) const fn is_deep(self) -> bool {
        !matches!(
            self,
            Self::Ones
                | Self::PlusOrder
                | Self::Overlong
                | Self::LengthNear
                | Self::LengthHuge
                | Self::Tag
                | Self::OtherTag
        )
    }

    /// The bytes with this change of a node; none if it cannot be made or changes nothing. `foreign` is what takes the
    /// thing's place from another proof, `others` are the things at the same path.
    pub(crate) fn apply(
        self,
        layout: &Layout,
        node: &Node,
        others: &[usize],
        foreign: Option<&[u8]>,
        random: &mut Random,
    ) -> Option<Vec<u8>> {
        let own = &layout.bytes[node.span.clone()];
        let content = &layout.bytes[node.span.end..node.extent.end];
        let whole = |bytes: Vec<u8>| Some((node.extent.clone(), bytes));
        let (range, bytes) = match self {
            Self::Zeros => (node.span.clone(), vec![0; own.len()]),
            Self::Ones => (node.span.clone(), vec![255; own.len()]),
            Self::Flip => {
                let mut bytes = own.to_vec();
                bytes[random.below(own.len())] ^= 1 << random.below(8);
                (node.span.clone(), bytes)
            }
            Self::Random => (node.span.clone(), any(node.kind, own.len(), random)),
            Self::PlusOrder => {
                let element = u32::from_le_bytes(own.try_into().ok()?);
                (node.span.clone(), element.checked_add(ORDER)?.to_le_bytes().to_vec())
            }
            Self::Other => {
                let other = &layout.nodes[others[random.below(others.len())]];
                whole(layout.bytes[other.extent.clone()].to_vec())?
            }
            Self::Foreign => whole(foreign?.to_vec())?,
            Self::Near => {
                let (value, step) = (value(own), if random.below(2) == 0 { 1 } else { u64::MAX });
                (node.span.clone(), number(value.wrapping_add(step)))
            }
            Self::Greatest => (node.span.clone(), number(u64::MAX >> (32 * random.below(2)))),
            Self::Overlong => {
                let (last, first) = own.split_last()?;
                (node.span.clone(), [first, &[last | 0x80], &vec![0x80; random.below(4)], &[0]].concat())
            }
            Self::LengthNear => {
                let near = [1, 2, u64::MAX, u64::MAX - 1][random.below(4)];
                (node.span.clone(), number(value(own).wrapping_add(near)))
            }
            Self::LengthHuge => {
                let huge = [1 << 16, 1 << 24, 1 << 31, 1 << 32, 1 << 63, u64::MAX, content.len() as u64];
                (node.span.clone(), number(huge[random.below(huge.len())]))
            }
            Self::Drop | Self::Repeat | Self::Swap => whole(self.elements(layout, node, random)?)?,
            Self::Clear => whole(vec![0])?,
            Self::Tag => (node.span.clone(), vec![[2, 3, 127, 128, 255][random.below(5)]]),
            Self::OtherTag => (node.span.clone(), vec![own[0] ^ 1]),
            Self::Toggle if own[0] == 1 => whole(vec![0])?,
            Self::Toggle => whole(foreign.filter(|bytes| bytes[0] == 1).map_or(vec![1, 0, 0], <[u8]>::to_vec))?,
        };
        let changed = [&layout.bytes[..range.start], &bytes, &layout.bytes[range.end..]].concat();
        (changed != layout.bytes).then_some(changed)
    }

    /// A sequence with other elements, and the length that they make.
    fn elements(self, layout: &Layout, node: &Node, random: &mut Random) -> Option<Vec<u8>> {
        let starts = &node.elements;
        let ends = starts.iter().skip(1).copied().chain([node.extent.end]);
        let mut elements: Vec<&[u8]> = starts.iter().zip(ends).map(|(&start, end)| &layout.bytes[start..end]).collect();
        if elements.is_empty() {
            return None;
        }
        // The ends of a sequence as often as all between.
        let at = [0, elements.len() - 1, random.below(elements.len())][random.below(3)];
        match self {
            Self::Drop => drop(elements.remove(at)),
            Self::Repeat => elements.insert(at, elements[at]),
            _ => {
                let next = (at + 1) % elements.len();
                elements.swap(at, next);
            }
        }
        Some([&number(elements.len() as u64)[..], &elements.concat()].concat())
    }
}

/// A number as postcard reads it.
fn value(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, byte| value << 7 | u64::from(byte & 0x7f))
}

/// Random bytes of a kind.
fn any(kind: Kind, length: usize, random: &mut Random) -> Vec<u8> {
    match (kind, length) {
        (Kind::Number, _) => number(random.next_u64() >> random.below(64)),
        (Kind::Bytes, 4) => (random.next_u64() as u32 % ORDER).to_le_bytes().to_vec(),
        _ => (0..length).map(|_| random.next_u64() as u8).collect(),
    }
}
