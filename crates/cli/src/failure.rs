//! What ends a command, and the exit code it ends with.

use std::fmt;
use std::process::ExitCode;

/// Why a command did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A rejected proof, a failed run, a module that does not compile.
    Failed(anyhow::Error),
    /// Wrong usage.
    Usage(anyhow::Error),
}

impl Failure {
    /// Wrong usage, described by `cause`.
    pub(crate) fn usage(cause: impl fmt::Display + fmt::Debug + Send + Sync + 'static) -> Self {
        Failure::Usage(anyhow::Error::msg(cause))
    }

    /// A failure, described by `cause`.
    pub(crate) fn failed(cause: impl fmt::Display + fmt::Debug + Send + Sync + 'static) -> Self {
        Failure::Failed(anyhow::Error::msg(cause))
    }

    /// The same failure, with a line that says what can be done.
    #[must_use]
    pub(crate) fn with_line(self, line: &str) -> Self {
        let with_line = |cause: anyhow::Error| anyhow::Error::msg(format!("{cause:#}\n{line}"));
        match self {
            Failure::Failed(cause) => Failure::Failed(with_line(cause)),
            Failure::Usage(cause) => Failure::Usage(with_line(cause)),
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Failed(_) => ExitCode::from(1),
            Failure::Usage(_) => ExitCode::from(2),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Failure::Failed(cause) | Failure::Usage(cause)) = self;
        write!(f, "{cause:#}")
    }
}

impl From<provasm::Error> for Failure {
    fn from(cause: provasm::Error) -> Self {
        Failure::Failed(cause.into())
    }
}
