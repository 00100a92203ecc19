//! What can go wrong, from bytes to proofs.

use thiserror::Error;

/// Any failure of this library. Traps are outcomes, not failures.
#[derive(Debug, Error)]
pub enum Error {
    /// The text is not a WebAssembly module in the text format.
    #[error("the text is not a WebAssembly module: {0}")]
    Text(String),
    /// The module cannot be compiled.
    #[error(transparent)]
    Compile(#[from] provasm_compile::CompileError),
    /// The run could not start, or a limit stopped it.
    #[error(transparent)]
    Execute(#[from] provasm_execute::ExecuteError),
    /// No proof could be made.
    #[error(transparent)]
    Prove(#[from] provasm_prove::ProveError),
    /// Segments cannot be kept, or proofs read or written.
    #[error("cannot keep or read a proof: {0}")]
    Store(#[from] std::io::Error),
    /// No threads could be started.
    #[error("cannot start threads: {0}")]
    Threads(String),
    /// The work was stopped; segments that were finished are in the store.
    #[error("interrupted")]
    Interrupted,
    /// The proof is rejected.
    #[error(transparent)]
    Verify(#[from] provasm_verify::VerifyError),
    /// An argument has bits beyond its type.
    #[error("argument {index} of `{entry}` is {value}, beyond the 32 bits of its type")]
    ArgumentRange {
        /// The entry.
        entry: String,
        /// The argument's number.
        index: usize,
        /// Its value.
        value: u64,
    },
}
