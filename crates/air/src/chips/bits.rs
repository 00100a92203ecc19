//! Counting leading zeros, trailing zeros and ones.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::Family;

use crate::bus::{Builder, Var};
use crate::columns::columns;
use crate::gadgets::bits::composed;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::padded;
use crate::gadgets::register::{ReadCols, WriteCols};

columns! {
    /// `d` = a count of the bits of `a`.
    pub struct BitCountCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 64-bit, else 32-bit.
        pub is64: T,
        /// Leading zeros.
        pub leading: T,
        /// Trailing zeros.
        pub trailing: T,
        /// Ones.
        pub ones: T,
        /// Destination index.
        pub d: T,
        /// Source index.
        pub a: T,
        /// The source.
        pub read: ReadCols<T, 4>,
        /// Its bits, least significant first.
        pub bits: [T; 64],
        /// Whether a one was seen up to here, from the low end, or from the high end for leading zeros.
        pub seen: [T; 64],
        /// The count.
        pub out: T,
        /// The destination.
        pub write: WriteCols<T>,
    }
}

impl<V: Copy> BitCountCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        for flag in [self.is64, self.leading, self.trailing, self.ones] {
            b.assert_bool(flag);
        }
        let real = &(self.leading + self.trailing + self.ones);
        b.assert_bool(real.clone());
        let flags = self.leading * KoalaBear::TWO
            + self.is64
            + self.trailing * KoalaBear::new(4)
            + self.ones * KoalaBear::new(8);
        self.cpu.fetch(
            b,
            Family::BitCount,
            Operands { flags, d: self.d.into(), a: self.a.into(), ..Operands::default() },
            real,
        );
        self.cpu.advance(b, real);
        self.read.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);

        for (limb, bits) in self.bits.chunks_exact(16).enumerate() {
            let value = composed::<B>(bits.iter().rev().map(|&bit| bit.into()));
            b.assert_eq(self.read.value[limb], value);
        }
        let mut seen = B::Expr::ZERO;
        let mut ones = B::Expr::ZERO;
        let mut unseen = B::Expr::ZERO;
        for i in 0..64 {
            b.assert_bool(self.bits[i]);
            ones += self.bits[i];
            // From the high end for leading zeros.
            let bit = (self.bits[63 - i] - self.bits[i]) * self.leading + self.bits[i];
            b.assert_eq(self.seen[i], seen.clone() + bit.clone() - seen * bit);
            seen = self.seen[i].into();
            unseen = unseen + B::Expr::ONE - self.seen[i];
        }
        // 64 bits were searched: 32-bit values have 32 zeros more in front, and behind when zero.
        let narrow = (B::Expr::ONE - self.is64) * KoalaBear::new(32);
        let leading = unseen.clone() - narrow.clone();
        let trailing = unseen - narrow * (B::Expr::ONE - seen);
        b.assert_eq(self.out, leading * self.leading + trailing * self.trailing + ones * self.ones);
        let out = padded::<B, 1>([self.out.into()]);
        self.write.write(b, self.cpu.register::<B>(self.d), out, self.cpu.slot::<B>(2), real);
    }
}
