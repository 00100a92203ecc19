//! What no program can be given.

use std::path::PathBuf;

use thiserror::Error;

use provasm_isa::layout::STREAM_BYTES_MAX;

use super::PATH_BYTES_MAX;

/// What no program can be given.
#[derive(Debug, Error)]
pub enum WorldError {
    /// A path that is not names with a slash between each two.
    #[error("`{path}` is not a relative path of names with `/` between them, without `.` and `..`")]
    Path {
        /// The path.
        path: String,
    },
    /// A path that is too long.
    #[error("a path has {bytes} bytes, at most {PATH_BYTES_MAX} are possible: `{beginning}…`")]
    PathLength {
        /// Its length.
        bytes: usize,
        /// How it begins.
        beginning: String,
    },
    /// A path that is a file and has something in it.
    #[error("`{path}` is both a file and a directory")]
    FileAndDirectory {
        /// The path.
        path: String,
    },
    /// A string with a zero byte, which would end it.
    #[error("{string:?} contains a zero byte")]
    ZeroByte {
        /// The string.
        string: String,
    },
    /// A variable's name that is empty or has a `=` in it.
    #[error("{name:?} is not a name of an environment variable")]
    VariableName {
        /// The name.
        name: String,
    },
    /// A variable that is there twice.
    #[error("the environment variable `{name}` is there twice")]
    DuplicateVariable {
        /// Its name.
        name: String,
    },
    /// More than a public input can have.
    #[error(
        "arguments, environment, standard input and files are more than the {STREAM_BYTES_MAX} bytes of a public input"
    )]
    TooLarge,
    /// Something in a folder that is neither a file nor a folder.
    #[error("`{path}` is neither a file nor a folder")]
    NotAFile {
        /// What it is.
        path: PathBuf,
    },
    /// A name that is not UTF-8.
    #[error("the name of `{path}` is not UTF-8")]
    Name {
        /// What has it.
        path: PathBuf,
    },
    /// A file or folder that cannot be read.
    #[error("cannot read `{path}`: {error}")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
}
