//! A project from the template to a verified proof. Where no toolchain for wasm32 is, only what needs none.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use provasm_toolchain::Toolchain;

/// A fresh folder for projects.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // There is none the first time.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn sdk() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests/sdk/provasm-guest")
}

/// Runs the subcommand as cargo would.
fn cargo_provasm(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-provasm"));
    command.arg("provasm").args(args).current_dir(folder).env("PROVASM_GUEST", sdk());
    // Kept, because the standard library may have to be compiled for it.
    command.env_remove("RUSTFLAGS").env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("target"));
    command.output().expect("a binary that starts")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("output in UTF-8")
}

#[track_caller]
fn succeed(folder: &Path, args: &[&str]) -> String {
    let output = cargo_provasm(folder, args);
    assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

#[track_caller]
fn fail(folder: &Path, args: &[&str], cause: &str) {
    let output = cargo_provasm(folder, args);
    assert!(!output.status.success(), "{args:?}");
    assert!(text(&output.stderr).contains(cause), "{}", text(&output.stderr));
}

#[test]
fn a_project_has_its_files() {
    let folder = folder("files");
    succeed(&folder, &["new", "my-guest"]);
    let read = |file: &str| fs::read_to_string(folder.join("my-guest").join(file)).expect(file);
    assert!(read("Cargo.toml").contains("name = \"my-guest\""));
    assert!(read("Cargo.toml").contains("provasm-guest = { path = '"));
    assert!(read("README.md").contains("`my_guest.proof`"));
    assert!(read("src/lib.rs").contains("provasm_guest::entry!(main)"));
    assert!(read(".gitignore").contains("/target"));

    fail(&folder, &["new", "my-guest"], "exists");
    fail(&folder, &["new", "2"], "no name for a package");
    fail(&folder, &["new", "other", "--sdk", "nowhere"], "no crate in nowhere");
    assert!(!folder.join("other").exists());
    fail(&folder, &["fly"], "unrecognized subcommand");
}

/// The command line of this build; it is beside the subcommand once it was built.
fn provasm_is_built() -> bool {
    let beside = Path::new(env!("CARGO_BIN_EXE_cargo-provasm")).with_file_name("provasm");
    beside.with_extension(env::consts::EXE_EXTENSION).is_file() || env::var_os("PROVASM").is_some()
}

#[test]
fn a_project_is_built_run_proven_and_verified() {
    let folder = folder("project");
    if let Err(reason) = Toolchain::find(&folder) {
        eprintln!("skipped: {reason}");
        return;
    }
    if !provasm_is_built() {
        eprintln!("skipped: the command line is not built; test the whole workspace, or name it by PROVASM");
        return;
    }
    succeed(&folder, &["new", "hello"]);
    let project = folder.join("hello");
    fs::write(project.join("numbers.txt"), "20\n22\n").expect("an input");
    // The project's own flags are the compiler's.
    let source = project.join("src/lib.rs");
    let code = fs::read_to_string(&source).expect("the template's code");
    fs::write(&source, format!("{code}\n#[cfg(not(configured))]\ncompile_error!(\"flags are lost\");\n"))
        .expect("code");
    fs::create_dir(project.join(".cargo")).expect("a folder");
    fs::write(project.join(".cargo/config.toml"), "build.rustflags = [\"--cfg\", \"configured\"]\n").expect("flags");
    let module = succeed(&project, &["build"]);
    assert!(Path::new(module.trim_end()).ends_with("hello.wasm"), "{module}");

    let input = ["--input", "numbers.txt"];
    succeed(&project, &[&["run"], &input[..], &["--output", "run.txt"]].concat());
    assert_eq!(fs::read(project.join("run.txt")).expect("an output"), b"42");

    let files = [&input[..], &["--output", "sum.txt"]].concat();
    succeed(&project, &[&["prove"], &files[..]].concat());
    assert_eq!(fs::read(project.join("sum.txt")).expect("an output"), b"42");
    assert!(project.join("hello.proof").is_file());
    succeed(&project, &[&["verify"], &files[..]].concat());
    fs::write(project.join("sum.txt"), "43").expect("an output");
    fail(&project, &[&["verify"], &files[..]].concat(), "error: ");

    let profile = succeed(&project, &[&["profile"], &input[..], &["--lines"]].concat());
    assert!(profile.contains(".rs:"), "{profile}");
}
