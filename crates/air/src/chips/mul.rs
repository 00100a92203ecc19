//! Multiplication of `W` limbs, modulo 2^(16 W).

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::Family;

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::{LIMB, check_limbs, exprs, padded, split_bytes};
use crate::gadgets::register::{ReadCols, WriteCols};

columns! {
    /// `d = a b`.
    pub struct MulCols<T, const W: usize> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// Destination index.
        pub d: T,
        /// First source index.
        pub a: T,
        /// Second source index.
        pub b: T,
        /// The first source.
        pub read_a: ReadCols<T, W>,
        /// The second source.
        pub read_b: ReadCols<T, W>,
        /// Low bytes of the first source's limbs.
        pub a_low: [T; W],
        /// Low bytes of the second source's limbs.
        pub b_low: [T; W],
        /// The product.
        pub out: [T; W],
        /// Carry out of each limb.
        pub carry: [T; W],
        /// The destination.
        pub write: WriteCols<T>,
    }
}

/// Bits that a carry of [`product_limb`] can need.
pub(crate) const PRODUCT_CARRY_BITS: u32 = 13;

/// Checked bytes of limbs, least significant first.
pub(crate) fn bytes_of<B: Builder, const W: usize>(
    b: &mut B,
    limbs: [B::Expr; W],
    low: [B::Var; W],
    real: &B::Expr,
) -> alloc::vec::Vec<B::Expr> {
    limbs.into_iter().zip(low).flat_map(|(limb, low)| [low.into(), split_bytes(b, limb, low, real.clone())]).collect()
}

/// The part of a product of bytes that falls into limb `k`, before carries: below 2^28.
pub(crate) fn product_limb<B: Builder>(a: &[B::Expr], b: &[B::Expr], k: usize) -> B::Expr {
    let column = |position: usize| {
        (0..a.len())
            .filter(|&i| i <= position && position - i < b.len())
            .fold(B::Expr::ZERO, |sum, i| sum + a[i].clone() * b[position - i].clone())
    };
    column(2 * k) + column(2 * k + 1) * KoalaBear::new(256)
}

impl<V: Copy, const W: usize> MulCols<V, W> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, family: Family)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        self.cpu.fetch(
            b,
            family,
            Operands { d: self.d.into(), a: self.a.into(), b: self.b.into(), ..Operands::default() },
            real,
        );
        self.cpu.advance(b, real);
        self.read_a.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        self.read_b.read(b, self.cpu.register::<B>(self.b), self.cpu.slot::<B>(1), real);

        let x = bytes_of(b, exprs::<B, W>(self.read_a.value), self.a_low, real);
        let y = bytes_of(b, exprs::<B, W>(self.read_b.value), self.b_low, real);
        let mut carry = B::Expr::ZERO;
        for k in 0..W {
            // Both sides stay below the modulus, so they are equal as integers.
            b.assert_eq(product_limb::<B>(&x, &y, k) + carry, self.carry[k] * LIMB + self.out[k]);
            bus::range(b, self.carry[k].into(), constant::<B>(PRODUCT_CARRY_BITS), real.clone());
            carry = self.carry[k].into();
        }
        let out = exprs::<B, W>(self.out);
        check_limbs(b, out.clone(), real);
        self.write.write(b, self.cpu.register::<B>(self.d), padded::<B, W>(out), self.cpu.slot::<B>(2), real);
    }
}
