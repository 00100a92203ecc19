//! Calls of BLAKE3: [`crate::rounds::blake3`] proves the rounds, this folds what they leave.

use core::array::from_fn;

use p3_field::PrimeCharacteristicRing;
use provasm_isa::Family;
use provasm_isa::accel::blake3::{IV, ROUNDS, STATE, WINDOW};

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::divided;
use crate::gadgets::window::Window;
use crate::rounds::blake3::{LIMBS, limbs, message, permuted, xor_bytes};

/// Words of a chaining value.
const CHAINING: usize = STATE / 2;

columns! {
    /// A compression of BLAKE3.
    pub struct Blake3Cols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// First register of the window.
        pub first: T,
        /// Limbs of the window before: chaining value, block, counter, length, flags.
        pub before: [T; 4 * WINDOW],
        /// Clocks of its registers' accesses before.
        pub previous: [T; WINDOW],
        /// Low bytes of the chaining value's limbs.
        pub chaining: [T; 2 * CHAINING],
        /// Bytes of the state that the rounds leave.
        pub mixed: [T; 4 * STATE],
        /// For each byte of the output, the conjunction of the two that it is the exclusive or of.
        pub and: [T; 4 * STATE],
    }
}

impl<V: Copy> Blake3Cols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        self.cpu.fetch(b, Family::Blake3, Operands { d: self.first.into(), ..Operands::default() }, real);
        self.cpu.advance(b, real);

        let clock = || self.cpu.clock.into();
        let before = |i: usize| self.before[i].into();
        let begin = from_fn(|i| match i {
            0..16 => before(i),
            16..24 => constant::<B>(IV[i / 2 - CHAINING] >> (16 * (i % 2)) & 0xffff),
            _ => before(4 * 12 + i - 24),
        });
        let block = from_fn(|i| before(2 * CHAINING + i));
        bus::send(b, bus::BLAKE3, message(clock(), B::Expr::ZERO, begin, block.clone()), real.clone());
        let mut words = (0..STATE).flat_map(|word| limbs::<B>(self.mixed_bytes::<B>(word)));
        let end: [B::Expr; LIMBS] = from_fn(|_| words.next().unwrap_or(B::Expr::ZERO));
        #[expect(clippy::cast_possible_truncation, reason = "7")]
        let rounds = constant::<B>(ROUNDS as u32);
        let block = (0..ROUNDS).fold(block, |block, _| permuted(&block));
        bus::receive(b, bus::BLAKE3, message(clock(), rounds, end, block), real.clone());

        let mut after: [B::Expr; LIMBS] = from_fn(|_| B::Expr::ZERO);
        for (word, after) in after.as_chunks_mut::<2>().0.iter_mut().enumerate() {
            let (left, right) = if word < CHAINING {
                (self.mixed_bytes::<B>(word), self.mixed_bytes::<B>(word + CHAINING))
            } else {
                (self.mixed_bytes::<B>(word), self.chaining_bytes::<B>(word - CHAINING))
            };
            // All bytes of both are looked up here, so what comes out is limbs of bytes.
            let and = from_fn(|i| self.and[4 * word + i].into());
            *after = limbs::<B>(xor_bytes(b, left, right, and, real));
        }
        let window = Window { first: self.first, before: &self.before, previous: &self.previous, after: &after };
        window.transform(b, &self.cpu, real);
    }

    fn mixed_bytes<B: Builder<Var = V>>(&self, word: usize) -> [B::Expr; 4]
    where
        V: Var<B::Expr>,
    {
        from_fn(|i| self.mixed[4 * word + i].into())
    }

    fn chaining_bytes<B: Builder<Var = V>>(&self, word: usize) -> [B::Expr; 4]
    where
        V: Var<B::Expr>,
    {
        let byte = |i: usize| {
            let low = self.chaining[2 * word + i / 2];
            if i.is_multiple_of(2) { low.into() } else { divided(self.before[2 * word + i / 2] - low, 256) }
        };
        from_fn(byte)
    }
}
