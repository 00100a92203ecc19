//! Calls of Keccak-f\[1600\]: [`crate::rounds::keccak`] proves what is between before and after.

use p3_field::PrimeCharacteristicRing;
use provasm_isa::Family;
use provasm_isa::accel::keccak::{LANES, ROUNDS};

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::exprs;
use crate::gadgets::window::Window;
use crate::rounds::keccak::{LIMBS, message};

columns! {
    /// A permutation by Keccak-f.
    pub struct KeccakCols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// First register of the window.
        pub first: T,
        /// Limbs of the window before.
        pub before: [T; LIMBS],
        /// Clocks of its registers' accesses before.
        pub previous: [T; LANES],
        /// Limbs of the window after.
        pub after: [T; LIMBS],
    }
}

impl<V: Copy> KeccakCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        self.cpu.fetch(b, Family::Keccak, Operands { d: self.first.into(), ..Operands::default() }, real);
        self.cpu.advance(b, real);
        let after = exprs::<B, LIMBS>(self.after);
        let window = Window { first: self.first, before: &self.before, previous: &self.previous, after: &after };
        window.transform(b, &self.cpu, real);
        // The limbs that come back were composed of bits.
        let clock = || self.cpu.clock.into();
        bus::send(b, bus::KECCAK, message(clock(), B::Expr::ZERO, |i| self.before[i].into()), real.clone());
        #[expect(clippy::cast_possible_truncation, reason = "24")]
        let rounds = constant::<B>(ROUNDS as u32);
        bus::receive(b, bus::KECCAK, message(clock(), rounds, |i| self.after[i].into()), real.clone());
    }
}
