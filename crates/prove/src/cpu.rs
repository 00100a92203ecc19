//! Proving on the processor's cores.

use p3_matrix::Matrix;
use p3_multi_stark::{ProverInstance, ProverInstances, prove};
use p3_sumcheck::layout::Table as Columns;
use provasm_air::{Table, TableId};
use provasm_proof::{Invocation, LOG_HEIGHT_MAX, LogHeights, SegmentClaim, SegmentProof, challenger, parts};
use provasm_trace::Traces;

use crate::{Backend, ProgramKey, ProveError};

/// The reference back end: Plonky3 on all cores of the current thread pool.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cpu;

impl Backend for Cpu {
    fn prove(
        &self,
        key: &ProgramKey,
        invocation: &Invocation,
        claim: SegmentClaim,
        traces: Traces,
    ) -> Result<SegmentProof, ProveError> {
        let log_heights = log_heights(key.tables(), &traces)?;
        let statement = claim.statement(key.header(), invocation, &log_heights)?;
        let (tables, heights) = parts(key.tables(), &log_heights);
        let (config, proving) = key.for_parts(&tables, &heights)?;
        let mut instances = Vec::with_capacity(tables.len());
        for (table, trace) in tables.iter().zip(traces.tables) {
            let public_values: &[_] = if table.id == TableId::Claim { &statement.public_values } else { &[] };
            let columns = Columns::new(trace.rows.transpose());
            instances.push(ProverInstance::new(table, columns, &proving, public_values));
        }
        let stark = prove(&config, ProverInstances::new(instances), 0, &mut challenger(&statement.digest))
            .map_err(|reason| ProveError::Library { reason: format!("{reason:?}") })?;
        Ok(SegmentProof { claim, log_heights, stark })
    }
}

/// The heights of every table's parts.
fn log_heights(tables: &[Table], traces: &Traces) -> Result<LogHeights, ProveError> {
    let mut log_heights: LogHeights = vec![Vec::new(); tables.len()];
    for trace in &traces.tables {
        let id = trace.table.id;
        let log_height = trace.rows.height().ilog2();
        let too_tall = || ProveError::TooTall { table: id.name(), log_height: log_height as usize };
        let fits = u8::try_from(log_height).ok().filter(|&height| height <= LOG_HEIGHT_MAX).ok_or_else(too_tall)?;
        for (table, parts) in tables.iter().zip(&mut log_heights) {
            if table.id == id {
                parts.push(fits);
            }
        }
    }
    Ok(log_heights)
}
