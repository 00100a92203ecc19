//! Loads: whole words, narrow ones, and those at any byte.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::Family;

use crate::bus::{Builder, Var};
use crate::columns::columns;
use crate::gadgets::address::AddressCols;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::{check_sign, split_bytes};
use crate::gadgets::register::{ReadCols, WriteCols};

const ONES: KoalaBear = KoalaBear::new(0xffff);

columns! {
    /// A load of 4 or 8 bytes at a multiple of its size.
    pub struct LoadWordCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 4 bytes.
        pub word32: T,
        /// 8 bytes.
        pub word64: T,
        /// Sign-extended to 64 bits.
        pub signed: T,
        /// Destination index.
        pub d: T,
        /// The address.
        pub address: AddressCols<T>,
        /// The word is the cell's high half.
        pub half: T,
        /// The cell.
        pub memory: ReadCols<T, 4>,
        /// The sign.
        pub sign: T,
        /// The destination.
        pub write: WriteCols<T>,
    }

    /// A load of 1 or 2 bytes at a multiple of its size.
    pub struct LoadNarrowCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 byte.
        pub word8: T,
        /// 2 bytes.
        pub word16: T,
        /// Sign-extended.
        pub signed: T,
        /// To 64 bits.
        pub to64: T,
        /// Destination index.
        pub d: T,
        /// The address.
        pub address: AddressCols<T>,
        /// 1 at the limb that is read.
        pub pick: [T; 4],
        /// The byte is the limb's high one.
        pub odd: T,
        /// The cell.
        pub memory: ReadCols<T, 4>,
        /// The limb that is read.
        pub limb: T,
        /// Its low byte, for 1 byte.
        pub low: T,
        /// The value before extension.
        pub value: T,
        /// The sign.
        pub sign: T,
        /// The destination.
        pub write: WriteCols<T>,
    }

    /// A load of 2, 4 or 8 bytes anywhere.
    pub struct LoadUnalignedCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 2 bytes.
        pub word16: T,
        /// 4 bytes.
        pub word32: T,
        /// 8 bytes.
        pub word64: T,
        /// Sign-extended.
        pub signed: T,
        /// To 64 bits.
        pub to64: T,
        /// Destination index.
        pub d: T,
        /// The address.
        pub address: AddressCols<T>,
        /// The two cells it can touch.
        pub cells: CellPairCols<T>,
        /// The sign.
        pub sign: T,
        /// The destination.
        pub write: WriteCols<T>,
    }

    /// Two neighbouring cells, as bytes, and where an access begins in the first.
    pub struct CellPairCols<T> {
        /// 1 at the byte of the first cell where the access begins.
        pub start: [T; 8],
        /// Whether the access reaches the second cell.
        pub crosses: T,
        /// The first cell.
        pub first: ReadCols<T, 4>,
        /// The second cell; zero unless crossed.
        pub second: ReadCols<T, 4>,
        /// Low bytes of the first cell's limbs.
        pub first_low: [T; 4],
        /// Low bytes of the second cell's limbs.
        pub second_low: [T; 4],
    }
}

/// What a load's width and extension flags select.
fn load_flags<B: Builder>(widths: [B::Expr; 4], signed: B::Expr, to64: B::Expr) -> B::Expr {
    let [w8, w16, w32, w64] = widths;
    w8 + w16.double()
        + w32 * KoalaBear::new(4)
        + w64 * KoalaBear::new(8)
        + signed * KoalaBear::new(16)
        + to64 * KoalaBear::new(32)
}

impl<V: Copy> AddressCols<V> {
    /// Fetches a load with destination `d`, and reads the base.
    fn fetch_load<B: Builder<Var = V>>(&self, b: &mut B, cpu: &CpuCols<V>, flags: B::Expr, d: V, real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        let imm = [self.offset[0].into(), self.offset[1].into(), B::Expr::ZERO, B::Expr::ZERO];
        cpu.fetch(b, Family::Load, Operands { flags, d: d.into(), a: self.a.into(), imm, ..Operands::default() }, real);
        cpu.advance(b, real);
        self.base.read(b, cpu.register::<B>(self.a), cpu.slot::<B>(0), real);
    }
}

impl<V: Copy> LoadWordCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        for flag in [self.word32, self.word64, self.signed, self.half] {
            b.assert_bool(flag);
        }
        let real = &(self.word32 + self.word64);
        b.assert_bool(real.clone());
        let widths = [B::Expr::ZERO, B::Expr::ZERO, self.word32.into(), self.word64.into()];
        let flags = load_flags::<B>(widths, self.signed.into(), self.signed.into());
        self.address.fetch_load(b, &self.cpu, flags, self.d, real);

        // Only a 4-byte word can be the high half.
        b.assert_zero((B::Expr::ONE - self.word32) * self.half);
        let cell = self.address.cell(b, self.half * KoalaBear::new(4), real);
        self.memory.read(b, cell, self.cpu.slot::<B>(1), real);
        let [m0, m1, m2, m3] = self.memory.value;
        let low = [(m2 - m0) * self.half + m0, (m3 - m1) * self.half + m1];
        check_sign(b, low[1].clone(), self.sign, self.signed.into());
        let [low0, low1] = low;
        let out = [low0, low1, self.word64 * m2 + self.sign * ONES, self.word64 * m3 + self.sign * ONES];
        self.write.write(b, self.cpu.register::<B>(self.d), out, self.cpu.slot::<B>(3), real);
    }
}

impl<V: Copy> LoadNarrowCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        for flag in [self.word8, self.word16, self.signed, self.to64, self.odd] {
            b.assert_bool(flag);
        }
        let real = &(self.word8 + self.word16);
        b.assert_bool(real.clone());
        let widths = [self.word8.into(), self.word16.into(), B::Expr::ZERO, B::Expr::ZERO];
        let flags = load_flags::<B>(widths, self.signed.into(), self.to64.into());
        self.address.fetch_load(b, &self.cpu, flags, self.d, real);

        // Only a single byte can be the high one.
        b.assert_zero((B::Expr::ONE - self.word8) * self.odd);
        let (byte, limb) = pick_limb(b, self.pick, self.memory.value, real);
        let cell = self.address.cell(b, byte + self.odd, real);
        self.memory.read(b, cell, self.cpu.slot::<B>(1), real);
        b.assert_eq(self.limb, limb);
        let high = split_bytes(b, self.limb.into(), self.low, self.word8.into());
        // The low byte says nothing unless it is used.
        b.assert_zero((B::Expr::ONE - self.word8) * self.low);
        let one_byte = (high - self.low) * self.odd + self.low;
        b.assert_eq(self.value, one_byte * self.word8 + self.word16 * self.limb);

        let top = self.word8 * self.value * KoalaBear::new(256) + self.word16 * self.value;
        check_sign(b, top, self.sign, self.signed.into());
        let fill = self.to64 * self.sign * ONES;
        let out = [self.word8 * self.sign * KoalaBear::new(0xff00) + self.value, self.sign * ONES, fill.clone(), fill];
        self.write.write(b, self.cpu.register::<B>(self.d), out, self.cpu.slot::<B>(3), real);
    }
}

/// The byte offset and the value of the limb that a one-hot `pick` names.
pub(crate) fn pick_limb<B: Builder>(
    b: &mut B,
    pick: [B::Var; 4],
    limbs: [B::Var; 4],
    real: &B::Expr,
) -> (B::Expr, B::Expr) {
    let mut sum = B::Expr::ZERO;
    let mut byte = B::Expr::ZERO;
    let mut limb = B::Expr::ZERO;
    for (i, (pick, value)) in (0..).zip(pick.into_iter().zip(limbs)) {
        b.assert_bool(pick);
        sum += pick;
        byte += pick * KoalaBear::new(2 * i);
        limb += pick * value;
    }
    b.assert_eq(sum, real.clone());
    (byte, limb)
}

impl<V: Copy> CellPairCols<V> {
    /// Constrains where the access of 2, 4 or 8 bytes begins, and whether it crosses.
    /// Returns the first byte and the checked bytes of both cells.
    pub(crate) fn check<B: Builder<Var = V>>(
        &self,
        b: &mut B,
        widths: [V; 3],
        real: &B::Expr,
    ) -> (B::Expr, [B::Expr; 16])
    where
        V: Var<B::Expr>,
    {
        let mut sum = B::Expr::ZERO;
        let mut byte = B::Expr::ZERO;
        let mut crosses = B::Expr::ZERO;
        for (i, start) in (0..8u32).zip(self.start) {
            b.assert_bool(start);
            sum += start;
            byte += start * KoalaBear::new(i);
            for (width, bytes) in widths.into_iter().zip([2, 4, 8]) {
                if i + bytes > 8 {
                    crosses += start * width;
                }
            }
        }
        b.assert_eq(sum, real.clone());
        b.assert_eq(self.crosses, crosses);
        for limb in self.second.value {
            // A cell that is not touched is zero here.
            b.assert_zero((B::Expr::ONE - self.crosses) * limb);
        }
        let mut bytes = core::array::from_fn(|_| B::Expr::ZERO);
        let limbs = self.first.value.into_iter().chain(self.second.value);
        let lows = self.first_low.into_iter().chain(self.second_low);
        for (pair, (limb, low)) in bytes.chunks_exact_mut(2).zip(limbs.zip(lows)) {
            let high = split_bytes(b, limb.into(), low, real.clone());
            pair.clone_from_slice(&[low.into(), high]);
        }
        (byte, bytes)
    }

    /// Byte `i` from where the access begins.
    fn byte_at<B: Builder<Var = V>>(&self, bytes: &[B::Expr; 16], i: usize) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        self.start.into_iter().enumerate().fold(B::Expr::ZERO, |sum, (at, start)| sum + bytes[at + i].clone() * start)
    }
}

impl<V: Copy> LoadUnalignedCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        for flag in [self.word16, self.word32, self.word64, self.signed, self.to64] {
            b.assert_bool(flag);
        }
        let real = &(self.word16 + self.word32 + self.word64);
        b.assert_bool(real.clone());
        let widths = [B::Expr::ZERO, self.word16.into(), self.word32.into(), self.word64.into()];
        let flags = load_flags::<B>(widths, self.signed.into(), self.to64.into());
        self.address.fetch_load(b, &self.cpu, flags, self.d, real);

        let (byte, bytes) = self.cells.check(b, [self.word16, self.word32, self.word64], real);
        let cell = self.address.cell(b, byte, real);
        self.cells.first.read(b, cell.clone(), self.cpu.slot::<B>(1), real);
        self.cells.second.read(b, cell + B::Expr::ONE, self.cpu.slot::<B>(2), &self.cells.crosses.into());
        let [l0, l1, l2, l3]: [B::Expr; 4] = core::array::from_fn(|i| {
            self.cells.byte_at::<B>(&bytes, 2 * i + 1) * KoalaBear::new(256) + self.cells.byte_at::<B>(&bytes, 2 * i)
        });
        check_sign(b, l0.clone() * self.word16 + l1.clone() * self.word32, self.sign, self.signed.into());
        let out = [
            l0,
            l1 * (self.word32 + self.word64) + self.word16 * self.sign * ONES,
            l2 * self.word64 + self.to64 * self.sign * ONES,
            l3 * self.word64 + self.to64 * self.sign * ONES,
        ];
        self.write.write(b, self.cpu.register::<B>(self.d), out, self.cpu.slot::<B>(3), real);
    }
}
