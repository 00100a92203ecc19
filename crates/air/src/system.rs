//! The tables around the instructions: claim, cells, pages, bridges and fixed tables.

use p3_air::{AirBuilder, BoundaryEnd, BoundaryPublic};
use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::layout::{CLOCK_START, ENTRY_VALUES_MAX, LINK_BASE, PAGE_CELLS, REGISTER_BASE, STATIC_BASE};

use crate::bus::{self, Builder, Var, constant};
use crate::chips::{IO_ARGUMENT, IO_RESULT};
use crate::columns::{Cells, columns};
use crate::gadgets::limbs::{LIMB, divided, exprs};

/// Limbs of all arguments, or of all results.
const VALUE_LIMBS: usize = 4 * ENTRY_VALUES_MAX;

columns! {
    /// The claim: one row, pinned to the public values. All other rows are zero.
    pub struct ClaimCols<T> {
        /// 1.
        pub active: T,
        /// The entry's first instruction.
        pub entry_pc: T,
        /// Pages of linear memory at the start.
        pub pages: T,
        /// 0 or a trap code.
        pub outcome: T,
        /// 1 for every argument.
        pub argument_present: [T; ENTRY_VALUES_MAX],
        /// Limbs of the arguments.
        pub arguments: [T; VALUE_LIMBS],
        /// 1 for every result.
        pub result_present: [T; ENTRY_VALUES_MAX],
        /// Limbs of the results.
        pub results: [T; VALUE_LIMBS],
        /// 1 for every argument that the program takes before it ends; not a public value.
        pub argument_taken: [T; ENTRY_VALUES_MAX],
    }

    /// A cell's birth and end. Rows are sorted, so that every cell is born once.
    pub struct CellCols<T> {
        /// The image holds it, in linear memory.
        pub data: T,
        /// The image holds it, among the static cells.
        pub fixed: T,
        /// A page of linear memory makes it exist, as zero.
        pub memory: T,
        /// It is a register.
        pub register: T,
        /// It is a link.
        pub link: T,
        /// Cell address.
        pub address: T,
        /// The least address this row can have: one past the row before, or the first static cell.
        pub floor: T,
        /// Low limb of the address above the floor.
        pub gap: T,
        /// Page of a memory cell, or high limb of a register's or link's index.
        pub high: T,
        /// Rest of the address.
        pub low: T,
        /// Value at birth.
        pub initial: [T; 4],
        /// Clock of birth.
        pub birth: T,
        /// Value at the end.
        pub last: [T; 4],
        /// Clock of the last access.
        pub last_clock: T,
    }

    /// A page of linear memory.
    pub struct PageCols<T> {
        /// 1 for a page.
        pub real: T,
        /// Its number.
        pub page: T,
        /// The size its birth leads to.
        pub end: T,
        /// Clock of its birth.
        pub clock: T,
        /// Cells of it that were touched.
        pub touched: T,
    }

    /// A cell moved forward in time.
    pub struct BridgeCols<T> {
        /// 1 for a bridge.
        pub real: T,
        /// Cell address.
        pub address: T,
        /// Its value.
        pub value: [T; 4],
        /// From this clock.
        pub from: T,
        /// To this one.
        pub to: T,
        /// Low limb of the gap minus one.
        pub gap_low: T,
        /// Low limb of `to`.
        pub to_low: T,
    }

    /// How often a fixed row is used on its bus.
    pub struct TimesCols<T> {
        /// Times.
        pub times: T,
    }

    /// How often a pair of bytes is used on its two buses.
    pub struct ByteTimesCols<T> {
        /// Times for a conjunction.
        pub and: T,
        /// Times as a pair.
        pub pair: T,
    }

    /// An instruction of the program.
    pub struct RomFixed<T> {
        /// The message on the program bus.
        pub fields: [T; 9],
    }

    /// A value and a number of bits it fits.
    pub struct RangeFixed<T> {
        /// The value.
        pub value: T,
        /// The bits.
        pub bits: T,
    }

    /// Two bytes and their conjunction.
    pub struct ByteFixed<T> {
        /// First byte.
        pub a: T,
        /// Second byte.
        pub b: T,
        /// Conjunction.
        pub and: T,
    }

    /// The routing of a shift.
    pub struct ShiftFixed<T> {
        /// The message on the shift bus.
        pub fields: [T; 5],
    }

    /// An initial cell.
    pub struct ImageFixed<T> {
        /// 1 for a cell.
        pub real: T,
        /// Whether it is static.
        pub is_static: T,
        /// Cell address.
        pub address: T,
        /// Initial value.
        pub value: [T; 4],
    }
}

/// Public values of a proof: the first columns of [`ClaimCols`], in order.
pub const PUBLIC_VALUES: usize = <ClaimCols<u8> as Cells<u8>>::WIDTH - ENTRY_VALUES_MAX;

/// Pins these columns of the claim's first row to the public value of the same index.
pub static CLAIM_PINS: [BoundaryPublic; PUBLIC_VALUES] = {
    let mut pins = [BoundaryPublic::new(0, BoundaryEnd::First, 0); PUBLIC_VALUES];
    let mut i = 0;
    while i < PUBLIC_VALUES {
        pins[i] = BoundaryPublic::new(i, BoundaryEnd::First, i);
        i += 1;
    }
    pins
};

/// Columns of [`CellCols`] that are read from the next row: the five kinds and the floor.
pub const CELL_NEXT_COLUMNS: [usize; 6] = [0, 1, 2, 3, 4, 6];

impl<V: Copy> ClaimCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        // Only the first row acts, and it is pinned to the claim.
        let rest = B::Expr::ONE - b.is_first_row();
        for flag in self.argument_present.into_iter().chain(self.result_present).chain([self.active]) {
            b.assert_bool(flag);
            b.assert_zero(rest.clone() * flag);
        }
        for (taken, present) in self.argument_taken.into_iter().zip(self.argument_present) {
            b.assert_bool(taken);
            // A start function can trap before an argument is taken; none that is absent is taken.
            b.assert_zero((B::Expr::ONE - present) * taken);
        }
        let active: B::Expr = self.active.into();
        let start = [self.entry_pc.into(), B::Expr::ZERO, constant::<B>(CLOCK_START)];
        bus::send(b, bus::STATE, start, active.clone());
        bus::receive(b, bus::OUTCOME, [self.outcome.into()], active.clone());
        // The pages present at the start are born at clock 0.
        let pages: B::Expr = self.pages.into();
        bus::send(b, bus::PAGE_CHAIN, [B::Expr::ZERO, pages.clone(), B::Expr::ZERO], active.clone());
        bus::receive(b, bus::PAGE_CHAIN, [pages.clone(), pages, B::Expr::ZERO], active);
        for i in 0..ENTRY_VALUES_MAX {
            let fields = |kind: u32, limbs: &[V; VALUE_LIMBS]| {
                let limb = |j: usize| limbs[4 * i + j].into();
                #[expect(clippy::cast_possible_truncation, reason = "at most 32")]
                let index = constant::<B>(i as u32);
                [constant::<B>(kind), index, limb(0), limb(1), limb(2), limb(3)]
            };
            bus::send(b, bus::IO, fields(IO_ARGUMENT, &self.arguments), self.argument_taken[i].into());
            bus::receive(b, bus::IO, fields(IO_RESULT, &self.results), self.result_present[i].into());
        }
    }
}

impl<V: Copy> CellCols<V> {
    fn is_static<B: Builder<Var = V>>(&self) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        self.fixed + self.register + self.link
    }

    fn is_real<B: Builder<Var = V>>(&self) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        self.is_static::<B>() + self.data + self.memory
    }

    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, next: &Self)
    where
        V: Var<B::Expr>,
    {
        for flag in [self.data, self.fixed, self.memory, self.register, self.link] {
            b.assert_bool(flag);
        }
        let real = self.is_real::<B>();
        b.assert_bool(real.clone());
        self.check_order(b, next, &real);
        self.check_address(b, &real);

        let [i0, i1, i2, i3] = exprs::<B, 4>(self.initial);
        let image: B::Expr = self.data + self.fixed;
        let address: B::Expr = self.address.into();
        let message = [self.fixed.into(), address.clone(), i0.clone(), i1.clone(), i2.clone(), i3.clone()];
        bus::receive(b, bus::IMAGE, message, image.clone());
        for limb in self.initial {
            // What the image does not hold is born zero.
            b.assert_zero((B::Expr::ONE - image.clone()) * limb);
        }
        // All but a grown page's cells are born at clock 0.
        b.assert_zero((B::Expr::ONE - self.memory) * self.birth);
        bus::send(b, bus::PAGE, [self.high.into(), self.birth.into()], self.memory.into());

        bus::send(b, bus::MEMORY, [address.clone(), i0, i1, i2, i3, self.birth.into()], real.clone());
        let [l0, l1, l2, l3] = exprs::<B, 4>(self.last);
        bus::receive(b, bus::MEMORY, [address, l0, l1, l2, l3, self.last_clock.into()], real);
    }

    /// Addresses strictly increase: linear memory first, then static cells, registers and links.
    fn check_order<B: Builder<Var = V>>(&self, b: &mut B, next: &Self, real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        let static_base = constant::<B>(STATIC_BASE);
        let (upper, next_upper) = (self.is_static::<B>(), next.is_static::<B>());
        let next_real = next.is_real::<B>();
        let mut step = b.when_transition();
        // Rows end with padding, and linear memory does not come back.
        step.assert_zero((B::Expr::ONE - real.clone()) * next_real.clone());
        step.assert_zero(upper.clone() * (next_real.clone() - next_upper.clone()));
        // Where the upper cells begin, the floor is theirs: no gap ever reaches 2^29.
        let begins = (B::Expr::ONE - upper.clone()) * next_upper;
        let above = self.address + KoalaBear::ONE;
        let floor = begins * (static_base.clone() - above.clone()) + above;
        step.assert_zero(next_real * (floor - next.floor));
        b.when_first_row().assert_eq(self.floor, upper * static_base);
        b.assert_zero((B::Expr::ONE - real.clone()) * self.floor);

        bus::range(b, self.gap.into(), constant::<B>(16), real.clone());
        let gap_high = divided(self.address - self.floor - self.gap, 65_536);
        bus::range(b, gap_high, constant::<B>(13), real.clone());
    }

    /// A cell outside the image has an address that its kind allows.
    fn check_address<B: Builder<Var = V>>(&self, b: &mut B, real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        let indexed: B::Expr = self.register + self.link;
        let sized: B::Expr = indexed.clone() + self.memory;
        let scale = self.memory * KoalaBear::new(PAGE_CELLS) + indexed.clone() * LIMB;
        let base = self.register * KoalaBear::new(REGISTER_BASE) + self.link * KoalaBear::new(LINK_BASE);
        b.assert_eq(sized.clone() * self.address, scale * self.high + base + self.low);
        b.assert_zero((B::Expr::ONE - sized) * self.high);
        // 13 bits of a page; 16 bits of an index, whose high limb has 5 bits, or 4 for links:
        // links end exactly at the stack's limit.
        let low_bits = self.memory * KoalaBear::new(13) + indexed.clone() * KoalaBear::new(16);
        bus::range(b, self.low.into(), low_bits, real.clone());
        let high_bits = self.register * KoalaBear::new(5) + self.link * KoalaBear::new(4);
        bus::range(b, self.high.into(), high_bits, indexed);
    }
}

impl<V: Copy> PageCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        // A page that was not born is in no chain and may provide nothing.
        b.assert_zero((B::Expr::ONE - self.real) * self.touched);
        let (page, end, clock): (B::Expr, B::Expr, B::Expr) = (self.page.into(), self.end.into(), self.clock.into());
        let real: B::Expr = self.real.into();
        bus::receive(b, bus::PAGE_CHAIN, [page.clone(), end.clone(), clock.clone()], real.clone());
        bus::send(b, bus::PAGE_CHAIN, [page.clone() + B::Expr::ONE, end, clock.clone()], real);
        bus::provide(b, bus::PAGE, [page, clock], self.touched.into());
    }
}

impl<V: Copy> BridgeCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real: &B::Expr = &self.real.into();
        let [v0, v1, v2, v3] = exprs::<B, 4>(self.value);
        let message = |clock: V| [self.address.into(), v0.clone(), v1.clone(), v2.clone(), v3.clone(), clock.into()];
        bus::receive(b, bus::MEMORY, message(self.from), real.clone());
        bus::send(b, bus::MEMORY, message(self.to), real.clone());
        // Time goes forward by at most 2^29 and ends below 2^30: no chain of bridges wraps around.
        bus::range(b, self.gap_low.into(), constant::<B>(16), real.clone());
        let gap = self.to - self.from - B::Expr::ONE;
        bus::range(b, divided(gap - self.gap_low, 65_536), constant::<B>(13), real.clone());
        bus::range(b, self.to_low.into(), constant::<B>(16), real.clone());
        bus::range(b, divided(self.to - self.to_low, 65_536), constant::<B>(14), real.clone());
    }
}

impl<V: Copy> RomFixed<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, cols: &TimesCols<V>)
    where
        V: Var<B::Expr>,
    {
        bus::provide(b, bus::PROGRAM, exprs::<B, 9>(self.fields), cols.times.into());
    }
}

impl<V: Copy> RangeFixed<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, cols: &TimesCols<V>)
    where
        V: Var<B::Expr>,
    {
        bus::provide(b, bus::RANGE, [self.value.into(), self.bits.into()], cols.times.into());
    }
}

impl<V: Copy> ByteFixed<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, cols: &ByteTimesCols<V>)
    where
        V: Var<B::Expr>,
    {
        bus::provide(b, bus::AND, [self.a.into(), self.b.into(), self.and.into()], cols.and.into());
        bus::provide(b, bus::BYTES, [self.a.into(), self.b.into()], cols.pair.into());
    }
}

impl<V: Copy> ShiftFixed<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, cols: &TimesCols<V>)
    where
        V: Var<B::Expr>,
    {
        bus::provide(b, bus::SHIFT, exprs::<B, 5>(self.fields), cols.times.into());
    }
}

impl<V: Copy> ImageFixed<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B, cols: &TimesCols<V>)
    where
        V: Var<B::Expr>,
    {
        // Every cell of the image is taken exactly once, so none can be born as something else.
        b.assert_eq(cols.times, self.real);
        let [v0, v1, v2, v3] = exprs::<B, 4>(self.value);
        let message = [self.is_static.into(), self.address.into(), v0, v1, v2, v3];
        bus::send(b, bus::IMAGE, message, cols.times.into());
    }
}
