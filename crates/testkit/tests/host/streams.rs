//! Standard input, output and error, and lists of buffers.

use provasm::wasi::World;
use provasm_testkit::Random;

use crate::harness::{BADF, FAULT, Host, INVAL, NOSPC, RESULT, SPIPE, SUCCESS};

const END: u64 = 1 << 16;
/// Where tests put their lists.
const LIST: u64 = 64;

fn with_stdin(stdin: &[u8]) -> Host {
    Host::world(&World { stdin: stdin.to_vec(), ..World::default() })
}

/// The errno of a function on a list of buffers, and the number that it stores.
fn transfer(host: &mut Host, function: &str, fd: u64, buffers: &[(u64, u64)]) -> (u64, u64) {
    let words: Vec<u64> = buffers.iter().flat_map(|&(at, length)| [at, length]).collect();
    host.write_u32s(LIST, &words);
    host.write_u32s(RESULT, &[0xdead]);
    let errno = host.wasi(function, &[fd, LIST, buffers.len() as u64, RESULT]);
    (errno, host.u32(RESULT))
}

#[test]
fn standard_input_is_read_in_parts() {
    let mut host = with_stdin(b"the quick brown fox");
    assert_eq!(transfer(&mut host, "fd_read", 0, &[(1000, 4)]), (SUCCESS, 4));
    assert_eq!(transfer(&mut host, "fd_read", 0, &[(1004, 3), (2000, 0), (1007, 5)]), (SUCCESS, 8));
    assert_eq!(transfer(&mut host, "fd_read", 0, &[]), (SUCCESS, 0));
    assert_eq!(transfer(&mut host, "fd_read", 0, &[(1012, 100), (3000, 100)]), (SUCCESS, 7));
    assert_eq!(host.read(1000, 20), b"the quick brown fox\0");
    assert_eq!(transfer(&mut host, "fd_read", 0, &[(1000, 8)]), (SUCCESS, 0));
    assert_eq!(host.read(1000, 3), b"the");
}

#[test]
fn any_buffers_get_the_input_in_order() {
    let mut random = Random::new(4);
    for _ in 0..50 {
        let stdin: Vec<u8> = (0..random.below(300)).map(|_| random.next_u64() as u8).collect();
        let mut host = with_stdin(&stdin);
        let mut read = 0;
        for _ in 0..10 {
            let mut at = 4096;
            let mut buffers = Vec::new();
            for _ in 0..random.below(4) {
                at += random.below(5) as u64;
                let length = random.below(30) as u64;
                buffers.push((at, length));
                at += length;
            }
            let (errno, count) = transfer(&mut host, "fd_read", 0, &buffers);
            assert_eq!(errno, SUCCESS);
            let mut stored: Vec<u8> = buffers.iter().flat_map(|&(at, length)| host.read(at, length)).collect();
            stored.truncate(count as usize);
            let asked: u64 = buffers.iter().map(|(_, length)| length).sum();
            assert_eq!(count, asked.min((stdin.len() - read) as u64));
            assert_eq!(stored, stdin[read..read + count as usize]);
            read += count as usize;
        }
    }
}

/// A buffer over the list that names it ends the read: what the list says behind it is not what was checked.
#[test]
fn a_buffer_over_its_list_is_the_last() {
    let stdin: Vec<u8> = [0xff; 64].to_vec();
    // The record of the second buffer is eight bytes behind the list's start.
    for (first, expected) in [(LIST - 8, 40), (LIST, 40), (LIST + 1, 8), (LIST + 8, 8), (LIST + 15, 8), (LIST + 16, 40)]
    {
        let mut host = with_stdin(&stdin);
        let found = transfer(&mut host, "fd_read", 0, &[(first, 8), (2000, 32)]);
        assert_eq!(found, (SUCCESS, expected), "{first}");
    }
    // Two buffers that are one.
    let mut host = with_stdin(b"0123456789");
    assert_eq!(transfer(&mut host, "fd_read", 0, &[(1000, 4), (1002, 4)]), (SUCCESS, 8));
    assert_eq!(host.read(1000, 6), b"014567");
}

#[test]
fn the_number_of_bytes_is_stored_last() {
    let mut host = with_stdin(b"0123456789");
    host.write_u32s(LIST, &[RESULT, 8]);
    assert_eq!(host.wasi("fd_read", &[0, LIST, 1, RESULT + 2]), SUCCESS);
    assert_eq!(host.read(RESULT, 8), b"01\x08\0\0\x0067");
    host.write_u32s(LIST, &[1000, 2]);
    assert_eq!(host.wasi("fd_read", &[0, LIST, 1, LIST]), SUCCESS);
    assert_eq!(host.u32(LIST), 2);
}

#[test]
fn what_is_written_is_the_output() {
    let mut host = Host::new(&[]);
    host.write(1000, b"hello, world\n");
    assert_eq!(transfer(&mut host, "fd_write", 1, &[(1000, 5), (0, 0), (1005, 8)]), (SUCCESS, 13));
    assert_eq!(transfer(&mut host, "fd_write", 1, &[(1000, 1), (1000, 1), (1000, 3)]), (SUCCESS, 5));
    assert_eq!(transfer(&mut host, "fd_write", 1, &[]), (SUCCESS, 0));
    assert_eq!(host.output(), b"hello, world\nhhhel");
    assert_eq!(transfer(&mut host, "fd_write", 2, &[(1007, 6), (1000, 5)]), (SUCCESS, 11));
    assert_eq!(host.machine().log, b"world\nhello");
    assert_eq!(host.output(), b"hello, world\nhhhel");
}

#[test]
fn a_full_output_takes_nothing() {
    const CAPACITY: u64 = 8 * ((1 << 26) - 1);
    let mut host = Host::new(&[]);
    host.set_output_length(CAPACITY - 10);
    assert_eq!(transfer(&mut host, "fd_write", 1, &[(0, 10), (0, 1)]), (NOSPC, 0xdead));
    assert_eq!(transfer(&mut host, "fd_write", 1, &[(0, 9), (0, 1)]), (SUCCESS, 10));
    assert_eq!(transfer(&mut host, "fd_write", 1, &[(0, 1)]), (NOSPC, 0xdead));
    assert_eq!(transfer(&mut host, "fd_write", 1, &[(0, 0)]), (SUCCESS, 0));
}

#[test]
fn lists_and_buffers_beyond_the_memory_are_faults() {
    let max = u64::from(u32::MAX);
    let mut host = with_stdin(b"0123456789");
    for (function, fd) in [("fd_read", 0), ("fd_write", 1), ("fd_write", 2)] {
        let before = host.memory_image();
        for buffers in [
            vec![(END - 7, 8)],
            vec![(END + 1, 0)],
            vec![(0, END + 1)],
            vec![(max, max)],
            vec![(max, 1)],
            vec![(1, max)],
            vec![(1000, 4), (END, 1)],
        ] {
            assert_eq!(transfer(&mut host, function, fd, &buffers), (FAULT, 0xdead), "{buffers:?}");
        }
        for (list, number) in [(END - 7, 1), (0, END / 8 + 1), (max, 1), (max - 7, max), (8, max), (0, max)] {
            assert_eq!(host.wasi(function, &[fd, list, number, RESULT]), FAULT, "{list} {number}");
        }
        host.write_u32s(LIST, &[1000, 4]);
        assert_eq!(host.wasi(function, &[fd, LIST, 1, END - 3]), FAULT);
        assert_eq!(host.wasi(function, &[fd, LIST, 1, max]), FAULT);
        assert_eq!(host.memory_image()[1000..], before[1000..]);
    }
    assert_eq!((host.output(), host.machine().log.clone()), (Vec::new(), Vec::new()));
    assert_eq!(transfer(&mut host, "fd_read", 0, &[(END - 10, 10)]), (SUCCESS, 10), "nothing was taken before");
    assert_eq!(transfer(&mut host, "fd_read", 0, &[(END, 0)]), (SUCCESS, 0));
}

#[test]
fn lengths_add_up_to_32_bits() {
    let max = u64::from(u32::MAX);
    let input = World { stdin: vec![5; 100], ..World::default() }.encode().expect("a world");
    let mut host = Host::with_pages(&input, 1 << 16);
    assert_eq!(transfer(&mut host, "fd_read", 0, &[(0, max), (0, 1)]), (INVAL, 0xdead));
    assert_eq!(transfer(&mut host, "fd_read", 0, &[(max, 1), (1, max), (max, 1)]), (INVAL, 0xdead));
    assert_eq!(transfer(&mut host, "fd_read", 0, &[(max - 3, 4), (1 << 20, max - (1 << 20))]), (SUCCESS, 100));
    assert_eq!(host.read(max - 3, 4), [5; 4]);
    assert_eq!(host.read(1 << 20, 97), [[5; 96].as_slice(), &[0]].concat());
    assert_eq!(transfer(&mut host, "fd_write", 1, &[(0, max)]), (NOSPC, 0xdead));
    assert_eq!(transfer(&mut host, "fd_write", 1, &[(max - 7, 8)]), (SUCCESS, 8));
    assert_eq!(transfer(&mut host, "fd_write", 1, &[(max - 7, 9)]), (FAULT, 0xdead));
}

#[test]
fn streams_are_no_files() {
    let mut host = with_stdin(b"0123456789");
    assert_eq!(transfer(&mut host, "fd_read", 1, &[(1000, 1)]).0, BADF);
    assert_eq!(transfer(&mut host, "fd_read", 2, &[(1000, 1)]).0, BADF);
    assert_eq!(transfer(&mut host, "fd_write", 0, &[(1000, 1)]).0, BADF);
    for fd in 0..3 {
        assert_eq!(host.wasi("fd_seek", &[fd, 0, 1, RESULT]), SPIPE);
        assert_eq!(host.wasi("fd_tell", &[fd, RESULT]), SPIPE);
        assert_eq!(host.wasi("fd_advise", &[fd, 0, 0, 0]), SPIPE);
        assert_eq!(host.wasi("fd_filestat_set_size", &[fd, 0]), INVAL);
        assert_eq!(host.wasi("fd_sync", &[fd]), SUCCESS);
        assert_eq!(host.wasi("fd_datasync", &[fd]), SUCCESS);
    }
    assert_eq!(host.wasi("fd_pread", &[0, LIST, 1, 0, RESULT]), SPIPE);
    assert_eq!(host.wasi("fd_pread", &[1, LIST, 1, 0, RESULT]), BADF);
    assert_eq!(host.wasi("fd_pwrite", &[0, LIST, 1, 0, RESULT]), BADF);
    assert_eq!(host.wasi("fd_pwrite", &[1, LIST, 1, 0, RESULT]), SPIPE);
}

/// No type: a program that asks does not take them for a terminal, and buffers what it writes.
#[test]
fn streams_have_a_status() {
    let mut host = Host::new(&[]);
    for (fd, right) in [(0, 1 << 1), (1, 1 << 6), (2, 1 << 6)] {
        assert_eq!(host.wasi("fd_fdstat_get", &[fd, 1000]), SUCCESS);
        assert_eq!(host.u64(1000), 0);
        assert_eq!(host.u64(1008) & (1 << 1 | 1 << 6 | 1 << 2 | 1 << 5), right);
        assert_eq!(host.u64(1016), 0);
        assert_eq!(host.wasi("fd_fdstat_set_flags", &[fd, 4]), SUCCESS);
        assert_eq!(host.wasi("fd_fdstat_get", &[fd, 1000]), SUCCESS);
        assert_eq!(host.u64(1000), 4 << 16);
        assert_eq!(host.wasi("fd_fdstat_set_flags", &[fd, 32]), INVAL);
        assert_eq!(host.wasi("fd_filestat_get", &[fd, 1000]), SUCCESS);
        assert_eq!([host.u64(1000), host.u64(1016), host.u64(1024), host.u64(1032)], [0, 0, 1, 0]);
        assert_eq!(host.wasi("fd_fdstat_get", &[fd, END - 23]), FAULT);
        assert_eq!(host.wasi("fd_filestat_get", &[fd, END - 63]), FAULT);
    }
}
