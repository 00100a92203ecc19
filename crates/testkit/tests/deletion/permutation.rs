//! Permutations with a wrong S-box, which breaks the one constraint of that S-box, or with other constants.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use p3_koala_bear::{
    GenericPoseidon2LinearLayersKoalaBear as Layers, KOALABEAR_POSEIDON2_RC_16_EXTERNAL_FINAL as LAST,
    KOALABEAR_POSEIDON2_RC_16_EXTERNAL_INITIAL as FIRST, KOALABEAR_POSEIDON2_RC_16_INTERNAL as PARTIAL,
};
use p3_poseidon2::GenericPoseidon2LinearLayers;
use provasm_air::gadgets::canonical::{LARGEST_HIGH, UPPER_START};
use provasm_air::permutation::STATE;
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::Chip;
use provasm_testkit::delete::{Honest, Kills, Liar, Lie, Place, column};

const CALL: TableId = TableId::Chip(Chip::Poseidon2);

/// S-boxes of a permutation.
const BOXES: usize = 2 * STATE * FIRST.len() + PARTIAL.len();

/// What the rounds of a permutation leave when the S-box with number `fault` gives one more than it should, and all
/// constants are `scale` times what they are.
fn rounds(input: &[F], fault: Option<usize>, scale: F) -> Vec<F> {
    let mut state: [F; STATE] = std::array::from_fn(|i| input[i]);
    let mut number = 0;
    let mut cube = |input: F, constant: F| {
        number += 1;
        (input + constant * scale).cube() + F::from_bool(Some(number) == fault.map(|fault| fault + 1))
    };
    let mut left = Vec::new();
    Layers::external_linear_layer(&mut state);
    for constants in FIRST {
        state = std::array::from_fn(|i| cube(state[i], constants[i]));
        Layers::external_linear_layer(&mut state);
        left.extend(state);
    }
    for constant in PARTIAL {
        state[0] = cube(state[0], constant);
        left.push(state[0]);
        Layers::internal_linear_layer(&mut state);
    }
    for constants in LAST {
        state = std::array::from_fn(|i| cube(state[i], constants[i]));
        Layers::external_linear_layer(&mut state);
        left.extend(state);
    }
    left
}

/// A node after the segment with another digest, up to another root.
pub(crate) fn nodes(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let honest = liar.honest;
    let after = column(TableId::Nodes, "after");
    let is_after = |place: &Place| honest.cells(*place)[after] == F::ONE;
    let place = honest.rows(TableId::Nodes).into_iter().find(is_after).expect("a node after the segment");
    for fault in 0..BOXES {
        let mut row = honest.cells(place).to_vec();
        let left = rounds(&row[..STATE], Some(fault), F::ONE);
        row[STATE..STATE + left.len()].copy_from_slice(&left);
        liar.tell(honest.forge_node(place, &row), kills);
    }
}

/// The first call, on the words that it is of.
struct Call {
    place: Place,
    row: Vec<F>,
    input: Vec<F>,
    first: usize,
    /// Columns of the integers of what comes out.
    output: [usize; 3],
}

impl Call {
    fn new(honest: &Honest<'_>) -> Self {
        let place = honest.rows(CALL)[0];
        let row = honest.cells(place).to_vec();
        let [before, first] = ["before[0]", "rounds.first[0]"].map(|name| column(CALL, name));
        let limbs = row[before..before + 2 * STATE].chunks_exact(2);
        let input = limbs.map(|limbs| limbs[0] + limbs[1] * F::from_u32(1 << 16)).collect();
        let output = ["output.high[0]", "output.lower[0]", "output.largest[0]"].map(|name| column(CALL, name));
        Self { place, row, input, first, output }
    }

    /// The row with these rounds, and the canonical integers of what they leave.
    fn with(&self, rounds: &[F]) -> Vec<F> {
        let [high, lower, largest] = self.output;
        let mut row = self.row.clone();
        row[self.first..self.first + rounds.len()].copy_from_slice(rounds);
        for (i, word) in rounds[rounds.len() - STATE..].iter().enumerate() {
            let word_high = word.as_canonical_u32() >> 16;
            row[high + i] = F::from_u32(word_high);
            row[lower + i] = F::from_bool(word_high < UPPER_START);
            row[largest + i] = F::from_bool(word_high == LARGEST_HIGH);
        }
        row
    }

    fn tell(&self, liar: &Liar<'_, '_>, row: Vec<F>, again: Option<Place>, kills: &mut Kills) {
        let mut lie = Lie::default();
        lie.rows.extend(again.map(|again| (again, row.clone())));
        lie.rows.insert(self.place, row);
        liar.tell(liar.settle(lie), kills);
    }
}

/// A permutation that is another one.
pub(crate) fn calls(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let call = Call::new(liar.honest);
    for fault in 0..BOXES {
        call.tell(liar, call.with(&rounds(&call.input, Some(fault), F::ONE)), None, kills);
    }
}

/// Two rows of which each is half an instruction: the rounds' constants are half of what they should be.
pub(crate) fn halves(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let call = Call::new(liar.honest);
    let half = F::ONE.halve();
    let mut row = call.with(&rounds(&call.input, None, half));
    row[column(CALL, "real")] = half;
    call.tell(liar, row, Some(liar.honest.beyond(call.place.0)), kills);
}
