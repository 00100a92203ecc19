//! A WebAssembly interpreter, `wasmi`, that validates, translates and runs the program in `sieve.wat`.
//!
//! The program's binary form lies beside its text; a test compares them.

use wasmi::{Engine, Instance, Module, Store};

/// `sieve.wat` in binary form. `PROVASM_UPDATE=1 cargo test --package guest-interpreter` writes it.
const SIEVE: &[u8] = include_bytes!("sieve.wasm");

/// Has the interpreter list the primes below `n` and returns a checksum of them.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn interpreter(n: u32) -> u64 {
    let engine = Engine::default();
    let module = Module::new(&engine, SIEVE).expect("sieve.wasm is valid");
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).expect("the module imports nothing");
    let sieve = instance.get_typed_func::<u32, u64>(&store, "sieve").expect("the module exports it");
    sieve.call(&mut store, n).expect("there is memory for every number")
}

#[cfg(test)]
mod tests {
    use super::*;
    use guest_fixture::Checksum;
    use std::{env, fs};

    #[test]
    fn binary_is_that_of_the_text() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
        let binary = wat::parse_str(include_str!("sieve.wat")).expect("sieve.wat is well-formed");
        if env::var_os("PROVASM_UPDATE").is_some() {
            fs::write(format!("{folder}/sieve.wasm"), &binary).expect("sieve.wasm can be written");
        } else {
            assert_eq!(SIEVE, binary, "PROVASM_UPDATE=1 rewrites sieve.wasm");
        }
    }

    #[test]
    fn finds_the_primes() {
        for n in [0, 1, 2, 3, 100, 65_536, 65_537, 200_000] {
            let mut checksum = Checksum::new();
            (2..n).filter(|&number| is_prime(number)).for_each(|prime| checksum.word(u64::from(prime)));
            assert_eq!(interpreter(n), checksum.value(), "{n}");
        }
    }

    fn is_prime(number: u32) -> bool {
        (2..).take_while(|factor| factor * factor <= number).all(|factor| !number.is_multiple_of(factor))
    }
}
