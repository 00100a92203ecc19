//! Rows of accelerator calls.

use p3_field::PrimeCharacteristicRing;
use provasm_air::chips::{Blake3Cols, KeccakCols, Sha256Cols};
use provasm_execute::{Step, WindowAccess, accelerate};
use provasm_isa::accel::{blake3, sha256};
use provasm_isa::{Instr, WINDOW_MAX};

use super::rounds::{word_bytes, word_limbs};
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

impl FillCall for KeccakCols<F> {
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

/// The values of a window before.
fn values<const N: usize>(window: &[WindowAccess]) -> [u64; N] {
    core::array::from_fn(|i| window[i].before)
}

impl FillCall for Sha256Cols<F> {
    fn fill(step: &Step, instr: &Instr, window: &[WindowAccess]) -> Self {
        Self {
            cpu: cpu(step),
            real: F::ONE,
            first: f(instr.d.into()),
            before: before(window),
            previous: previous(window),
            mixed: word_limbs(&sha256::rounds(&values(window))),
            after: after(instr, window),
        }
    }
}

impl FillCall for Blake3Cols<F> {
    fn fill(step: &Step, instr: &Instr, window: &[WindowAccess]) -> Self {
        let state = values(window);
        let initial = blake3::initial_state(&state);
        let mixed = blake3::rounds(&state);
        let and: [u32; blake3::STATE] =
            core::array::from_fn(|i| mixed[i] & if i < 8 { mixed[i + 8] } else { initial[i - 8] });
        Self {
            cpu: cpu(step),
            real: F::ONE,
            first: f(instr.d.into()),
            before: before(window),
            previous: previous(window),
            chaining: core::array::from_fn(|i| f(initial[i / 2] >> (16 * (i % 2)) & 0xff)),
            mixed: word_bytes(&mixed),
            and: word_bytes(&and),
        }
    }
}
