//! Rows of Poseidon2 permutations.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::chips::Poseidon2Cols;
use provasm_air::gadgets::canonical::{CanonicalCols, LARGEST_HIGH, UPPER_START};
use provasm_air::permutation::RoundsCols;
use provasm_execute::{Step, WindowAccess};
use provasm_isa::Instr;

use super::accel::{before, previous};
use super::{F, FillCall, cpu, f, flag};

/// How integers are proven canonical.
fn canonical<const W: usize>(elements: [F; W]) -> CanonicalCols<F, W> {
    let high = elements.map(|element| element.as_canonical_u32() >> 16);
    CanonicalCols {
        high: high.map(f),
        lower: high.map(|high| flag(high < UPPER_START)),
        largest: high.map(|high| flag(high == LARGEST_HIGH)),
    }
}

impl FillCall for Poseidon2Cols<F> {
    fn fill(step: &Step, instr: &Instr, window: &[WindowAccess]) -> Self {
        let words = window.iter().flat_map(|access| [access.before as u32, (access.before >> 32) as u32]);
        let mut input = words.map(F::from_u32);
        let rounds = RoundsCols::<F>::of(core::array::from_fn(|_| input.next().unwrap_or(F::ZERO)));
        Self {
            cpu: cpu(step),
            real: F::ONE,
            first: f(instr.d.into()),
            before: before(window),
            previous: previous(window),
            rounds,
            output: canonical(rounds.output()),
        }
    }
}
