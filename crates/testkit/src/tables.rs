//! Filling and checking the tables of many small runs quickly.

use provasm_execute::{ExecuteError, Limits, Run, record};
pub use provasm_script::tables::{check_used, fill_first, tables_of};
use provasm_trace::Traces;

use crate::corpus::Case;

/// Records a run as one segment and fills its tables.
///
/// # Errors
/// As [`record`].
pub fn traces_of(case: &Case, limits: Limits) -> Result<(Run, Traces), ExecuteError> {
    let (run, recording) = record(&case.program, &case.entry, &case.args, limits)?;
    Ok((run, fill_first(&case.program, &tables_of(&case.program), &recording)))
}
