//! What a run is, as JSON.

use std::path::Path;

use provasm_execute::Inputs;
use provasm_proof::{ParameterSet, ProgramId, StreamDigest};
use serde::{Deserialize, Serialize};

use super::MANIFEST;
use super::error::DirectoryError;

/// Version of the folder's format: of the description, and of which files there are.
pub(super) const FORMAT: u64 = 2;

/// Separates digests of modules from every other digest.
const MODULE_DOMAIN: &str = "provasm 2026-11 module of a run";

/// Separates digests of private inputs from every other digest.
const PRIVATE_DOMAIN: &str = "provasm 2026-11 private input of a run";

/// By what the inputs of a run are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputDigests {
    /// The public input's.
    pub public: StreamDigest,
    /// The private input's, in hexadecimal. It stays in the folder.
    pub private: String,
}

impl InputDigests {
    /// The digests of these inputs.
    #[must_use]
    pub fn of(inputs: Inputs<'_>) -> Self {
        let private = blake3::Hash::from(blake3::derive_key(PRIVATE_DOMAIN, inputs.private));
        Self { public: StreamDigest::of(inputs.public), private: private.to_hex().to_string() }
    }
}

/// What a run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The program's id.
    pub program: ProgramId,
    /// The exported function that runs.
    pub entry: String,
    /// Its arguments, as register values.
    pub args: Vec<u64>,
    /// Digests of what it is given to read.
    pub inputs: InputDigests,
    /// Committed cells a segment can have, as a base-two logarithm.
    pub segment_log_cells: u32,
    /// The parameters of the proof.
    pub parameters: ParameterSet,
}

/// The description as it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    format: u64,
    provasm: String,
    program: String,
    entry: String,
    /// In decimal, because other readers of JSON have no integers of 64 bits.
    args: Vec<String>,
    input: String,
    private: String,
    segment_log_cells: u32,
    parameters: String,
    module_digest: String,
}

/// What every version of the description has.
#[derive(Deserialize)]
struct Versioned {
    format: u64,
}

/// The digest that a module is known by.
pub(super) fn digest(module: &[u8]) -> String {
    blake3::Hash::from(blake3::derive_key(MODULE_DOMAIN, module)).to_hex().to_string()
}

impl Manifest {
    /// Whether both describe the same run, whose segments may have other sizes.
    #[must_use]
    pub fn same_run(&self, other: &Self) -> bool {
        let run = |of: &Self| (of.program, of.parameters);
        let call = |of: &Self| (of.entry.clone(), of.args.clone(), of.inputs.clone());
        run(self) == run(other) && call(self) == call(other)
    }

    pub(super) fn to_json(&self, module_digest: &str) -> serde_json::Result<String> {
        let written = Written {
            format: FORMAT,
            provasm: env!("CARGO_PKG_VERSION").to_owned(),
            program: self.program.to_string(),
            entry: self.entry.clone(),
            args: self.args.iter().map(u64::to_string).collect(),
            input: self.inputs.public.to_string(),
            private: self.inputs.private.clone(),
            segment_log_cells: self.segment_log_cells,
            parameters: self.parameters.name().to_owned(),
            module_digest: module_digest.to_owned(),
        };
        serde_json::to_string_pretty(&written)
    }

    pub(super) fn from_json(bytes: &[u8], path: &Path) -> Result<(Self, String), DirectoryError> {
        let damaged = |reason: String| DirectoryError::Damaged { path: path.join(MANIFEST), reason };
        let Versioned { format } = serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))?;
        if format != FORMAT {
            return Err(DirectoryError::Format { path: path.to_owned(), found: format });
        }
        let written: Written = serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))?;
        let parameters = ParameterSet::ALL.iter().find(|set| set.name() == written.parameters);
        let unknown = || damaged(format!("no parameter set is named `{}`", written.parameters));
        let args = written.args.iter().map(|arg| arg.parse().map_err(|_| damaged(format!("`{arg}` is no argument"))));
        let manifest = Self {
            program: written.program.parse().map_err(|error| damaged(format!("{error}")))?,
            args: args.collect::<Result<_, _>>()?,
            inputs: InputDigests {
                public: written.input.parse().map_err(|error| damaged(format!("{error}")))?,
                private: written.private,
            },
            segment_log_cells: written.segment_log_cells,
            parameters: *parameters.ok_or_else(unknown)?,
            entry: written.entry,
        };
        Ok((manifest, written.module_digest))
    }
}
