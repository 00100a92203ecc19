//! Each `.wat` file in `listings/` ends with the code it compiles to, as comments.
//!
//! `PROVASM_UPDATE=1` rewrites the expected listings.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use provasm_compile::{Options, compile};

/// The line between a module and its expected listing.
const MARKER: &str = ";; ---- code ----\n";

#[test]
fn listings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/listings");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("its entries too").path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        check(&path);
    }
}

fn check(path: &Path) {
    let text = fs::read_to_string(path).expect("a readable file");
    let (wat, expected) = text.split_once(MARKER).unwrap_or((&text, ""));
    let found = listing(wat);
    if std::env::var_os("PROVASM_UPDATE").is_some() {
        let wat = wat.trim_end();
        fs::write(path, format!("{wat}\n\n{MARKER}{found}")).expect("a writable file");
    } else {
        assert_eq!(found, expected, "{} (PROVASM_UPDATE=1 rewrites it)", path.display());
    }
}

/// The code by function, then the static cells that are not 0.
fn listing(wat: &str) -> String {
    let wasm = wat::parse_str(wat).expect("valid text");
    let program = compile(&wasm, &Options::default()).expect("a module that compiles");
    let mut text = String::new();
    let mut functions = program.source.functions.iter().peekable();
    for (pc, instr) in program.code.iter().enumerate() {
        while let Some((_, name)) = functions.next_if(|(start, _)| *start as usize == pc) {
            writeln!(text, ";; {name}:").expect("a string takes it");
        }
        writeln!(text, ";;   {pc:3}  {instr}").expect("a string takes it");
    }
    for cell in program.cells.iter().filter(|cell| cell.value != 0) {
        writeln!(text, ";; cell {:#x} = {:#x}", cell.address, cell.value).expect("a string takes it");
    }
    text
}
