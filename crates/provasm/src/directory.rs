//! A folder that holds everything needed to go on with an interrupted run.
//!
//! It has the run's description (`run.json`), the module (`module.wasm`), the inputs (`input.bin`, `private.bin`) and a file for every finished segment. Files
//! appear whole or not at all, whenever the process or the machine stops. What segments mean is not known here: their
//! bytes are given back as they were, or not at all.

mod error;
mod manifest;
mod segment;

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

pub use self::error::DirectoryError;
pub use self::manifest::{InputDigests, Manifest};
use crate::store::SegmentStore;
use provasm_execute::Inputs;

/// The run's description.
const MANIFEST: &str = "run.json";

/// The module, as it was given.
const MODULE: &str = "module.wasm";

/// The public input.
const INPUT: &str = "input.bin";

/// The private input.
const PRIVATE: &str = "private.bin";

/// The file whose lock keeps other processes out.
const LOCK: &str = "lock";

/// How names of temporary files begin and end.
const TEMPORARY: (&str, &str) = ("temporary-", ".tmp");

/// Bytes that a description can have at most.
const MANIFEST_BYTES_MAX: u64 = 1 << 20;

/// The folder of a run, locked against other processes until this is dropped.
#[derive(Debug)]
pub struct RunDirectory {
    path: PathBuf,
    manifest: Manifest,
    module_digest: String,
    /// Held, not used: closing it gives up the lock.
    _lock: File,
    /// Temporary files named so far.
    temporaries: AtomicU64,
}

impl RunDirectory {
    /// Makes the folder of a new run of this module with these inputs, whose digests the description has. A folder that is empty is taken, and so is one that an attempt to make
    /// this left.
    ///
    /// # Errors
    /// [`DirectoryError::Occupied`] when the folder holds a run, [`DirectoryError::NotARunDirectory`] when it holds other
    /// things, [`DirectoryError::Locked`], [`DirectoryError::Io`].
    pub fn create(path: &Path, manifest: &Manifest, module: &[u8], inputs: Inputs<'_>) -> Result<Self, DirectoryError> {
        let failed = |source| DirectoryError::Io { path: path.to_owned(), source };
        match fs::create_dir(path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => check_takeable(path)?,
            Err(source) => return Err(failed(source)),
        }
        let lock = lock(path).inspect_err(|_| {
            // Nothing is in the way of removing it exactly if it was made here.
            let _ = fs::remove_dir(path);
        })?;
        let directory = Self {
            path: path.to_owned(),
            manifest: manifest.clone(),
            module_digest: manifest::digest(module),
            _lock: lock,
            temporaries: 0.into(),
        };
        // Another process may have made a run here since the look above; while the lock is held, none can.
        if directory.path.join(MANIFEST).exists() {
            return Err(DirectoryError::Occupied { path: path.to_owned() });
        }
        let write = || {
            directory.remove_temporaries()?;
            directory.write(MODULE, &[module])?;
            directory.write(INPUT, &[inputs.public])?;
            directory.write(PRIVATE, &[inputs.private])?;
            // With the description the folder is a run's, so it comes last.
            directory.write(MANIFEST, &[manifest.to_json(&directory.module_digest)?.as_bytes()])?;
            sync_folder(parent(path))
        };
        match write() {
            Ok(()) => Ok(directory),
            Err(source) => {
                // What matters is the error above.
                let _ = directory.remove();
                Err(failed(source))
            }
        }
    }

    /// Opens the folder of a run, and removes what an interrupted write has left in it.
    ///
    /// # Errors
    /// [`DirectoryError`] says what it is instead of the folder of a run that no other process uses.
    pub fn open(path: &Path) -> Result<Self, DirectoryError> {
        let failed = |source| DirectoryError::Io { path: path.to_owned(), source };
        // Before the lock, which would leave a file in a folder that is not ours.
        if !path.join(MANIFEST).is_file() {
            return Err(DirectoryError::NotARunDirectory { path: path.to_owned() });
        }
        let lock = lock(path)?;
        let (manifest, module_digest) = match File::open(path.join(MANIFEST)) {
            Ok(file) => read_manifest(file, path)?,
            // Who had the lock has removed the run.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(DirectoryError::NotARunDirectory { path: path.to_owned() });
            }
            Err(source) => return Err(failed(source)),
        };
        let directory = Self { path: path.to_owned(), manifest, module_digest, _lock: lock, temporaries: 0.into() };
        directory.remove_temporaries().map_err(failed)?;
        Ok(directory)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The run's description.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The module, as it was given when the folder was made.
    ///
    /// # Errors
    /// [`DirectoryError::Damaged`] when it is no longer that module, [`DirectoryError::Io`].
    pub fn module_bytes(&self) -> Result<Vec<u8>, DirectoryError> {
        let path = self.path.join(MODULE);
        let module = match fs::read(&path) {
            Ok(module) => module,
            Err(source) => return Err(DirectoryError::Io { path, source }),
        };
        if manifest::digest(&module) == self.module_digest {
            return Ok(module);
        }
        Err(DirectoryError::Damaged { path, reason: "not the module of the run".to_owned() })
    }

    /// The public and the private input, as they were given when the folder was made.
    ///
    /// # Errors
    /// [`DirectoryError::Damaged`] when they are no longer these, [`DirectoryError::Io`].
    pub fn inputs(&self) -> Result<(Vec<u8>, Vec<u8>), DirectoryError> {
        let read = |name: &str| {
            let path = self.path.join(name);
            fs::read(&path).map_err(|source| DirectoryError::Io { path, source })
        };
        let (public, private) = (read(INPUT)?, read(PRIVATE)?);
        let found = InputDigests::of(Inputs { public: &public, private: &private });
        let damaged = |name: &str| {
            let reason = "not the input of the run".to_owned();
            DirectoryError::Damaged { path: self.path.join(name), reason }
        };
        if found.public != self.manifest.inputs.public {
            return Err(damaged(INPUT));
        }
        if found.private != self.manifest.inputs.private {
            return Err(damaged(PRIVATE));
        }
        Ok((public, private))
    }

    /// The numbers of the segments that have a file, in order. Whether a file is whole shows when it is read.
    ///
    /// # Errors
    /// [`DirectoryError::Io`].
    pub fn finished(&self) -> Result<Vec<u64>, DirectoryError> {
        let names = names(&self.path).map_err(|source| DirectoryError::Io { path: self.path.clone(), source })?;
        let mut indices: Vec<u64> = names.iter().filter_map(|name| segment::index_of(name)).collect();
        indices.sort_unstable();
        Ok(indices)
    }

    /// A path in the folder for a file of passing use, another one every time. What is there when the process ends is
    /// removed by the next one that opens the folder.
    #[must_use]
    pub fn temporary(&self) -> PathBuf {
        let number = self.temporaries.fetch_add(1, Ordering::Relaxed);
        self.path.join(format!("{}{number}{}", TEMPORARY.0, TEMPORARY.1))
    }

    /// Removes the run's files, and the folder unless it holds other ones.
    ///
    /// # Errors
    /// [`DirectoryError::Io`].
    pub fn remove(self) -> Result<(), DirectoryError> {
        let remove = || {
            // The description first: without it the folder is no run's, and what else is left can be taken over.
            remove_if_there(&self.path.join(MANIFEST))?;
            for name in names(&self.path)?.iter().filter(|name| is_ours(name) && *name != LOCK) {
                remove_if_there(&self.path.join(name))?;
            }
            remove_if_there(&self.path.join(LOCK))?;
            match fs::remove_dir(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::DirectoryNotEmpty => Err(error),
                _ => Ok(()),
            }
        };
        remove().map_err(|source| DirectoryError::Io { path: self.path.clone(), source })
    }

    /// Writes a file whose content is these parts. It is there whole, and stays so when the machine stops, or it is not
    /// there.
    fn write(&self, name: &str, parts: &[&[u8]]) -> io::Result<()> {
        let temporary = self.temporary();
        let write = || {
            let mut file = File::create_new(&temporary)?;
            parts.iter().try_for_each(|part| file.write_all(part))?;
            file.sync_all()?;
            drop(file);
            fs::rename(&temporary, self.path.join(name))?;
            sync_folder(&self.path)
        };
        let written = write();
        if written.is_err() {
            // What matters is the error above.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    /// Who left them is gone: a process that writes has the lock.
    fn remove_temporaries(&self) -> io::Result<()> {
        let names = names(&self.path)?;
        names.iter().filter(|name| is_temporary(name)).try_for_each(|name| remove_if_there(&self.path.join(name)))
    }
}

impl SegmentStore for RunDirectory {
    fn get(&self, index: u64) -> io::Result<Option<Vec<u8>>> {
        segment::read(&self.path.join(segment::name(index)), &self.manifest.program, index)
    }

    fn put(&self, index: u64, bytes: &[u8]) -> io::Result<()> {
        let head = segment::head(&self.manifest.program, index, bytes);
        self.write(&segment::name(index), &[&head, bytes])
    }
}

/// The description in this file, and the module's digest.
fn read_manifest(file: File, path: &Path) -> Result<(Manifest, String), DirectoryError> {
    let mut bytes = Vec::new();
    match file.take(MANIFEST_BYTES_MAX).read_to_end(&mut bytes) {
        Ok(_) => Manifest::from_json(&bytes, path),
        Err(source) => Err(DirectoryError::Io { path: path.join(MANIFEST), source }),
    }
}

/// Checks that a folder that exists can become a run's: it holds nothing but what an attempt to make one left.
fn check_takeable(path: &Path) -> Result<(), DirectoryError> {
    let path = path.to_owned();
    if !path.is_dir() {
        return Err(DirectoryError::NotARunDirectory { path });
    }
    match names(&path) {
        Ok(names) if names.iter().any(|name| name == MANIFEST) => Err(DirectoryError::Occupied { path }),
        Ok(names) if names.iter().all(|name| is_ours(name)) => Ok(()),
        Ok(_) => Err(DirectoryError::NotARunDirectory { path }),
        Err(source) => Err(DirectoryError::Io { path, source }),
    }
}

/// Takes the folder's lock.
fn lock(path: &Path) -> Result<File, DirectoryError> {
    let failed = |source| DirectoryError::Io { path: path.to_owned(), source };
    let options = File::options().create(true).truncate(false).write(true).open(path.join(LOCK));
    let file = options.map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(DirectoryError::Locked { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// The names in a folder that are text; others are not ours, so they stand here as one that is not.
fn names(path: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(path)?;
    entries.map(|entry| Ok(entry?.file_name().into_string().unwrap_or_default())).collect()
}

fn is_temporary(name: &str) -> bool {
    let number = name.strip_prefix(TEMPORARY.0).and_then(|rest| rest.strip_suffix(TEMPORARY.1));
    number.is_some_and(|number| number.parse::<u64>().is_ok())
}

fn is_ours(name: &str) -> bool {
    [MANIFEST, MODULE, INPUT, PRIVATE, LOCK].contains(&name) || is_temporary(name) || segment::index_of(name).is_some()
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The folder that holds the one at `path`.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes renames and new files in a folder last when the machine stops, where folders can be opened like files.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}
