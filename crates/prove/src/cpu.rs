//! Proving on the processor's cores.

use p3_matrix::Matrix;
use p3_multi_stark::{ProverInstance, ProverInstances, prove};
use p3_sumcheck::layout::Table as Columns;
use provasm_air::TableId;
use provasm_proof::{Claim, Config, LOG_HEIGHT_MAX, Proof, challenger};
use provasm_trace::Traces;

use crate::{Backend, ProgramKey, ProveError};

/// The reference back end: Plonky3 on all cores of the current thread pool.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cpu;

impl Backend for Cpu {
    fn prove(&self, key: &ProgramKey, claim: Claim, traces: Traces) -> Result<Proof, ProveError> {
        let mut log_heights = Vec::with_capacity(traces.tables.len());
        for trace in &traces.tables {
            let log_height = trace.rows.height().ilog2();
            let too_tall = || ProveError::TooTall { table: trace.table.id.name(), log_height: log_height as usize };
            let log_height = u8::try_from(log_height).ok().filter(|&height| height <= LOG_HEIGHT_MAX);
            log_heights.push(log_height.ok_or_else(too_tall)?);
        }
        let heights: Vec<usize> = log_heights.iter().map(|&height| height.into()).collect();
        let statement = claim.statement(key.header(), &log_heights)?;
        let config = Config::new(key.header().parameters, key.tables(), &heights, None)?;
        let mut instances = Vec::with_capacity(key.tables().len());
        for (table, trace) in key.tables().iter().zip(traces.tables) {
            let public_values: &[_] = if table.id == TableId::Claim { &statement.public_values } else { &[] };
            let columns = Columns::new(trace.rows.transpose());
            instances.push(ProverInstance::new(table, columns, &key.proving, public_values));
        }
        let stark = prove(&config, ProverInstances::new(instances), 0, &mut challenger(&statement.digest))
            .map_err(|reason| ProveError::Library { reason: format!("{reason:?}") })?;
        Ok(Proof { header: key.header().clone(), claim, log_heights, stark })
    }
}
