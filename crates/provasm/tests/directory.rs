//! The folder of a run: what is put comes back as it was or not at all, and other folders and processes are kept apart.

use std::fs;
use std::path::{Path, PathBuf};

use provasm::{DirectoryError, InputDigests, Inputs, Manifest, ParameterSet, ProgramId, RunDirectory, SegmentStore};

const MODULE: &[u8] = b"(module)";
const INPUTS: Inputs<'_> = Inputs { public: b"for all", private: b"for one" };

/// A path in this test's folder where nothing is.
fn fresh(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.run"));
    // There is nothing the first time.
    let _ = fs::remove_dir_all(&path);
    path
}

fn manifest() -> Manifest {
    Manifest {
        program: ProgramId([7; 32]),
        entry: "häßlich \"\\\n".to_owned(),
        args: vec![0, 1 << 53 | 1, u64::MAX],
        inputs: InputDigests::of(INPUTS),
        segment_log_cells: 21,
        parameters: ParameterSet::Koala100,
    }
}

fn create(path: &Path) -> RunDirectory {
    RunDirectory::create(path, &manifest(), MODULE, INPUTS).expect("a new folder")
}

fn names(path: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The file of segment 3, of five bytes.
fn segment_file(path: &Path) -> PathBuf {
    path.join("segment-00000003.bin")
}

#[test]
fn what_is_put_is_there_when_opened_again() {
    let path = fresh("round_trip");
    let directory = create(&path);
    assert_eq!(directory.get(0).unwrap(), None);
    let segments: [(u64, &[u8]); 4] = [(0, b"zero"), (3, b""), (1, b"one"), (123_456_789_012, b"far")];
    for (index, bytes) in segments {
        directory.put(index, bytes).unwrap();
    }
    directory.put(1, b"one again").unwrap();
    drop(directory);

    let directory = RunDirectory::open(&path).unwrap();
    assert_eq!(directory.path(), path);
    assert_eq!(*directory.manifest(), manifest());
    assert_eq!(directory.module_bytes().unwrap(), MODULE);
    assert_eq!(directory.inputs().unwrap(), (INPUTS.public.to_vec(), INPUTS.private.to_vec()));
    assert_eq!(directory.finished().unwrap(), [0, 1, 3, 123_456_789_012]);
    assert_eq!(directory.get(0).unwrap().as_deref(), Some(&b"zero"[..]));
    assert_eq!(directory.get(1).unwrap().as_deref(), Some(&b"one again"[..]));
    assert_eq!(directory.get(3).unwrap().as_deref(), Some(&b""[..]));
    assert_eq!(directory.get(2).unwrap(), None);
    directory.remove().unwrap();
    assert!(!path.exists());
}

#[test]
fn a_damaged_segment_is_absent() {
    let path = fresh("damaged");
    let directory = create(&path);
    directory.put(3, b"bytes").unwrap();
    let file = segment_file(&path);
    let honest = fs::read(&file).unwrap();
    let check = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        assert_eq!(directory.get(3).unwrap(), None, "{bytes:?}");
    };
    for at in 0..honest.len() {
        check(&honest[..at]);
        for bit in 0..8 {
            let mut bytes = honest.clone();
            bytes[at] ^= 1 << bit;
            check(&bytes);
        }
    }
    check(&[&honest[..], b"\0"].concat());
    check(&[&honest[..], &honest[..]].concat());
    check(&vec![0; honest.len()]);
    // Something that is no file.
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_eq!(directory.get(3).unwrap(), None);
    fs::remove_dir(&file).unwrap();
    // Damage is gone once the segment is put again.
    check(&honest[..9]);
    directory.put(3, b"bytes").unwrap();
    assert_eq!(fs::read(&file).unwrap(), honest);
    assert_eq!(directory.get(3).unwrap().as_deref(), Some(&b"bytes"[..]));
}

#[test]
fn a_segment_from_elsewhere_is_absent() {
    let (path, other) = (fresh("here"), fresh("elsewhere"));
    let directory = create(&path);
    directory.put(3, b"bytes").unwrap();
    // At another place.
    fs::copy(segment_file(&path), path.join("segment-00000004.bin")).unwrap();
    assert_eq!(directory.get(4).unwrap(), None);
    // Of another program.
    let program = ProgramId([8; 32]);
    let other = RunDirectory::create(&other, &Manifest { program, ..manifest() }, MODULE, INPUTS).unwrap();
    fs::copy(segment_file(&path), segment_file(other.path())).unwrap();
    assert_eq!(other.get(3).unwrap(), None);
}

#[test]
fn temporary_files_are_ignored_and_removed() {
    let path = fresh("temporary");
    let directory = create(&path);
    fs::write(directory.temporary(), b"half a segm").unwrap();
    fs::write(path.join("temporary-notes.txt"), b"mine").unwrap();
    fs::write(path.join("segment-3.bin"), b"mine").unwrap();
    assert_eq!(directory.finished().unwrap(), [0u64; 0]);
    drop(directory);
    let directory = RunDirectory::open(&path).unwrap();
    let mine = ["segment-3.bin", "temporary-notes.txt"];
    assert_eq!(names(&path), ["input.bin", "lock", "module.wasm", "private.bin", "run.json", mine[0], mine[1]]);
    // Only what the run made goes.
    directory.put(0, b"zero").unwrap();
    directory.remove().unwrap();
    assert_eq!(names(&path), mine);
}

#[test]
fn two_do_not_use_one_folder() {
    let path = fresh("locked");
    let directory = create(&path);
    assert!(matches!(RunDirectory::open(&path), Err(DirectoryError::Locked { .. })));
    assert!(matches!(RunDirectory::create(&path, &manifest(), MODULE, INPUTS), Err(DirectoryError::Occupied { .. })));
    drop(directory);
    let directory = RunDirectory::open(&path).unwrap();
    // The lock holds while another process is only about to make its run there.
    fs::remove_file(path.join("run.json")).unwrap();
    assert!(matches!(RunDirectory::create(&path, &manifest(), MODULE, INPUTS), Err(DirectoryError::Locked { .. })));
    drop(directory);
    create(&path);
}

#[test]
fn other_folders_are_left_alone() {
    let path = fresh("other");
    let refused = |found: Result<RunDirectory, DirectoryError>| {
        assert!(matches!(found, Err(DirectoryError::NotARunDirectory { .. })), "{found:?}");
    };
    refused(RunDirectory::open(&path));
    fs::create_dir(&path).unwrap();
    refused(RunDirectory::open(&path));
    assert!(names(&path).is_empty());
    // An empty folder is taken, and one where a run was about to be made.
    drop(create(&path));
    fs::remove_file(path.join("run.json")).unwrap();
    fs::write(path.join("segment-00000000.bin"), b"torn").unwrap();
    drop(create(&path));
    // Another run's is not, nor one with a file of someone else's.
    let another = Manifest { args: vec![], ..manifest() };
    let found = RunDirectory::create(&path, &another, MODULE, INPUTS);
    assert!(matches!(found, Err(DirectoryError::Occupied { .. })), "{found:?}");
    fs::remove_file(path.join("run.json")).unwrap();
    fs::write(path.join("notes.txt"), b"mine").unwrap();
    refused(RunDirectory::create(&path, &manifest(), MODULE, INPUTS));
    fs::remove_dir_all(&path).unwrap();
    fs::write(&path, b"a file").unwrap();
    refused(RunDirectory::open(&path));
    refused(RunDirectory::create(&path, &manifest(), MODULE, INPUTS));
    fs::remove_file(&path).unwrap();
    let nowhere = path.join("below/nothing");
    assert!(matches!(RunDirectory::create(&nowhere, &manifest(), MODULE, INPUTS), Err(DirectoryError::Io { .. })));
}

#[test]
fn descriptions_are_checked() {
    let path = fresh("descriptions");
    drop(create(&path));
    let file = path.join("run.json");
    let honest = fs::read_to_string(&file).unwrap();
    let check = |from: &str, to: &str| {
        assert!(honest.contains(from), "{honest}");
        fs::write(&file, honest.replacen(from, to, 1)).unwrap();
        RunDirectory::open(&path).expect_err("a description that is wrong")
    };
    let damaged = |error| matches!(error, DirectoryError::Damaged { .. });
    assert!(matches!(check("\"format\": 2", "\"format\": 3, \"new\": 0"), DirectoryError::Format { found: 3, .. }));
    assert!(damaged(check("\"format\": 2", "\"format\": \"2\"")));
    assert!(damaged(check("0707", "07")));
    assert!(damaged(check("koala", "panda")));
    assert!(damaged(check("18446744073709551615", "18446744073709551616")));
    assert!(damaged(check("}", "")));
    assert!(damaged(check(&honest, "")));
    fs::write(&file, b"\xff").unwrap();
    assert!(damaged(RunDirectory::open(&path).expect_err("bytes that are no text")));

    fs::write(&file, &honest).unwrap();
    fs::write(path.join("module.wasm"), b"(module )").unwrap();
    assert!(damaged(RunDirectory::open(&path).unwrap().module_bytes().expect_err("another module")));
    for input in ["input.bin", "private.bin"] {
        let honest = fs::read(path.join(input)).unwrap();
        fs::write(path.join(input), [&honest[..], b"0"].concat()).unwrap();
        assert!(damaged(RunDirectory::open(&path).unwrap().inputs().expect_err("another input")));
        fs::write(path.join(input), honest).unwrap();
    }
    assert!(RunDirectory::open(&path).unwrap().inputs().is_ok());
}

#[test]
fn a_segment_that_cannot_be_written_leaves_nothing() {
    let path = fresh("unwritable");
    let directory = create(&path);
    // A file cannot replace a folder.
    fs::create_dir(segment_file(&path)).unwrap();
    assert!(directory.put(3, b"bytes").is_err());
    assert_eq!(names(&path), ["input.bin", "lock", "module.wasm", "private.bin", "run.json", "segment-00000003.bin"]);
    fs::remove_dir(segment_file(&path)).unwrap();
    directory.put(3, b"bytes").unwrap();
    fs::remove_dir_all(&path).unwrap();
    assert!(directory.put(3, b"bytes").is_err());
    assert!(!path.exists());
}

#[test]
fn threads_put_at_the_same_time() {
    let path = fresh("threads");
    let directory = create(&path);
    let bytes = |index: u64| vec![index as u8; 1000 * index as usize];
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let directory = &directory;
            scope.spawn(move || {
                // Every segment is put by two of the threads.
                for index in (0..16).filter(|index| (index + thread) % 2 == 0) {
                    directory.put(index, &bytes(index)).unwrap();
                    assert_eq!(directory.get(index).unwrap(), Some(bytes(index)));
                }
            });
        }
    });
    assert_eq!(directory.finished().unwrap(), Vec::from_iter(0..16));
    assert_eq!(names(&path).len(), 16 + 5);
}
