//! Stores: whole words, narrow ones, and those at any byte.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::Family;

use crate::bus::{Builder, Var};
use crate::chips::load::{CellPairCols, pick_limb};
use crate::columns::columns;
use crate::gadgets::address::AddressCols;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::{exprs, split_bytes};
use crate::gadgets::register::ReadCols;

columns! {
    /// A store of 4 or 8 bytes at a multiple of its size.
    pub struct StoreWordCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 4 bytes.
        pub word32: T,
        /// 8 bytes.
        pub word64: T,
        /// Value index.
        pub b: T,
        /// The address.
        pub address: AddressCols<T>,
        /// The word is the cell's high half.
        pub half: T,
        /// The value.
        pub read: ReadCols<T, 4>,
        /// The cell, before.
        pub memory: ReadCols<T, 4>,
    }

    /// A store of 1 or 2 bytes at a multiple of its size.
    pub struct StoreNarrowCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 byte.
        pub word8: T,
        /// 2 bytes.
        pub word16: T,
        /// Value index.
        pub b: T,
        /// The address.
        pub address: AddressCols<T>,
        /// 1 at the limb that is written.
        pub pick: [T; 4],
        /// The byte is the limb's high one.
        pub odd: T,
        /// The value.
        pub read: ReadCols<T, 4>,
        /// The cell, before.
        pub memory: ReadCols<T, 4>,
        /// The limb that is written, before.
        pub limb: T,
        /// Its low byte, for 1 byte.
        pub low: T,
        /// The value's low byte, for 1 byte.
        pub byte: T,
        /// The limb that is written, after.
        pub after: T,
    }

    /// A store of 2, 4 or 8 bytes anywhere.
    pub struct StoreUnalignedCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 2 bytes.
        pub word16: T,
        /// 4 bytes.
        pub word32: T,
        /// 8 bytes.
        pub word64: T,
        /// Value index.
        pub b: T,
        /// The address.
        pub address: AddressCols<T>,
        /// The value.
        pub read: ReadCols<T, 4>,
        /// Low bytes of the value's limbs.
        pub value_low: [T; 4],
        /// The two cells it can touch, before.
        pub cells: CellPairCols<T>,
    }
}

impl<V: Copy> AddressCols<V> {
    /// Fetches a store of register `value`, and reads the base.
    fn fetch_store<B: Builder<Var = V>>(&self, b: &mut B, cpu: &CpuCols<V>, flags: B::Expr, value: V, real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        let imm = [self.offset[0].into(), self.offset[1].into(), B::Expr::ZERO, B::Expr::ZERO];
        cpu.fetch(
            b,
            Family::Store,
            Operands { flags, a: self.a.into(), b: value.into(), imm, ..Operands::default() },
            real,
        );
        cpu.advance(b, real);
        self.base.read(b, cpu.register::<B>(self.a), cpu.slot::<B>(0), real);
    }
}

impl<V: Copy> StoreWordCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        for flag in [self.word32, self.word64, self.half] {
            b.assert_bool(flag);
        }
        let real = &(self.word32 + self.word64);
        b.assert_bool(real.clone());
        let flags = self.word32 * KoalaBear::new(4) + self.word64 * KoalaBear::new(8);
        self.address.fetch_store(b, &self.cpu, flags, self.b, real);
        self.read.read(b, self.cpu.register::<B>(self.b), self.cpu.slot::<B>(1), real);

        // Only a 4-byte word can be the high half.
        b.assert_zero((B::Expr::ONE - self.word32) * self.half);
        let cell = self.address.cell(b, self.half * KoalaBear::new(4), real);
        let [v0, v1, v2, v3] = self.read.value;
        let [m0, m1, m2, m3] = self.memory.value;
        let low = real.clone() - self.half;
        let after = [
            low.clone() * (v0 - m0) + m0,
            low * (v1 - m1) + m1,
            (v2 - m2) * self.word64 + (v0 - m2) * self.half + m2,
            (v3 - m3) * self.word64 + (v1 - m3) * self.half + m3,
        ];
        self.memory.update(b, cell, after, self.cpu.slot::<B>(2), real);
    }
}

impl<V: Copy> StoreNarrowCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        for flag in [self.word8, self.word16, self.odd] {
            b.assert_bool(flag);
        }
        let real = &(self.word8 + self.word16);
        b.assert_bool(real.clone());
        let flags = self.word16 * KoalaBear::TWO + self.word8;
        self.address.fetch_store(b, &self.cpu, flags, self.b, real);
        self.read.read(b, self.cpu.register::<B>(self.b), self.cpu.slot::<B>(1), real);

        // Only a single byte can be the high one.
        b.assert_zero((B::Expr::ONE - self.word8) * self.odd);
        let (byte, limb) = pick_limb(b, self.pick, self.memory.value, real);
        let cell = self.address.cell(b, byte + self.odd, real);
        b.assert_eq(self.limb, limb);
        let one_byte = self.word8.into();
        let high = split_bytes(b, self.limb.into(), self.low, one_byte);
        split_bytes(b, self.read.value[0].into(), self.byte, self.word8.into());
        // The bytes say nothing unless they are used.
        b.assert_zero((B::Expr::ONE - self.word8) * self.low);
        b.assert_zero((B::Expr::ONE - self.word8) * self.byte);
        let even = high * KoalaBear::new(256) + self.byte;
        let odd = self.byte * KoalaBear::new(256) + self.low;
        let merged = (odd - even.clone()) * self.odd + even;
        b.assert_eq(self.after, merged * self.word8 + self.word16 * self.read.value[0]);
        let after = core::array::from_fn(|i| {
            let before = self.memory.value[i];
            (self.after - before) * self.pick[i] + before
        });
        self.memory.update(b, cell, after, self.cpu.slot::<B>(2), real);
    }
}

impl<V: Copy> StoreUnalignedCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        for flag in [self.word16, self.word32, self.word64] {
            b.assert_bool(flag);
        }
        let real = &(self.word16 + self.word32 + self.word64);
        b.assert_bool(real.clone());
        let flags = self.word16 * KoalaBear::TWO + self.word32 * KoalaBear::new(4) + self.word64 * KoalaBear::new(8);
        self.address.fetch_store(b, &self.cpu, flags, self.b, real);
        self.read.read(b, self.cpu.register::<B>(self.b), self.cpu.slot::<B>(1), real);

        let (byte, mut bytes) = self.cells.check(b, [self.word16, self.word32, self.word64], real);
        let cell = self.address.cell(b, byte, real);
        let mut value: [B::Expr; 8] = core::array::from_fn(|_| B::Expr::ZERO);
        for (pair, (limb, low)) in
            value.chunks_exact_mut(2).zip(exprs::<B, 4>(self.read.value).into_iter().zip(self.value_low))
        {
            let high = split_bytes(b, limb, low, real.clone());
            pair.clone_from_slice(&[low.into(), high]);
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            let before = byte.clone();
            for (i, value) in value.iter().enumerate().filter(|(i, _)| *i <= at && at - i < 8) {
                // Byte i of the value is written if the width reaches it.
                let reaches = match i {
                    0 | 1 => real.clone(),
                    2 | 3 => self.word32 + self.word64,
                    _ => self.word64.into(),
                };
                *byte = byte.clone() + (value.clone() - before.clone()) * reaches * self.cells.start[at - i];
            }
        }
        let limbs: [B::Expr; 8] =
            core::array::from_fn(|i| bytes[2 * i + 1].clone() * KoalaBear::new(256) + bytes[2 * i].clone());
        let [f0, f1, f2, f3, s0, s1, s2, s3] = limbs;
        self.cells.first.update(b, cell.clone(), [f0, f1, f2, f3], self.cpu.slot::<B>(2), real);
        let crosses = &self.cells.crosses.into();
        self.cells.second.update(b, cell + B::Expr::ONE, [s0, s1, s2, s3], self.cpu.slot::<B>(3), crosses);
    }
}
