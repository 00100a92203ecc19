//! Honest calls: the tables of every call check, and what a call costs.

use provasm_air::TableId;
use provasm_isa::Op;
use provasm_testkit::Random;
use provasm_testkit::tables::{check_used, fill_first, tables_of};

use crate::program::{HASHES, random_window, recorded};

/// Calls of each accelerator: more than a table of the least height holds.
const CALLS: usize = 70;

#[test]
fn honest_calls_pass() {
    let mut random = Random::new(0xca11);
    for op in HASHES {
        let windows: Vec<Vec<u64>> = (0..CALLS).map(|_| random_window(op, &mut random)).collect();
        let (program, recording) = recorded(op, &windows);
        let traces = fill_first(&program, &tables_of(&program), &recording);
        assert_eq!(check_used(&traces), [], "{op:?}");
        for rounds in traces.tables.iter().filter(|trace| matches!(trace.table.id, TableId::Rounds(_))) {
            println!("{}: {} rows", rounds.table.id.name(), rounds.real);
        }
    }
}

/// Cells and interactions of a call: of its own row and those of its rounds.
const COSTS: [(Op, usize, usize); 3] =
    [(Op::Sha256, 7_173, 261), (Op::Keccak, 47_078, 3_968), (Op::Blake3, 2_984, 1_077)];

#[test]
fn a_call_costs_what_it_did() {
    for (op, cells, interactions) in COSTS {
        let (program, _) = recorded(op, &[vec![0; op.window()]]);
        let mut total = (0, 0);
        for table in tables_of(&program) {
            let rows = match table.id {
                TableId::Chip(chip) if chip == op.chip(0) => 1,
                TableId::Rounds(rounds) => rounds.rows(),
                _ => continue,
            };
            let (width, sends) = (table.id.width(), table.interactions());
            println!("{:14} {rows:3} rows of {width:5} cells and {sends:3} interactions", table.id.name());
            total = (total.0 + rows * width, total.1 + rows * sends);
        }
        assert_eq!(total, (cells, interactions), "{op:?}");
    }
}
