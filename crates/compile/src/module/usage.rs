//! What the functions of a module do with its tables and segments, seen before they are
//! translated: only what is used at run time needs cells.

use std::collections::BTreeSet;

use wasmparser::{FunctionBody, Operator};

use crate::CompileError;

/// Things that some function uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Tables that `table.grow` names.
    pub(crate) grown_tables: BTreeSet<u32>,
    /// Element segments that `table.init` names.
    pub(crate) elements: BTreeSet<u32>,
    /// Data segments that `memory.init` names.
    pub(crate) data: BTreeSet<u32>,
    /// Functions that `ref.func` names.
    pub(crate) references: BTreeSet<u32>,
}

impl Usage {
    /// Adds what a validated body does.
    pub(super) fn add(&mut self, body: &FunctionBody<'_>) -> Result<(), CompileError> {
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            match reader.read()? {
                Operator::TableGrow { table } => self.grown_tables.insert(table),
                Operator::TableInit { elem_index, .. } => self.elements.insert(elem_index),
                Operator::MemoryInit { data_index, .. } => self.data.insert(data_index),
                Operator::RefFunc { function_index } => self.references.insert(function_index),
                _ => false,
            };
        }
        Ok(())
    }
}
