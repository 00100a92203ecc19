//! What is prepared once for a program: its tables, and the commitment to their fixed columns.

use p3_field::PrimeField32;
use p3_multi_stark::{ProvingKey, setup};
use provasm_air::fixed::{LOG_HEIGHT_MIN, families_of, tables_of};
use provasm_air::tree::INPUT_NODE;
use provasm_air::{Fixed, Table, TableId};
use provasm_program::Program;
use provasm_proof::{Config, Header, ParameterSet, Pinned, ProgramId, challenger};

use provasm_trace::StateTree;

use crate::ProveError;

/// A program made ready for proving.
pub struct ProgramKey {
    tables: Vec<Table>,
    pinned: Pinned,
    header: Header,
    tree: StateTree,
}

impl ProgramKey {
    /// Commits to a program's fixed columns.
    ///
    /// # Errors
    /// [`ProveError`] when no parameters exist for the program's size.
    pub fn new(program: &Program, parameters: ParameterSet) -> Result<Self, ProveError> {
        let tables = tables_of(program);
        let tree = StateTree::new(program);
        let fixed_log_height = |id: TableId| {
            let table = tables.iter().find(|table| table.id == id);
            table.and_then(|table| table.fixed.as_ref()).map_or(LOG_HEIGHT_MIN, Fixed::log_height)
        };
        let log_heights: Vec<usize> =
            tables.iter().map(|table| table.fixed.as_ref().map_or(LOG_HEIGHT_MIN, Fixed::log_height)).collect();
        let pinned = Config::new(parameters, &tables, &log_heights, None)?
            .commit_fixed(&tables)
            .map_err(|reason| ProveError::Library { reason: format!("{reason:?}") })?;
        let header = Header {
            parameters,
            families: families_of(program),
            rom_log_height: u8::try_from(fixed_log_height(TableId::Rom)).unwrap_or(u8::MAX),
            input_siblings: tree.stream_siblings(INPUT_NODE).map(|digest| digest.map(|e| e.as_canonical_u32())),
            entries: program.entries.clone(),
            commitment: pinned.commitment.clone(),
        };
        Ok(Self { tables, pinned, header, tree })
    }

    /// Parameters and the library's key for tables cut into these parts.
    pub(crate) fn for_parts(
        &self,
        parts: &[Table],
        log_heights: &[usize],
    ) -> Result<(Config, ProvingKey<Config>), ProveError> {
        let config = Config::new(self.header.parameters, parts, log_heights, Some(self.pinned.clone()))?;
        let airs: Vec<&Table> = parts.iter().collect();
        let (proving, _) = setup(&config, &airs, &mut challenger(&[0; 32]))
            .map_err(|reason| ProveError::Library { reason: format!("{reason:?}") })?;
        Ok((config, proving))
    }

    /// What is fixed about the program.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The program's id.
    #[must_use]
    pub fn id(&self) -> ProgramId {
        self.header.id()
    }

    /// The state tree at the start of every run.
    #[must_use]
    pub fn tree(&self) -> &StateTree {
        &self.tree
    }

    /// The tables that prove the program.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }
}
