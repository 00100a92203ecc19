//! Prints the code of a WebAssembly module: `listing module.wasm [function]`.

use std::error::Error;

use provasm_compile::{Options, compile};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: listing module.wasm [function]")?;
    let wanted = arguments.next();
    let program = compile(&std::fs::read(path)?, &Options::default())?;
    let mut functions = program.source.functions.iter().peekable();
    while let Some((start, name)) = functions.next() {
        let end = functions.peek().map_or(program.code.len(), |(next, _)| *next as usize);
        if wanted.as_ref().is_some_and(|wanted| !name.contains(wanted)) {
            continue;
        }
        println!("{name}:");
        for pc in *start as usize..end {
            println!("  {pc:6}  {:40} ; {} ops", program.code[pc].to_string(), program.source.wasm_ops[pc]);
        }
    }
    Ok(())
}
