//! The canonical integers of field elements, as two limbs each.
//!
//! Given a field element, proves two limbs to be the integer below the modulus, 0x7f00_0001, that it stands for. A
//! number of 32 bits can be larger: some elements stand for three of them.
//!
//! The integers allowed are those whose high limb is below 0x7f00, and 0x7f00_0000, the largest. The high limb is below
//! 0x7f00 if it lies in one of two intervals of 2^14 numbers each, from 0 or from 0x3f00; where they overlap either may
//! be named. Of the largest integer no bits are left to choose.

use p3_koala_bear::KoalaBear;

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::limbs::LIMB;

/// The high limb of the largest element, whose low limb is 0.
pub const LARGEST_HIGH: u32 = 0x7f00;

/// Where the upper interval of high limbs begins: it ends before [`LARGEST_HIGH`].
pub const UPPER_START: u32 = LARGEST_HIGH - (1 << INTERVAL_BITS);

/// Base-two logarithm of an interval's length.
const INTERVAL_BITS: u32 = 14;

columns! {
    /// The integers of `W` field elements.
    pub struct CanonicalCols<T, const W: usize> {
        /// The high limbs.
        pub high: [T; W],
        /// 1 if the high limb is in the lower interval, 0 if it is in the upper one or the largest.
        pub lower: [T; W],
        /// 1 if the element is the largest.
        pub largest: [T; W],
    }
}

impl<V: Copy, const W: usize> CanonicalCols<V, W> {
    /// The limbs of the integers that `elements` stand for, the low one first.
    pub fn limbs<B: Builder<Var = V>>(&self, b: &mut B, elements: [V; W], real: &B::Expr) -> [[B::Expr; 2]; W]
    where
        V: Var<B::Expr>,
    {
        core::array::from_fn(|i| {
            let [high, lower, largest] = [self.high[i], self.lower[i], self.largest[i]];
            b.assert_bool(lower);
            b.assert_bool(largest);
            let low = elements[i] - high * LIMB;
            // With `largest`, both ranges hold zero alone: the integer is 0x7f00_0000, or 0x4000_0000 if it is `lower` too.
            let start = constant::<B>(UPPER_START) - lower * KoalaBear::new(UPPER_START)
                + largest * KoalaBear::new(1 << INTERVAL_BITS);
            let bits = |all: u32| constant::<B>(all) - largest * KoalaBear::new(all);
            bus::range(b, high.into() - start, bits(INTERVAL_BITS), real.clone());
            bus::range(b, low.clone(), bits(16), real.clone());
            [low, high.into()]
        })
    }
}
