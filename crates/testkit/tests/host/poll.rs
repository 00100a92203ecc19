//! Waiting for events.

use provasm::wasi::{Clock, World};

use crate::files::open;
use crate::harness::{BADF, FAULT, Host, INVAL, RESULT, SUCCESS};

const END: u64 = 1 << 16;
/// Where subscriptions and events are.
const IN: u64 = 1024;
const OUT: u64 = 4096;

/// An event: user data, errno, type and number of bytes.
type Event = (u64, u64, u64, u64);

fn clock(userdata: u64, clock: u64, timeout: u64, absolute: bool) -> [u64; 6] {
    [userdata, 0, clock, timeout, 0, u64::from(absolute)]
}

fn descriptor(userdata: u64, event: u64, fd: u64) -> [u64; 6] {
    [userdata, event, fd, 0, 0, 0]
}

fn poll(host: &mut Host, subscriptions: &[[u64; 6]]) -> Vec<Event> {
    let bytes: Vec<u8> = subscriptions.iter().flatten().flat_map(|word| word.to_le_bytes()).collect();
    host.write(IN, &bytes);
    assert_eq!(host.wasi("poll_oneoff", &[IN, OUT, subscriptions.len() as u64, RESULT]), SUCCESS);
    events(host, OUT)
}

fn events(host: &Host, at: u64) -> Vec<Event> {
    let event = |index| {
        let at = at + 32 * index;
        let (errno, kind) = (host.u64(at + 8) & 0xffff, host.u64(at + 8) >> 16);
        assert_eq!(host.u64(at + 24), 0);
        (host.u64(at), errno, kind, host.u64(at + 16))
    };
    (0..host.u32(RESULT)).map(event).collect()
}

fn time(host: &mut Host, clock: u64) -> u64 {
    assert_eq!(host.wasi("clock_time_get", &[clock, 0, 2048]), SUCCESS);
    host.u64(2048)
}

fn host() -> Host {
    let mut world = World { stdin: b"12345".to_vec(), clock: Clock { start_ns: 1000, step_ns: 1 }, ..World::default() };
    world.files.insert("file".to_owned(), vec![0; 77]);
    Host::world(&world)
}

#[test]
fn a_program_sleeps_until_the_first_timeout() {
    let mut host = host();
    assert_eq!(time(&mut host, 1), 1);
    assert_eq!(poll(&mut host, &[clock(7, 1, 500, false)]), [(7, SUCCESS, 0, 0)]);
    assert_eq!(time(&mut host, 1), 502);
    let found = poll(&mut host, &[clock(1, 1, 90, false), clock(2, 0, 30, false), clock(3, 1, 532, true)]);
    assert_eq!(found, [(2, SUCCESS, 0, 0), (3, SUCCESS, 0, 0)]);
    assert_eq!(time(&mut host, 0), 1533);
    assert_eq!(poll(&mut host, &[clock(4, 0, 1534, true)]), [(4, SUCCESS, 0, 0)]);
    assert_eq!(time(&mut host, 1), 535);
    assert_eq!(poll(&mut host, &[clock(5, 0, 3, true), clock(6, 0, 9999, true)]), [(5, SUCCESS, 0, 0)]);
    assert_eq!(time(&mut host, 1), 536, "what is past takes no time");
    assert_eq!(poll(&mut host, &[clock(8, 0, u64::MAX, false)]), [(8, SUCCESS, 0, 0)]);
    assert_eq!(time(&mut host, 1), u64::MAX);
}

#[test]
fn descriptors_are_ready() {
    let mut host = host();
    let file = open(&mut host, "file");
    let subscriptions = [
        descriptor(1, 1, 0),
        clock(2, 1, 100, false),
        descriptor(3, 2, 1),
        descriptor(4, 2, 2),
        descriptor(5, 1, file),
        clock(6, 1, 0, false),
        descriptor(7, 1, 99),
        descriptor(8, 2, file),
        descriptor(9, 2, 0),
        clock(10, 4, 0, false),
        descriptor(11, 3, 0),
    ];
    let before = time(&mut host, 1);
    let expected = [
        (1, SUCCESS, 1, 5),
        (3, SUCCESS, 2, 65_536),
        (4, SUCCESS, 2, 65_536),
        (5, SUCCESS, 1, 77),
        (6, SUCCESS, 0, 0),
        (7, BADF, 1, 0),
        (8, BADF, 2, 0),
        (9, BADF, 2, 0),
        (10, INVAL, 0, 0),
        (11, INVAL, 3, 0),
    ];
    assert_eq!(poll(&mut host, &subscriptions), expected);
    assert_eq!(time(&mut host, 1), before + 1);
}

#[test]
fn subscriptions_that_cannot_be_are_refused() {
    let max = u64::from(u32::MAX);
    let mut host = host();
    let before = host.memory_image();
    assert_eq!(host.wasi("poll_oneoff", &[IN, OUT, 0, RESULT]), INVAL);
    for args in [
        [END - 47, OUT, 1, RESULT],
        [IN, END - 31, 1, RESULT],
        [IN, OUT, 1, END - 3],
        [OUT, IN, max, RESULT],
        [max, 0, max, RESULT],
        [0, 0, END / 48 + 1, RESULT],
    ] {
        assert_eq!(host.wasi("poll_oneoff", &args), FAULT, "{args:?}");
    }
    assert!(host.memory_image() == before);
}

/// Events can be stored where the subscriptions are, or before, but not over those to come.
#[test]
fn events_over_subscriptions() {
    let subscriptions = [descriptor(1, 1, 0), descriptor(2, 2, 1), descriptor(3, 2, 2)];
    let bytes: Vec<u8> = subscriptions.iter().flatten().flat_map(|word| word.to_le_bytes()).collect();
    for (to, expected) in
        [(IN, SUCCESS), (IN - 1, SUCCESS), (IN - 96, SUCCESS), (IN + 1, INVAL), (IN + 143, INVAL), (IN + 144, SUCCESS)]
    {
        let mut host = host();
        host.write(IN, &bytes);
        assert_eq!(host.wasi("poll_oneoff", &[IN, to, 3, RESULT]), expected, "{to}");
        if expected == SUCCESS {
            let found = events(&host, to);
            assert_eq!(found, [(1, SUCCESS, 1, 5), (2, SUCCESS, 2, 65_536), (3, SUCCESS, 2, 65_536)]);
        }
    }
}
