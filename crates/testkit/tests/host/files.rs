//! Files and directories that are open: reading, seeking, listing, closing, and all that is refused.

use provasm::wasi::{Clock, World};
use provasm_testkit::Random;

use crate::harness::{
    BADF, FAULT, Host, INVAL, ISDIR, MFILE, NAMETOOLONG, NOTDIR, NOTSOCK, NOTSUP, RESULT, ROFS, SUCCESS,
};

const END: u64 = 1 << 16;
const LIST: u64 = 64;
const ROOT: u64 = 3;

pub(crate) fn world() -> World {
    let file = |path: &str, bytes: &[u8]| (path.to_owned(), bytes.to_vec());
    World {
        files: [
            file("a.txt", b"0123456789"),
            file("empty", b""),
            file("dir/nested/file", b"deep"),
            file("dir/a name of more than eight bytes", b"x"),
            file("dir/a name of more than eight bytes and more", b"y"),
        ]
        .into(),
        directories: ["bare".to_owned(), "dir".to_owned()].into(),
        clock: Clock { start_ns: 99, step_ns: 1 },
        ..World::default()
    }
}

/// Opens a path in the root.
pub(crate) fn open(host: &mut Host, path: &str) -> u64 {
    host.write(512, path.as_bytes());
    let errno = host.wasi("path_open", &[ROOT, 0, 512, path.len() as u64, 0, 0, 0, 0, RESULT]);
    assert_eq!(errno, SUCCESS, "{path}");
    host.u32(RESULT)
}

fn read(host: &mut Host, fd: u64, length: u64) -> Vec<u8> {
    host.write_u32s(LIST, &[1000, length]);
    assert_eq!(host.wasi("fd_read", &[fd, LIST, 1, RESULT]), SUCCESS);
    host.read(1000, host.u32(RESULT))
}

fn seek(host: &mut Host, fd: u64, delta: i64, whence: u64) -> Result<u64, u64> {
    match host.wasi("fd_seek", &[fd, delta.cast_unsigned(), whence, RESULT]) {
        SUCCESS => Ok(host.u64(RESULT)),
        errno => Err(errno),
    }
}

#[test]
fn the_directory_is_open_from_the_start() {
    let mut host = Host::world(&World { directory_name: "/data".to_owned(), ..world() });
    assert_eq!(host.wasi("fd_prestat_get", &[ROOT, RESULT]), SUCCESS);
    assert_eq!(host.u64(RESULT), 5 << 32);
    assert_eq!(host.wasi("fd_prestat_dir_name", &[ROOT, 1000, 5]), SUCCESS);
    assert_eq!(host.read(1000, 6), b"/data\0");
    assert_eq!(host.wasi("fd_prestat_dir_name", &[ROOT, 1000, 4]), NAMETOOLONG);
    assert_eq!(host.wasi("fd_prestat_dir_name", &[ROOT, END - 4, 5]), FAULT);
    assert_eq!(host.wasi("fd_prestat_get", &[ROOT, END - 7]), FAULT);
    for fd in [0, 1, 2, 4, 5, 1 << 16, u64::from(u32::MAX)] {
        assert_eq!(host.wasi("fd_prestat_get", &[fd, RESULT]), BADF);
        assert_eq!(host.wasi("fd_prestat_dir_name", &[fd, 1000, 5]), BADF);
    }
}

#[test]
fn files_are_read_and_sought() {
    let mut host = Host::world(&world());
    let fd = open(&mut host, "a.txt");
    assert_eq!(fd, 4);
    assert_eq!(read(&mut host, fd, 3), b"012");
    assert_eq!(host.wasi("fd_tell", &[fd, RESULT]), SUCCESS);
    assert_eq!(host.u64(RESULT), 3);
    assert_eq!(seek(&mut host, fd, -1, 1), Ok(2));
    assert_eq!(read(&mut host, fd, 100), b"23456789");
    assert_eq!(seek(&mut host, fd, -2, 2), Ok(8));
    assert_eq!(read(&mut host, fd, 1), b"8");
    assert_eq!(seek(&mut host, fd, 100, 0), Ok(100));
    assert_eq!(read(&mut host, fd, 8), b"");
    assert_eq!(seek(&mut host, fd, i64::MAX, 0), Ok(i64::MAX as u64));
    assert_eq!(read(&mut host, fd, 8), b"");
    assert_eq!(seek(&mut host, fd, 1, 1), Err(INVAL));
    assert_eq!(seek(&mut host, fd, i64::MIN, 1), Err(INVAL));
    assert_eq!(seek(&mut host, fd, -11, 2), Err(INVAL));
    assert_eq!(seek(&mut host, fd, -1, 0), Err(INVAL));
    assert_eq!(seek(&mut host, fd, 0, 3), Err(INVAL));
    assert_eq!(host.wasi("fd_seek", &[fd, 0, 0, END - 7]), FAULT);
    assert_eq!(seek(&mut host, fd, 0, 1), Ok(i64::MAX as u64), "a failed seek moves nothing");
    assert_eq!(host.wasi("fd_advise", &[fd, 0, 10, 5]), SUCCESS);
    assert_eq!(host.wasi("fd_advise", &[fd, 0, 10, 6]), INVAL);
}

#[test]
fn reading_at_an_offset_moves_nothing() {
    let mut host = Host::world(&world());
    let fd = open(&mut host, "a.txt");
    host.write_u32s(LIST, &[1000, 2, 1010, 3]);
    for (offset, expected) in [(0, b"01234".as_slice()), (7, b"789"), (10, b""), (11, b""), (u64::MAX, b"")] {
        assert_eq!(host.wasi("fd_pread", &[fd, LIST, 2, offset, RESULT]), SUCCESS);
        let count = host.u32(RESULT);
        let stored = [host.read(1000, count.min(2)), host.read(1010, count.saturating_sub(2))].concat();
        assert_eq!(stored, expected);
    }
    assert_eq!(read(&mut host, fd, 2), b"01");
}

/// Every file has its own offset, and any part of any file is what is in it.
#[test]
fn any_part_of_any_file_is_what_is_in_it() {
    let mut random = Random::new(5);
    let mut world = World::default();
    for number in 0..40 {
        let length = random.below(200);
        world
            .files
            .insert(format!("d{}/f{number}", number % 3), (0..length).map(|_| random.next_u64() as u8).collect());
    }
    let mut host = Host::world(&world);
    let files: Vec<(u64, &Vec<u8>)> = world.files.iter().map(|(path, bytes)| (open(&mut host, path), bytes)).collect();
    for _ in 0..400 {
        let (fd, bytes) = files[random.below(files.len())];
        let offset = random.below(220);
        let length = random.below(60);
        assert_eq!(seek(&mut host, fd, offset as i64, 0), Ok(offset as u64));
        let rest = bytes.get(offset..).unwrap_or_default();
        assert_eq!(read(&mut host, fd, length as u64), rest[..length.min(rest.len())]);
    }
}

#[test]
fn files_have_a_status() {
    let mut host = Host::world(&world());
    let (file, directory) = (open(&mut host, "a.txt"), open(&mut host, "dir"));
    let mut numbers = Vec::new();
    for (fd, file_type, size) in [(file, 4, 10), (directory, 3, 0), (ROOT, 3, 0)] {
        assert_eq!(host.wasi("fd_filestat_get", &[fd, 1000]), SUCCESS);
        assert_eq!([host.u64(1000), host.u64(1016), host.u64(1024), host.u64(1032)], [1, file_type, 1, size]);
        assert_eq!([host.u64(1040), host.u64(1048), host.u64(1056)], [99, 99, 99]);
        numbers.push(host.u64(1008));
        assert_eq!(host.wasi("fd_fdstat_get", &[fd, 1000]), SUCCESS);
        assert_eq!(host.u64(1000), file_type);
        let (reads, opens, writes) = (host.u64(1008) & 2 != 0, host.u64(1008) & 1 << 13 != 0, 1 << 6);
        assert_eq!((reads, opens), (file_type == 4, file_type == 3));
        assert_eq!((host.u64(1008) | host.u64(1016)) & writes, 0);
    }
    numbers.dedup();
    assert_eq!(numbers.len(), 3);
}

#[test]
fn closed_descriptors_are_bad() {
    let max = u64::from(u32::MAX);
    let mut host = Host::world(&world());
    let closed = open(&mut host, "a.txt");
    assert_eq!(host.wasi("fd_close", &[closed]), SUCCESS);
    for fd in [closed, 5, 65_535, 65_536, 1 << 31, max] {
        let calls: &[(&str, &[u64])] = &[
            ("fd_advise", &[fd, 0, 0, 0]),
            ("fd_allocate", &[fd, 0, 0]),
            ("fd_close", &[fd]),
            ("fd_datasync", &[fd]),
            ("fd_fdstat_get", &[fd, 1000]),
            ("fd_fdstat_set_flags", &[fd, 0]),
            ("fd_fdstat_set_rights", &[fd, 0, 0]),
            ("fd_filestat_get", &[fd, 1000]),
            ("fd_filestat_set_size", &[fd, 0]),
            ("fd_filestat_set_times", &[fd, 0, 0, 0]),
            ("fd_pread", &[fd, LIST, 0, 0, RESULT]),
            ("fd_prestat_dir_name", &[fd, 1000, 100]),
            ("fd_prestat_get", &[fd, 1000]),
            ("fd_pwrite", &[fd, LIST, 0, 0, RESULT]),
            ("fd_read", &[fd, LIST, 0, RESULT]),
            ("fd_readdir", &[fd, 1000, 100, 0, RESULT]),
            ("fd_renumber", &[fd, 1]),
            ("fd_renumber", &[1, fd]),
            ("fd_renumber", &[fd, fd]),
            ("fd_seek", &[fd, 0, 0, RESULT]),
            ("fd_sync", &[fd]),
            ("fd_tell", &[fd, RESULT]),
            ("fd_write", &[fd, LIST, 0, RESULT]),
            ("path_create_directory", &[fd, 512, 1]),
            ("path_filestat_get", &[fd, 0, 512, 1, 1000]),
            ("path_filestat_set_times", &[fd, 0, 512, 1, 0, 0, 0]),
            ("path_link", &[fd, 0, 512, 1, ROOT, 512, 1]),
            ("path_link", &[ROOT, 0, 512, 1, fd, 512, 1]),
            ("path_open", &[fd, 0, 512, 1, 0, 0, 0, 0, RESULT]),
            ("path_readlink", &[fd, 512, 1, 1000, 10, RESULT]),
            ("path_remove_directory", &[fd, 512, 1]),
            ("path_rename", &[fd, 512, 1, ROOT, 512, 1]),
            ("path_rename", &[ROOT, 512, 1, fd, 512, 1]),
            ("path_symlink", &[512, 1, fd, 512, 1]),
            ("path_unlink_file", &[fd, 512, 1]),
            ("sock_accept", &[fd, 0, RESULT]),
            ("sock_recv", &[fd, LIST, 0, 0, RESULT, RESULT + 4]),
            ("sock_send", &[fd, LIST, 0, 0, RESULT]),
            ("sock_shutdown", &[fd, 0]),
        ];
        let before = host.memory_image();
        for (function, args) in calls {
            assert_eq!(host.wasi(function, args), BADF, "{function} {fd}");
        }
        assert!(host.memory_image() == before);
    }
}

#[test]
fn nothing_can_be_changed() {
    let mut host = Host::world(&world());
    let (file, directory) = (open(&mut host, "a.txt"), open(&mut host, "dir"));
    for (function, args) in [
        ("path_create_directory", [512, 1].as_slice()),
        ("path_remove_directory", &[512, 1]),
        ("path_unlink_file", &[512, 1]),
        ("path_filestat_set_times", &[0, 512, 1, 0, 0, 0]),
        ("path_link", &[0, 512, 1, ROOT, 512, 1]),
        ("path_rename", &[512, 1, ROOT, 512, 1]),
    ] {
        for (fd, errno) in [(ROOT, ROFS), (directory, ROFS), (file, NOTDIR), (1, NOTDIR)] {
            assert_eq!(host.wasi(function, &[&[fd], args].concat()), errno, "{function}");
        }
    }
    assert_eq!(host.wasi("path_symlink", &[512, 1, ROOT, 512, 1]), ROFS);
    assert_eq!(host.wasi("path_link", &[ROOT, 0, 512, 1, file, 512, 1]), NOTDIR);
    for fd in [file, directory, ROOT] {
        assert_eq!(host.wasi("fd_filestat_set_size", &[fd, 0]), ROFS);
        assert_eq!(host.wasi("fd_filestat_set_times", &[fd, 0, 0, 0]), ROFS);
        assert_eq!(host.wasi("fd_write", &[fd, LIST, 0, RESULT]), BADF);
        assert_eq!(host.wasi("fd_pwrite", &[fd, LIST, 0, 0, RESULT]), BADF);
        assert_eq!(host.wasi("fd_allocate", &[fd, 0, 0]), NOTSUP);
        assert_eq!(host.wasi("fd_fdstat_set_rights", &[fd, 0, 0]), NOTSUP);
        assert_eq!(host.wasi("fd_sync", &[fd]), SUCCESS);
        assert_eq!(host.wasi("sock_accept", &[fd, 0, RESULT]), NOTSOCK);
        assert_eq!(host.wasi("sock_recv", &[fd, LIST, 0, 0, RESULT, RESULT]), NOTSOCK);
        assert_eq!(host.wasi("sock_send", &[fd, LIST, 0, 0, RESULT]), NOTSOCK);
        assert_eq!(host.wasi("sock_shutdown", &[fd, 3]), NOTSOCK);
    }
    for fd in [directory, ROOT] {
        assert_eq!(host.wasi("fd_read", &[fd, LIST, 0, RESULT]), ISDIR);
        assert_eq!(host.wasi("fd_pread", &[fd, LIST, 0, 0, RESULT]), ISDIR);
        assert_eq!(host.wasi("fd_seek", &[fd, 0, 0, RESULT]), BADF);
        assert_eq!(host.wasi("fd_advise", &[fd, 0, 0, 0]), BADF);
    }
}

#[test]
fn descriptors_are_reused_from_the_lowest() {
    let mut host = Host::world(&world());
    let opened: Vec<u64> = (0..6).map(|_| open(&mut host, "a.txt")).collect();
    assert_eq!(opened, [4, 5, 6, 7, 8, 9]);
    assert_eq!(read(&mut host, 5, 3), b"012");
    for fd in [7, 5, 0] {
        assert_eq!(host.wasi("fd_close", &[fd]), SUCCESS);
    }
    assert_eq!([(); 4].map(|()| open(&mut host, "a.txt")), [0, 5, 7, 10]);
    assert_eq!(read(&mut host, 5, 3), b"012", "a new descriptor begins at the start");
    assert_eq!(read(&mut host, 0, 3), b"012", "what was standard input is a file");
    assert_eq!(host.wasi("fd_close", &[ROOT]), SUCCESS);
    assert_eq!(host.wasi("path_open", &[ROOT, 0, 512, 5, 0, 0, 0, 0, RESULT]), BADF);
    assert_eq!(host.wasi("fd_prestat_get", &[ROOT, RESULT]), BADF);
}

#[test]
fn descriptors_are_renumbered() {
    let mut host = Host::world(&World { stdin: b"input".to_vec(), ..world() });
    let fd = open(&mut host, "a.txt");
    assert_eq!(read(&mut host, fd, 2), b"01");
    assert_eq!(read(&mut host, 0, 2), b"in");
    let other = open(&mut host, "empty");
    assert_eq!(host.wasi("fd_renumber", &[0, other]), SUCCESS);
    assert_eq!(read(&mut host, other, 9), b"put");
    assert_eq!(host.wasi("fd_close", &[0]), BADF);
    assert_eq!(host.wasi("fd_renumber", &[fd, 1]), SUCCESS);
    assert_eq!(read(&mut host, 1, 2), b"23");
    assert_eq!(host.wasi("fd_renumber", &[1, 1]), SUCCESS);
    assert_eq!(read(&mut host, 1, 2), b"45");
    assert_eq!(open(&mut host, "a.txt"), 0);
    assert_eq!(host.wasi("fd_renumber", &[ROOT, 2]), SUCCESS);
    assert_eq!(host.wasi("fd_prestat_get", &[2, RESULT]), SUCCESS);
    assert_eq!(host.wasi("fd_prestat_get", &[ROOT, RESULT]), BADF);
}

#[test]
fn there_are_only_so_many_descriptors() {
    let mut host = Host::world(&world());
    for fd in 4..1 << 16 {
        assert_eq!(open(&mut host, "a.txt"), fd);
    }
    host.write_u32s(RESULT, &[7]);
    assert_eq!(host.wasi("path_open", &[ROOT, 0, 512, 5, 0, 0, 0, 0, RESULT]), MFILE);
    assert_eq!(host.u32(RESULT), 7);
    assert_eq!(host.wasi("fd_close", &[30_000]), SUCCESS);
    assert_eq!(open(&mut host, "empty"), 30_000);
}

/// An entry of a list: the next cookie, the number, the type and the name.
type Entry = (u64, u64, u8, String);

fn entries(mut bytes: &[u8]) -> Vec<Entry> {
    let mut entries = Vec::new();
    while let Some((fields, rest)) = bytes.split_at_checked(24) {
        let word = |at: usize| u64::from_le_bytes(fields[at..at + 8].try_into().expect("eight bytes"));
        let length = word(16) as u32 as usize;
        assert_eq!(fields[21..], [0, 0, 0]);
        let Some((name, rest)) = rest.split_at_checked(length) else { break };
        entries.push((word(0), word(8), fields[20], String::from_utf8(name.to_vec()).expect("a name")));
        bytes = rest;
    }
    entries
}

fn list(host: &mut Host, fd: u64, cookie: u64, room: u64) -> Vec<u8> {
    host.write(4096, &vec![0xee; room as usize + 8]);
    assert_eq!(host.wasi("fd_readdir", &[fd, 4096, room, cookie, RESULT]), SUCCESS);
    let count = host.u32(RESULT);
    assert!(count <= room);
    assert_eq!(host.read(4096 + count, room - count + 8), vec![0xee; (room - count) as usize + 8]);
    host.read(4096, count)
}

#[test]
fn directories_are_listed_from_any_cookie_in_any_room() {
    let mut host = Host::world(&world());
    let directory = open(&mut host, "dir");
    let (whole, nested) = (list(&mut host, directory, 0, 1000), list(&mut host, ROOT, 0, 1000));
    let found = entries(&whole);
    let names: Vec<(u64, u8, &str)> = found.iter().map(|(next, _, kind, name)| (*next, *kind, name.as_str())).collect();
    assert_eq!(
        names,
        [
            (1, 3, "."),
            (2, 3, ".."),
            (3, 4, "a name of more than eight bytes"),
            (4, 4, "a name of more than eight bytes and more"),
            (5, 3, "nested"),
        ]
    );
    let in_root: Vec<(u8, String)> = entries(&nested).into_iter().map(|(_, _, kind, name)| (kind, name)).collect();
    let expected = [(3, "."), (3, ".."), (4, "a.txt"), (3, "bare"), (3, "dir"), (4, "empty")];
    assert_eq!(in_root, expected.map(|(kind, name)| (kind, name.to_owned())));
    // A list that has less room is the beginning of the whole one, to the byte.
    for room in 0..=whole.len() + 1 {
        assert_eq!(list(&mut host, directory, 0, room as u64), whole[..room.min(whole.len())]);
    }
    let mut begin = 0;
    for (next, _, _, name) in &found {
        begin += 24 + name.len();
        assert_eq!(list(&mut host, directory, *next, 1000), whole[begin..]);
    }
    assert_eq!(list(&mut host, directory, 6, 1000), b"");
    assert_eq!(list(&mut host, directory, u64::MAX, 1000), b"");
    let bare = open(&mut host, "bare");
    assert_eq!(entries(&list(&mut host, bare, 0, 1000)).len(), 2);
    let file = open(&mut host, "a.txt");
    assert_eq!(host.wasi("fd_readdir", &[file, 4096, 10, 0, RESULT]), NOTDIR);
    assert_eq!(host.wasi("fd_readdir", &[0, 4096, 10, 0, RESULT]), NOTDIR);
    assert_eq!(host.wasi("fd_readdir", &[ROOT, END - 9, 10, 0, RESULT]), FAULT);
    assert_eq!(host.wasi("fd_readdir", &[ROOT, u64::from(u32::MAX), u64::from(u32::MAX), 0, RESULT]), FAULT);
    assert_eq!(host.wasi("fd_readdir", &[ROOT, 0, 10, 0, END - 3]), FAULT);
}

/// The numbers that a listing gives are those of the files' status.
#[test]
fn listed_numbers_are_those_of_the_files() {
    let mut host = Host::world(&world());
    let directory = open(&mut host, "dir");
    for (_, number, file_type, name) in entries(&list(&mut host, directory, 0, 1000)) {
        let path = format!("dir/{name}");
        host.write(512, path.as_bytes());
        assert_eq!(host.wasi("path_filestat_get", &[ROOT, 0, 512, path.len() as u64, 1000]), SUCCESS);
        assert_eq!((host.u64(1008), host.u64(1016)), (number, u64::from(file_type)), "{path}");
    }
}
