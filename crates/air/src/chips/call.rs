//! Jumps, calls and returns.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::Family;
use provasm_isa::layout::STATIC_BASE;

use crate::bus::{Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::{BelowCols, check_below, exprs, joined, padded};
use crate::gadgets::register::ReadCols;

columns! {
    /// A jump.
    pub struct JumpCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// Where it jumps.
        pub target: T,
    }

    /// A jump by index.
    pub struct JumpTableCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// Index of the register that holds the index.
        pub a: T,
        /// Entries before the default.
        pub count: [T; 2],
        /// The index.
        pub read: ReadCols<T, 2>,
        /// Whether the index names an entry.
        pub below: BelowCols<T>,
    }

    /// A call.
    pub struct CallCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// Distance of the callee's frame.
        pub frame: T,
        /// The callee.
        pub target: T,
        /// The link of the callee's frame, before: a pc and a frame pointer.
        pub link: ReadCols<T, 2>,
    }

    /// A return.
    pub struct ReturnCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// The frame's link: where to return, and the caller's frame pointer.
        pub link: ReadCols<T, 2>,
    }

    /// A call through a table, or a tail call.
    pub struct CallIndirectCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// A tail call, which stays in the frame and leaves its link alone.
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
        /// Proof that it is below the size.
        pub below: BelowCols<T>,
        /// The element: type number plus one, then the callee's pc in two limbs.
        pub element: ReadCols<T, 3>,
        /// The link of the callee's frame, before; not accessed by a tail call.
        pub link: ReadCols<T, 2>,
    }
}

impl<V: Copy> JumpCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        let imm = padded::<B, 1>([self.target.into()]);
        self.cpu.fetch(b, Family::Jump, Operands { imm, ..Operands::default() }, real);
        self.cpu.jump(b, self.target.into(), real);
    }
}

impl<V: Copy> JumpTableCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        let imm = padded::<B, 2>(exprs::<B, 2>(self.count));
        self.cpu.fetch(b, Family::JumpTable, Operands { a: self.a.into(), imm, ..Operands::default() }, real);
        self.read.read(b, self.cpu.register::<B>(self.a), self.cpu.slot::<B>(0), real);
        check_below(b, exprs::<B, 2>(self.read.value), exprs::<B, 2>(self.count), self.below, real);
        let count = joined::<B>(self.count);
        let entry = (joined::<B>(self.read.value) - count.clone()) * self.below.below + count;
        self.cpu.jump(b, entry + self.cpu.pc + B::Expr::ONE, real);
    }
}

/// Writes the link of a callee's frame, which exists only within the stack: links are the last cells that there are.
fn write_link<B: Builder>(b: &mut B, cpu: &CpuCols<B::Var>, frame: B::Var, link: &ReadCols<B::Var, 2>, real: &B::Expr) {
    let after = [cpu.pc + KoalaBear::ONE, cpu.fp.into()];
    link.update(b, CpuCols::link::<B>(cpu.fp + frame), after, cpu.slot::<B>(2), real);
}

impl<V: Copy> CallCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        let imm = padded::<B, 1>([self.target.into()]);
        self.cpu.fetch(b, Family::Call, Operands { d: self.frame.into(), imm, ..Operands::default() }, real);
        write_link(b, &self.cpu, self.frame, &self.link, real);
        self.cpu.arrive(b, real);
        self.cpu.leave(b, self.target.into(), self.cpu.fp + self.frame, real);
    }
}

impl<V: Copy> ReturnCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        self.cpu.fetch(b, Family::Return, Operands::default(), real);
        self.link.read(b, CpuCols::link::<B>(self.cpu.fp.into()), self.cpu.slot::<B>(0), real);
        let [pc, fp] = self.link.value;
        self.cpu.arrive(b, real);
        self.cpu.leave(b, pc.into(), fp.into(), real);
    }
}

impl<V: Copy> CallIndirectCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        b.assert_bool(self.tail);
        let real = &self.real.into();
        // A tail call that is no instruction would give a link away that it never took.
        let links = &(self.real - self.tail);
        b.assert_bool(links.clone());
        // The frame stays, with its link.
        b.assert_zero(self.tail * self.frame);
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
        // An index beyond the table would name another table's element.
        b.assert_eq(self.below.below, self.real);
        let cell = joined::<B>(self.read.value) + self.first + constant::<B>(STATIC_BASE);
        self.element.read(b, cell, self.cpu.slot::<B>(1), real);
        let [number, pc_low, pc_high] = self.element.value;
        // The element is of the call's type; a null element holds 0 here.
        b.assert_zero((number - self.function_type - B::Expr::ONE) * self.real);
        write_link(b, &self.cpu, self.frame, &self.link, links);
        self.cpu.arrive(b, real);
        self.cpu.leave(b, joined::<B>([pc_low, pc_high]), self.cpu.fp + self.frame, real);
    }
}
