//! The functions of module `provasm`.

use provasm_testkit::Random;
use wasmtime::Trap;

use crate::harness::{End, Host};

/// A page and an offset that is in no memory of one page.
const PAGE: u64 = 1 << 16;

const OUT_OF_BOUNDS: Result<u64, End> = Err(End::Trap(Trap::MemoryOutOfBounds));

fn below(random: &mut Random, end: u64) -> u64 {
    random.below(end as usize) as u64
}

/// Bytes that differ from their neighbours.
fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index * 37 + 11) as u8).collect()
}

#[test]
fn input_is_read_from_any_offset_to_any_pointer() {
    for length in [0, 1, 7, 8, 9, 16, 23, 40] {
        let input = bytes(length);
        let mut host = Host::new(&input);
        assert_eq!(host.call("provasm.input_len", &[]), Ok(length as u64));
        for offset in 0..=length + 2 {
            for count in 0..=length + 2 {
                for pointer in [64, 67] {
                    host.write(64, &[0xee; 64]);
                    let rest = input.get(offset..).unwrap_or_default();
                    let expected = &rest[..count.min(rest.len())];
                    let result = host.call("provasm.input_read", &[offset as u64, pointer, count as u64]);
                    assert_eq!(result, Ok(expected.len() as u64), "{length} {offset} {count}");
                    let mut memory = [0xee; 64];
                    let at = pointer as usize - 64;
                    memory[at..at + expected.len()].copy_from_slice(expected);
                    assert_eq!(host.read(64, 64), memory, "{length} {offset} {count}");
                }
            }
        }
    }
}

#[test]
fn input_is_not_read_beyond_the_memory() {
    let mut host = Host::new(&bytes(16));
    for (pointer, count, expected) in [
        (PAGE - 16, 16, Ok(16)),
        (PAGE - 15, 16, OUT_OF_BOUNDS),
        (PAGE - 15, 15, Ok(15)),
        (PAGE - 16, u64::from(u32::MAX), Ok(16)),
        (PAGE, 1, OUT_OF_BOUNDS),
        (u64::from(u32::MAX), 16, OUT_OF_BOUNDS),
        (u64::from(u32::MAX), 0, Ok(0)),
    ] {
        assert_eq!(host.call("provasm.input_read", &[0, pointer, count]), expected, "{pointer} {count}");
    }
    assert_eq!(host.call("provasm.input_read", &[u64::from(u32::MAX), PAGE, 1]), Ok(0), "an offset beyond the input");
}

/// Pointers do not wrap around where the memory has all addresses.
#[test]
fn pointers_end_with_the_largest_memory() {
    let mut host = Host::with_pages(&bytes(16), 1 << 16);
    let last = u64::from(u32::MAX);
    host.machine().private = bytes(64);
    assert_eq!(host.call("provasm.input_read", &[0, last - 15, 16]), Ok(16));
    assert_eq!(host.call("provasm.input_read", &[0, last - 14, 16]), OUT_OF_BOUNDS);
    assert_eq!(host.call("provasm.private_read", &[last - 7, 8]), Ok(8));
    assert_eq!(host.call("provasm.private_read", &[last - 6, 8]), OUT_OF_BOUNDS);
    assert_eq!(host.call("provasm.output_write", &[last - 15, 16]), Ok(0));
    assert_eq!(host.output(), host.read(last - 15, 16));
    assert_eq!(host.call("provasm.output_write", &[last, 2]), OUT_OF_BOUNDS);
    assert_eq!(host.call("provasm.output_write", &[0, last]), Err(End::Refused));
    assert_eq!(host.read(0, 16), [0; 16]);
}

#[test]
fn output_is_what_was_written() {
    let mut random = Random::new(1);
    for _ in 0..40 {
        let mut host = Host::new(&[]);
        host.write(0, &bytes(512));
        let mut expected = Vec::new();
        for _ in 0..12 {
            let length = [below(&mut random, 100), below(&mut random, 12), below(&mut random, 12)][random.below(3)];
            let pointer = below(&mut random, 400);
            let written = host.read(pointer, length);
            let accesses = host.machine().accesses;
            assert_eq!(host.call("provasm.output_write", &[pointer, length]), Ok(0));
            // The length is read twice and written; a cell that was begun is read.
            let before = expected.len();
            expected.extend(written);
            let cells = if length == 0 { 0 } else { expected.len().div_ceil(8) - before / 8 };
            let begun = usize::from(length != 0 && before % 8 != 0);
            let fixed = if length == 0 { 0 } else { 3 };
            assert_eq!(host.machine().accesses - accesses, (fixed + begun + cells) as u64);
            assert_eq!(host.output(), expected);
        }
    }
}

#[test]
fn output_is_refused_beyond_its_capacity() {
    const CAPACITY: u64 = 8 * ((1 << 26) - 1);
    for (length, count, expected) in [
        (CAPACITY - 8, 8, Ok(0)),
        (CAPACITY - 8, 9, Err(End::Refused)),
        (CAPACITY, 1, Err(End::Refused)),
        (CAPACITY, 0, Ok(0)),
        (CAPACITY - 3, 3, Ok(0)),
        (0, PAGE + 1, OUT_OF_BOUNDS),
        (CAPACITY, PAGE + 1, OUT_OF_BOUNDS),
    ] {
        let mut host = Host::new(&[]);
        host.set_output_length(length);
        assert_eq!(host.call("provasm.output_write", &[0, count]), expected, "{length} {count}");
    }
}

/// A write that traps has written nothing: no cell of the output is behind its end.
#[test]
fn output_does_not_change_when_a_write_traps() {
    let mut host = Host::new(&[]);
    host.write(PAGE - 16, &[7; 16]);
    assert_eq!(host.call("provasm.output_write", &[PAGE - 16, 17]), OUT_OF_BOUNDS);
    assert_eq!(host.call("provasm.output_write", &[PAGE, 1]), OUT_OF_BOUNDS);
    assert!(host.output().is_empty());
    assert_eq!(host.call("provasm.output_write", &[PAGE, 0]), Ok(0));
}

#[test]
fn private_input_is_read_once() {
    let mut random = Random::new(2);
    for length in 0..60 {
        let input = bytes(length);
        let mut host = Host::new(&[]);
        host.machine().private = input.clone();
        let mut read = Vec::new();
        for call in 0.. {
            assert!(call < 1000, "private input does not end");
            let count = below(&mut random, 20);
            let pointer = 100 + below(&mut random, 8);
            host.write(90, &[0xee; 60]);
            let result = host.call("provasm.private_read", &[pointer, count]).expect("it returns");
            assert_eq!(result, count.min((length - read.len()) as u64));
            read.extend(host.read(pointer, result));
            assert_eq!(host.read(90, pointer - 90), vec![0xee; pointer as usize - 90]);
            assert_eq!(host.read(pointer + result, 20), [0xee; 20], "bytes behind those read");
            if result == 0 && count != 0 {
                break;
            }
        }
        assert_eq!(read, input);
    }
}

/// Whatever a prover says is left, no byte is stored behind those asked for.
#[test]
fn private_input_stays_within_its_buffer() {
    let mut random = Random::new(3);
    let mut host = Host::new(&[]);
    for _ in 0..2000 {
        let left = match below(&mut random, 4) {
            0 => below(&mut random, 20),
            1 => u64::MAX - below(&mut random, 20),
            2 => random.next_u64(),
            _ => u64::from(u32::MAX) + below(&mut random, 10),
        };
        host.machine().private_left = Some(left);
        host.machine().private = (0..below(&mut random, 40)).map(|_| random.next_u64() as u8 | 1).collect();
        let count = below(&mut random, 30);
        host.write(100, &[0; 80]);
        let result = host.call("provasm.private_read", &[110, count]).expect("it returns");
        assert!(result <= count);
        assert_eq!(host.read(100, 10), [0; 10]);
        assert_eq!(host.read(110 + result, 30), [0; 30], "{left} {count}");
    }
}

#[test]
fn private_input_is_not_read_beyond_the_memory() {
    for (pointer, count, expected) in [
        (PAGE - 8, 8, Ok(8)),
        (PAGE - 7, 8, OUT_OF_BOUNDS),
        (PAGE - 32, u64::from(u32::MAX), Ok(32)),
        (u64::from(u32::MAX), 8, OUT_OF_BOUNDS),
        (u64::from(u32::MAX), 0, Ok(0)),
    ] {
        let mut host = Host::new(&[]);
        host.machine().private = bytes(32);
        assert_eq!(host.call("provasm.private_read", &[pointer, count]), expected, "{pointer} {count}");
    }
    let mut host = Host::new(&[]);
    assert_eq!(host.call("provasm.private_read", &[PAGE + 5, 8]), Ok(0), "nothing is left to store");
}

#[test]
fn exit_and_log_are_instructions() {
    let mut host = Host::new(&[]);
    host.write(8, b"hello");
    assert_eq!(host.call("provasm.log", &[8, 5]), Ok(0));
    assert_eq!(host.call("provasm.log", &[u64::from(u32::MAX), u64::from(u32::MAX)]), Ok(0));
    assert_eq!(host.machine().log, b"hello");
    assert_eq!(host.call("provasm.exit", &[7]), Err(End::Exit(7)));
    assert_eq!(host.call("provasm.exit", &[u64::from(u32::MAX)]), Err(End::Exit(u32::MAX)));
}
