//! The tables around the instructions: claim, bridges and fixed tables.

use p3_air::{BoundaryEnd, BoundaryPublic};
use p3_field::PrimeCharacteristicRing;
use provasm_isa::layout::{CLOCK_SIZE, CLOCK_START, ENTRY_VALUES_MAX, STATIC_BASE, STATIC_MEMORY_SIZE, TREE_DEPTH};

use crate::bus::{self, Builder, Var, constant};
use crate::chips::{IO_ARGUMENT, IO_RESULT};
use crate::columns::{Cells, columns};
use crate::gadgets::limbs::{divided, exprs, joined};
use crate::state::{TREE_UPPER, TreeNode};
use crate::tree::DIGEST;

/// Limbs of all arguments, or of all results.
const VALUE_LIMBS: usize = 4 * ENTRY_VALUES_MAX;

columns! {
    /// The claim: one row, whose first columns are pinned to the public values. In all other rows
    /// the flags and counts are zero.
    pub struct ClaimCols<T> {
        /// 1.
        pub active: T,
        /// The machine at the segment's start.
        pub before: StateCols<T>,
        /// The machine at its end; pc and frame pointer are zero once the run has ended.
        pub after: StateCols<T>,
        /// 1 if the run ends in this segment.
        pub last: T,
        /// Of the last segment: 0, a trap code, or 255 of a program that exited.
        pub outcome: T,
        /// Limbs of the exit code.
        pub exit_code: [T; 2],
        /// 1 for every argument.
        pub argument_present: [T; ENTRY_VALUES_MAX],
        /// Limbs of the arguments.
        pub arguments: [T; VALUE_LIMBS],
        /// 1 for every result that is given in this segment.
        pub result_given: [T; ENTRY_VALUES_MAX],
        /// Limbs of these results.
        pub results: [T; VALUE_LIMBS],
        /// 1 for every argument that the program takes in this segment; not a public value.
        pub argument_taken: [T; ENTRY_VALUES_MAX],
        /// The clock at the end of a segment that is not the last.
        pub end_clock: T,
        /// Limbs of the memory's size in pages, at the start.
        pub pages: [T; 4],
        /// Touched pages that are there from the start.
        pub touched: T,
    }

    /// The machine between two instructions.
    pub struct StateCols<T> {
        /// Index of the next instruction.
        pub pc: T,
        /// Frame pointer.
        pub fp: T,
        /// Root of the state tree.
        pub root: [T; DIGEST],
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
}

/// Columns of the claim that the prover fills as he likes: the last ones.
const CLAIM_FREE: usize = ENTRY_VALUES_MAX + 6;

/// Public values of a proof: the first columns of [`ClaimCols`], in order.
pub const PUBLIC_VALUES: usize = <ClaimCols<u8> as Cells<u8>>::WIDTH - CLAIM_FREE;

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

impl<V: Copy> ClaimCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        // Only the first row acts, and it is pinned to the claim.
        let rest = B::Expr::ONE - b.is_first_row();
        for flag in self.argument_present.into_iter().chain(self.result_given).chain([self.active, self.last]) {
            b.assert_bool(flag);
            b.assert_zero(rest.clone() * flag);
        }
        for (taken, present) in self.argument_taken.into_iter().zip(self.argument_present) {
            b.assert_bool(taken);
            // An argument can be taken in another segment, or never; none that is absent is taken.
            b.assert_zero((B::Expr::ONE - present) * taken);
        }
        let active: B::Expr = self.active.into();
        let start = [self.before.pc.into(), self.before.fp.into(), constant::<B>(CLOCK_START)];
        bus::send(b, bus::STATE, start, active.clone());
        // The run ends in this segment, or execution stands where the next one begins.
        let [low, high] = exprs::<B, 2>(self.exit_code);
        bus::receive(b, bus::OUTCOME, [self.outcome.into(), low, high], self.last.into());
        let end = [self.after.pc.into(), self.after.fp.into(), self.end_clock.into()];
        bus::receive(b, bus::STATE, end, self.active - self.last);
        self.open_tree(b, &active);
        for i in 0..ENTRY_VALUES_MAX {
            let fields = |kind: u32, limbs: &[V; VALUE_LIMBS]| {
                let limb = |j: usize| limbs[4 * i + j].into();
                #[expect(clippy::cast_possible_truncation, reason = "at most 32")]
                let index = constant::<B>(i as u32);
                [constant::<B>(kind), index, limb(0), limb(1), limb(2), limb(3)]
            };
            bus::send(b, bus::IO, fields(IO_ARGUMENT, &self.arguments), self.argument_taken[i].into());
            bus::receive(b, bus::IO, fields(IO_RESULT, &self.results), self.result_given[i].into());
        }
    }

    /// Opens the state tree at its root, and makes the pages exist that the memory's size counts.
    fn open_tree<B: Builder<Var = V>>(&self, b: &mut B, active: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        let level = constant::<B>(TREE_UPPER + TREE_DEPTH);
        let root = TreeNode { level, index: B::Expr::ZERO, birth: B::Expr::ZERO };
        for side in root.sides(exprs::<B, DIGEST>(self.before.root), exprs::<B, DIGEST>(self.after.root)) {
            bus::send(b, bus::TREE, side, active.clone());
        }

        // Before the first instruction the size is what the tree says: it is taken at clock 0.
        let size = |clock: u32| {
            let [v0, v1, v2, v3] = exprs::<B, 4>(self.pages);
            [constant::<B>(STATIC_BASE + STATIC_MEMORY_SIZE), v0, v1, v2, v3, constant::<B>(clock)]
        };
        bus::receive(b, bus::MEMORY, size(0), active.clone());
        bus::send(b, bus::MEMORY, size(CLOCK_SIZE), active.clone());
        // Other rows have no size to vouch for.
        b.assert_zero((B::Expr::ONE - active.clone()) * self.touched);
        let pages = joined::<B>([self.pages[0], self.pages[1]]);
        bus::provide(b, bus::GROWTH, [B::Expr::ZERO, pages, B::Expr::ZERO], self.touched.into());
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
