//! Calls of SHA-256: [`crate::rounds::sha256`] proves the rounds, this adds what they leave to the state.

use core::array::from_fn;

use p3_field::PrimeCharacteristicRing;
use provasm_isa::Family;
use provasm_isa::accel::sha256::WINDOW;

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::{check_limbs, divided, exprs};
use crate::gadgets::window::Window;
use crate::rounds::sha256::{STATE_LIMBS, STEPS, message};

columns! {
    /// A compression of SHA-256.
    pub struct Sha256Cols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// First register of the window.
        pub first: T,
        /// Limbs of the window before: the state, then the block.
        pub before: [T; 4 * WINDOW],
        /// Clocks of its registers' accesses before.
        pub previous: [T; WINDOW],
        /// Limbs of the state that the rounds leave.
        pub mixed: [T; STATE_LIMBS],
        /// Limbs of the state after.
        pub after: [T; STATE_LIMBS],
    }
}

impl<V: Copy> Sha256Cols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        self.cpu.fetch(b, Family::Sha256, Operands { d: self.first.into(), ..Operands::default() }, real);
        self.cpu.advance(b, real);
        let after = exprs::<B, STATE_LIMBS>(self.after);
        let window = Window { first: self.first, before: &self.before, previous: &self.previous, after: &after };
        window.transform(b, &self.cpu, real);

        let clock = || self.cpu.clock.into();
        let begin = from_fn(|i| self.before[i].into());
        let block = from_fn(|i| self.before[STATE_LIMBS + i].into());
        bus::send(b, bus::SHA256, message(clock(), B::Expr::ZERO, begin, block), real.clone());
        #[expect(clippy::cast_possible_truncation, reason = "4")]
        let steps = constant::<B>(STEPS as u32);
        let (end, zeros) = (exprs::<B, STATE_LIMBS>(self.mixed), from_fn(|_| B::Expr::ZERO));
        bus::receive(b, bus::SHA256, message(clock(), steps, end, zeros), real.clone());

        check_limbs(b, after, real);
        for low in (0..STATE_LIMBS).step_by(2) {
            let excess = |i: usize| self.before[i] + self.mixed[i] - self.after[i];
            // A carry out of each limb, which is 0 or 1 as the limbs are below 2^16.
            let carry = divided(excess(low), 1 << 16);
            b.assert_bool(carry.clone());
            b.assert_bool(divided(excess(low + 1) + carry, 1 << 16));
        }
    }
}
