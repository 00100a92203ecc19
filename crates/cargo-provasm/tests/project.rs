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

/// A fresh folder for projects that are built and run; none, with the reason printed, where that cannot be.
fn folder_for_builds(name: &str) -> Option<PathBuf> {
    let folder = folder(name);
    if let Err(reason) = Toolchain::find(&folder) {
        eprintln!("skipped: {reason}");
        return None;
    }
    if !provasm_is_built() {
        eprintln!("skipped: the command line is not built; test the whole workspace, or name it by PROVASM");
        return None;
    }
    Some(folder)
}

/// Gives a project flags of its own. All projects have the same, so that the standard library is compiled once.
fn configure(project: &Path) {
    fs::create_dir(project.join(".cargo")).expect("a folder");
    fs::write(project.join(".cargo/config.toml"), "build.rustflags = [\"--cfg\", \"configured\"]\n").expect("flags");
}

#[test]
fn a_project_is_built_run_proven_and_verified() {
    let Some(folder) = folder_for_builds("project") else { return };
    succeed(&folder, &["new", "hello"]);
    let project = folder.join("hello");
    fs::write(project.join("numbers.txt"), "20\n22\n").expect("an input");
    // The project's own flags are the compiler's.
    let source = project.join("src/lib.rs");
    let code = fs::read_to_string(&source).expect("the template's code");
    fs::write(&source, format!("{code}\n#[cfg(not(configured))]\ncompile_error!(\"flags are lost\");\n"))
        .expect("code");
    configure(&project);
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

/// A guest that takes a digest and an ECDSA signature with its recovery id, and writes the signer's key.
const SIGNER: &str = "
use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};

provasm_guest::entry!(main);

pub fn main() {
    let input = provasm_guest::input();
    let (digest, signature) = input.split_at(32);
    let id = RecoveryId::from_byte(signature[64]).unwrap();
    let signature = Signature::from_slice(&signature[..64]).unwrap();
    let key = VerifyingKey::recover_from_prehash(digest, &signature, id).unwrap();
    provasm_guest::output(key.to_sec1_point(true).as_bytes());
}
";

/// A digest, and a signature of it.
const SIGNED: &[u8; 97] = b"provasm: secp256k1 guest, 32 by.\
    \xda\x91\x43\x2a\x31\x8a\x93\x9f\xb4\x8c\x13\xdb\xad\xdd\x11\xe3\xe6\x87\x58\x64\x91\xdf\x44\xa5\x7b\x4e\x20\x5b\x9b\x3e\xd0\x1b\
    \x69\x40\xb3\x8d\xfc\x56\xc2\xf1\xc2\xca\x02\x07\xa4\x9d\x2e\x5a\x42\x6c\x0c\x45\xa8\x7f\xe3\x51\x74\xcd\x5f\xad\x31\x76\x3e\x15\
    \x00";

/// The signer's key.
const KEY: &[u8; 33] = b"\
    \x03\x4f\x35\x5b\xdc\xb7\xcc\x0a\xf7\x28\xef\x3c\xce\xb9\x61\x5d\x90\x68\x4b\xb5\xb2\xca\x5f\x85\x9a\xb0\xf0\xb7\x04\x07\x58\x71\xaa";

/// Instructions of a run, as the command line says them.
fn instructions(project: &Path) -> u64 {
    let run = succeed(project, &["run", "--input", "signed", "--output", "key", "--json"]);
    assert_eq!(fs::read(project.join("key")).expect("an output"), KEY);
    let (_, count) = run.split_once("\"instructions\":").expect("a count");
    count.split([',', '}']).next().and_then(|count| count.trim().parse().ok()).expect("a number")
}

#[test]
fn crates_are_accelerated() {
    let Some(folder) = folder_for_builds("accelerated") else { return };
    succeed(&folder, &["new", "signer"]);
    let project = folder.join("signer");
    let read = |file: &str| fs::read_to_string(project.join(file)).expect("a file");
    succeed_without(&project, "nothing to accelerate");
    let dependencies =
        "[dependencies]\nk256 = { version = \"0.14\", default-features = false, features = [\"ecdsa\"] }\n";
    fs::write(project.join("Cargo.toml"), read("Cargo.toml").replace("[dependencies]\n", dependencies))
        .expect("a manifest");
    fs::write(project.join("src/lib.rs"), SIGNER).expect("code");
    fs::write(project.join("signed"), SIGNED).expect("an input");
    configure(&project);
    let fetched = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .arg("fetch")
        .current_dir(&project)
        .status()
        .expect("cargo");
    if !fetched.success() {
        eprintln!("skipped: k256 cannot be had");
        return;
    }
    let plain = instructions(&project);

    let said = succeed(&project, &["accelerate"]);
    let accelerated = |name: &str| said.lines().any(|line| line.starts_with(name) && line.ends_with(" is accelerated"));
    assert!(accelerated("k256 0.14.") && accelerated("sha2 0.11."), "{said}");
    let manifest = read("Cargo.toml");
    assert!(manifest.contains("[patch.crates-io]\n") && manifest.contains("k256 = { path"), "{manifest}");
    let fast = instructions(&project);
    assert!(8 * fast < plain, "{fast} of {plain} instructions");

    // Once is enough.
    succeed_without(&project, "nothing to accelerate");
    assert_eq!(read("Cargo.toml"), manifest);
}

/// Runs `accelerate` where there is nothing to do.
#[track_caller]
fn succeed_without(project: &Path, cause: &str) {
    let said = succeed(project, &["accelerate"]);
    assert!(said.contains(cause), "{said}");
}
