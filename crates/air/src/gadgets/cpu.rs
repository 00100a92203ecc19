//! Fetching an instruction and passing execution on.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::Family;
use provasm_isa::layout::CLOCK_STEP;

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::rom::SELECTOR_STRIDE;

columns! {
    /// Where execution stands at an instruction.
    pub struct CpuCols<T> {
        /// Index of the instruction.
        pub pc: T,
        /// Frame pointer.
        pub fp: T,
        /// Clock of the first access slot.
        pub clock: T,
    }
}

/// The operands a chip fetches; what it leaves out is fetched as zero.
pub struct Operands<E> {
    /// Flags within the family.
    pub flags: E,
    /// Field `d` of the program bus.
    pub d: E,
    /// Field `a` of the program bus.
    pub a: E,
    /// Field `b` of the program bus.
    pub b: E,
    /// Fields `i0` to `i3` of the program bus.
    pub imm: [E; 4],
}

impl<E: PrimeCharacteristicRing> Default for Operands<E> {
    fn default() -> Self {
        Self { flags: E::ZERO, d: E::ZERO, a: E::ZERO, b: E::ZERO, imm: [E::ZERO, E::ZERO, E::ZERO, E::ZERO] }
    }
}

/// The selector of a family's member with these flags.
#[must_use]
pub fn selector<B: Builder>(family: Family, flags: B::Expr) -> B::Expr {
    flags + KoalaBear::new(family as u32 * SELECTOR_STRIDE)
}

impl<V: Copy> CpuCols<V> {
    /// Fetches an instruction of `family` at this pc: it is in the committed program.
    pub fn fetch<B: Builder<Var = V>>(&self, b: &mut B, family: Family, operands: Operands<B::Expr>, real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        let selector = selector::<B>(family, operands.flags.clone());
        self.fetch_selected(b, selector, operands, real);
    }

    /// Fetches an instruction whose selector the caller composes.
    pub fn fetch_selected<B: Builder<Var = V>>(
        &self,
        b: &mut B,
        selector: B::Expr,
        operands: Operands<B::Expr>,
        real: &B::Expr,
    ) where
        V: Var<B::Expr>,
    {
        let [i0, i1, i2, i3] = operands.imm;
        let fields = [self.pc.into(), selector, operands.d, operands.a, operands.b, i0, i1, i2, i3];
        bus::send(b, bus::PROGRAM, fields, real.clone());
    }

    /// The clock of an access slot.
    pub fn slot<B: Builder<Var = V>>(&self, slot: u32) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        self.clock + KoalaBear::new(slot)
    }

    /// Takes the state token at this instruction and ends the run with `code`, which is no exit.
    pub fn finish<B: Builder<Var = V>>(&self, b: &mut B, code: B::Expr, real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        self.arrive(b, real);
        bus::send(b, bus::OUTCOME, [code, B::Expr::ZERO, B::Expr::ZERO], real.clone());
    }

    /// Takes the state token at this instruction.
    pub fn arrive<B: Builder<Var = V>>(&self, b: &mut B, real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        bus::receive(b, bus::STATE, [self.pc.into(), self.fp.into(), self.clock.into()], real.clone());
    }

    /// Passes the state token on to `pc` and `fp`.
    pub fn leave<B: Builder<Var = V>>(&self, b: &mut B, pc: B::Expr, fp: B::Expr, real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        bus::send(b, bus::STATE, [pc, fp, self.clock + KoalaBear::new(CLOCK_STEP)], real.clone());
    }

    /// Takes the state token and passes it to the next instruction in order.
    pub fn advance<B: Builder<Var = V>>(&self, b: &mut B, real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        self.arrive(b, real);
        self.leave(b, self.pc + KoalaBear::ONE, self.fp.into(), real);
    }

    /// Takes the state token and passes it to `pc` in the same frame.
    pub fn jump<B: Builder<Var = V>>(&self, b: &mut B, pc: B::Expr, real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        self.arrive(b, real);
        self.leave(b, pc, self.fp.into(), real);
    }

    /// The cell of a frame-relative register.
    pub fn register<B: Builder<Var = V>>(&self, index: V) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        self.fp + index + constant::<B>(provasm_isa::layout::REGISTER_BASE)
    }

    /// The link cell of the frame at `fp`.
    pub fn link<B: Builder<Var = V>>(fp: B::Expr) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        fp + constant::<B>(provasm_isa::layout::LINK_BASE)
    }
}
