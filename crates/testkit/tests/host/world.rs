//! Arguments, environment, clocks and randomness; worlds that are not there or not right.

use provasm::wasi::{Clock, World};

use crate::harness::{BADF, End, FAULT, Host, INVAL, NOTSUP, RESULT, SUCCESS};

const END: u64 = 1 << 16;

fn strings(host: &mut Host, kind: &str) -> Vec<Vec<u8>> {
    assert_eq!(host.wasi(&format!("{kind}_sizes_get"), &[RESULT, RESULT + 4]), SUCCESS);
    let (number, bytes) = (host.u32(RESULT), host.u32(RESULT + 4));
    assert_eq!(host.wasi(&format!("{kind}_get"), &[100, 1003]), SUCCESS);
    let all = host.read(1003, bytes);
    (0..number)
        .map(|index| {
            let rest = &all[(host.u32(100 + 4 * index) - 1003) as usize..];
            rest.iter().copied().take_while(|&byte| byte != 0).collect()
        })
        .collect()
}

#[test]
fn arguments_and_environment_are_those_of_the_world() {
    let world = World {
        args: ["prog", "", "a longer argument", "ü"].map(str::to_owned).to_vec(),
        env: vec![("HOME".to_owned(), "/".to_owned()), ("EMPTY".to_owned(), String::new())],
        ..World::default()
    };
    let mut host = Host::world(&world);
    assert_eq!(strings(&mut host, "args"), world.args.iter().map(|arg| arg.as_bytes().to_vec()).collect::<Vec<_>>());
    assert_eq!(strings(&mut host, "environ"), [b"HOME=/".to_vec(), b"EMPTY=".to_vec()]);
}

#[test]
fn arguments_beyond_the_memory_are_a_fault() {
    let world = World { args: vec!["one".to_owned(), "two".to_owned()], ..World::default() };
    let mut host = Host::world(&world);
    let before = host.memory_image();
    for args in [[END - 3, 0], [0, END - 3], [u64::from(u32::MAX), 0], [0, u64::from(u32::MAX)]] {
        assert_eq!(host.wasi("args_sizes_get", &args), FAULT);
    }
    for args in [[END - 7, 0], [0, END - 7], [u64::from(u32::MAX), 0], [0, u64::from(u32::MAX)]] {
        assert_eq!(host.wasi("args_get", &args), FAULT);
    }
    assert_eq!(host.memory_image(), before);
    assert_eq!(host.wasi("args_get", &[END - 8, END - 16]), SUCCESS);
    assert_eq!(host.read(END - 16, 8), b"one\0two\0");
}

#[test]
fn time_passes_by_the_step() {
    let world = World { clock: Clock { start_ns: 1_000_000, step_ns: 7 }, ..World::default() };
    let mut host = Host::world(&world);
    let mut time = |clock, precision| {
        assert_eq!(host.wasi("clock_time_get", &[clock, precision, RESULT]), SUCCESS);
        host.u64(RESULT)
    };
    assert_eq!(time(0, 0), 1_000_007);
    assert_eq!(time(1, u64::MAX), 14);
    assert_eq!(time(2, 0), 21);
    assert_eq!(time(3, 0), 28);
    assert_eq!(time(0, 0), 1_000_035);
    assert_eq!(host.wasi("clock_res_get", &[1, RESULT]), SUCCESS);
    assert_eq!(host.u64(RESULT), 7);
    for function in ["clock_res_get", "clock_time_get"] {
        let args = |clock, at| if function == "clock_res_get" { vec![clock, at] } else { vec![clock, 0, at] };
        assert_eq!(host.wasi(function, &args(4, RESULT)), INVAL);
        assert_eq!(host.wasi(function, &args(u64::from(u32::MAX), RESULT)), INVAL);
        assert_eq!(host.wasi(function, &args(0, END - 7)), FAULT);
    }
}

#[test]
fn the_clocks_stop_at_the_end_of_time() {
    let world = World { clock: Clock { start_ns: u64::MAX - 1, step_ns: u64::MAX }, ..World::default() };
    let mut host = Host::world(&world);
    for clock in [0, 1, 0, 1] {
        assert_eq!(host.wasi("clock_time_get", &[clock, 0, RESULT]), SUCCESS);
        assert_eq!(host.u64(RESULT), u64::MAX);
    }
}

/// The words of SplitMix64 as its authors' code gives them for the seed 1234567.
#[test]
fn random_bytes_are_splitmix64() {
    let words: [u64; 3] = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
    let mut host = Host::world(&World { seed: 1_234_567, ..World::default() });
    assert_eq!(host.wasi("random_get", &[RESULT, 8]), SUCCESS);
    assert_eq!(host.u64(RESULT), words[0]);
    host.write(RESULT, &[0xee; 16]);
    assert_eq!(host.wasi("random_get", &[RESULT, 3]), SUCCESS);
    assert_eq!(host.read(RESULT, 3), words[1].to_le_bytes()[..3]);
    assert_eq!(host.read(RESULT + 3, 8), [0xee; 8]);
    assert_eq!(host.wasi("random_get", &[RESULT + 1, 8]), SUCCESS);
    assert_eq!(host.u64(RESULT + 1), words[2]);
    assert_eq!(host.wasi("random_get", &[END - 8, 9]), FAULT);
    assert_eq!(host.wasi("random_get", &[u64::from(u32::MAX), u64::from(u32::MAX)]), FAULT);
    assert_eq!(host.wasi("random_get", &[0, END]), SUCCESS);
    assert_eq!(host.wasi("random_get", &[END, 0]), SUCCESS);
}

#[test]
fn the_process_ends() {
    let mut host = Host::new(&[]);
    for code in [0, 3, 255, u32::MAX] {
        let end = host.call("wasi_snapshot_preview1.proc_exit", &[u64::from(code)]);
        assert_eq!(end, Err(End::Exit(code)));
    }
    let mut raise = |signal| host.call("wasi_snapshot_preview1.proc_raise", &[signal]);
    assert_eq!(raise(0), Ok(SUCCESS));
    assert_eq!(raise(13), Ok(SUCCESS), "a broken pipe is ignored");
    assert_eq!(raise(6), Err(End::Exit(134)));
    assert_eq!(raise(9), Err(End::Exit(137)));
    assert_eq!(raise(18), Ok(NOTSUP));
    assert_eq!(raise(30), Err(End::Exit(158)));
    assert_eq!(raise(31), Ok(INVAL));
    assert_eq!(raise(64), Ok(INVAL));
    assert_eq!(host.wasi("sched_yield", &[]), SUCCESS);
}

#[test]
fn an_input_that_is_no_archive_is_the_empty_world() {
    let archive = World { args: vec!["x".to_owned()], ..World::default() }.encode().expect("a world");
    let mut other_version = archive.clone();
    other_version[7] = 2;
    for input in [&[], &archive[..7], b"provasm".as_slice(), b"hello, world", other_version.as_slice()] {
        let mut host = Host::new(input);
        assert_eq!(strings(&mut host, "args"), Vec::<Vec<u8>>::new());
        assert_eq!(strings(&mut host, "environ"), Vec::<Vec<u8>>::new());
        assert_eq!(host.wasi("fd_prestat_get", &[3, RESULT]), BADF);
        assert_eq!(host.wasi("clock_time_get", &[0, 0, RESULT]), SUCCESS);
        assert_eq!(host.u64(RESULT), 1_000_000);
        host.write_u32s(100, &[200, 8]);
        assert_eq!(host.wasi("fd_read", &[0, 100, 1, RESULT]), SUCCESS);
        assert_eq!(host.u32(RESULT), 0);
    }
}
