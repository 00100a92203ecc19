//! Builds the guest programs to `guests/wasm/*.wasm` and keeps `guests/wasm/MANIFEST.sha256`.
//!
//! Two kinds of toolchain serve: one that has the standard library for wasm32 (`rustup target add
//! wasm32-unknown-unknown`), or one that has the standard library's source, which cargo then compiles too
//! (Debian's `rustc-web`, `cargo-web` and `rust-web-src`, or rustup's `rust-src`). The first found on `PATH`
//! is taken, the first kind before the second. Nothing here knows what the guests compute.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

const TARGET: &str = "wasm32-unknown-unknown";
const MANIFEST: &str = "MANIFEST.sha256";
const STACK_BYTES: u32 = 64 << 10;

/// Builds every guest under `root`/guests, copies the modules to guests/wasm and rewrites the manifest.
pub(crate) fn build(root: &Path) -> Result<()> {
    let root = root.canonicalize().with_context(|| format!("finding {}", root.display()))?;
    let guests = root.join("guests");
    let target_dir = root.join("target").join("guests");
    let toolchain = Toolchain::find(&guests)?;
    eprintln!("guests: {}", toolchain.describe());
    for name in guest_names(&guests)? {
        // One command per guest, so that no guest's features reach the dependencies of another.
        let mut cargo = toolchain.cargo_build(&guests);
        cargo.arg("--package").arg(format!("guest-{name}")).arg("--target-dir").arg(&target_dir);
        let status = cargo.status().with_context(|| format!("starting {cargo:?}"))?;
        ensure!(status.success(), "{cargo:?} failed: {status}");

        let module = format!("guest_{}.wasm", name.replace('-', "_"));
        let from = target_dir.join(TARGET).join("release").join(module);
        let to = wasm_dir(&root).join(format!("{name}.wasm"));
        let bytes = fs::read(&from).with_context(|| format!("reading {}", from.display()))?;
        fs::create_dir_all(wasm_dir(&root))?;
        fs::write(&to, bytes).with_context(|| format!("writing {}", to.display()))?;
    }
    let lines: String = module_hashes(&root)?.iter().map(|(name, hash)| format!("{hash}  {name}\n")).collect();
    let manifest = wasm_dir(&root).join(MANIFEST);
    fs::write(&manifest, lines).with_context(|| format!("writing {}", manifest.display()))
}

/// Checks that the manifest lists exactly the modules in guests/wasm, each with its hash.
pub(crate) fn verify_manifest(root: &Path) -> Result<()> {
    let path = wasm_dir(root).join(MANIFEST);
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let mut listed = BTreeMap::new();
    for line in text.lines() {
        let (hash, name) = line.split_once("  ").with_context(|| format!("{MANIFEST}: malformed line {line:?}"))?;
        ensure!(listed.insert(name.to_owned(), hash.to_owned()).is_none(), "{MANIFEST}: {name} is listed twice");
    }
    let present = module_hashes(root)?;
    for (name, hash) in &present {
        match listed.remove(name) {
            None => bail!("{MANIFEST} does not list {name}"),
            Some(listed) => ensure!(listed == *hash, "{name} has SHA-256 {hash}, {MANIFEST} says {listed}"),
        }
    }
    ensure!(listed.is_empty(), "{MANIFEST} lists files that are missing: {:?}", listed.keys());
    Ok(())
}

fn wasm_dir(root: &Path) -> PathBuf {
    root.join("guests").join("wasm")
}

/// The file name and SHA-256 of every module in guests/wasm.
fn module_hashes(root: &Path) -> Result<BTreeMap<String, String>> {
    let dir = wasm_dir(root);
    let mut hashes = BTreeMap::new();
    for entry in fs::read_dir(&dir).with_context(|| format!("listing {}", dir.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let name = path.file_name().and_then(|name| name.to_str()).context("a module's name is not UTF-8")?;
            let digest = Sha256::digest(fs::read(&path)?);
            hashes.insert(name.to_owned(), digest.iter().map(|byte| format!("{byte:02x}")).collect());
        }
    }
    Ok(hashes)
}

/// The folders of guests/ whose crate is a `cdylib`, sorted.
fn guest_names(guests: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(guests).with_context(|| format!("listing {}", guests.display()))? {
        let path = entry?.path();
        let is_guest = fs::read_to_string(path.join("Cargo.toml")).is_ok_and(|text| text.contains("\"cdylib\""));
        if let (true, Some(name)) = (is_guest, path.file_name().and_then(|name| name.to_str())) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    ensure!(!names.is_empty(), "no guest crates in {}", guests.display());
    Ok(names)
}

/// A compiler with its cargo, able to build for wasm32.
struct Toolchain {
    rustc: Rustc,
    cargo: PathBuf,
    std: WasmStd,
}

/// Where the standard library for wasm32 comes from.
enum WasmStd {
    /// It is installed in the sysroot.
    Installed,
    /// Cargo compiles it from the source in the sysroot; this linker links the guests.
    FromSource { linker: PathBuf },
}

impl Toolchain {
    fn find(guests: &Path) -> Result<Self> {
        let candidates: Vec<(Rustc, PathBuf)> = on_path("rustc")
            .filter_map(|rustc| Some((Rustc::probe(&rustc, guests)?, sibling(&rustc, "cargo")?)))
            .collect();
        let linker = candidates
            .iter()
            .map(|(rustc, _)| rustc.lld())
            .find(|lld| lld.is_file())
            .or_else(|| on_path("rust-lld").chain(on_path("wasm-ld")).next());
        let choose = |has_std: fn(&Rustc) -> bool, std| {
            let (rustc, cargo) = candidates.iter().find(|(rustc, _)| has_std(rustc))?;
            Some(Self { rustc: rustc.clone(), cargo: cargo.clone(), std })
        };
        choose(Rustc::has_wasm_std, WasmStd::Installed)
            .or_else(|| choose(Rustc::has_std_source, WasmStd::FromSource { linker: linker? }))
            .context(
                "no toolchain for wasm32: run `rustup target add wasm32-unknown-unknown`, or install \
                 Debian's rustc-web, cargo-web and rust-web-src and have a rust-lld or wasm-ld",
            )
    }

    fn describe(&self) -> String {
        let std = match &self.std {
            WasmStd::Installed => "installed standard library".to_owned(),
            WasmStd::FromSource { linker } => {
                format!("standard library from source, linker {}", linker.display())
            }
        };
        format!("{} {}, {std}", self.rustc.program.display(), self.rustc.release)
    }

    /// `cargo build` of the workspace `guests` with everything but the package and the target directory.
    fn cargo_build(&self, guests: &Path) -> Command {
        let mut cargo = Command::new(&self.cargo);
        cargo
            .current_dir(guests)
            .env("RUSTC", &self.rustc.program)
            // Takes precedence over RUSTFLAGS and over every configured flag.
            .env("CARGO_ENCODED_RUSTFLAGS", self.rustflags(guests).join("\x1f"))
            .args(["build", "--release", "--locked", "--lib", "--target", TARGET]);
        if let WasmStd::FromSource { linker } = &self.std {
            cargo
                .arg("-Zbuild-std=std,panic_abort")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        cargo
    }

    /// A small stack, and panic locations that do not name this machine's folders.
    fn rustflags(&self, guests: &Path) -> Vec<String> {
        let mut flags = vec![format!("-Clink-arg=-zstack-size={STACK_BYTES}")];
        let mut remap = |from: &Path, to| flags.push(format!("--remap-path-prefix={}={to}", from.display()));
        remap(guests, "/guests");
        remap(&self.rustc.std_source(), "/rust");
        if let Some(home) = cargo_home() {
            remap(&home, "/cargo");
        }
        flags
    }
}

#[derive(Clone)]
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
fn on_path(name: &str) -> impl Iterator<Item = PathBuf> {
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
