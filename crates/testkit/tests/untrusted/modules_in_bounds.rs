//! Compiling: hard modules, sections that lie about themselves, and mutated modules.

use std::panic::{AssertUnwindSafe, catch_unwind};

use provasm_compile::{CompileError, Options, compile, compile_with_exports};
use provasm_testkit::figure::Figure;
use provasm_testkit::{Random, guest_wasm, is_long};

use crate::allocator::peak;
use crate::modules::MAKERS;

/// The hard modules of the quick tier are smaller by this.
const SMALLER: u32 = 20;
/// Mutants of guests in the quick tier, and in the long.
const MUTANTS: [u64; 2] = [20_000, 1_000_000];

/// Bytes of memory for a byte of the module.
const PER_BYTE: usize = 100;
/// Bytes of memory for an instruction of the program.
const PER_INSTRUCTION: usize = 128;
/// Bytes of memory for a static cell, such as an element of a table.
const PER_CELL: usize = 48;
/// Bytes of memory for every open `if` in a function of 50,000 locals.
const PER_OPEN_IF: usize = 14_000;
/// Bytes of memory for the smallest module, with the libraries that are linked to it.
const BESIDE: usize = 16 << 20;
/// Static cells that a module which is refused may have been found to have.
const CELLS_REFUSED: usize = 1 << 20;

/// What a module compiled to, or why not, and the bytes of memory for it.
struct Outcome {
    /// Instructions and static cells.
    size: Result<(usize, usize), CompileError>,
    bytes: usize,
}

impl Outcome {
    fn of(what: &str, wasm: &[u8]) -> Self {
        let compiled = || {
            let program = compile_with_exports(wasm, &Options::default())?.program;
            Ok((program.code.len(), program.cells.len()))
        };
        let (size, bytes) = peak(|| catch_unwind(AssertUnwindSafe(compiled)));
        let Ok(size) = size else { panic!("{what}: the compiler panicked") };
        if let Err(CompileError::Inconsistent { .. }) = size {
            panic!("{what}: {size:?}");
        }
        Self { size, bytes }
    }

    /// The memory in percent of what is allowed, which it may not be beyond.
    fn percent(&self, what: &str, wasm: &[u8], open_ifs: usize) -> usize {
        let (instructions, cells) = *self.size.as_ref().unwrap_or(&(0, CELLS_REFUSED));
        let allowed =
            BESIDE + PER_BYTE * wasm.len() + PER_INSTRUCTION * instructions + PER_CELL * cells + PER_OPEN_IF * open_ifs;
        assert!(
            self.bytes <= allowed,
            "{what}: {} bytes of memory, allowed are {allowed}; {:?}",
            self.bytes,
            self.size
        );
        self.bytes * 100 / allowed
    }
}

#[test]
fn hard_modules() {
    let (mut worst, mut refused) = ((0, String::new()), 0);
    for (name, size, make) in MAKERS {
        let size = if is_long() { *size } else { size / SMALLER };
        let wasm = make(size);
        let outcome = Outcome::of(name, &wasm);
        let open_ifs = if *name == "nested-ifs-with-locals" { size as usize } else { 0 };
        let percent = outcome.percent(name, &wasm, open_ifs);
        let Outcome { size: result, bytes } = outcome;
        println!("{name} of {size}: {} bytes, {bytes} of memory, {percent} %, {result:?}", wasm.len());
        worst = worst.max((percent, (*name).to_owned()));
        match result {
            Ok(_) => {}
            Err(CompileError::TooLarge { .. } | CompileError::Invalid { .. }) => refused += 1,
            Err(error) => panic!("{name}: {error}"),
        }
    }
    let measured = format!("{refused} refused; memory at most {} % of what docs/limits.md says ({})", worst.0, worst.1);
    Figure::held(11, "modules with as much of one thing as the limits allow", MAKERS.len()).measured(measured).print();
}

/// A number as WebAssembly has it.
fn leb(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// Section by section: as long as nothing is, with as many things as nothing has, with one more than there are.
#[test]
fn sections_that_lie() {
    const MAGIC: &[u8] = b"\0asm\x01\0\0\0";
    let (mut tried, mut most) = (0, 0);
    for section in 0..=14_u8 {
        for count in [1, 100_000, 1 << 20, 1 << 28, u64::from(u32::MAX), 1 << 40] {
            for content in [0, 20, 1 << 16] {
                for length in [0, 1, u64::from(u32::MAX), 1 << 40, u64::MAX >> 1] {
                    let content = [&leb(count)[..], &vec![0; content]].concat();
                    let length = if length == 0 { content.len() as u64 } else { length };
                    let wasm = [MAGIC, &[section], &leb(length), &content].concat();
                    let what = format!("section {section} of {length} bytes, {count} things, {} there", content.len());
                    let outcome = Outcome::of(&what, &wasm);
                    outcome.percent(&what, &wasm, 0);
                    let Outcome { size: result, bytes } = outcome;
                    // A custom section is anything, and a section's things can be the zeros that are there.
                    assert!(section == 0 || count <= 1 << 16 || result.is_err() || length == 1, "{what}: {result:?}");
                    (tried, most) = (tried + 1, most.max(bytes));
                }
            }
        }
    }
    let measured = format!("memory at most {} KiB", most >> 10);
    Figure::held(11, "sections that lie about their lengths and counts", tried).measured(measured).print();
}

#[test]
fn mutated_modules() {
    let guests: Vec<Vec<u8>> =
        ["fib.wasm", "sha256.wasm", "coremark.wasm", "nbody.wasm"].iter().filter_map(|name| guest_wasm(name)).collect();
    assert_eq!(guests.len(), 4, "guests are missing");
    let count = MUTANTS[usize::from(is_long())];
    let (mut compiled, mut most) = (0, (0, String::new()));
    for seed in 0..count {
        let mut random = Random::new(seed);
        let mut wasm = guests[random.below(guests.len())].clone();
        for _ in 0..=random.below(4) {
            let at = random.below(wasm.len());
            match random.below(5) {
                0 => wasm[at] ^= 1 << random.below(8),
                1 => wasm[at] = [0, 1, 0x7f, 0x80, 0xff][random.below(5)],
                2 => drop(wasm.splice(at..at, leb(random.next_u64() >> random.below(64)))),
                3 => drop(wasm.drain(at..(at + 1 + random.below(16)).min(wasm.len()))),
                _ => wasm.truncate(at.max(1)),
            }
        }
        let what = format!("mutant {seed}");
        let outcome = Outcome::of(&what, &wasm);
        outcome.percent(&what, &wasm, 0);
        compiled += usize::from(outcome.size.is_ok());
        most = most.max((outcome.bytes, what));
    }
    let measured = format!("{compiled} of them compile; memory at most {} KiB ({})", most.0 >> 10, most.1);
    Figure::held(11, "mutated modules compiled or refused", count as usize).measured(measured).print();
}

#[test]
fn no_module_at_all() {
    for bytes in [&b""[..], b"\0", b"\0asm", b"\0asm\x02\0\0\0", b"\0asm\x0d\0\x01\0", &[255; 100_000], &[0; 100_000]] {
        let error = compile(bytes, &Options::default()).expect_err("no module");
        assert!(matches!(error, CompileError::Invalid { .. } | CompileError::Unsupported { .. }), "{error:?}");
    }
}
