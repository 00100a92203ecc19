//! Files in, bounded; files out, whole or not at all.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::failure::Failure;

/// Bytes a module file can have at most.
const MODULE_BYTES_MAX: u64 = 256 << 20;

/// Reads at most `bytes_max` bytes and one more, which tells that there are too many.
fn read(path: &Path, bytes_max: u64) -> Result<Vec<u8>, Failure> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().with_context(|| format!("cannot read {}", path.display())).map_err(Failure::Usage)
}

/// Reads a module.
pub(crate) fn read_module(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = read(path, MODULE_BYTES_MAX)?;
    if bytes.len() as u64 > MODULE_BYTES_MAX {
        return Err(Failure::usage(format!("{} has more than {MODULE_BYTES_MAX} bytes", path.display())));
    }
    Ok(bytes)
}

/// Reads a proof, or so much of a longer file that the verifier sees it is too long.
pub(crate) fn read_proof(path: &Path) -> Result<Vec<u8>, Failure> {
    read(path, provasm_proof::PROOF_BYTES_MAX as u64)
}

/// A place to write a file, found before the work is done that the file will hold.
#[derive(Debug)]
pub(crate) struct Destination {
    path: PathBuf,
    /// Whether the path names a pipe or a device, which a rename would replace.
    special: bool,
}

impl Destination {
    /// Checks that a file can go to `path`.
    pub(crate) fn new(path: &Path) -> Result<Self, Failure> {
        let cannot = |reason: &str| Failure::usage(format!("cannot write {}: {reason}", path.display()));
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => Err(cannot("it is a folder")),
            // Through a symbolic link, the file it leads to is the one replaced.
            Ok(found) => match path.canonicalize() {
                Ok(path) => Ok(Self { path, special: !found.is_file() }),
                Err(reason) => Err(cannot(&reason.to_string())),
            },
            Err(_) => {
                let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
                match (path.file_name(), parent.is_none_or(Path::is_dir)) {
                    (Some(_), true) => Ok(Self { path: path.to_owned(), special: false }),
                    _ => Err(cannot("its folder does not exist")),
                }
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file. Who looks at the path sees the old content or the new, never a part.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        let written = if self.special { fs::write(&self.path, bytes) } else { self.replace(bytes) };
        written.with_context(|| format!("cannot write {}", self.path.display())).map_err(Failure::Failed)
    }

    fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        let mut name = std::ffi::OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(format!(".{}.tmp", std::process::id()));
        let temporary = self.path.with_file_name(name);
        let written = File::create_new(&temporary)
            .and_then(|mut file| {
                file.write_all(bytes)?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&temporary, &self.path));
        if written.is_err() {
            // What matters is the error above.
            let _ = fs::remove_file(&temporary);
        }
        written
    }
}
