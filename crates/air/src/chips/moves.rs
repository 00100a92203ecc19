//! Constants, copies, extensions and selection.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::Family;
use provasm_isa::layout::{REGISTER_BASE, STATIC_BASE};

use crate::bus::{Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::{check_sign, exprs, padded, split_bytes};
use crate::gadgets::register::{ReadCols, WriteCols};

columns! {
    /// `d = imm`.
    pub struct ConstCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// Destination index.
        pub d: T,
        /// The constant.
        pub imm: [T; 4],
        /// The destination.
        pub write: WriteCols<T>,
    }

    /// `d = a`, each a register or a static cell.
    pub struct CopyCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// The source is a static cell.
        pub from_static: T,
        /// The destination is a static cell.
        pub to_static: T,
        /// Destination index.
        pub d: T,
        /// Source index.
        pub a: T,
        /// The source.
        pub read: ReadCols<T, 4>,
        /// The destination.
        pub write: WriteCols<T>,
    }

    /// `d` = the low bits of `a`, extended.
    pub struct ExtendCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// From 8 bits.
        pub from8: T,
        /// From 16 bits.
        pub from16: T,
        /// From 32 bits.
        pub from32: T,
        /// To 64 bits.
        pub to64: T,
        /// With the sign.
        pub signed: T,
        /// Destination index.
        pub d: T,
        /// Source index.
        pub a: T,
        /// The source.
        pub read: ReadCols<T, 4>,
        /// Low byte of the source, from 8 bits.
        pub byte: T,
        /// The sign.
        pub sign: T,
        /// The destination.
        pub write: WriteCols<T>,
    }

    /// `d = c != 0 ? a : b`.
    pub struct SelectCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// Destination index.
        pub d: T,
        /// Index of the value for a condition that is not 0.
        pub a: T,
        /// Index of the value for 0.
        pub b: T,
        /// Index of the condition.
        pub c: T,
        /// The value for a condition that is not 0.
        pub read_a: ReadCols<T, 4>,
        /// The value for 0.
        pub read_b: ReadCols<T, 4>,
        /// The condition.
        pub condition: ReadCols<T, 2>,
        /// Inverse of the condition's limb sum, or 0.
        pub inverse: T,
        /// The destination.
        pub write: WriteCols<T>,
    }
}

impl<V: Copy> ConstCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        let imm = exprs::<B, 4>(self.imm);
        self.cpu.fetch(b, Family::Const, Operands { d: self.d.into(), imm: imm.clone(), ..Operands::default() }, real);
        self.cpu.advance(b, real);
        let address = self.cpu.register::<B>(self.d);
        self.write.write(b, address, imm, self.cpu.slot::<B>(2), real);
    }
}

impl<V: Copy> CopyCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        b.assert_bool(self.from_static);
        b.assert_bool(self.to_static);
        let real = &self.real.into();
        let flags = self.to_static * KoalaBear::TWO + self.from_static;
        self.cpu.fetch(
            b,
            Family::Copy,
            Operands { flags, d: self.d.into(), a: self.a.into(), ..Operands::default() },
            real,
        );
        self.cpu.advance(b, real);
        // The register file moved to the static cells, and the frame pointer dropped.
        let address = |index: V, is_static: V| {
            let shift = self.cpu.fp + constant::<B>(REGISTER_BASE - STATIC_BASE);
            self.cpu.register::<B>(index) - shift * is_static
        };
        self.read.read(b, address(self.a, self.from_static), self.cpu.slot::<B>(0), real);
        let value = exprs::<B, 4>(self.read.value);
        self.write.write(b, address(self.d, self.to_static), value, self.cpu.slot::<B>(2), real);
    }
}

impl<V: Copy> ExtendCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        for flag in [self.from8, self.from16, self.from32, self.to64, self.signed] {
            b.assert_bool(flag);
        }
        let real = &(self.from8 + self.from16 + self.from32);
        b.assert_bool(real.clone());
        let flags = self.from16 * KoalaBear::TWO
            + self.from8
            + self.from32 * KoalaBear::new(4)
            + self.to64 * KoalaBear::new(8)
            + self.signed * KoalaBear::new(16);
        self.cpu.fetch(
            b,
            Family::Extend,
            Operands { flags, d: self.d.into(), a: self.a.into(), ..Operands::default() },
            real,
        );
        self.cpu.advance(b, real);
        let address = self.cpu.register::<B>(self.a);
        self.read.read(b, address, self.cpu.slot::<B>(0), real);

        let [v0, v1, ..] = self.read.value;
        split_bytes(b, v0.into(), self.byte, self.from8.into());
        // The byte column says nothing unless it is used.
        b.assert_zero((B::Expr::ONE - self.from8) * self.byte);
        let top = self.from8 * self.byte * KoalaBear::new(256) + self.from16 * v0 + self.from32 * v1;
        check_sign(b, top, self.sign, self.signed.into());
        let out = [
            self.from8 * self.byte + (self.from16 + self.from32) * v0 + self.from8 * self.sign * KoalaBear::new(0xff00),
            self.from32 * v1 + (self.from8 + self.from16) * self.sign * KoalaBear::new(0xffff),
            self.to64 * self.sign * KoalaBear::new(0xffff),
            self.to64 * self.sign * KoalaBear::new(0xffff),
        ];
        let address = self.cpu.register::<B>(self.d);
        self.write.write(b, address, out, self.cpu.slot::<B>(2), real);
    }
}

impl<V: Copy> SelectCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        let mut imm = padded::<B, 0>([]);
        imm[0] = self.c.into();
        self.cpu.fetch(
            b,
            Family::Select,
            Operands { d: self.d.into(), a: self.a.into(), b: self.b.into(), imm, ..Operands::default() },
            real,
        );
        self.cpu.advance(b, real);
        self.read_a.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        self.read_b.read(b, self.cpu.register::<B>(self.b), self.cpu.slot::<B>(1), real);
        self.condition.read(b, self.cpu.register::<B>(self.c), self.cpu.slot::<B>(2), real);

        // Both limbs are below 2^16, so their sum is zero only when both are.
        let sum = self.condition.value[0] + self.condition.value[1];
        let chosen = sum.clone() * self.inverse;
        b.assert_zero((B::Expr::ONE - chosen.clone()) * sum);
        // Without a condition there is no inverse, so `chosen` is 0 or 1.
        b.assert_zero((B::Expr::ONE - chosen.clone()) * self.inverse);
        let out = core::array::from_fn(|i| {
            chosen.clone() * (self.read_a.value[i] - self.read_b.value[i]) + self.read_b.value[i]
        });
        self.write.write(b, self.cpu.register::<B>(self.d), out, self.cpu.slot::<B>(3), real);
    }
}
