//! Rows of accelerator calls.

use p3_field::PrimeCharacteristicRing;
use provasm_air::chips::{Blake3Cols, KeccakCols, Sha256Cols};
use provasm_execute::{Step, WindowAccess, accelerate};
use provasm_isa::{Instr, WINDOW_MAX};

use super::{F, FillCall, cpu, f, limbs};

/// The limbs of the first registers of a window, before and after.
pub(super) fn before<const L: usize>(window: &[WindowAccess]) -> [F; L] {
    core::array::from_fn(|i| limbs::<4>(window[i / 4].before)[i % 4])
}

fn after<const L: usize>(instr: &Instr, window: &[WindowAccess]) -> [F; L] {
    let mut cells = [0; WINDOW_MAX];
    cells.iter_mut().zip(window).for_each(|(cell, access)| *cell = access.before);
    let _known = accelerate(instr.op, instr.imm, &mut cells[..window.len()]);
    core::array::from_fn(|i| limbs::<4>(cells[i / 4])[i % 4])
}

pub(super) fn previous<const N: usize>(window: &[WindowAccess]) -> [F; N] {
    core::array::from_fn(|i| f(window[i].previous))
}

macro_rules! fills {
    ($($name:ident)*) => {$(
        impl FillCall for $name<F> {
            fn fill(step: &Step, instr: &Instr, window: &[WindowAccess]) -> Self {
                Self {
                    cpu: cpu(step),
                    real: F::ONE,
                    first: f(instr.d.into()),
                    before: before(window),
                    previous: previous(window),
                    after: after(instr, window),
                }
            }
        }
    )*};
}

fills! { Sha256Cols KeccakCols Blake3Cols }
