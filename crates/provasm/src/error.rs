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
    /// Proving the run in one piece would take more memory than allowed.
    #[error(
        "proving {instructions} instructions takes about {needed} MiB of memory, {allowed} MiB are allowed; \
         segments are not there yet, so run less of the program"
    )]
    Memory {
        /// Executed instructions.
        instructions: u64,
        /// What it would take, in MiB.
        needed: u64,
        /// What is allowed, in MiB.
        allowed: u64,
    },
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
