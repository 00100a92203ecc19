//! Why a module does not compile.

use thiserror::Error;

/// Why a module does not compile. Offsets are bytes from the start of the module.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CompileError {
    /// The bytes are not a valid module under any WebAssembly feature.
    #[error("invalid module at byte {offset}: {message}")]
    Invalid {
        /// What the validator found.
        message: String,
        /// Where.
        offset: u64,
    },
    /// The module is valid, but uses a feature that is not supported.
    #[error("not supported, at byte {offset}: {feature}")]
    Unsupported {
        /// The operator or feature.
        feature: String,
        /// Where.
        offset: u64,
    },
    /// Nothing provides an import.
    #[error("missing import \"{module}\" \"{field}\"")]
    MissingImport {
        /// First name of the import.
        module: String,
        /// Second name of the import.
        field: String,
    },
    /// What provides an import is of another type.
    #[error("incompatible import \"{module}\" \"{field}\": the module wants {wanted}")]
    IncompatibleImport {
        /// First name of the import.
        module: String,
        /// Second name of the import.
        field: String,
        /// The type that the module declares.
        wanted: String,
    },
    /// A documented limit is passed, see [`crate::Limits`].
    #[error("too large: {count} {what}, at most {max} are supported")]
    TooLarge {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        count: u64,
        /// How many there can be.
        max: u64,
    },
    /// An active data segment does not fit in the memory.
    #[error("data segment {segment} ends at byte {end} of a memory of {size} bytes")]
    DataOutOfBounds {
        /// Index of the segment.
        segment: u32,
        /// The byte after its last.
        end: u64,
        /// Bytes in the memory.
        size: u64,
    },
    /// An active element segment does not fit in the table.
    #[error("element segment {segment} ends at element {end} of a table of {size}")]
    ElementOutOfBounds {
        /// Index of the segment.
        segment: u32,
        /// The element after its last.
        end: u64,
        /// Elements in the table.
        size: u64,
    },
    /// A validated module broke one of the compiler's assumptions: a bug of the compiler.
    #[error("internal error at byte {offset}: {what}")]
    Inconsistent {
        /// The assumption.
        what: &'static str,
        /// Where.
        offset: u64,
    },
}

impl From<wasmparser::Error> for CompileError {
    fn from(error: wasmparser::Error) -> Self {
        CompileError::Invalid { message: error.message().to_owned(), offset: error.offset() }
    }
}

/// Fails when there are more of something than its limit.
pub(crate) fn check_limit(what: &'static str, count: u64, max: u64) -> Result<(), CompileError> {
    if count > max {
        return Err(CompileError::TooLarge { what, count, max });
    }
    Ok(())
}
