//! Segments of calls are full, though a call is thousands of cells.

use provasm_execute::{Cut, Execution, Inputs, Limits};
use provasm_testkit::Random;
use provasm_testkit::tables::tables_of;
use provasm_trace::{SegmentMeter, StateTree, generate};

use crate::program::{HASHES, program_of_calls, random_window};

/// Base-two logarithm of the cells of a segment.
const LOG_CELLS: u32 = 24;

#[test]
fn segments_of_calls_are_full() {
    let mut random = Random::new(0xf111);
    for (op, calls) in HASHES.into_iter().zip([6_000, 1_200, 12_000]) {
        let program = program_of_calls(op, &random_window(op, &mut random), calls);
        let tables = tables_of(&program);
        let meter = SegmentMeter::new(&tables, LOG_CELLS, 1 << 24);
        let mut tree = StateTree::new(&program);
        let mut execution =
            Execution::new(&program, "main", &[], Inputs::default(), Limits::default()).expect("an entry");
        let mut cells = Vec::new();
        while let Some(recording) = execution.next(Cut::When(&meter)).expect("it runs") {
            let traces = generate(&program, &tables, &recording, &tree.advance(&recording));
            cells.push(traces.tables.iter().map(|trace| trace.rows.values.len()).sum::<usize>());
        }
        let _last = cells.pop();
        assert!(cells.len() > 1, "{op:?}");
        for cells in cells {
            let full = cells as f64 / f64::from(1 << LOG_CELLS);
            println!("{op:?}: {full:.4}");
            // The heights of a table's parts grow in steps of up to an eighth.
            assert!((0.86..=1.0).contains(&full), "{op:?}: {full}");
        }
    }
}
