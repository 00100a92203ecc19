//! Builds the guest `coremark`: EEMBC's CoreMark in C, with the port in `guests/coremark`.
//!
//! CoreMark's own files are not in this repository. They are read from a git repository that has the pinned commit:
//! the one that the environment variable `PROVASM_COREMARK` names, else a clone of the original. Clang compiles them,
//! the one named by `CLANG` or the first on `PATH`. The same files compiled by the machine's C compiler (`CC`, else
//! `cc`) must give the results that `guests/wasm/expected.txt` lists.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::guests::STACK_BYTES;
use crate::toolchain::{TARGET, on_path};

/// The guest's name: its folder and its module.
pub(crate) const NAME: &str = "coremark";

const ORIGIN: &str = "https://github.com/eembc/coremark";
const COMMIT: &str = "d5fad6bd094899101a4e5fd53af7298160ced6ab";
const REPOSITORY_VARIABLE: &str = "PROVASM_COREMARK";
const HEADER: &str = "coremark.h";
const SOURCES: [&str; 5] = ["core_list_join.c", "core_main.c", "core_matrix.c", "core_state.c", "core_util.c"];
const PORT_SOURCE: &str = "core_portme.c";
/// A version of clang that distributions install under its number only: the one the committed module comes from.
const CLANG_NUMBERED: &str = "clang-22";

/// Builds the module in `target_dir`, compares native results and says where the module is.
pub(crate) fn build(root: &Path, target_dir: &Path, linker: &Path) -> Result<PathBuf> {
    let folder = target_dir.join(NAME);
    fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    let repository = repository(&folder)?;
    for name in SOURCES.into_iter().chain([HEADER]) {
        let file = format!("{COMMIT}:{name}");
        let text = output(Command::new("git").arg("-C").arg(&repository).args(["show", &file]))?;
        fs::write(folder.join(name), text)?;
    }
    let port = root.join("guests").join(NAME);
    let module = compile(&folder, &port, linker)?;
    compare_native(root, &folder, &port)?;
    Ok(module)
}

/// A git repository with the pinned commit.
fn repository(folder: &Path) -> Result<PathBuf> {
    if let Some(path) = env::var_os(REPOSITORY_VARIABLE) {
        return Ok(PathBuf::from(path));
    }
    let clone = folder.join("upstream.git");
    if !clone.is_dir() {
        let mut git = Command::new("git");
        git.args(["clone", "--quiet", "--bare", ORIGIN]).arg(&clone);
        output(&mut git).with_context(|| {
            format!("CoreMark's source is not to be had: set {REPOSITORY_VARIABLE} to a clone of {ORIGIN}")
        })?;
    }
    Ok(clone)
}

fn compile(folder: &Path, port: &Path, linker: &Path) -> Result<PathBuf> {
    let clang = clang()?;
    eprintln!("coremark: {}", clang.display());
    let mut objects = Vec::new();
    for source in SOURCES.into_iter().map(|name| folder.join(name)).chain([port.join(PORT_SOURCE)]) {
        let name = source.file_name().context("a source has a name")?;
        let object = folder.join(name).with_extension("o");
        let mut compile = Command::new(&clang);
        compile.arg(format!("--target={TARGET}"));
        compile.args(["-std=c99", "-O3", "-ffreestanding", "-fvisibility=hidden", "-c", "-I"]).arg(folder);
        compile.arg("-I").arg(port).arg(&source).arg("-o").arg(&object);
        output(&mut compile)?;
        objects.push(object);
    }
    let module = folder.join(NAME).with_extension("wasm");
    let mut link = Command::new(linker);
    link.args(["-flavor", "wasm", "--no-entry", "-z", &format!("stack-size={STACK_BYTES}")]);
    output(link.args(objects).arg("-o").arg(&module))?;
    Ok(module)
}

fn clang() -> Result<PathBuf> {
    env::var_os("CLANG")
        .map(PathBuf::from)
        .or_else(|| on_path("clang").chain(on_path(CLANG_NUMBERED)).next())
        .context("no clang: install one, or name it by the environment variable CLANG")
}

/// Compiles the guest for this machine and checks every listed result of its calls.
fn compare_native(root: &Path, folder: &Path, port: &Path) -> Result<()> {
    let program = folder.join(format!("native{}", env::consts::EXE_SUFFIX));
    let mut compile = Command::new(env::var_os("CC").unwrap_or_else(|| OsString::from("cc")));
    compile.args(["-std=c99", "-O2", "-I"]).arg(folder).arg("-I").arg(port);
    compile.args(SOURCES.map(|name| folder.join(name)));
    output(compile.arg(port.join(PORT_SOURCE)).arg(port.join("native.c")).arg("-o").arg(&program))?;

    let expected = fs::read_to_string(root.join("guests/wasm/expected.txt")).context("reading expected.txt")?;
    let prefix = format!("{NAME}.wasm ");
    let calls: Vec<&str> = expected.lines().filter_map(|line| line.strip_prefix(&prefix)).collect();
    ensure!(!calls.is_empty(), "expected.txt lists no calls of {NAME}.wasm");
    for call in calls {
        let (words, expected) = call.split_once(" = ").with_context(|| format!("expected.txt: {call}"))?;
        let found = output(Command::new(&program).args(words.split(' ')))?;
        ensure!(found.trim_ascii() == expected.as_bytes(), "native {words}: {}", String::from_utf8_lossy(&found));
    }
    Ok(())
}

/// What a command prints, if it succeeds.
fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output = command.output().with_context(|| format!("starting {command:?}"))?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} failed: {}\n{error}", output.status);
    Ok(output.stdout)
}
