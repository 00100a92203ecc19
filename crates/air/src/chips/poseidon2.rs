//! Permutations by Poseidon2 of width 16 over the field.
//!
//! Given a window of 8 registers, each of two 32-bit words, this AIR proves that it becomes the permutation of its 16 words,
//! taken modulo the field's order, as words below it. A word's limbs are an element of the field as they
//! are: reducing is what the field does. Words after are proven canonical by [`CanonicalCols`].

use provasm_isa::Family;

use crate::bus::{Builder, Var};
use crate::columns::columns;
use crate::gadgets::canonical::CanonicalCols;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::joined;
use crate::gadgets::window::Window;
use crate::permutation::{RoundsCols, STATE};

columns! {
    /// A permutation of a window.
    pub struct Poseidon2Cols<T> {
        /// Where execution stands.
        pub cpu: CpuCols<T>,
        /// 1 for an instruction.
        pub real: T,
        /// First register of the window.
        pub first: T,
        /// Limbs of the window before.
        pub before: [T; 32],
        /// Clocks of its registers' accesses before.
        pub previous: [T; 8],
        /// The permutation's rounds.
        pub rounds: RoundsCols<T>,
        /// The integers of its output.
        pub output: CanonicalCols<T, 16>,
    }
}

impl<V: Copy> Poseidon2Cols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real = &self.real.into();
        self.cpu.fetch(b, Family::Poseidon2, Operands { d: self.first.into(), ..Operands::default() }, real);
        self.cpu.advance(b, real);

        let words: &[[V; 2]] = self.before.as_chunks().0;
        let input: [B::Expr; STATE] = core::array::from_fn(|i| joined::<B>(words[i]));
        // Constants in padding are zero, and so is its permutation.
        self.rounds.eval(b, &input, |constant| real.clone() * constant);
        let words = self.output.limbs(b, self.rounds.output(), real);
        let after = words.as_flattened();
        let window = Window { first: self.first, before: &self.before, previous: &self.previous, after };
        window.transform(b, &self.cpu, real);
    }
}
