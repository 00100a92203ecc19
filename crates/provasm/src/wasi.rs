//! What a WASI program sees, and its archive, which is the program's public input.
//!
//! Everything that a program gets from WASI functions is declared here: nothing comes from the machine that executes
//! or proves it. docs/wasi.md has the archive's format, and says what each function makes of it.

mod archive;
mod error;
mod folder;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

pub use error::WorldError;

use archive::Archive;
use tree::Tree;

/// Bytes of the longest path.
pub const PATH_BYTES_MAX: usize = 4096;

/// What a WASI program sees.
///
/// ```
/// use provasm::wasi::World;
///
/// let mut world = World { args: vec!["wc".into(), "data/words.txt".into()], ..World::default() };
/// world.files.insert("data/words.txt".into(), b"one two".to_vec());
/// let public_input = world.encode()?;
/// # assert_eq!(&public_input[..8], b"provasm\x01");
/// # Ok::<(), provasm::wasi::WorldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// The arguments; the first is the program's name.
    pub args: Vec<String>,
    /// The environment: names and values.
    pub env: Vec<(String, String)>,
    /// What the program reads from standard input.
    pub stdin: Vec<u8>,
    /// The files of the directory that is open from the start, by their path in it: names with `/` between them. Without
    /// files and directories there is no such directory.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Directories by their path, for those that have no files. Those of the files need not be here.
    pub directories: BTreeSet<String>,
    /// The name by which the program knows the directory that is open from the start.
    pub directory_name: String,
    /// What the clocks show.
    pub clock: Clock,
    /// Where the random generator begins. All that it gives follows from this: it is no secret.
    pub seed: u64,
}

/// What the clocks show. Time passes when a clock is read, by the step, and when the program sleeps, by as long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Real time at the start, in nanoseconds since 1970. Files have this as their time.
    pub start_ns: u64,
    /// Nanoseconds that pass at each reading; 0 stands for a millisecond.
    pub step_ns: u64,
}

impl Default for Clock {
    fn default() -> Self {
        Clock { start_ns: 0, step_ns: 1_000_000 }
    }
}

impl Default for World {
    /// No arguments, no files, nothing to read, and the directory, if files are added, is `/`.
    fn default() -> Self {
        World {
            args: Vec::new(),
            env: Vec::new(),
            stdin: Vec::new(),
            files: BTreeMap::new(),
            directories: BTreeSet::new(),
            directory_name: "/".to_owned(),
            clock: Clock::default(),
            seed: 0,
        }
    }
}

impl World {
    /// The world's archive: the program's public input.
    ///
    /// # Errors
    /// A [`WorldError`] says what no program can be given.
    pub fn encode(&self) -> Result<Vec<u8>, WorldError> {
        let tree = Tree::new(self)?;
        let mut archive = Archive::new(self.clock, self.seed);
        archive.strings(archive::ARGUMENTS, self.args.iter().map(|argument| check_string(argument)))?;
        archive.strings(archive::ENVIRONMENT, self.variables()?.iter().map(|variable| check_string(variable)))?;
        archive.content(archive::STDIN, &self.stdin)?;
        archive.content(archive::DIRECTORY_NAME, check_string(&self.directory_name)?.as_bytes())?;
        archive.tree(&tree)?;
        Ok(archive.finish())
    }

    /// The variables as `name=value`.
    fn variables(&self) -> Result<Vec<String>, WorldError> {
        let mut names = BTreeSet::new();
        let variable = |(name, value): &(String, String)| {
            if name.is_empty() || name.contains('=') {
                return Err(WorldError::VariableName { name: name.clone() });
            }
            if !names.insert(name.clone()) {
                return Err(WorldError::DuplicateVariable { name: name.clone() });
            }
            Ok(format!("{name}={value}"))
        };
        self.env.iter().map(variable).collect()
    }
}

/// A string that a zero byte can end.
fn check_string(string: &str) -> Result<&str, WorldError> {
    if string.contains('\0') { Err(WorldError::ZeroByte { string: string.to_owned() }) } else { Ok(string) }
}
