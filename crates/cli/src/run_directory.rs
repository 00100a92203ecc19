//! Which run directory belongs to which proof, and how a run goes on from one.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use provasm::{DirectoryError, Manifest, RunDirectory};

use crate::failure::Failure;

/// What the name of a run directory has after the proof's.
const EXTENSION: &str = "run";

/// The run directory of a proof.
pub(crate) fn beside(proof: &Path) -> PathBuf {
    let mut path = OsString::from(proof);
    path.push(".");
    path.push(EXTENSION);
    path.into()
}

/// The proof that a run directory is beside, if its name tells.
pub(crate) fn proof_of(directory: &Path) -> Option<PathBuf> {
    let named = directory.extension().is_some_and(|extension| extension == EXTENSION);
    named.then(|| directory.with_extension("")).filter(|proof| proof.file_name().is_some())
}

/// Opens the run directory at `path`, which someone names.
pub(crate) fn open(path: &Path) -> Result<RunDirectory, Failure> {
    RunDirectory::open(path).map_err(|error| match error {
        DirectoryError::NotARunDirectory { .. } => Failure::usage(error),
        _ => Failure::failed(error),
    })
}

/// Opens the run directory at `path` if there is one. It must be of this run, and have segments of the size asked for.
pub(crate) fn open_if_there(
    path: &Path,
    run: &Manifest,
    log_cells: Option<u32>,
) -> Result<Option<RunDirectory>, Failure> {
    let directory = match RunDirectory::open(path) {
        Err(DirectoryError::NotARunDirectory { .. }) => return Ok(None),
        opened => opened.map_err(Failure::failed)?,
    };
    let found = directory.manifest();
    let difference = if !found.same_run(run) {
        "holds another run".to_owned()
    } else if log_cells.is_some_and(|asked| asked != found.segment_log_cells) {
        format!("has the run in segments of 2^{} cells", found.segment_log_cells)
    } else {
        return Ok(Some(directory));
    };
    Err(Failure::usage(format!(
        "{} {difference}: go on with it by `{}`, or remove it, or name another proof with --out",
        path.display(),
        command(path, None)
    )))
}

/// The command that goes on with the run in this directory, towards a proof that goes to `out`.
pub(crate) fn command(directory: &Path, out: Option<&Path>) -> String {
    let mut command = format!("provasm prove --resume {}", quoted(directory));
    if let Some(out) = out.filter(|out| proof_of(directory).is_none_or(|proof| proof != *out)) {
        command.push_str(&format!(" --out {}", quoted(out)));
    }
    command
}

/// A path as a shell reads it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |letter: char| letter.is_alphanumeric() || "/._-+=@%:,".contains(letter);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proofs_and_directories_name_each_other() {
        let check = |proof: &str, directory: &str| {
            assert_eq!(beside(Path::new(proof)), Path::new(directory));
            assert_eq!(proof_of(Path::new(directory)).as_deref(), Some(Path::new(proof)));
        };
        check("fib.proof", "fib.proof.run");
        check("../a/b", "../a/b.run");
        for directory in ["fib.proof", "run", ".run", "/", "..", "fib.running"] {
            assert_eq!(proof_of(Path::new(directory)), None, "{directory}");
        }
    }

    #[test]
    fn commands_can_be_pasted() {
        let check = |directory: &str, out: &str, expect: &str| {
            assert_eq!(command(Path::new(directory), Some(Path::new(out))), expect);
        };
        check("a.proof.run", "a.proof", "provasm prove --resume a.proof.run");
        check("a.proof.run", "b.proof", "provasm prove --resume a.proof.run --out b.proof");
        check("it's a.run", "it's a", r"provasm prove --resume 'it'\''s a.run'");
    }
}
