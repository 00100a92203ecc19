//! Where the cells of a run go.

use std::thread;

use provasm_air::TableId;
use provasm_execute::{Cut, Execution, Inputs, Limits, Machine, Run};
use provasm_profile::{ChipCosts, Profile, Profiler};
use provasm_trace::{SegmentMeter, StateTree, rows};
use provasm_verify::INSTRUCTION_ROWS_MAX;

use crate::cost::{Cost, RowCost};
use crate::error::Error;
use crate::program::Program;
use crate::prove::SEGMENT_LOG_CELLS;

/// What a run costs, and where that comes from.
#[derive(Clone, Debug)]
pub struct Profiled {
    /// The run.
    pub run: Run,
    /// What its instructions cost, padding not counted.
    pub profile: Profile,
    /// What it costs to prove, in segments of the usual size: all tables, padding included.
    pub cost: Cost,
    /// Segments.
    pub segments: u64,
}

impl Program {
    /// Runs an exported function and counts what its instructions cost. The module from which the program was compiled tells
    /// inlined functions and source lines if it is in the binary format and has debug information.
    ///
    /// # Errors
    /// As [`Program::run`].
    pub fn profile(
        &self,
        module: &[u8],
        entry: &str,
        args: &[u64],
        inputs: Inputs<'_>,
        limits: Limits,
    ) -> Result<Profiled, Error> {
        self.check_args(entry, args)?;
        let mut machine = Machine::new(self.compiled(), limits);
        machine.set_inputs(inputs)?;
        // What the run says is said once.
        let quiet = Limits { progress: None, log: None, ..limits };
        let tables = provasm_air::fixed::tables_of(self.compiled());
        let costs: Vec<RowCost> = tables.iter().map(RowCost::of).collect();
        thread::scope(|scope| {
            let segments = scope.spawn(|| {
                let meter = SegmentMeter::new(&tables, SEGMENT_LOG_CELLS, INSTRUCTION_ROWS_MAX);
                let mut execution = Execution::new(self.compiled(), entry, args, inputs, quiet)?;
                let mut tree = StateTree::new(self.compiled()).with_input(inputs.public);
                let mut cost = Cost::default();
                while let Some(recording) = execution.next(Cut::When(&meter))? {
                    let walk = tree.advance(&recording);
                    cost.add(&Cost::of_rows(&costs, &rows(&tables, &recording, &walk)));
                }
                Ok::<_, Error>((cost, execution.segments()))
            });
            let mut profiler = Profiler::new(self.compiled(), module);
            let run = machine.invoke_observed(entry, args, &mut profiler);
            let segments = segments.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            // A profiler always wants more.
            let run = run?.ok_or(Error::Interrupted)?;
            let (cost, segments) = segments?;
            Ok(Profiled { run, profile: profiler.finish(&chip_costs(&costs)), cost, segments })
        })
    }
}

/// What an instruction of each chip costs: a row of its table, and those of its rounds.
fn chip_costs(rows: &[RowCost]) -> ChipCosts {
    let mut costs = ChipCosts::default();
    for row in rows {
        let (chip, of_a_call) = match row.table {
            TableId::Chip(chip) => (chip, 1),
            TableId::Rounds(rounds) => (rounds.chip(), rounds.rows() as u64),
            _ => continue,
        };
        costs.add(chip, of_a_call, row.columns as u64, row.interactions as u64);
    }
    costs
}
