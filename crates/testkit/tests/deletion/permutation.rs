//! Permutations with a wrong S-box: each of them breaks the one constraint of that S-box.

use std::collections::BTreeSet;

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use p3_koala_bear::{
    GenericPoseidon2LinearLayersKoalaBear as Layers, KOALABEAR_POSEIDON2_RC_16_EXTERNAL_FINAL as LAST,
    KOALABEAR_POSEIDON2_RC_16_EXTERNAL_INITIAL as FIRST, KOALABEAR_POSEIDON2_RC_16_INTERNAL as PARTIAL,
};
use p3_poseidon2::GenericPoseidon2LinearLayers;
use provasm_air::permutation::STATE;
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::Chip;
use provasm_testkit::delete::{Deletion, Kills, Liar, Lie, Place, Thing};

/// S-boxes of a permutation.
const BOXES: usize = 2 * STATE * FIRST.len() + PARTIAL.len();

/// What the rounds of a permutation leave when the S-box with this number gives one more than it should.
fn faulty(input: &[F], fault: usize) -> Vec<F> {
    let mut state: [F; STATE] = std::array::from_fn(|i| input[i]);
    let mut number = 0;
    let mut cube = |input: F| {
        number += 1;
        input.cube() + F::from_bool(number == fault + 1)
    };
    let mut left = Vec::new();
    Layers::external_linear_layer(&mut state);
    for constants in FIRST {
        state = std::array::from_fn(|i| cube(state[i] + constants[i]));
        Layers::external_linear_layer(&mut state);
        left.extend(state);
    }
    for constant in PARTIAL {
        state[0] = cube(state[0] + constant);
        left.push(state[0]);
        Layers::internal_linear_layer(&mut state);
    }
    for constants in LAST {
        state = std::array::from_fn(|i| cube(state[i] + constants[i]));
        Layers::external_linear_layer(&mut state);
        left.extend(state);
    }
    left
}

/// A node after the segment with another digest, up to another root.
pub(crate) fn nodes(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let honest = liar.honest;
    let Some(table) = honest.traces.tables.iter().position(|trace| trace.table.id == TableId::Nodes) else { return };
    let names = TableId::Nodes.column_names();
    let after = names.iter().position(|name| name == "after").expect("a column");
    let place = (0..honest.traces.tables[table].real)
        .map(|row| (table, row))
        .find(|&place| honest.cells(place)[after] == F::ONE)
        .expect("a node after the segment");
    for fault in 0..BOXES {
        let mut row = honest.cells(place).to_vec();
        let rounds = faulty(&row[..STATE], fault);
        row[STATE..STATE + rounds.len()].copy_from_slice(&rounds);
        liar.tell(honest.forge_node(place, &row), kills);
    }
}

/// A permutation that is another one.
pub(crate) fn calls(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let honest = liar.honest;
    let id = TableId::Chip(Chip::Poseidon2);
    let Some(table) = honest.traces.tables.iter().position(|trace| trace.table.id == id) else { return };
    let names = id.column_names();
    let position = |name: &str| names.iter().position(|column| column == name).expect("a column");
    let [before, first, high, lower, largest] =
        ["before[0]", "rounds.first[0]", "output.high[0]", "output.lower[0]", "output.largest[0]"].map(position);
    let place: Place = (table, 0);
    for fault in 0..BOXES {
        let mut row = honest.cells(place).to_vec();
        let input: Vec<F> =
            (0..STATE).map(|i| row[before + 2 * i] + row[before + 2 * i + 1] * F::from_u32(1 << 16)).collect();
        let rounds = faulty(&input, fault);
        row[first..first + rounds.len()].copy_from_slice(&rounds);
        for (i, word) in rounds[rounds.len() - STATE..].iter().enumerate() {
            let word_high = word.as_canonical_u32() >> 16;
            row[high + i] = F::from_u32(word_high);
            row[lower + i] = F::from_bool(word_high < 0x4000);
            row[largest + i] = F::from_bool(word_high == 0x7f00);
        }
        let mut lie = Lie::default();
        lie.rows.insert(place, row);
        // The first constraint is that of the flag.
        let deletion = Deletion { table: id, thing: Thing::Constraint(1 + fault) };
        liar.search(&deletion, lie, BTreeSet::new(), kills);
    }
}
