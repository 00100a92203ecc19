//! Finding files by path, and opening them.

use crate::files::{open, world};
use crate::harness::{EXIST, FAULT, Host, INVAL, ISDIR, NOENT, NOTDIR, PERM, RESULT, ROFS, SUCCESS};

const END: u64 = 1 << 16;
const ROOT: u64 = 3;
const FILE: u64 = 4;
const DIRECTORY: u64 = 3;

/// The type of what a path names, or why it names nothing.
fn stat(host: &mut Host, fd: u64, path: &[u8]) -> Result<u64, u64> {
    host.write(512, path);
    // What is behind the path is no part of it.
    host.write(512 + path.len() as u64, b"/x");
    match host.wasi("path_filestat_get", &[fd, 1, 512, path.len() as u64, 4096]) {
        SUCCESS => Ok(host.u64(4096 + 16)),
        errno => Err(errno),
    }
}

#[test]
fn paths_name_files() {
    let mut host = Host::world(&world());
    let cases: &[(&str, Result<u64, u64>)] = &[
        ("a.txt", Ok(FILE)),
        ("dir", Ok(DIRECTORY)),
        ("dir/", Ok(DIRECTORY)),
        ("dir///", Ok(DIRECTORY)),
        (".", Ok(DIRECTORY)),
        ("./", Ok(DIRECTORY)),
        ("./.", Ok(DIRECTORY)),
        ("./a.txt", Ok(FILE)),
        ("dir/nested/file", Ok(FILE)),
        ("dir//nested/./file", Ok(FILE)),
        ("dir/.//nested/../../dir/nested/../nested///./file", Ok(FILE)),
        ("dir/..", Ok(DIRECTORY)),
        ("dir/../a.txt", Ok(FILE)),
        ("dir/a name of more than eight bytes", Ok(FILE)),
        ("dir/a name of more than eight bytes and more", Ok(FILE)),
        ("dir/a name of more than eight bytes and", Err(NOENT)),
        ("dir/a name of more than eight byte", Err(NOENT)),
        ("a.txt/", Err(NOTDIR)),
        ("a.txt//", Err(NOTDIR)),
        ("a.txt/.", Err(NOTDIR)),
        ("a.txt/..", Err(NOTDIR)),
        ("a.txt/x", Err(NOTDIR)),
        ("", Err(NOENT)),
        ("b", Err(NOENT)),
        ("a.tx", Err(NOENT)),
        ("a.txtt", Err(NOENT)),
        ("A.txt", Err(NOENT)),
        ("zzz", Err(NOENT)),
        ("missing/..", Err(NOENT)),
        ("missing/", Err(NOENT)),
        ("...", Err(NOENT)),
        ("a.txt\0", Err(NOENT)),
        ("a.txt\0x", Err(NOENT)),
        ("/a.txt", Err(PERM)),
        ("/", Err(PERM)),
        ("..", Err(PERM)),
        ("../", Err(PERM)),
        ("./..", Err(PERM)),
        ("../a.txt", Err(PERM)),
        ("dir/../..", Err(PERM)),
        ("dir/nested/../../../a.txt", Err(PERM)),
    ];
    for (path, expected) in cases {
        assert_eq!(stat(&mut host, ROOT, path.as_bytes()), *expected, "{path:?}");
    }
    assert_eq!(stat(&mut host, ROOT, b"a\xff.txt"), Err(NOENT));
    assert_eq!(stat(&mut host, ROOT, &[b'.'; 3000]), Err(NOENT));
    assert_eq!(stat(&mut host, ROOT, &b"./".repeat(1500)), Ok(DIRECTORY));
}

/// A path does not leave the directory that it is relative to, though that is in the root.
#[test]
fn a_directory_is_not_left_through_its_parent() {
    let mut host = Host::world(&world());
    let directory = open(&mut host, "dir");
    assert_eq!(stat(&mut host, directory, b"nested/file"), Ok(FILE));
    assert_eq!(stat(&mut host, directory, b"nested/.."), Ok(DIRECTORY));
    assert_eq!(stat(&mut host, directory, b".."), Err(PERM));
    assert_eq!(stat(&mut host, directory, b"nested/../.."), Err(PERM));
    assert_eq!(stat(&mut host, directory, b"../dir"), Err(PERM));
    assert_eq!(stat(&mut host, directory, b"a.txt"), Err(NOENT));
    let file = open(&mut host, "a.txt");
    assert_eq!(stat(&mut host, file, b"."), Err(NOTDIR));
    assert_eq!(stat(&mut host, 0, b"."), Err(NOTDIR));
}

#[test]
fn every_file_is_found_among_many() {
    let mut world = provasm::wasi::World::default();
    let names: Vec<String> =
        (0..600u32).map(|number| format!("{:x}", number.wrapping_mul(0x9e37_79b1) >> 12)).collect();
    for name in &names {
        world.files.insert(name.clone(), name.clone().into_bytes());
    }
    let mut host = Host::world(&world);
    for number in 0..2000u32 {
        let name = format!("{:x}", number.wrapping_mul(0x9e37_79b1) >> 12);
        let expected = if world.files.contains_key(&name) { Ok(FILE) } else { Err(NOENT) };
        assert_eq!(stat(&mut host, ROOT, name.as_bytes()), expected, "{name}");
        if expected.is_ok() {
            assert_eq!(host.u64(4096 + 32), name.len() as u64);
        }
    }
}

#[test]
fn files_are_opened_to_be_read_only() {
    const CREATE: u64 = 1;
    const MUST_BE_DIRECTORY: u64 = 2;
    const EXCLUSIVE: u64 = 4;
    const TRUNCATE: u64 = 8;
    const WRITE: u64 = 1 << 6;
    let mut host = Host::world(&world());
    for (path, flags, rights, expected) in [
        ("a.txt", 0, 2, SUCCESS),
        ("a.txt", 0, !WRITE, SUCCESS),
        ("a.txt", 0, WRITE, ROFS),
        ("a.txt", TRUNCATE, 0, ROFS),
        ("a.txt", CREATE, 0, SUCCESS),
        ("a.txt", CREATE | EXCLUSIVE, 0, EXIST),
        ("a.txt", EXCLUSIVE, 0, SUCCESS),
        ("a.txt", MUST_BE_DIRECTORY, 0, NOTDIR),
        ("a.txt/", CREATE, 0, NOTDIR),
        ("dir", MUST_BE_DIRECTORY, u64::MAX, SUCCESS),
        ("dir", 0, WRITE, SUCCESS),
        ("dir", TRUNCATE, 0, ISDIR),
        ("dir", CREATE | EXCLUSIVE, 0, EXIST),
        ("new", CREATE, 0, ROFS),
        ("dir/new", CREATE | EXCLUSIVE | TRUNCATE, WRITE, ROFS),
        ("dir/new/", CREATE, 0, ROFS),
        ("new/new", CREATE, 0, NOENT),
        ("new", EXCLUSIVE, 0, NOENT),
        ("../new", CREATE, 0, PERM),
        ("a.txt", 16, 0, INVAL),
    ] {
        host.write(512, path.as_bytes());
        let args = [ROOT, 0, 512, path.len() as u64, flags, rights, 0, 0, RESULT];
        assert_eq!(host.wasi("path_open", &args), expected, "{path} {flags} {rights}");
    }
    host.write(512, b"a.txt");
    assert_eq!(host.wasi("path_open", &[ROOT, 0, 512, 5, 0, 0, 0, 32, RESULT]), INVAL);
    assert_eq!(host.wasi("path_open", &[ROOT, 0, 512, 5, 0, 0, 0, 4, RESULT]), SUCCESS);
    let fd = host.u32(RESULT);
    assert_eq!(host.wasi("fd_fdstat_get", &[fd, 1000]), SUCCESS);
    assert_eq!(host.u64(1000), 4 | 4 << 16);
}

#[test]
fn paths_beyond_the_memory_are_faults() {
    let max = u64::from(u32::MAX);
    let mut host = Host::world(&world());
    for (path, length) in [(END - 1, 2), (END, 1), (max, 1), (max, max), (1, max), (0, END + 1)] {
        assert_eq!(host.wasi("path_filestat_get", &[ROOT, 0, path, length, 4096]), FAULT);
        assert_eq!(host.wasi("path_open", &[ROOT, 0, path, length, 0, 0, 0, 0, RESULT]), FAULT);
        assert_eq!(host.wasi("path_readlink", &[ROOT, path, length, 4096, 10, RESULT]), FAULT);
    }
    host.write(512, b"a.txt");
    assert_eq!(host.wasi("path_filestat_get", &[ROOT, 0, 512, 5, END - 63]), FAULT);
    assert_eq!(host.wasi("path_open", &[ROOT, 0, 512, 5, 0, 0, 0, 0, END - 3]), FAULT);
    assert_eq!(open(&mut host, "a.txt"), 4, "what failed opened nothing");
    assert_eq!(host.wasi("path_readlink", &[ROOT, 512, 5, 4096, 10, RESULT]), INVAL);
    assert_eq!(host.wasi("path_readlink", &[ROOT, 512, 4, 4096, 10, RESULT]), NOENT);
}

/// A path of all the memory there can be, at its end.
#[test]
fn a_path_can_be_as_long_as_the_memory() {
    let input = world().encode().expect("a world");
    let mut host = Host::with_pages(&input, 1 << 16);
    let max = u64::from(u32::MAX);
    host.write(max - 4, b"a.txt");
    assert_eq!(host.wasi("path_filestat_get", &[ROOT, 0, max - 4, 5, 4096]), SUCCESS);
    assert_eq!(host.wasi("path_filestat_get", &[ROOT, 0, max - 4, 6, 4096]), FAULT);
    assert_eq!(host.wasi("path_filestat_get", &[ROOT, 0, 1, max, 4096]), NOENT);
}

/// Whatever words an archive has, every call returns, and reads no cell behind the input.
#[test]
fn archives_that_are_not_right_have_a_meaning() {
    let mut random = provasm_testkit::Random::new(6);
    let archive = world().encode().expect("a world");
    for _ in 0..600 {
        let mut input = archive.clone();
        for _ in 0..1 + random.below(4) {
            // Any but the magic number.
            let word = 1 + random.below(input.len() / 8 - 1);
            let value = match random.below(4) {
                0 => random.next_u64(),
                1 => u64::MAX,
                2 => random.below(100) as u64 | (random.below(12) as u64) << 32,
                _ => u64::from(input[8 * word]) << 33,
            };
            if let Some(bytes) = input.get_mut(8 * word..8 * word + 8) {
                bytes.copy_from_slice(&value.to_le_bytes());
            }
        }
        input.truncate(input.len() - random.below(4) * random.below(100));
        let mut host = Host::new(&input);
        for path in ["a.txt", "dir/nested/file", "dir/../empty", "bare", "dir/nested/../../dir/"] {
            host.write(512, path.as_bytes());
            host.wasi("path_filestat_get", &[ROOT, 0, 512, path.len() as u64, 4096]);
            if host.wasi("path_open", &[ROOT, 0, 512, path.len() as u64, 0, 0, 0, 0, RESULT]) == SUCCESS {
                let fd = host.u32(RESULT);
                host.wasi("fd_readdir", &[fd, 4096, 1000, random.below(4) as u64, RESULT]);
                host.write_u32s(64, &[8192, 50]);
                host.wasi("fd_read", &[fd, 64, 1, RESULT]);
                host.wasi("fd_filestat_get", &[fd, 4096]);
            }
        }
        for (function, args) in [
            ("args_sizes_get", [1000, 1004].as_slice()),
            ("args_get", &[1000, 30_000]),
            ("environ_get", &[1000, 30_000]),
            ("fd_prestat_get", &[ROOT, 1000]),
            ("fd_prestat_dir_name", &[ROOT, 1000, 30_000]),
            ("fd_readdir", &[ROOT, 4096, 1000, 0, RESULT]),
            ("fd_read", &[0, 64, 1, RESULT]),
            ("clock_time_get", &[0, 0, 1000]),
        ] {
            host.wasi(function, args);
        }
    }
}
