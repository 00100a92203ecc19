//! Poseidon2 of width 16 over KoalaBear: columns and constraints of one permutation.
//!
//! Rounds, constants and matrices are those of Plonky3, which tests hold this to. The constraints are written so that
//! each is a short sum: after a full round the state is multiplied back through the external matrix, and within the
//! partial rounds the state is a fixed combination of the state before them and the S-box outputs so far. A verifier
//! walks through every constraint's expression, and written round after round most of them go back to the input of a
//! round far above. BENCHMARKS.md has what it saves.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::{
    GenericPoseidon2LinearLayersKoalaBear as Layers, KOALABEAR_POSEIDON2_HALF_FULL_ROUNDS as HALF_FULL_ROUNDS,
    KOALABEAR_POSEIDON2_PARTIAL_ROUNDS_16 as PARTIAL_ROUNDS,
    KOALABEAR_POSEIDON2_RC_16_EXTERNAL_FINAL as LAST_CONSTANTS,
    KOALABEAR_POSEIDON2_RC_16_EXTERNAL_INITIAL as FIRST_CONSTANTS,
    KOALABEAR_POSEIDON2_RC_16_INTERNAL as PARTIAL_CONSTANTS, KoalaBear,
};
use p3_poseidon2::GenericPoseidon2LinearLayers;

use crate::bus::{Builder, Var};
use crate::columns::columns;

/// Field elements a permutation works on.
pub const STATE: usize = 16;

/// Elements that the rounds before the partial ones leave, and those after.
const FULL: usize = STATE * HALF_FULL_ROUNDS;

/// What the state is a combination of within the partial rounds.
const PARTIAL_TERMS: usize = STATE + PARTIAL_ROUNDS;

columns! {
    /// What the rounds of a permutation leave.
    pub struct RoundsCols<T> {
        /// The state after each of the first full rounds.
        pub first: [T; FULL],
        /// The S-box's output in each partial round.
        pub partial: [T; PARTIAL_ROUNDS],
        /// The state after each of the last full rounds.
        pub last: [T; FULL],
    }

    /// A permutation: its input and what its rounds leave.
    pub struct PermutationCols<T> {
        /// The input.
        pub input: [T; STATE],
        /// The rounds.
        pub rounds: RoundsCols<T>,
    }
}

/// Integers modulo the field's order, for tables made by the compiler.
mod modular {
    const ORDER: u64 = 0x7f00_0001;

    pub(super) const fn add(a: u64, b: u64) -> u64 {
        (a + b) % ORDER
    }

    pub(super) const fn neg(a: u64) -> u64 {
        (ORDER - a) % ORDER
    }

    pub(super) const fn mul(a: u64, b: u64) -> u64 {
        a * b % ORDER
    }

    pub(super) const fn inverse(a: u64) -> u64 {
        let (mut power, mut exponent, mut base) = (1, ORDER - 2, a);
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = mul(power, base);
            }
            base = mul(base, base);
            exponent >>= 1;
        }
        power
    }
}
use modular::{add, inverse, mul, neg};

/// The block of the external matrix, a circulant.
const BLOCK: [u64; 4] = [2, 3, 1, 1];

/// The inverse of that block, a circulant too.
const BLOCK_INVERSE: [u64; 4] = {
    // Gauss-Jordan on the circulant's first column: the inverse's first column solves M x = e0.
    let mut rows = [[0u64; 5]; 4];
    let mut i = 0;
    while i < 4 {
        let mut j = 0;
        while j < 4 {
            rows[i][j] = BLOCK[(j + 4 - i) % 4];
            j += 1;
        }
        rows[i][4] = if i == 0 { 1 } else { 0 };
        i += 1;
    }
    let mut pivot = 0;
    while pivot < 4 {
        let scale = inverse(rows[pivot][pivot]);
        let mut j = 0;
        while j < 5 {
            rows[pivot][j] = mul(rows[pivot][j], scale);
            j += 1;
        }
        let mut i = 0;
        while i < 4 {
            let factor = neg(rows[i][pivot]);
            let mut j = 0;
            while i != pivot && j < 5 {
                rows[i][j] = add(rows[i][j], mul(factor, rows[pivot][j]));
                j += 1;
            }
            i += 1;
        }
        pivot += 1;
    }
    // The first column, read downwards, is the first row read backwards.
    [rows[0][4], rows[3][4], rows[2][4], rows[1][4]]
};

/// The external matrix: the block everywhere, twice on the diagonal.
const EXTERNAL: [[KoalaBear; STATE]; STATE] = blocks(&BLOCK, 2, 1);

/// Its inverse: that of the block times that of 1 + J, J being four by four ones, which is 1 - J/5.
const EXTERNAL_INVERSE: [[KoalaBear; STATE]; STATE] = {
    let fifth = inverse(5);
    blocks(&BLOCK_INVERSE, add(1, neg(fifth)), neg(fifth))
};

/// A matrix of circulant blocks, scaled on the diagonal and off it.
#[expect(clippy::cast_possible_truncation, reason = "below the field's order")]
const fn blocks(block: &[u64; 4], on: u64, off: u64) -> [[KoalaBear; STATE]; STATE] {
    let mut matrix = [[KoalaBear::new(0); STATE]; STATE];
    let mut i = 0;
    while i < STATE {
        let mut j = 0;
        while j < STATE {
            let scale = if i / 4 == j / 4 { on } else { off };
            matrix[i][j] = KoalaBear::new(mul(block[(j + 4 - i % 4) % 4], scale) as u32);
            j += 1;
        }
        i += 1;
    }
    matrix
}

/// The diagonal that the internal matrix adds to the matrix of ones.
const DIAGONAL: [u64; STATE] = {
    let (half, eighth, sixteenth) = (inverse(2), inverse(1 << 3), inverse(1 << 4));
    let (byte, three_bytes) = (inverse(1 << 8), inverse(1 << 24));
    let first = [neg(2), 1, 2, half, 3, 4, neg(half), neg(3)];
    let last = [neg(4), byte, eighth, three_bytes, neg(byte), neg(eighth), neg(sixteenth), neg(three_bytes)];
    let mut diagonal = [0; STATE];
    let mut i = 0;
    while i < STATE {
        diagonal[i] = if i < 8 { first[i] } else { last[i - 8] };
        i += 1;
    }
    diagonal
};

/// The S-box's input in each partial round, without its constant, and the state after them.
struct Partial {
    inputs: [[KoalaBear; PARTIAL_TERMS]; PARTIAL_ROUNDS],
    after: [[KoalaBear; PARTIAL_TERMS]; STATE],
}

#[expect(clippy::cast_possible_truncation, reason = "below the field's order")]
const fn elements(row: &[u64; PARTIAL_TERMS]) -> [KoalaBear; PARTIAL_TERMS] {
    let mut elements = [KoalaBear::new(0); PARTIAL_TERMS];
    let mut i = 0;
    while i < PARTIAL_TERMS {
        elements[i] = KoalaBear::new(row[i] as u32);
        i += 1;
    }
    elements
}

const PARTIAL: Partial = {
    let zero = [KoalaBear::new(0); PARTIAL_TERMS];
    let mut partial = Partial { inputs: [zero; PARTIAL_ROUNDS], after: [zero; STATE] };
    // Row i says what element i of the state is made of.
    let mut state = [[0u64; PARTIAL_TERMS]; STATE];
    let mut i = 0;
    while i < STATE {
        state[i][i] = 1;
        i += 1;
    }
    let mut round = 0;
    while round < PARTIAL_ROUNDS {
        partial.inputs[round] = elements(&state[0]);
        state[0] = [0; PARTIAL_TERMS];
        state[0][STATE + round] = 1;
        let mut term = 0;
        while term < PARTIAL_TERMS {
            let (mut sum, mut i) = (0, 0);
            while i < STATE {
                sum = add(sum, state[i][term]);
                i += 1;
            }
            i = 0;
            while i < STATE {
                state[i][term] = add(sum, mul(DIAGONAL[i], state[i][term]));
                i += 1;
            }
            term += 1;
        }
        round += 1;
    }
    let mut i = 0;
    while i < STATE {
        partial.after[i] = elements(&state[i]);
        i += 1;
    }
    partial
};

/// A combination of cells.
fn combined<B: Builder>(coefficients: &[KoalaBear], cells: impl IntoIterator<Item = impl Into<B::Expr>>) -> B::Expr {
    let terms = coefficients.iter().zip(cells).filter(|(coefficient, _)| **coefficient != KoalaBear::ZERO);
    terms.map(|(&coefficient, cell)| cell.into() * coefficient).sum()
}

impl<V: Copy> RoundsCols<V> {
    /// The output.
    #[must_use]
    pub fn output(&self) -> [V; STATE] {
        core::array::from_fn(|i| self.last[FULL - STATE + i])
    }

    /// Constrains the rounds of the permutation of `input`. Where `constant` gives the rounds' constants, these are the
    /// permutation; where it gives zeros, a row of zeros will do.
    pub(crate) fn eval<B: Builder<Var = V>>(
        &self,
        b: &mut B,
        input: &[B::Expr; STATE],
        constant: impl Fn(KoalaBear) -> B::Expr,
    ) where
        V: Var<B::Expr>,
    {
        let external = |row: &[KoalaBear; STATE]| combined::<B>(row, input.iter().cloned());
        full_rounds(b, core::array::from_fn(|i| external(&EXTERNAL[i])), &self.first, &FIRST_CONSTANTS, &constant);
        let terms = || self.first[FULL - STATE..].iter().chain(&self.partial).copied();
        for ((coefficients, added), output) in PARTIAL.inputs.iter().zip(PARTIAL_CONSTANTS).zip(self.partial) {
            let input = combined::<B>(coefficients, terms()) + constant(added);
            b.assert_eq(input.cube(), output);
        }
        let after = |row: &[KoalaBear; PARTIAL_TERMS]| combined::<B>(row, terms());
        full_rounds(b, core::array::from_fn(|i| after(&PARTIAL.after[i])), &self.last, &LAST_CONSTANTS, &constant);
    }

    /// The rounds of the permutation of `input`.
    #[must_use]
    pub fn of(input: [KoalaBear; STATE]) -> RoundsCols<KoalaBear> {
        let mut state = input;
        let (mut first, mut last) = ([KoalaBear::ZERO; FULL], [KoalaBear::ZERO; FULL]);
        Layers::external_linear_layer(&mut state);
        fill_full_rounds(&mut state, &mut first, &FIRST_CONSTANTS);
        let partial = PARTIAL_CONSTANTS.map(|constant| {
            let output = (state[0] + constant).cube();
            state[0] = output;
            Layers::internal_linear_layer(&mut state);
            output
        });
        fill_full_rounds(&mut state, &mut last, &LAST_CONSTANTS);
        RoundsCols { first, partial, last }
    }
}

impl<V: Copy> PermutationCols<V> {
    /// The output.
    #[must_use]
    pub fn output(&self) -> [V; STATE] {
        self.rounds.output()
    }

    /// Constrains the rounds. Holds in every row, padding included.
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        self.rounds.eval(b, &self.input.map(Into::into), Into::into);
    }

    /// The columns of the permutation of `input`.
    #[must_use]
    pub fn of(input: [KoalaBear; STATE]) -> PermutationCols<KoalaBear> {
        PermutationCols { input, rounds: RoundsCols::<KoalaBear>::of(input) }
    }
}

/// Constrains full rounds that begin with a state and leave `after`.
fn full_rounds<B: Builder>(
    b: &mut B,
    mut state: [B::Expr; STATE],
    after: &[B::Var; FULL],
    constants: &[[KoalaBear; STATE]; HALF_FULL_ROUNDS],
    constant: &impl Fn(KoalaBear) -> B::Expr,
) {
    for (after, constants) in after.as_chunks::<STATE>().0.iter().zip(constants) {
        for ((input, &added), row) in state.into_iter().zip(constants).zip(&EXTERNAL_INVERSE) {
            // Back through the matrix, the state is the S-boxes' output.
            b.assert_eq((input + constant(added)).cube(), combined::<B>(row, *after));
        }
        state = after.map(Into::into);
    }
}

fn fill_full_rounds(
    state: &mut [KoalaBear; STATE],
    after: &mut [KoalaBear; FULL],
    constants: &[[KoalaBear; STATE]; HALF_FULL_ROUNDS],
) {
    for (after, constants) in after.as_chunks_mut::<STATE>().0.iter_mut().zip(constants) {
        for (element, &constant) in state.iter_mut().zip(constants) {
            *element = (*element + constant).cube();
        }
        Layers::external_linear_layer(state);
        *after = *state;
    }
}

#[cfg(test)]
mod tests {
    use p3_symmetric::Permutation;

    use super::*;

    #[test]
    fn the_output_is_that_of_plonky3() {
        for seed in 0..4 {
            let input = core::array::from_fn(|i| KoalaBear::from_u32(0x1234_5678 * seed + 0x9e37 * i as u32));
            let expect = p3_koala_bear::default_koalabear_poseidon2_16().permute(input);
            assert_eq!(PermutationCols::<KoalaBear>::of(input).output(), expect);
        }
    }

    #[test]
    fn the_inverse_of_the_external_matrix_is_one() {
        for (i, row) in EXTERNAL_INVERSE.iter().enumerate() {
            for j in 0..STATE {
                let product: KoalaBear = row.iter().zip(EXTERNAL).map(|(&a, external)| a * external[j]).sum();
                assert_eq!(product, KoalaBear::from_bool(i == j));
            }
        }
    }
}
