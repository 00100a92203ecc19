//! A program is run natively with given input.

use provasm_guest::{exit, input, input_len, input_reader, native, output, private, private_reader};

#[test]
fn input_goes_to_output() {
    let run = native::run(b"public", b"private", || {
        assert_eq!(input_len(), 6);
        output(&input());
        output(&private());
        assert_eq!(private(), b"");
        output(&input());
    });
    assert_eq!(run, native::Run { output: b"publicprivatepublic".to_vec(), exit_code: None });
}

#[test]
fn readers_have_positions() {
    let long: Vec<u8> = (0..5000).map(|i| i as u8).collect();
    native::run(b"abcdef", &long, || {
        let (mut first, mut second) = (input_reader(), input_reader());
        assert_eq!(first.read_array(), Some(*b"abcd"));
        assert_eq!(first.remaining(), 2);
        assert_eq!(first.read(&mut [0; 9]), 2);
        assert_eq!(first.read_array::<1>(), None);
        assert_eq!(second.read_array(), Some(*b"ab"));

        assert_eq!(private_reader().read_array(), Some([0, 1, 2]));
        assert_eq!(private(), long[3..]);
        assert_eq!(private_reader().read(&mut [0; 1]), 0);
    });
}

#[test]
fn exit_ends_the_run() {
    let run = native::run(&[], &[], || {
        output(b"before");
        exit(7)
    });
    assert_eq!(run, native::Run { output: b"before".to_vec(), exit_code: Some(7) });
}

#[test]
#[should_panic = "of the program"]
fn a_panic_stays_one() {
    native::run(&[], &[], || panic!("of the program"));
}

#[cfg(feature = "native-poseidon2")]
#[test]
fn poseidon2_is_the_permutation_of_plonky3() {
    let mut state = [0; 16];
    provasm_guest::poseidon2_permute(&mut state);
    let mut same = [0x7f00_0001; 16];
    provasm_guest::poseidon2_permute(&mut same);
    assert_eq!(state, same);
    assert!(state.iter().all(|&element| element < 0x7f00_0001));
}
