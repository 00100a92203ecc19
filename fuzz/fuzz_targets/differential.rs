//! Modules made of arbitrary bytes end as under Wasmtime: those of `wasm-smith`, and programs that run to their ends.
#![no_main]

use libfuzzer_sys::fuzz_target;
use provasm_fuzz::smith::{self, Size};
use provasm_fuzz::{Case, Differential, Sampling, Tally, structured};

fn run(case: &Case) {
    if let Err(divergence) = Differential::new(Sampling::default()).run(case, &mut Tally::default()) {
        panic!("{}: {divergence}", case.name);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    if kind % 4 == 0 {
        let seed = bytes.iter().fold(0_u64, |seed, byte| seed.rotate_left(8) ^ u64::from(*byte));
        run(&structured::case(seed));
    } else if let Ok(case) = smith::of_bytes(bytes, Size::FULL) {
        run(&case);
    }
});
