//! Shifting `W` limbs by an amount whose routing is known: see [`provasm_isa::ShiftRouting`].

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::limbs::{LIMB, check_sign};

columns! {
    /// A shift.
    pub struct ShiftCols<T, const W: usize> {
        /// 1 at the limb distance, when straight contributions are kept.
        pub straight: [T; W],
        /// 1 at the limb distance, when wrapped contributions are kept.
        pub wrapped: [T; W],
        /// Whether the sign fills.
        pub signed: T,
        /// Bits of the rotation beyond whole limbs.
        pub bits: T,
        /// Two to the `bits`.
        pub power: T,
        /// High `bits` bits of each limb.
        pub high: [T; W],
        /// The other bits of each limb.
        pub low: [T; W],
        /// The sign that fills.
        pub sign: T,
    }
}

impl<V: Copy, const W: usize> ShiftCols<V, W> {
    /// The routing as one number, as [`crate::rom::routing_flags`] packs it.
    pub fn flags<B: Builder<Var = V>>(&self) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        let mut flags = self.signed * KoalaBear::new(1 << (2 * W));
        for i in 0..W {
            flags = flags + self.straight[i] * KoalaBear::new(1 << i) + self.wrapped[i] * KoalaBear::new(1 << (W + i));
        }
        flags
    }

    /// The limbs of `value` shifted. `bits`, `power` and the flags must come from a fixed table.
    pub fn check<B: Builder<Var = V>>(&self, b: &mut B, value: [B::Expr; W], real: &B::Expr) -> [B::Expr; W]
    where
        V: Var<B::Expr>,
    {
        for flag in self.straight.into_iter().chain(self.wrapped) {
            b.assert_bool(flag);
        }
        b.assert_bool(self.signed);
        check_sign(b, value[W - 1].clone(), self.sign, self.signed.into());
        for (i, value) in value.iter().enumerate() {
            // limb = high 2^(16 - bits) + low, scaled by 2^bits: exact, as both parts are checked.
            b.assert_eq((value.clone() - self.low[i]) * self.power, self.high[i] * LIMB);
            bus::range(b, self.high[i].into(), self.bits.into(), real.clone());
            bus::range(b, self.low[i].into(), constant::<B>(16) - self.bits, real.clone());
        }
        core::array::from_fn(|j| self.limb::<B>(j))
    }

    /// Limb `j` of the result: what rotates into it, if kept, and the sign's fill.
    fn limb<B: Builder<Var = V>>(&self, j: usize) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        let mut limb = B::Expr::ZERO;
        let mut fill = B::Expr::ZERO;
        for distance in 0..W {
            let kept = |wraps: bool| if wraps { self.wrapped[distance] } else { self.straight[distance] };
            let low = (j + W - distance) % W;
            let high = (j + 2 * W - distance - 1) % W;
            limb = limb + (self.low[low] * self.power) * kept(distance > j) + self.high[high] * kept(distance + 1 > j);
            // Bits above 16 distance + bits are vacated.
            if distance < j {
                fill += self.wrapped[distance] * KoalaBear::new(65_535);
            } else if distance == j {
                fill += (constant::<B>(65_536) - self.power) * self.wrapped[distance];
            }
        }
        limb + fill * self.sign
    }
}
