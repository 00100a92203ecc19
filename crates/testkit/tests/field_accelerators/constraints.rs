//! Honest calls pass, and no cell of them can be another.

use std::collections::BTreeSet;

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::{KoalaBear, Table, TableId};
use provasm_isa::Op;
use provasm_isa::accel::modmul::MODULI;
use provasm_testkit::Random;
use provasm_testkit::figure::Figure;
use provasm_testkit::forge::{Forgery, Judge, Verdict};
use provasm_trace::Traces;

use crate::calls::{Cells, honest};
use crate::inputs::{LARGEST_OUTPUTS, edges, integer, nonce, window, words};

/// Random calls of each kind.
const RANDOM_CALLS: usize = 1_000;

fn modmul_calls(random: &mut Random) -> Vec<(u64, Cells)> {
    let mut calls = Vec::new();
    for (number, modulus) in (0..MODULI.len()).zip(0u64..) {
        let edges = edges(number);
        calls.extend(edges.iter().flat_map(|a| edges.iter().map(move |b| (modulus, window(a, b)))));
        calls.extend((0..RANDOM_CALLS / 6).map(|_| (modulus, window(&integer(random), &integer(random)))));
    }
    calls
}

fn poseidon2_calls(random: &mut Random) -> Vec<(u64, Cells)> {
    let random_calls = (0..RANDOM_CALLS).map(|_| (0, words(random)));
    random_calls.chain(LARGEST_OUTPUTS.map(|(input, _)| (0, nonce(input)))).collect()
}

#[test]
fn honest_calls_pass() {
    let mut random = Random::new(0x0f);
    honest(Op::ModMul, &modmul_calls(&mut random));
    honest(Op::Poseidon2, &poseidon2_calls(&mut random));
}

/// Cells and interactions of a call's row.
const COSTS: [(Op, usize, usize); 2] = [(Op::Poseidon2, 241, 59), (Op::ModMul, 173, 125)];

#[test]
fn a_call_costs_what_it_did() {
    for (op, cells, interactions) in COSTS {
        let table = Table { id: TableId::Chip(op.chip(0)), fixed: None };
        assert_eq!((table.id.width(), table.interactions()), (cells, interactions), "{op:?}");
    }
}

/// Every column of these tables' rows given other values, in real rows and in padding.
fn forgeries(traces: &Traces, id: TableId, random: &mut Random) -> Vec<Forgery> {
    let (table, trace) = traces.tables.iter().enumerate().find(|(_, trace)| trace.table.id == id).expect("the table");
    let rows = (0..trace.real).chain([trace.real, trace.rows.values.len() / trace.rows.width - 1]);
    let cell = |row: usize, column: usize| trace.rows.values[trace.rows.width * row + column];
    let mut forgeries = Vec::new();
    for (row, column) in rows.flat_map(|row| (0..trace.rows.width).map(move |column| (row, column))) {
        let present = cell(row, column);
        let small = [1, 1 << 8, 1 << 16].map(KoalaBear::from_u32);
        let mut values: BTreeSet<KoalaBear> =
            small.into_iter().flat_map(|by| [present + by, present - by, present + by.inverse_or_zero()]).collect();
        values.extend([KoalaBear::ZERO, KoalaBear::ONE, -present, KoalaBear::from_u64(random.next_u64())]);
        values.insert(cell(random.below(trace.real), column));
        values.remove(&present);
        forgeries.extend(values.into_iter().map(|value| Forgery { table, row, column, value }));
    }
    forgeries
}

/// A field's inverse, for numbers that are no integers.
trait InverseOrZero {
    fn inverse_or_zero(self) -> Self;
}

impl InverseOrZero for KoalaBear {
    fn inverse_or_zero(self) -> Self {
        p3_field::Field::try_inverse(&self).unwrap_or_default()
    }
}

/// The forgeries of one cell that nothing notices, as row and column; and how many were noticed, and how many padding may
/// hold.
fn survivors(op: Op, calls: &[(u64, Cells)], random: &mut Random) -> (Vec<(Vec<KoalaBear>, String)>, [usize; 2]) {
    let traces = honest(op, calls);
    let id = TableId::Chip(op.chip(0));
    let (judge, names) = (Judge::new(&traces), id.column_names());
    let forgeries = forgeries(&traces, id, random);
    let mut inert = 0;
    let survives = |forgery: &Forgery| {
        let trace = &traces.tables[forgery.table];
        let is_padding = forgery.row >= trace.real;
        match judge.recounted(forgery) {
            verdict if verdict.is_caught() => None,
            // A row that takes part in nothing may hold anything.
            Verdict::Inert if is_padding => {
                inert += 1;
                None
            }
            _ => {
                let row = &trace.rows.values[trace.rows.width * forgery.row..trace.rows.width * (forgery.row + 1)];
                Some((row.to_vec(), names[forgery.column].clone()))
            }
        }
    };
    let survivors: Vec<_> = forgeries.iter().filter_map(survives).collect();
    let caught = forgeries.len() - inert - survivors.len();
    (survivors, [caught, inert])
}

/// The figure of a table's forgeries.
fn figure(what: &str, [caught, inert]: [usize; 2]) -> Figure {
    let padding = "the row sends and receives nothing but lookups of what is there, so it takes part in nothing";
    Figure::held(1, what, caught).except("padding", inert, padding)
}

#[test]
fn no_cell_of_a_multiplication_can_be_another() {
    let mut random = Random::new(0x10);
    let mut calls: Vec<(u64, Cells)> =
        (0..12).map(|i| (i % 6, window(&integer(&mut random), &integer(&mut random)))).collect();
    for number in 0..MODULI.len() {
        let edges = edges(number);
        calls.extend((0..4).map(|_| (number as u64, window(&edges[random.below(edges.len())], &integer(&mut random)))));
        calls.push((number as u64, window(&edges[5], &edges[5])));
    }
    let (survivors, counts) = survivors(Op::ModMul, &calls, &mut random);
    assert_eq!(survivors.iter().map(|(_, column)| column).collect::<Vec<_>>(), [""; 0]);
    figure("cells of modular multiplications forged", counts).print();
}

/// One thing is the prover's to say: which of two intervals a high limb lies in that lies in both.
#[test]
fn no_cell_of_a_permutation_can_be_another() {
    let mut random = Random::new(0x11);
    let mut calls: Vec<(u64, Cells)> = (0..24).map(|_| (0, words(&mut random))).collect();
    calls.extend(LARGEST_OUTPUTS.map(|(input, _)| (0, nonce(input))));
    let (survivors, counts) = survivors(Op::Poseidon2, &calls, &mut random);
    let names = TableId::Chip(Op::Poseidon2.chip(0)).column_names();
    for (row, column) in &survivors {
        let index = column.strip_prefix("output.lower").unwrap_or_else(|| panic!("{column} can be forged"));
        let high = names.iter().position(|name| *name == format!("output.high{index}")).expect("a high limb");
        assert!((0x3f00..0x4000).contains(&row[high].as_canonical_u32()), "{column} of {}", row[high]);
    }
    assert!(!survivors.is_empty(), "no high limb lies in both intervals");
    let reason = "a high limb from 0x3f00 to 0x3fff lies in both intervals; it is the same limb in either";
    let figure = figure("cells of Poseidon2 permutations forged", counts);
    figure.except("Poseidon2: output.lower", survivors.len(), reason).print();
}
