//! Times the compiler on modules made to be hard: `hostile` lists them all, `hostile NAME SIZE` times one.
//!
//! Prints the module's bytes, the seconds, and the instructions or the error.

mod modules;

use std::time::Instant;

use provasm_compile::{Options, compile};

use crate::modules::MAKERS;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next();
    let size = arguments.next().and_then(|size| size.parse().ok());
    for (maker, default, make) in MAKERS.iter().filter(|maker| name.as_ref().is_none_or(|name| name == maker.0)) {
        let size = size.unwrap_or(*default);
        let wasm = make(size);
        let start = Instant::now();
        let result = match compile(&wasm, &Options::default()) {
            Ok(program) => format!("{} instructions", program.code.len()),
            Err(error) => error.to_string(),
        };
        let seconds = start.elapsed().as_secs_f64();
        println!("{maker:24} {size:>9} {:>10} bytes {seconds:>8.2} s  {result}", wasm.len());
    }
}
