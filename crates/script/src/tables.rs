//! Filling and checking the tables of many small runs quickly.

use std::sync::{Arc, OnceLock};

use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use provasm_air::fixed::{families_of, fixed_columns, table_ids};
use provasm_air::{Fixed, KoalaBear, Table, TableId};
use provasm_execute::Recording;
use provasm_program::Program;
use provasm_trace::{StateTree, Trace, Traces, Violation, check, generate};

/// The fixed tables that are the same for every program. They have no constraints: a row that is
/// used no times says nothing.
const COMMON: [TableId; 3] = [TableId::Range, TableId::Bytes, TableId::Shift];

/// The tables that prove a program; those common to all are made once.
#[must_use]
pub fn tables_of(program: &Program) -> Vec<Table> {
    static FIXED: OnceLock<Vec<(TableId, Fixed)>> = OnceLock::new();
    let known = |id: TableId| Some(Fixed::Known(Arc::new(fixed_columns(id, program)?)));
    let common = FIXED.get_or_init(|| COMMON.into_iter().filter_map(|id| Some((id, known(id)?))).collect());
    let fixed = |id: TableId| match common.iter().find(|(common, _)| *common == id) {
        Some((_, fixed)) => Some(fixed.clone()),
        None => known(id),
    };
    table_ids(families_of(program)).into_iter().map(|id| Table { id, fixed: fixed(id) }).collect()
}

/// Fills the tables of a segment that begins in the program's initial state.
#[must_use]
pub fn fill_first(program: &Program, tables: &[Table], recording: &Recording) -> Traces {
    generate(program, tables, recording, &StateTree::new(program).advance(recording))
}

/// As [`check`], without the rows of the common tables that are not used, which are most of all.
#[must_use]
pub fn check_used(traces: &Traces) -> Vec<Violation> {
    let tables = traces.tables.iter().map(used).collect();
    check(&Traces { tables, public_values: traces.public_values.clone() })
}

fn used(trace: &Trace) -> Trace {
    let (id, width) = (trace.table.id, trace.rows.width);
    let Some(Fixed::Known(fixed)) = trace.table.fixed.as_ref().filter(|_| COMMON.contains(&id)) else {
        return trace.clone();
    };
    let is_used = |row: &[KoalaBear]| row.iter().any(|times| *times != KoalaBear::ZERO);
    let empty = |width: usize| RowMajorMatrix::new(Vec::new(), width);
    let mut used = Trace { table: Table { id, fixed: None }, rows: empty(width), real: 0 };
    let mut used_fixed = empty(fixed.width);
    for (row, fixed) in trace.rows.values.chunks_exact(width).zip(fixed.values.chunks_exact(fixed.width)) {
        if is_used(row) {
            used.rows.values.extend_from_slice(row);
            used_fixed.values.extend_from_slice(fixed);
            used.real += 1;
        }
    }
    used.table.fixed = Some(Fixed::Known(Arc::new(used_fixed)));
    used
}
