//! What a run is given to read, and where its output goes.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use provasm::wasi::{Clock, World};
use provasm::{Inputs, STREAM_BYTES_MAX};

use crate::failure::Failure;

/// The name of standard input, and of standard output.
const STANDARD: &str = "-";

/// The world of a WASI program.
#[derive(Debug, Args)]
pub(crate) struct WorldArgs {
    /// The module is a WASI command: ARGS are its arguments, and it reads standard input
    #[arg(long)]
    pub(crate) wasi: bool,
    /// The folder whose files a WASI program sees as its directory, to read
    #[arg(long, value_name = "DIR", requires = "wasi")]
    pub(crate) dir: Option<PathBuf>,
    /// A variable of a WASI program's environment
    #[arg(long, value_name = "NAME=VALUE", requires = "wasi", value_parser = variable)]
    pub(crate) env: Vec<(String, String)>,
    /// What a WASI program's clock shows at the start, in nanoseconds since 1970
    #[arg(long, value_name = "NS", requires = "wasi", default_value_t = 0)]
    pub(crate) clock: u64,
    /// Nanoseconds that pass whenever a WASI program reads a clock
    #[arg(long, value_name = "NS", requires = "wasi", default_value_t = Clock::default().step_ns)]
    pub(crate) clock_step: u64,
    /// Where a WASI program's random numbers begin
    #[arg(long, value_name = "NUMBER", requires = "wasi", default_value_t = 0)]
    pub(crate) seed: u64,
    /// A WASI program's argument 0; the module's name without extension if not given
    #[arg(long, value_name = "NAME", requires = "wasi")]
    pub(crate) name: Option<String>,
}

/// What a run is given to read.
#[derive(Debug, Args)]
pub(crate) struct InputArgs {
    /// The public input, which the proof binds; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "wasi")]
    pub(crate) input: Option<PathBuf>,
    /// The private input, of which the proof says nothing
    #[arg(long, value_name = "FILE")]
    pub(crate) private: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) world: WorldArgs,
}

/// The bytes a run is given to read.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) public: Vec<u8>,
    pub(crate) private: Vec<u8>,
}

impl Given {
    pub(crate) fn inputs(&self) -> Inputs<'_> {
        Inputs { public: &self.public, private: &self.private }
    }
}

fn variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is no NAME=VALUE"))?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Reads a file, or standard input, of at most as many bytes as a public input has.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = || -> io::Result<Vec<u8>> {
        let source: Box<dyn Read> =
            if path.as_os_str() == STANDARD { Box::new(io::stdin().lock()) } else { Box::new(File::open(path)?) };
        let mut bytes = Vec::new();
        source.take(STREAM_BYTES_MAX + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().with_context(|| format!("cannot read {}", path.display())).map_err(Failure::Usage)?;
    if bytes.len() as u64 > STREAM_BYTES_MAX {
        return Err(Failure::usage(format!("{} has more than {STREAM_BYTES_MAX} bytes", path.display())));
    }
    Ok(bytes)
}

/// Writes the public output to a file, or to standard output.
pub(crate) fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let write = || if path.as_os_str() == STANDARD { io::stdout().write_all(bytes) } else { fs::write(path, bytes) };
    write().with_context(|| format!("cannot write {}", path.display())).map_err(Failure::Failed)
}

impl WorldArgs {
    /// The world of the program in this module, as its public input.
    pub(crate) fn encode(&self, module: Option<&Path>, args: &[String]) -> Result<Vec<u8>, Failure> {
        let stem = || module.and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
        let name = self.name.clone().or_else(stem);
        let name = name.ok_or_else(|| Failure::usage("--name says what the program's argument 0 is"))?;
        // A terminal is not read: who wants to type gives `cat |`.
        let stdin = if io::stdin().is_terminal() { Vec::new() } else { read_bytes(Path::new(STANDARD))? };
        let mut world = World {
            args: [&[name], args].concat(),
            env: self.env.clone(),
            stdin,
            clock: Clock { start_ns: self.clock, step_ns: self.clock_step },
            seed: self.seed,
            ..World::default()
        };
        if let Some(folder) = &self.dir {
            world.add_folder(folder).map_err(Failure::usage)?;
        }
        world.encode().map_err(Failure::usage)
    }
}

impl InputArgs {
    /// Reads what the run of a module is given; `args` are those of a WASI program.
    pub(crate) fn read(&self, module: &Path, args: &[String]) -> Result<Given, Failure> {
        let read = |path: &Option<PathBuf>| path.as_deref().map_or(Ok(Vec::new()), read_bytes);
        let public = if self.world.wasi { self.world.encode(Some(module), args)? } else { read(&self.input)? };
        Ok(Given { public, private: read(&self.private)? })
    }

    /// The arguments of the exported function: a WASI command has none.
    pub(crate) fn function_args<'a>(&self, args: &'a [String]) -> &'a [String] {
        if self.world.wasi { &[] } else { args }
    }
}

/// Shows a message that the program logs.
pub(crate) fn show_log(message: &[u8]) {
    // Nobody may be listening.
    let _ = io::stderr().write_all(message);
}
