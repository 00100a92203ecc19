//! Finds compilers and linkers for wasm32. Knows nothing about what they build.
//!
//! Two kinds of toolchain serve: one that has the standard library for wasm32 (`rustup target add
//! wasm32-unknown-unknown`), or one that has the standard library's source, which cargo then compiles too
//! (Debian's `rustc-web`, `cargo-web` and `rust-web-src`, or rustup's `rust-src`). The first found on `PATH`
//! is taken, the first kind before the second.
#![forbid(unsafe_code)]

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use thiserror::Error;

/// The target's name, also that of its folder among a build's results.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// What is not on the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ToolchainError {
    /// No compiler has the standard library for wasm32, or its source and a linker.
    #[error(
        "no toolchain for wasm32: run `rustup target add wasm32-unknown-unknown`, or install Debian's rustc-web, \
         cargo-web and rust-web-src and have a rust-lld or wasm-ld"
    )]
    NoToolchain,
    /// There is no lld for WebAssembly.
    #[error("no rust-lld or wasm-ld beside a rustc or on PATH")]
    NoLinker,
}

/// A compiler with its cargo, able to build for wasm32.
#[derive(Debug)]
pub struct Toolchain {
    rustc: Rustc,
    cargo: PathBuf,
    std: WasmStd,
    /// An lld for WebAssembly, if there is one. Guests without an installed standard library need it, and those in C.
    linker: Option<PathBuf>,
}

/// Where the standard library for wasm32 comes from.
#[derive(Debug, PartialEq, Eq)]
enum WasmStd {
    /// It is installed in the sysroot.
    Installed,
    /// Cargo compiles it from the source in the sysroot.
    FromSource,
}

impl Toolchain {
    /// The toolchain to use in a workspace's folder, because rustup lets the folder decide.
    ///
    /// # Errors
    /// [`ToolchainError::NoToolchain`].
    pub fn find(workspace: &Path) -> Result<Self, ToolchainError> {
        let candidates: Vec<(Rustc, PathBuf)> = on_path("rustc")
            .filter_map(|rustc| Some((Rustc::probe(&rustc, workspace)?, sibling(&rustc, "cargo")?)))
            .collect();
        let linker = candidates
            .iter()
            .map(|(rustc, _)| rustc.lld())
            .find(|lld| lld.is_file())
            .or_else(|| on_path("rust-lld").chain(on_path("wasm-ld")).next());
        let choose = |has_std: fn(&Rustc) -> bool, std| {
            let (rustc, cargo) = candidates.iter().find(|(rustc, _)| has_std(rustc))?;
            Some(Self { rustc: rustc.clone(), cargo: cargo.clone(), std, linker: linker.clone() })
        };
        choose(Rustc::has_wasm_std, WasmStd::Installed)
            .or_else(|| choose(Rustc::has_std_source, WasmStd::FromSource).filter(|found| found.linker.is_some()))
            .ok_or(ToolchainError::NoToolchain)
    }

    /// What is used, for people.
    #[must_use]
    pub fn describe(&self) -> String {
        let std = match self.std {
            WasmStd::Installed => "installed standard library",
            WasmStd::FromSource => "standard library from source",
        };
        let linker = self.linker.as_deref().map_or("none of its own".into(), Path::to_string_lossy);
        format!("{} {}, {std}, linker {linker}", self.rustc.program.display(), self.rustc.release)
    }

    /// An lld for WebAssembly.
    ///
    /// # Errors
    /// [`ToolchainError::NoLinker`].
    pub fn linker(&self) -> Result<&Path, ToolchainError> {
        self.linker.as_deref().ok_or(ToolchainError::NoLinker)
    }

    /// `cargo build` of a library in a workspace with everything but the package, the target directory and `--locked`.
    ///
    /// `crates` are those of the standard library to compile where it comes from source. Panic locations do not
    /// name this machine's folders; `workspace_name` stands for the workspace's.
    #[must_use]
    pub fn cargo_build(&self, workspace: &Path, workspace_name: &str, crates: &str, flags: Flags<'_>) -> Command {
        let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
        let home = cargo_home().map(|home| remap(&home, "/cargo"));
        let remaps =
            [remap(workspace, workspace_name), remap(&self.rustc.std_source(), "/rust")].into_iter().chain(home);
        let mut cargo = Command::new(&self.cargo);
        cargo.current_dir(workspace).env("RUSTC", &self.rustc.program).args([
            "build",
            "--release",
            "--lib",
            "--target",
            TARGET,
        ]);
        // Takes precedence over RUSTFLAGS and over every configured flag.
        let mut encoded = |flags: Vec<String>| _ = cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
        match (flags, env::var("RUSTFLAGS")) {
            (Flags::Only(flags), _) => encoded(flags.iter().cloned().chain(remaps).collect()),
            (Flags::Configured, Ok(flags)) => {
                encoded(flags.split_whitespace().map(str::to_owned).chain(remaps).collect());
            }
            (Flags::Configured, Err(_)) => {
                // Added to those of the same key in the project's configuration.
                let remaps: Vec<String> = remaps.collect();
                cargo.env_remove("CARGO_ENCODED_RUSTFLAGS").args(["--config", &format!("build.rustflags={remaps:?}")]);
            }
        }
        if self.std == WasmStd::FromSource {
            cargo.arg(format!("-Zbuild-std={crates}")).env("RUSTC_BOOTSTRAP", "1");
            if let Some(linker) = &self.linker {
                cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            }
        }
        cargo
    }
}

/// The compiler's flags in a build.
#[derive(Clone, Copy, Debug)]
pub enum Flags<'f> {
    /// These, whatever the environment says: the build is the same everywhere.
    Only(&'f [String]),
    /// Those of the environment's `RUSTFLAGS`, or else of the project's configuration.
    Configured,
}

#[derive(Clone, Debug)]
struct Rustc {
    program: PathBuf,
    sysroot: PathBuf,
    host: String,
    release: String,
}

impl Rustc {
    /// Asks the program, in `dir` because rustup lets the folder decide; `None` if it does not answer.
    fn probe(program: &Path, dir: &Path) -> Option<Self> {
        let ask = |args: &[&str]| {
            let output = Command::new(program).args(args).current_dir(dir).output().ok()?;
            output.status.success().then(|| String::from_utf8(output.stdout).ok())?
        };
        let version = ask(&["-vV"])?;
        let field = |name: &str| Some(version.lines().find_map(|line| line.strip_prefix(name))?.to_owned());
        Some(Self {
            program: program.to_owned(),
            sysroot: PathBuf::from(ask(&["--print", "sysroot"])?.trim_end()),
            host: field("host: ")?,
            release: field("release: ")?,
        })
    }

    fn rustlib(&self) -> PathBuf {
        self.sysroot.join("lib").join("rustlib")
    }

    fn std_source(&self) -> PathBuf {
        self.rustlib().join("src").join("rust")
    }

    fn has_wasm_std(&self) -> bool {
        self.rustlib().join(TARGET).join("lib").is_dir()
    }

    fn has_std_source(&self) -> bool {
        self.std_source().join("library").join("Cargo.lock").is_file()
    }

    fn lld(&self) -> PathBuf {
        self.rustlib().join(&self.host).join("bin").join(executable("rust-lld"))
    }
}

/// Every program of this name in the folders of `PATH`, in order.
pub fn on_path(name: &str) -> impl Iterator<Item = PathBuf> {
    let folders: Vec<PathBuf> = env::var_os("PATH").iter().flat_map(env::split_paths).collect();
    let name = executable(name);
    folders.into_iter().map(move |folder| folder.join(&name)).filter(|path| path.is_file())
}

fn sibling(program: &Path, name: &str) -> Option<PathBuf> {
    let path = program.with_file_name(executable(name));
    path.is_file().then_some(path)
}

fn executable(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")))
}
