//! Taking the files of a folder into a world.

use std::fs;
use std::path::{Path, PathBuf};

use provasm_isa::layout::STREAM_BYTES_MAX;

use super::{World, WorldError};

impl World {
    /// Adds all files and folders in a folder, by their path from there. Links are refused, for where they lead is not
    /// in the folder.
    ///
    /// # Errors
    /// [`WorldError::Read`], [`WorldError::NotAFile`], [`WorldError::Name`], and [`WorldError::TooLarge`] before so much
    /// is read.
    pub fn add_folder(&mut self, folder: &Path) -> Result<(), WorldError> {
        let mut bytes = self.files.values().map(|file| file.len() as u64).sum::<u64>();
        let mut folders = vec![(folder.to_owned(), String::new())];
        while let Some((folder, prefix)) = folders.pop() {
            for entry in fs::read_dir(&folder).map_err(read_error(&folder))? {
                let path = entry.map_err(read_error(&folder))?.path();
                let name = path.file_name().and_then(|name| name.to_str());
                let name = format!("{prefix}{}", name.ok_or_else(|| WorldError::Name { path: path.clone() })?);
                let found = fs::symlink_metadata(&path).map_err(read_error(&path))?;
                if found.is_dir() {
                    folders.push((path, format!("{name}/")));
                    self.directories.insert(name);
                } else if found.is_file() {
                    bytes = bytes.saturating_add(found.len());
                    if bytes > STREAM_BYTES_MAX {
                        return Err(WorldError::TooLarge);
                    }
                    self.files.insert(name, fs::read(&path).map_err(read_error(&path))?);
                } else {
                    return Err(WorldError::NotAFile { path });
                }
            }
        }
        Ok(())
    }
}

/// The error of reading a file or folder.
fn read_error(path: &Path) -> impl FnOnce(std::io::Error) -> WorldError {
    let path: PathBuf = path.to_owned();
    move |error| WorldError::Read { path, error }
}
