//! Filling and checking the tables of many small runs quickly.

use provasm_execute::{ExecuteError, Limits, Recording, record};
pub use provasm_script::tables::{check_used, tables_of};
use provasm_trace::{Traces, generate};

use crate::corpus::Case;

/// Records a run and fills its tables.
///
/// # Errors
/// As [`record`].
pub fn traces_of(case: &Case, limits: Limits) -> Result<(Recording, Traces), ExecuteError> {
    let recording = record(&case.program, &case.entry, &case.args, limits)?;
    let traces = generate(&case.program, &tables_of(&case.program), &recording);
    Ok((recording, traces))
}
