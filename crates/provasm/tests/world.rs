//! The archive of a WASI world: what it holds is what the world has, and what no program can be given is an error.

use std::collections::BTreeMap;
use std::fs;

use provasm::wasi::{Clock, PATH_BYTES_MAX, World, WorldError};

/// A reader of archives, written from docs/wasi.md.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn word(&self, index: usize) -> u64 {
        u64::from_le_bytes(self.0[8 * index..8 * index + 8].try_into().expect("eight bytes"))
    }

    /// Where a reference begins, and its length.
    fn reference(&self, index: usize) -> (usize, usize) {
        (self.word(index) as u32 as usize, (self.word(index) >> 32) as usize)
    }

    fn bytes(&self, index: usize) -> &'a [u8] {
        let (start, length) = self.reference(index);
        let rest = &self.0[8 * start..];
        assert!(rest[length..length.next_multiple_of(8)].iter().all(|&byte| byte == 0), "zeros up to the next word");
        &rest[..length]
    }

    fn strings(&self, index: usize) -> Vec<String> {
        let (table, number) = self.reference(index);
        let strings = self.bytes(index + 1);
        let string = |at: usize| strings[self.word(table + at) as usize..].split(|&byte| byte == 0).next();
        (0..number).map(|at| String::from_utf8(string(at).expect("a string").to_vec()).expect("UTF-8")).collect()
    }

    /// Everything below a directory: paths, and bytes for files.
    fn tree(&self, directory: usize, prefix: &str, found: &mut BTreeMap<String, Option<Vec<u8>>>) {
        let node = |number: usize| self.reference(10).0 + 3 * number;
        let (first, number) = self.reference(node(directory) + 1);
        let mut names = Vec::new();
        for child in first..first + number {
            let name = String::from_utf8(self.bytes(node(child)).to_vec()).expect("UTF-8");
            let path = format!("{prefix}{name}");
            names.push(name);
            match self.reference(node(child) + 2) {
                (3, parent) if parent == directory => {
                    found.insert(path.clone(), None);
                    self.tree(child, &format!("{path}/"), found);
                }
                (4, parent) if parent == directory => {
                    found.insert(path, Some(self.bytes(node(child) + 1).to_vec()));
                }
                other => panic!("{path} is {other:?}"),
            }
        }
        assert!(names.is_sorted_by(|a, b| a.as_bytes() < b.as_bytes()), "{names:?}");
    }
}

fn files<const N: usize>(files: [(&str, &[u8]); N]) -> BTreeMap<String, Vec<u8>> {
    files.map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).into()
}

#[test]
fn an_archive_holds_the_world() {
    let world = World {
        args: vec!["program".to_owned(), String::new(), "-x".to_owned()],
        env: vec![("B".to_owned(), "2=3".to_owned()), ("A".to_owned(), String::new())],
        stdin: vec![1, 0, 2, 0, 3, 0, 4, 0, 5],
        files: files([
            ("b", b"12345678"),
            ("a/b/c/d", b"deep"),
            ("a/b.txt", b""),
            ("a/b0", b"x"),
            ("a.b", b"y"),
            ("ü", b"z"),
        ]),
        directories: ["a/empty".to_owned(), "a/b".to_owned(), "e/f".to_owned()].into(),
        directory_name: "/home".to_owned(),
        clock: Clock { start_ns: u64::MAX, step_ns: 3 },
        seed: 1 << 63,
    };
    let archive = world.encode().expect("a world");
    assert_eq!(archive.len() % 8, 0);
    let reader = Reader(&archive);
    assert_eq!(&archive[..8], b"provasm\x01");
    assert_eq!([1, 2, 3].map(|word| reader.word(word)), [u64::MAX, 3, 1 << 63]);
    assert_eq!(reader.strings(4), world.args);
    assert_eq!(reader.strings(6), ["B=2=3", "A="]);
    assert_eq!(reader.bytes(8), world.stdin);
    assert_eq!(reader.bytes(9), b"/home");
    let mut found = BTreeMap::new();
    reader.tree(0, "", &mut found);
    let mut expected: BTreeMap<String, Option<Vec<u8>>> =
        world.files.iter().map(|(path, bytes)| (path.clone(), Some(bytes.clone()))).collect();
    expected.extend(["a", "a/b", "a/b/c", "a/empty", "e", "e/f"].map(|path| (path.to_owned(), None)));
    assert_eq!(found, expected);
    assert_eq!(reader.reference(10).1, 1 + expected.len(), "the root and all below it");
    assert_eq!(world.encode().expect("a world"), archive);
}

#[test]
fn the_empty_world_has_no_directory() {
    let archive = World::default().encode().expect("a world");
    let reader = Reader(&archive);
    assert_eq!(reader.strings(4).len() + reader.strings(6).len() + reader.bytes(8).len(), 0);
    assert_eq!(reader.reference(10).1, 0);
    assert_eq!(reader.word(2), 1_000_000);
}

#[test]
fn paths_are_relative_and_name_one_thing() {
    let path = |path: &str| World { files: files([(path, b"x")]), ..World::default() }.encode();
    for bad in ["", "/", "/a", "a/", "a//b", ".", "..", "./a", "a/../b", "a/..", "a\0b"] {
        assert!(matches!(path(bad), Err(WorldError::Path { .. })), "{bad:?}");
        let directory = World { directories: [bad.to_owned()].into(), ..World::default() };
        assert!(matches!(directory.encode(), Err(WorldError::Path { .. })), "{bad:?}");
    }
    for good in ["a", "...", ".a", "a.", "a b", "a\\b", "a:b"] {
        assert!(path(good).is_ok(), "{good:?}");
    }
    assert!(path(&"a".repeat(PATH_BYTES_MAX)).is_ok());
    assert!(path(&"a/".repeat(PATH_BYTES_MAX / 2)[..PATH_BYTES_MAX - 1]).is_ok());
    assert!(matches!(path(&"ü".repeat(PATH_BYTES_MAX)), Err(WorldError::PathLength { .. })));

    let below = World { files: files([("a", b""), ("a/b", b"")]), ..World::default() };
    assert!(matches!(below.encode(), Err(WorldError::FileAndDirectory { .. })));
    for directory in ["a", "a/b"] {
        let world =
            World { files: files([("a", b"")]), directories: [directory.to_owned()].into(), ..World::default() };
        assert!(matches!(world.encode(), Err(WorldError::FileAndDirectory { .. })));
    }
}

#[test]
fn strings_end_with_a_zero_byte() {
    let zero = "a\0b".to_owned();
    for world in [
        World { args: vec![zero.clone()], ..World::default() },
        World { env: vec![("A".to_owned(), zero.clone())], ..World::default() },
        World { env: vec![(zero.clone(), "A".to_owned())], ..World::default() },
        World { directory_name: zero, ..World::default() },
    ] {
        assert!(matches!(world.encode(), Err(WorldError::ZeroByte { .. })));
    }
    let variable = |name: &str| (name.to_owned(), "1".to_owned());
    for name in ["", "=", "A=B"] {
        let world = World { env: vec![variable(name)], ..World::default() };
        assert!(matches!(world.encode(), Err(WorldError::VariableName { .. })));
    }
    let world = World { env: vec![variable("A"), variable("B"), variable("A")], ..World::default() };
    assert!(matches!(world.encode(), Err(WorldError::DuplicateVariable { .. })));
}

#[test]
fn a_world_has_at_most_a_public_input() {
    // Eleven words, the directory's name, and one byte more than there is room for.
    let stdin = vec![0; (8 * ((1 << 26) - 1)) - 8 * 12 + 1];
    assert!(matches!(World { stdin, ..World::default() }.encode(), Err(WorldError::TooLarge)));
}

#[test]
fn a_folder_is_taken_as_it_is() {
    let folder = std::env::temp_dir().join(format!("provasm-world-{}", std::process::id()));
    fs::create_dir_all(folder.join("sub/empty")).expect("a folder");
    fs::write(folder.join("top"), b"1").expect("a file");
    fs::write(folder.join("sub/file"), b"22").expect("a file");
    let mut world = World::default();
    let taken = world.add_folder(&folder);
    let missing = World::default().add_folder(&folder.join("missing"));
    #[cfg(unix)]
    let linked = {
        std::os::unix::fs::symlink("top", folder.join("link")).expect("a link");
        World::default().add_folder(&folder)
    };
    fs::remove_dir_all(&folder).expect("the folder can go");
    taken.expect("a folder that can be read");
    assert_eq!(world.files, files([("top", b"1"), ("sub/file", b"22")]));
    assert_eq!(world.directories, ["sub".to_owned(), "sub/empty".to_owned()].into());
    assert!(matches!(missing, Err(WorldError::Read { .. })));
    #[cfg(unix)]
    assert!(matches!(linked, Err(WorldError::NotAFile { .. })));
}
