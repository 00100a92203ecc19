//! Comparing two values of `W` limbs.
//!
//! Given checked limbs, proves whether the comparison that the flags name holds. The most
//! significant limb that differs is picked, and the sign of its difference decides.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::limbs::{LIMB, check_sign};

columns! {
    /// A comparison.
    pub struct CompareCols<T, const W: usize> {
        /// The comparison is for equality.
        pub equal: T,
        /// The comparison is for less than.
        pub less: T,
        /// The comparison is for greater than.
        pub greater: T,
        /// The comparison is negated.
        pub negate: T,
        /// The comparison is signed.
        pub signed: T,
        /// 1 at the most significant limb that differs.
        pub pick: [T; W],
        /// Whether the first value is the smaller.
        pub smaller: T,
        /// Difference of the picked limbs.
        pub difference: T,
        /// Signs of the two values, 0 when unsigned.
        pub signs: [T; 2],
        /// Whether the comparison holds.
        pub holds: T,
    }
}

impl<V: Copy, const W: usize> CompareCols<V, W> {
    /// Whether the row is an instruction: one comparison is named.
    pub fn real<B: Builder<Var = V>>(&self) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        self.equal + self.less + self.greater
    }

    /// The flags that select the instruction, as in [`provasm_isa::Family::Compare32`].
    pub fn flags<B: Builder<Var = V>>(&self) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        self.less * KoalaBear::TWO
            + self.equal
            + self.greater * KoalaBear::new(4)
            + self.negate * KoalaBear::new(8)
            + self.signed * KoalaBear::new(16)
    }

    /// Constrains `holds` for these operands.
    pub fn check<B: Builder<Var = V>>(&self, b: &mut B, x: [B::Expr; W], y: [B::Expr; W])
    where
        V: Var<B::Expr>,
    {
        let real = self.real::<B>();
        for flag in [self.equal, self.less, self.greater, self.negate, self.signed, self.smaller] {
            b.assert_bool(flag);
        }
        b.assert_bool(real);
        check_sign(b, x[W - 1].clone(), self.signs[0], self.signed.into());
        check_sign(b, y[W - 1].clone(), self.signs[1], self.signed.into());

        let mut differ = B::Expr::ZERO;
        let mut difference = B::Expr::ZERO;
        for i in (0..W).rev() {
            b.assert_bool(self.pick[i]);
            differ += self.pick[i];
            let delta = x[i].clone() - y[i].clone();
            // Limbs above the picked one are equal, and all are when none is picked.
            b.assert_zero((B::Expr::ONE - differ.clone()) * delta.clone());
            // Two's complement order is the unsigned order with the sign's weight negated.
            let weighed = if i == W - 1 { delta - (self.signs[0] - self.signs[1]) * LIMB } else { delta };
            difference += weighed * self.pick[i];
        }
        b.assert_bool(differ.clone());
        b.assert_eq(self.difference, difference);
        // Equal values are not smaller.
        b.assert_zero((B::Expr::ONE - differ.clone()) * self.smaller);
        // The difference is not zero and has the sign that `smaller` says.
        let sign = B::Expr::ONE - self.smaller.into().double();
        bus::range(b, sign * self.difference - B::Expr::ONE, constant::<B>(16), differ.clone());

        let holds = (B::Expr::ONE - differ.clone()) * self.equal
            + self.less * self.smaller
            + (differ - self.smaller) * self.greater;
        let negated = holds.clone() * self.negate;
        b.assert_eq(self.holds, holds + self.negate - negated.double());
    }
}
