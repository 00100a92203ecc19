//! Traps: rows that end a run and prove why.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::layout::{STACK_REGISTERS, STATIC_BASE, STATIC_MEMORY_SIZE};
use provasm_isa::{Family, Trap};

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::address::AddressCols;
use crate::gadgets::cpu::{CpuCols, Operands, selector};
use crate::gadgets::limbs::{BelowCols, LIMB, check_below, exprs, joined, padded};
use crate::gadgets::register::ReadCols;
use crate::rom::SELECTOR_STRIDE;

columns! {
    /// `trap`.
    pub struct TrapCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// The trap's code.
        pub code: T,
    }

    /// A call whose frame would begin beyond the stack.
    pub struct CallTrapCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// Distance of the callee's frame.
        pub frame: T,
        /// The callee.
        pub target: T,
    }

    /// A load or store whose last byte lies beyond the memory.
    pub struct MemoryTrapCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for 1, 2, 4 and 8 bytes.
        pub width: [T; 4],
        /// A store, else a load.
        pub store: T,
        /// A sign-extended load.
        pub signed: T,
        /// A sign-extended load to 64 bits.
        pub to64: T,
        /// Field `d` of the instruction.
        pub d: T,
        /// Field `b` of the instruction.
        pub b: T,
        /// The address; its carry is that of the last byte's, 0 to 2.
        pub address: AddressCols<T>,
        /// Size in pages.
        pub size: ReadCols<T, 2>,
        /// Low limb of the last byte's address.
        pub low: T,
        /// Low limb of the pages from the size to the last byte's.
        pub beyond: T,
        /// The rest of them, in 2^16: 0 to 2.
        pub beyond_high: T,
    }

    /// A call or tail call through a table that traps.
    pub struct IndirectTrapCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// The index is beyond the table.
        pub undefined: T,
        /// The element is null.
        pub null: T,
        /// The element is of another type.
        pub mismatch: T,
        /// The callee's frame would begin beyond the stack.
        pub exhausted: T,
        /// A tail call.
        pub tail: T,
        /// Distance of the callee's frame.
        pub frame: T,
        /// Index of the register that holds the table index.
        pub a: T,
        /// Type number of the callee.
        pub function_type: T,
        /// First static cell of the table.
        pub first: T,
        /// Elements in the table.
        pub size: [T; 2],
        /// The table index.
        pub read: ReadCols<T, 2>,
        /// Whether it is below the size.
        pub below: BelowCols<T>,
        /// The element; zero when undefined.
        pub element: ReadCols<T, 3>,
        /// Type number of the element minus the call's.
        pub difference: T,
        /// Inverse of number times difference, on a mismatch.
        pub inverse: T,
    }
}

fn code(trap: Trap) -> KoalaBear {
    KoalaBear::new(u32::from(trap.code()))
}

impl<V: Copy> TrapCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        let imm = padded::<B, 1>([self.code.into()]);
        self.cpu.fetch(b, Family::Trap, Operands { imm, ..Operands::default() }, real);
        self.cpu.finish(b, self.code.into(), real);
    }
}

impl<V: Copy> CallTrapCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        let imm = padded::<B, 1>([self.target.into()]);
        self.cpu.fetch(b, Family::Call, Operands { d: self.frame.into(), imm, ..Operands::default() }, real);
        check_exhausted(b, &self.cpu, self.frame, real);
        self.cpu.finish(b, real.clone() * code(Trap::CallStackExhausted), real);
    }
}

/// Proves that a frame at distance `frame` would begin beyond the stack.
fn check_exhausted<B: Builder>(b: &mut B, cpu: &CpuCols<B::Var>, frame: B::Var, exhausted: &B::Expr) {
    // The frame pointer is below the limit and the distance below 2^16.
    let beyond = cpu.fp + frame - constant::<B>(STACK_REGISTERS);
    bus::range(b, beyond, constant::<B>(16), exhausted.clone());
}

impl<V: Copy> MemoryTrapCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        for flag in self.width.into_iter().chain([self.store, self.signed, self.to64]) {
            b.assert_bool(flag);
        }
        let [w1, w2, w4, w8] = self.width;
        let real = &(w1 + w2 + w4 + w8);
        b.assert_bool(real.clone());
        let flags = w2 * KoalaBear::TWO
            + w1
            + w4 * KoalaBear::new(4)
            + w8 * KoalaBear::new(8)
            + self.signed * KoalaBear::new(16)
            + self.to64 * KoalaBear::new(32);
        let to_store = KoalaBear::new((Family::Store as u32 - Family::Load as u32) * SELECTOR_STRIDE);
        let selector = selector::<B>(Family::Load, flags) + self.store * to_store;
        let AddressCols { a, base, offset, carry } = self.address;
        let imm = padded::<B, 2>(exprs::<B, 2>(offset));
        self.cpu.fetch_selected(
            b,
            selector,
            Operands { d: self.d.into(), a: a.into(), b: self.b.into(), imm, ..Operands::default() },
            real,
        );
        base.read(b, self.cpu.register::<B>(a), self.cpu.slot::<B>(0), real);
        let size_cell = constant::<B>(STATIC_BASE + STATIC_MEMORY_SIZE);
        self.size.read(b, size_cell, self.cpu.slot::<B>(1), real);

        // The last byte: base + offset + width - 1, as a low limb and a page.
        let last = w2 + w4 * KoalaBear::new(3) + w8 * KoalaBear::new(7);
        let low = base.value[0] + offset[0] + last - carry * LIMB;
        b.assert_eq(self.low, low);
        bus::range(b, self.low.into(), constant::<B>(16), real.clone());
        let page = base.value[1] + offset[1] + carry;
        // Its page is not below the size.
        b.assert_eq(page, joined::<B>(self.size.value) + self.beyond + self.beyond_high * LIMB);
        bus::range(b, self.beyond.into(), constant::<B>(16), real.clone());
        for small in [carry, self.beyond_high] {
            let value = small.into();
            b.assert_zero(value.bool_check() * (value - KoalaBear::TWO));
        }
        self.cpu.finish(b, real.clone() * code(Trap::MemoryOutOfBounds), real);
    }
}

impl<V: Copy> IndirectTrapCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        for flag in [self.undefined, self.null, self.mismatch, self.exhausted, self.tail] {
            b.assert_bool(flag);
        }
        // A tail call stays in its frame, which lies within the stack.
        b.assert_zero(self.tail * self.frame);
        b.assert_zero(self.tail * self.exhausted);
        let defined = &(self.null + self.mismatch + self.exhausted);
        let real = &(defined.clone() + self.undefined);
        b.assert_bool(real.clone());
        let imm = padded::<B, 3>([self.first.into(), self.size[0].into(), self.size[1].into()]);
        self.cpu.fetch(
            b,
            Family::CallIndirect,
            Operands {
                flags: self.tail.into(),
                d: self.frame.into(),
                a: self.a.into(),
                b: self.function_type.into(),
                imm,
            },
            real,
        );
        self.read.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        check_below(b, exprs::<B, 2>(self.read.value), exprs::<B, 2>(self.size), self.below, real);
        // The index is beyond the table exactly when the element is undefined.
        b.assert_eq(self.below.below, defined.clone());
        let cell = joined::<B>(self.read.value) + self.first + constant::<B>(STATIC_BASE);
        self.element.read(b, cell, self.cpu.slot::<B>(1), defined);

        let number = self.element.value[0];
        // A null element is 0, and every other holds a type number plus one.
        b.assert_zero(self.null * number);
        b.assert_zero((number - self.function_type - B::Expr::ONE - self.difference) * defined.clone());
        b.assert_eq(number * self.difference * self.inverse, self.mismatch);
        // The type is checked before the stack is.
        b.assert_zero(self.exhausted * self.difference);
        check_exhausted(b, &self.cpu, self.frame, &self.exhausted.into());
        let kind = self.undefined * code(Trap::UndefinedElement)
            + self.null * code(Trap::UninitializedElement)
            + self.mismatch * code(Trap::IndirectCallTypeMismatch)
            + self.exhausted * code(Trap::CallStackExhausted);
        self.cpu.finish(b, kind, real);
    }
}
