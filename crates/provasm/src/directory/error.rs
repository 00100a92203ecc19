//! What can be wrong with the folder of a run.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::manifest::FORMAT;

/// Why a folder cannot be used for a run.
#[derive(Debug, Error)]
pub enum DirectoryError {
    /// It is something else, or nothing is there.
    #[error("{} is not a run directory", path.display())]
    NotARunDirectory {
        /// Where it would be.
        path: PathBuf,
    },
    /// Another version of this library wrote it in a format of its own.
    #[error("{} has format version {found}, this provasm reads version {FORMAT}", path.display())]
    Format {
        /// Where it is.
        path: PathBuf,
        /// The version found.
        found: u64,
    },
    /// Another process uses it.
    #[error("{} is in use by another process", path.display())]
    Locked {
        /// Where it is.
        path: PathBuf,
    },
    /// It holds a run already.
    #[error("{} holds another run", path.display())]
    Occupied {
        /// Where it is.
        path: PathBuf,
    },
    /// A file that the run cannot do without is not as it was written.
    #[error("{} is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// It cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The folder, or the file in it.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}
