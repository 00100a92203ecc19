//! Windows: neighbouring registers that one instruction transforms in place.

use provasm_isa::layout::REGISTER_BASE;

use crate::bus::{Builder, Var, constant};
use crate::gadgets::cpu::CpuCols;
use crate::gadgets::register::access;

/// The limbs of a window's registers, as their chip has them.
pub struct Window<'w, B: Builder> {
    /// Index of its first register.
    pub first: B::Var,
    /// Limbs before: four for each register.
    pub before: &'w [B::Var],
    /// For each register, the clock of its access before.
    pub previous: &'w [B::Var],
    /// Limbs after, of the first registers; the others keep what they hold. The chip constrains them to
    /// be limbs.
    pub after: &'w [B::Expr],
}

impl<B: Builder> Window<'_, B>
where
    B::Var: Var<B::Expr>,
{
    /// Accesses every register once, in slot 0: an instruction's registers are different cells.
    pub fn transform(&self, b: &mut B, cpu: &CpuCols<B::Var>, real: &B::Expr) {
        let limbs = |limbs: &[B::Var], i: usize| core::array::from_fn(|j| limbs[4 * i + j].into());
        for (i, &previous) in self.previous.iter().enumerate() {
            #[expect(clippy::cast_possible_truncation, reason = "windows are short")]
            let address = cpu.fp + self.first + constant::<B>(REGISTER_BASE + i as u32);
            let before = limbs(self.before, i);
            let after = match self.after.get(4 * i..4 * i + 4) {
                Some(after) => core::array::from_fn(|j| after[j].clone()),
                None => limbs(self.before, i),
            };
            access(b, address, before, previous.into(), after, cpu.slot::<B>(0), real);
        }
    }
}
