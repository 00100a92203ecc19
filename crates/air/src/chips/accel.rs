//! Accelerators: one row for each call.

use crate::bus::{Builder, Var};
use crate::columns::columns;
use crate::gadgets::cpu::{CpuCols, Operands};
use crate::gadgets::limbs::exprs;
use crate::gadgets::window::Window;
use provasm_isa::Family;

macro_rules! calls {
    ($($name:ident $family:ident $text:literal $before:literal $registers:literal $after:literal;)*) => {
        columns! {$(
            #[doc = $text]
            pub struct $name<T> {
                /// Where execution stands.
                pub cpu: CpuCols<T>,
                /// 1 for an instruction.
                pub real: T,
                /// First register of the window.
                pub first: T,
                /// Limbs of the window before.
                pub before: [T; $before],
                /// Clocks of its registers' accesses before.
                pub previous: [T; $registers],
                /// Limbs of its first registers after.
                pub after: [T; $after],
            }
        )*}

        $(impl<V: Copy> $name<V> {
            #[inline(never)]
            pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
            where
                V: Var<B::Expr>,
            {
                // Nothing relates what is after to what is before yet: there is no call.
                b.assert_zero(self.real);
                let real = &self.real.into();
                let operands = Operands { d: self.first.into(), ..Operands::default() };
                self.cpu.fetch(b, Family::$family, operands, real);
                self.cpu.advance(b, real);
                let after = exprs::<B, $after>(self.after);
                let window =
                    Window { first: self.first, before: &self.before, previous: &self.previous, after: &after };
                window.transform(b, &self.cpu, real);
            }
        })*
    };
}

calls! {
    Sha256Cols Sha256 "A compression of SHA-256." 48 12 16;
    KeccakCols Keccak "A permutation by Keccak-f[1600]." 100 25 100;
    Blake3Cols Blake3 "A compression of BLAKE3." 56 14 32;
}
