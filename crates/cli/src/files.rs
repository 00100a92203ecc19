//! Files in, bounded; files out, whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, IntoInnerError, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use provasm::{ProgramId, Verified};

use crate::failure::Failure;
use crate::progress::CheckProgress;

/// Bytes a module file can have at most.
const MODULE_BYTES_MAX: u64 = 256 << 20;

/// Reads a module.
pub(crate) fn read_module(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        // One byte more tells that there are too many.
        File::open(path)?.take(MODULE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().with_context(|| cannot_read(path)).map_err(Failure::Usage)?;
    if bytes.len() as u64 > MODULE_BYTES_MAX {
        return Err(Failure::usage(format!("{} has more than {MODULE_BYTES_MAX} bytes", path.display())));
    }
    Ok(bytes)
}

fn cannot_read(path: &Path) -> String {
    format!("cannot read {}", path.display())
}

/// A proof that is checked while it is read.
pub(crate) struct ProofFile {
    path: PathBuf,
    file: BufReader<File>,
    bytes: u64,
    /// What the system said when the file could not be read further.
    failed: Option<io::Error>,
}

impl ProofFile {
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let file = File::open(path).with_context(|| cannot_read(path)).map_err(Failure::Usage)?;
        Ok(Self { path: path.to_owned(), file: BufReader::new(file), bytes: 0, failed: None })
    }

    /// Bytes read so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Checks that the proof is about the program with this id, and shows how far that is.
    pub(crate) fn verify(&mut self, id: &ProgramId) -> Result<Verified, Failure> {
        let progress = CheckProgress::start();
        let verified = provasm::verify_reader(self, id, Some(&|done, count| progress.advance(done, count)));
        drop(progress);
        match (verified, self.failed.take()) {
            // A proof that cannot be read is not a wrong one.
            (Err(_), Some(error)) => Err(error).with_context(|| cannot_read(&self.path)).map_err(Failure::Usage),
            (verified, _) => {
                verified.with_context(|| format!("{} is rejected", self.path.display())).map_err(Failure::Failed)
            }
        }
    }
}

impl Read for ProofFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer);
        match &read {
            Ok(count) => self.bytes += *count as u64,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                self.failed =
                    Some(error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error));
            }
        }
        read
    }
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
            Ok(found) if !found.is_file() => Ok(Self { path: path.to_owned(), special: true }),
            // Through a symbolic link, the file it leads to is the one replaced.
            Ok(_) => match path.canonicalize() {
                Ok(path) => Ok(Self { path, special: false }),
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

    /// Whether it is a pipe or a device.
    pub(crate) fn is_special(&self) -> bool {
        self.special
    }

    /// Writes a file at `temporary` that takes its place when [`Staged::commit`] is called, so that who looks at the path
    /// sees the old content or the new, never a part.
    pub(crate) fn stage(
        &self,
        temporary: PathBuf,
        write: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
    ) -> Result<Staged<'_>, Failure> {
        let cannot = || format!("cannot write {}", temporary.display());
        let file = File::create_new(&temporary).with_context(cannot).map_err(Failure::Failed)?;
        let staged = Staged { destination: self, path: temporary.clone() };
        let mut file = BufWriter::new(file);
        write(&mut file)?;
        let file = file.into_inner().map_err(IntoInnerError::into_error);
        file.and_then(|file| file.sync_all()).with_context(cannot).map_err(Failure::Failed)?;
        Ok(staged)
    }

    /// Puts the file at `from` in this place, and makes that last.
    fn take(&self, from: &Path) -> io::Result<()> {
        if self.special {
            return io::copy(&mut File::open(from)?, &mut File::create(&self.path)?).map(drop);
        }
        match fs::rename(from, &self.path) {
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => self.copy(from)?,
            renamed => renamed?,
        }
        let folder = self.path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Elsewhere a folder cannot be opened like a file.
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    }

    /// Copies the file to beside this place, then into it.
    fn copy(&self, from: &Path) -> io::Result<()> {
        let mut name = std::ffi::OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(format!(".{}.tmp", std::process::id()));
        let beside = self.path.with_file_name(name);
        let copied = fs::copy(from, &beside)
            .and_then(|_| File::options().write(true).open(&beside)?.sync_all())
            .and_then(|()| fs::rename(&beside, &self.path));
        if copied.is_err() {
            // What matters is the error above.
            let _ = fs::remove_file(&beside);
        }
        copied
    }
}

/// A file that is whole but not in its place; without [`Staged::commit`] it goes away.
#[derive(Debug)]
pub(crate) struct Staged<'d> {
    destination: &'d Destination,
    path: PathBuf,
}

impl Staged<'_> {
    /// Where it is for now.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the file in its place.
    pub(crate) fn commit(self) -> Result<(), Failure> {
        let cannot = || format!("cannot write {}", self.destination.path.display());
        self.destination.take(&self.path).with_context(cannot).map_err(Failure::Failed)
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        // It is not there when it is in its place.
        let _ = fs::remove_file(&self.path);
    }
}
