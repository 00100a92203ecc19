//! Filling and checking the tables of many small runs quickly.

use provasm_execute::{Cut, ExecuteError, Execution, Inputs, Limits, Recording, Run, record};
pub use provasm_script::tables::{check_used, fill_first, tables_of};
use provasm_trace::{StateTree, Traces, Walk, generate};

use crate::corpus::Case;

/// A segment of a run: what was recorded, its walk through the state tree, and its tables.
#[derive(Debug)]
pub struct Segment {
    /// What was recorded.
    pub recording: Recording,
    /// The walk through the state tree.
    pub walk: Walk,
    /// The filled tables.
    pub traces: Traces,
}

/// Records a run as one segment and fills its tables.
///
/// # Errors
/// As [`record`].
pub fn traces_of(case: &Case, limits: Limits) -> Result<(Run, Traces), ExecuteError> {
    let (run, recording) = record(&case.program, &case.entry, &case.args, limits)?;
    Ok((run, fill_first(&case.program, &tables_of(&case.program), &recording)))
}

/// Records a run in segments and fills their tables. `cut` says after how many instructions the segment
/// with an index ends; without a number it ends with the run.
///
/// # Errors
/// As [`Execution::next`].
pub fn segments_of(
    case: &Case,
    cut: impl Fn(u64) -> Option<u64>,
    mut each: impl FnMut(Segment),
) -> Result<Run, ExecuteError> {
    let tables = tables_of(&case.program);
    let mut tree = StateTree::new(&case.program);
    let mut execution = Execution::new(&case.program, &case.entry, &case.args, Inputs::default(), Limits::default())?;
    while let Some(recording) = execution.next(cut(execution.segments()).map_or(Cut::Never, Cut::After))? {
        let walk = tree.advance(&recording);
        let traces = generate(&case.program, &tables, &recording, &walk);
        each(Segment { recording, walk, traces });
    }
    Ok(execution.run().expect("without a next segment the run has ended").clone())
}
