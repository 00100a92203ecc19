//! `memory.copy` and `memory.fill` on every small combination of addresses and lengths.

use provasm_compile::{Options, Program, compile};
use provasm_execute::{Limits, Machine, Outcome};
use provasm_isa::Trap;

/// Bytes at the start of the memory that are looked at.
const WINDOW: usize = 192;
/// Addresses are below this, on both sides of an alignment boundary.
const ADDRESS_END: u64 = 20;
/// Lengths that meet every path of the routines.
const LENGTHS: [u64; 22] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 15, 16, 17, 24, 31, 32, 33, 40, 64, 71, 130];

fn program() -> Program {
    let text = r#"(module (memory 1)
        (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
        (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2))))"#;
    let buffer = wast::parser::ParseBuffer::new(text).expect("valid text");
    let mut module = wast::parser::parse::<wast::Wat<'_>>(&buffer).expect("valid text");
    let wasm = module.encode().expect("a valid module");
    compile(&wasm, &Options::default()).expect("a module that compiles")
}

/// Calls a routine and applies the same to a model of the memory.
fn check(machine: &mut Machine<'_>, model: &mut [u8], entry: &str, args: [u64; 3]) {
    let run = machine.invoke(entry, &args).expect("the call runs");
    assert_eq!(run.outcome, Outcome::Returned(vec![]), "{entry} {args:?}");
    let [to, second, length] = args.map(|arg| arg as usize);
    if entry == "copy" {
        model.copy_within(second..second + length, to);
    } else {
        model[to..to + length].fill(second as u8);
    }
    assert_eq!(machine.memory()[..WINDOW], model[..WINDOW], "{entry} {args:?}");
}

#[test]
fn small_copies_and_fills() {
    let program = program();
    let mut machine = Machine::new(&program, Limits::default());
    let mut model = vec![0; 65_536];
    for byte in 0..WINDOW as u64 {
        check(&mut machine, &mut model, "fill", [byte, byte * 7 + 0x300, 1]);
    }
    for to in 0..ADDRESS_END {
        for from in 0..ADDRESS_END {
            for length in LENGTHS {
                check(&mut machine, &mut model, "copy", [to, from, length]);
                // Something new to copy.
                check(&mut machine, &mut model, "fill", [from + length / 2, to ^ length, length % 11]);
            }
        }
    }
}

#[test]
fn bounds_come_first() {
    let program = program();
    let mut machine = Machine::new(&program, Limits::default());
    for (entry, args) in [
        ("copy", [65_530, 0, 7]),
        ("copy", [0, 65_530, 7]),
        ("copy", [65_537, 0, 0]),
        ("copy", [0, 65_537, 0]),
        ("copy", [0xffff_ffff, 0xffff_ffff, 0xffff_ffff]),
        ("fill", [65_530, 1, 7]),
        ("fill", [65_537, 1, 0]),
        ("fill", [1, 1, 0xffff_ffff]),
    ] {
        let run = machine.invoke(entry, &args).expect("the call runs");
        assert_eq!(run.outcome, Outcome::Trapped(Trap::MemoryOutOfBounds), "{entry} {args:?}");
    }
    assert!(machine.memory().iter().all(|byte| *byte == 0), "a trap writes nothing");
    for (entry, args) in [("copy", [65_536, 65_536, 0]), ("fill", [65_536, 1, 0]), ("fill", [65_500, 1, 36])] {
        let run = machine.invoke(entry, &args).expect("the call runs");
        assert_eq!(run.outcome, Outcome::Returned(vec![]), "{entry} {args:?}");
    }
}
