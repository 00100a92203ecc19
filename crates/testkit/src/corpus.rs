//! Small programs that between them execute every opcode and end in every trap.

use std::sync::Arc;

use provasm_isa::accel::modmul::MODULI;
use provasm_isa::layout::{HOST_INPUT, HOST_OUTPUT, HOST_SCRATCH, HOST_SCRATCH_CELLS, PAGE_BYTES, STATIC_MEMORY_SIZE};
use provasm_isa::{Family, Op, Trap};
use provasm_program::{Program, ValType, registers};

use crate::Random;
use crate::assemble::{A, Assembly, B, D, EXTREMES, is_defined, is_pure};
use crate::windows::{Call, program};

/// A run of a program.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is about.
    pub name: String,
    /// The program.
    pub program: Arc<Program>,
    /// Exported function.
    pub entry: String,
    /// Arguments as register values.
    pub args: Vec<u64>,
}

/// Arguments of [`values`].
pub const VALUES: [u64; 32] = {
    let mut values = [0; 32];
    let mut i = 0;
    while i < values.len() {
        // The last four are not vectors, and two of them have 32 bits.
        values[i] = if i < 28 { 0xfedc_ba98_7654_3210 ^ (i as u64) << 20 } else { 0xffff_0000 + i as u64 };
        i += 1;
    }
    values
};

/// Static cells of [`statics`], beside the memory's size: an index has a high limb.
const STATICS: u32 = 0x1_0002;

/// Every run of the corpus. Together they give every chip at least three rows.
#[must_use]
pub fn corpus() -> Vec<Case> {
    let mut cases = vec![
        case("pure", pure(6), "main", &[]),
        case("memory", memory(), "main", &[]),
        case("grow", grow(), "main", &[]),
        case("control", control(), "main", &[5, 0x8000_0000_0000_0007]),
        case("values", values(), "main", &VALUES),
        case("statics", statics(), "main", &[]),
        case("bridges", bridges(), "main", &[]),
        case("accelerators", accelerators(), "main", &[]),
        case("host", host(), "main", &[]),
        case("host low", host(), "exit", &[0]),
        case("host high", host(), "exit", &[0xffff_fffe]),
    ];
    cases.extend(traps());
    cases.extend(memory_traps());
    cases
}

fn case(name: &str, program: Program, entry: &str, args: &[u64]) -> Case {
    Case { name: name.to_owned(), program: Arc::new(program), entry: entry.to_owned(), args: args.to_vec() }
}

/// Calls of every accelerator. Some words that Poseidon2 gives have high limbs that both intervals of
/// [`provasm_air::gadgets::canonical`] hold.
fn accelerators() -> Program {
    let mut random = Random::new(3);
    let mut calls = Vec::new();
    for ([p0, p1, p2, p3], imm) in MODULI.into_iter().zip(0..) {
        calls.push(Call::new(Op::ModMul, imm, &[(); 8].map(|()| random.next_u64())));
        calls.push(Call::new(Op::ModMul, imm, &[p0 - 1, p1, p2, p3, p0 - 1, p1, p2, p3]));
        calls.push(Call::new(Op::ModMul, imm, &[u64::MAX, u64::MAX, u64::MAX, u64::MAX, random.next_u64(), 0, 0, 0]));
    }
    let hashes = [Op::Sha256, Op::Keccak, Op::Blake3].iter().flat_map(|&op| [op; 3]);
    for op in hashes.chain([Op::Poseidon2; 24]) {
        let window: Vec<u64> = (0..op.window()).map(|_| random.next_u64()).collect();
        calls.push(Call::new(op, 0, &window));
    }
    program(&calls)
}

/// One run per entry.
fn cases_of(name: &str, program: Program) -> Vec<Case> {
    let program = Arc::new(program);
    let entries: Vec<String> = program.entries.iter().map(|entry| entry.name.clone()).collect();
    let case = |entry: String| Case {
        name: format!("{name} {entry}"),
        program: Arc::clone(&program),
        entry,
        args: Vec::new(),
    };
    entries.into_iter().map(case).collect()
}

/// Operands for an opcode: pairs of extremes and random pairs, those that trap left out.
pub fn operand_pairs(op: Op, random: &mut Random, count: usize) -> Vec<(u64, u64)> {
    let mut pick = |i: usize| {
        let extreme = |random: &mut Random| EXTREMES[random.below(EXTREMES.len())];
        match i % 4 {
            0 | 1 => (extreme(random), extreme(random)),
            2 => (random.next_u64(), extreme(random)),
            _ => (random.next_u64(), random.next_u64()),
        }
    };
    let pairs = (0..).map(&mut pick).filter(|&(a, b)| is_defined(op, a, b));
    pairs.take(count).collect()
}

/// Every pure opcode on `count` pairs of operands, and the pairs that a random choice may miss.
#[must_use]
pub fn pure(count: usize) -> Program {
    let mut random = Random::new(1);
    let mut assembly = Assembly::new(1, 1);
    assembly.entry("main", &[], &[]);
    for &op in Op::ALL.iter().filter(|op| is_pure(**op)) {
        for (a, b) in operand_pairs(op, &mut random, count) {
            let condition = if a % 2 == 0 { 0 } else { b };
            assembly.pure(op, a, b, condition);
        }
        // Equal values; values that differ in one limb only; a negative dividend with every sign.
        for (a, b) in [(5, 5), (1 << 16, 2 << 16), (u64::MAX - 6, 2), (7, u64::MAX - 1), (u64::MAX - 6, u64::MAX - 1)] {
            if is_defined(op, a, b) {
                assembly.pure(op, a, b, a);
            }
        }
        if op.family() == Family::Div {
            // The smallest integer: divided by one, and its remainder by minus one.
            for (a, b) in [(1 << 31, 1), (1 << 63, 1), (1 << 31, 0xffff_ffff), (1 << 63, u64::MAX)] {
                if is_defined(op, a, b) {
                    assembly.pure(op, a, b, 1);
                }
            }
        }
    }
    assembly.halt();
    assembly.finish()
}

/// Every load and store.
pub const ACCESSES: &[Op] = &[
    Op::Load8U,
    Op::Load16U,
    Op::Load32U,
    Op::Load64,
    Op::Load8S32,
    Op::Load16S32,
    Op::Load8S64,
    Op::Load16S64,
    Op::Load32S64,
    Op::Store8,
    Op::Store16,
    Op::Store32,
    Op::Store64,
];

/// Every load and store at every byte of a cell, across cells, pages and limbs of the address.
#[must_use]
pub fn memory() -> Program {
    let mut random = Random::new(2);
    let mut assembly = Assembly::new(2, 2);
    let page = PAGE_BYTES;
    for cell in (0..4).chain(8188..8196).chain(16380..16384) {
        assembly.data(cell, random.next_u64());
    }
    assembly.entry("main", &[], &[]);
    // Loads, stores, and loads of what was stored.
    let loads = ACCESSES.iter().copied().filter(|op| op.family() == Family::Load);
    let stores = ACCESSES.iter().copied().filter(|op| op.family() == Family::Store);
    for op in loads.clone().chain(stores).chain(loads) {
        for byte in 0..8 {
            for near in [8, page - 8, 2 * page - 16] {
                let at = near + byte;
                let offset = [0, at, at & 0xffff, at / 2][random.below(4)];
                assembly.access(op, at, offset, random.next_u64());
            }
        }
    }
    // A cell that nothing holds at the start.
    assembly.access(Op::Store64, 0x4000, 1, u64::MAX);
    assembly.access(Op::Load64, 0x4000, 1, 0);
    assembly.halt();
    assembly.finish()
}

/// Growing by 0, to the limit, beyond it, and using the new pages.
#[must_use]
pub fn grow() -> Program {
    let mut assembly = Assembly::new(1, 6);
    let max = 6;
    let page = PAGE_BYTES;
    assembly.entry("main", &[], &[ValType::I32]);
    let by = |assembly: &mut Assembly, delta: u64| {
        assembly.constant(A, delta);
        assembly.instr(Op::MemoryGrow, D, A, 0, max);
    };
    by(&mut assembly, 0);
    by(&mut assembly, 2);
    assembly.access(Op::Store64, page + 3, 0, u64::MAX);
    assembly.access(Op::Load32S64, page + 8, page, 0);
    by(&mut assembly, 4);
    by(&mut assembly, 0xffff_ffff);
    by(&mut assembly, 0xffff_fffa);
    by(&mut assembly, 0x1_0000);
    by(&mut assembly, 1);
    by(&mut assembly, 2);
    by(&mut assembly, 1);
    by(&mut assembly, 0);
    assembly.access(Op::Store8, 6 * page - 1, 17, 0x1ff);
    assembly.access(Op::Load8S32, 6 * page - 1, 16, 0);
    assembly.access(Op::Load64, 4 * page - 4, 0, 0);
    assembly.instr(Op::GlobalGet, D, 0, 0, STATIC_MEMORY_SIZE.into());
    assembly.instr(Op::Result, 0, D, 0, 0);
    assembly.halt();
    assembly.finish()
}

/// Calls, calls and tail calls through a table, recursion, jump tables, globals, copies, arguments and results.
#[must_use]
pub fn control() -> Program {
    let mut assembly = Assembly::new(1, 1);
    let global = assembly.static_cell(0x1234_5678_9abc_def0);

    // Type 0: r0 = r0 + 1.
    let increment = assembly.here();
    assembly.instr(Op::AddImm64, 0, 0, 0, 1);
    assembly.ret();
    // Type 1: r0 = r0 + r1, kept in the global.
    let add = assembly.here();
    assembly.instr(Op::Add64, 0, 0, 1, 0);
    assembly.instr(Op::GlobalSet, 0, 0, 0, global.into());
    assembly.ret();
    // Type 0: counts r0 down to 0 by recursion.
    let recurse = assembly.here();
    assembly.instr(Op::NeImm32, 2, 0, 0, 0);
    let leave = assembly.instr(Op::BrEqImm32, 0, 2, 0, 0);
    assembly.instr(Op::AddImm32, 4, 0, 0, 0xffff_ffff);
    assembly.call(4, recurse);
    assembly.instr(Op::Copy, 0, 4, 0, 0);
    let ret = assembly.ret();
    assembly.retarget(leave, ret);

    let size = 6;
    let table = assembly.static_cell(Program::element(0, increment));
    assembly.static_cell(Program::element(1, add));
    assembly.static_cell(Program::element(0, recurse));
    // Type 0: counts r0 down to 0 by tail calls, of itself and then of `increment`.
    let count = assembly.here();
    assembly.constant(2, 3);
    let last = assembly.instr(Op::BrEqImm32, 0, 0, 0, 0);
    assembly.instr(Op::AddImm32, 0, 0, 0, 0xffff_ffff);
    let again = assembly.here();
    assembly.instr(Op::TailCallIndirect, 0, 2, 0, u64::from(table) | size << 32);
    assembly.constant(2, 0);
    assembly.jump(again);
    assembly.retarget(last, again + 1);
    assembly.static_cell(Program::element(0, count));
    for _ in 4..size {
        assembly.static_cell(0);
    }

    assembly.entry("main", &[ValType::I32, ValType::I64], &[ValType::I64, ValType::I32]);
    assembly.instr(Op::Arg, 8, 0, 0, 0);
    assembly.instr(Op::Arg, 9, 0, 0, 1);
    for (element, function_type) in [(0, 0), (1, 1), (2, 0), (3, 0), (0, 0)] {
        assembly.constant(A, element);
        assembly.instr(Op::Copy, 16, 8, 0, 0);
        assembly.instr(Op::Copy, 17, 9, 0, 0);
        assembly.instr(Op::CallIndirect, 16, A, function_type, u64::from(table) | size << 32);
        assembly.instr(Op::GlobalGet, D, 0, 0, global.into());
        assembly.call(16, increment);
    }
    for index in [0, 1, 2, 3, 4, 0xffff, 0x1_0000, 0xffff_ffff] {
        assembly.constant(A, index);
        assembly.instr(Op::JumpTable, 0, A, 0, 3);
        let join = assembly.here() + 4;
        for _ in 0..4 {
            assembly.jump(join);
        }
    }
    assembly.instr(Op::GlobalSet, 0, 8, 0, global.into());
    assembly.instr(Op::GlobalGet, D, 0, 0, global.into());
    assembly.instr(Op::Result, 0, 9, 0, 0);
    assembly.instr(Op::Result, 0, 8, 0, 1);
    assembly.halt();
    assembly.finish()
}

/// As many arguments and results as an entry can have: vectors, a reference and numbers, given
/// back in another order.
#[must_use]
pub fn values() -> Program {
    let mut assembly = Assembly::new(1, 1);
    let mut params = vec![ValType::V128; 14];
    params.extend([ValType::ExternRef, ValType::F32, ValType::I64, ValType::I32]);
    let mut results = params.clone();
    results.reverse();
    assembly.entry("main", &params, &results);
    let count = registers(&params) as u16;
    for index in 0..count {
        assembly.instr(Op::Arg, 8 + index, 0, 0, index.into());
    }
    for index in 0..count {
        assembly.instr(Op::Result, 0, 8 + count - 1 - index, 0, index.into());
    }
    assembly.halt();
    assembly.finish()
}

/// Static cells by index: first and last, across limbs, with registers that coincide, in a frame.
#[must_use]
pub fn statics() -> Program {
    let mut random = Random::new(3);
    let mut assembly = Assembly::new(1, 1);
    let last = (1..=STATICS).map(|_| assembly.static_cell(random.next_u64())).last().unwrap_or(0);
    // r0 = the cell r1 before, which is then r2.
    let exchange = assembly.here();
    assembly.instr(Op::StaticGet, 0, 1, 0, 0);
    assembly.instr(Op::StaticSet, 0, 1, 2, 0);
    assembly.ret();
    assembly.entry("main", &[], &[ValType::I64, ValType::I64]);
    for index in [1, 2, 0xffff, 0x1_0000, 0x1_0001, last] {
        assembly.constant(A, index.into());
        assembly.instr(Op::StaticGet, D, A, 0, 0);
        assembly.constant(B, random.next_u64());
        assembly.instr(Op::StaticSet, 0, A, B, 0);
        // Read again, over the index; and through the constant index.
        assembly.instr(Op::StaticGet, A, A, 0, 0);
        assembly.instr(Op::GlobalGet, D, 0, 0, index.into());
        assembly.constant(17, index.into());
        assembly.constant(18, !u64::from(index));
        assembly.call(16, exchange);
    }
    // A cell that is set to its own index, and the memory's size.
    assembly.constant(A, last.into());
    assembly.instr(Op::StaticSet, 0, A, A, 0);
    assembly.instr(Op::StaticGet, D, A, 0, 0);
    assembly.constant(A, STATIC_MEMORY_SIZE.into());
    assembly.instr(Op::StaticGet, B, A, 0, 0);
    assembly.instr(Op::Result, 0, D, 0, 0);
    assembly.instr(Op::Result, 0, B, 0, 1);
    assembly.halt();
    assembly.finish()
}

/// Cells of the host region of each kind, hints, messages, and exits with the argument's code.
#[must_use]
pub fn host() -> Program {
    let mut random = Random::new(4);
    let mut assembly = Assembly::new(1, 1);
    assembly.entry("main", &[], &[ValType::I64]);
    let regions =
        [HOST_INPUT, HOST_OUTPUT, HOST_SCRATCH].into_iter().flat_map(|first| [first, first + 1, first + 0x1_2345]);
    for index in regions.chain([HOST_SCRATCH + HOST_SCRATCH_CELLS - 1]) {
        assembly.constant(A, index.into());
        assembly.instr(Op::HostGet, D, A, 0, 0);
        assembly.constant(B, random.next_u64());
        assembly.instr(Op::HostSet, 0, A, B, 0);
        // Read again, over the index.
        assembly.instr(Op::HostGet, A, A, 0, 0);
        assembly.instr(Op::Hint, D, 0, 0, u64::from(index % 2));
        assembly.instr(Op::Log, 0, A, B, 0);
    }
    // The run ends with an empty output.
    assembly.constant(B, 0);
    for index in [HOST_OUTPUT, HOST_OUTPUT + 1, HOST_OUTPUT + 0x1_2345] {
        assembly.constant(A, index.into());
        assembly.instr(Op::HostSet, 0, A, B, 0);
    }
    assembly.instr(Op::Result, 0, A, 0, 0);
    assembly.halt();
    assembly.entry("exit", &[ValType::I32], &[]);
    assembly.instr(Op::Arg, A, 0, 0, 0);
    for register in [D, B] {
        assembly.instr(Op::Hint, register, 0, 0, 1);
        assembly.instr(Op::Log, 0, register, A, 0);
        assembly.instr(Op::HostSet, 0, register, A, 0);
    }
    assembly.instr(Op::Exit, 0, A, 0, 0);
    assembly.finish()
}

/// Loops of more instructions than a clock gap spans, between accesses of cells of every kind.
#[must_use]
pub fn bridges() -> Program {
    let mut assembly = Assembly::new(1, 1);
    let global = assembly.static_cell(9);
    let wait = assembly.here();
    assembly.constant(1, 9000);
    let top = assembly.instr(Op::AddImm32, 1, 1, 0, 0xffff_ffff);
    let back = assembly.instr(Op::BrNeImm32, 0, 1, 0, 0);
    assembly.retarget(back, top);
    assembly.ret();
    assembly.entry("main", &[], &[ValType::I64]);
    assembly.instr(Op::GlobalGet, 7, 0, 0, global.into());
    assembly.access(Op::Store64, 80, 0, 0x0123_4567_89ab_cdef);
    for _ in 0..2 {
        assembly.call(16, wait);
        assembly.access(Op::Load64, 80, 8, 0);
        assembly.instr(Op::Add64, 7, 7, D, 0);
        assembly.instr(Op::GlobalGet, 5, 0, 0, global.into());
    }
    assembly.instr(Op::Result, 0, 7, 0, 0);
    assembly.halt();
    assembly.finish()
}

/// Unconditional traps, divisions, exhausted stacks and calls through a table that trap.
fn traps() -> Vec<Case> {
    let mut assembly = Assembly::new(1, 1);
    for &trap in Trap::ALL {
        assembly.entry(trap.text(), &[], &[]);
        assembly.instr(Op::Trap, 0, 0, 0, trap.code().into());
    }
    for &op in Op::ALL.iter().filter(|op| op.family() == Family::Div) {
        let smallest = if op.flags() & 1 == 1 { 1 << 63 } else { 1 << 31 };
        for (a, b) in [(77, 0), (smallest, u64::MAX)] {
            if !is_defined(op, a, b) {
                assembly.entry(&format!("{} by {b}", op.mnemonic()), &[], &[]);
                assembly.pure(op, a, b, 0);
            }
        }
    }
    let mut cases = cases_of("trap", assembly.finish());
    cases.extend(cases_of("stack", stack_traps()));
    cases.extend(cases_of("table", table_traps()));
    cases
}

fn stack_traps() -> Program {
    let mut assembly = Assembly::new(1, 1);
    for frame in [0xffff, 0x8000, 40_000] {
        assembly.entry(&format!("frame {frame}"), &[], &[]);
        let here = assembly.here();
        assembly.call(frame, here);
    }
    let table = u64::from(assembly.static_cell(0));
    for frame in [0xffff_u16, 0x8000] {
        assembly.entry(&format!("indirect frame {frame}"), &[], &[]);
        let start = assembly.constant(A, 0);
        let cell = assembly.static_cell(Program::element(3, start));
        assembly.instr(Op::CallIndirect, frame, A, 3, u64::from(cell) | 1 << 32);
    }
    debug_assert_eq!(table, 1, "after the memory's size");
    assembly.finish()
}

fn table_traps() -> Program {
    let mut assembly = Assembly::new(1, 1);
    let first = assembly.static_cell(Program::element(2, 0));
    assembly.static_cell(0);
    assembly.static_cell(Program::element(0xfffe, 0));
    let table = u64::from(first) | 3 << 32;
    let kinds = [
        ("beyond", 3, 2),
        ("far beyond", 0xffff_ffff, 2),
        ("null", 1, 2),
        ("less", 0, 3),
        ("more", 2, 0),
        ("type", 0, 0),
    ];
    for (op, frame, call) in [(Op::CallIndirect, 16, ""), (Op::TailCallIndirect, 0, " in a tail call")] {
        for (name, element, function_type) in kinds {
            assembly.entry(&format!("{name}{call}"), &[], &[]);
            assembly.constant(A, element);
            assembly.constant(B, 0);
            assembly.instr(op, frame, A, function_type, table);
        }
    }
    assembly.finish()
}

/// Every load and store beyond the memory: by one byte, far, across the top of the address space.
fn memory_traps() -> Vec<Case> {
    let mut cases = Vec::new();
    for pages in [0, 1] {
        let mut assembly = Assembly::new(pages, 2);
        for &op in ACCESSES {
            let size = u64::from(pages) * PAGE_BYTES;
            let top = u64::from(u32::MAX);
            let first = (size + 1).saturating_sub(op.access_bytes().into());
            let places: &[(u64, u64)] = match pages {
                0 => &[(0, 0), (2 * top, top)],
                _ => &[(first, first / 2), (top + 3, top)],
            };
            for &(at, offset) in places {
                assembly.entry(&format!("{} at {at}", op.mnemonic()), &[], &[]);
                assembly.access(op, at, offset, 5);
            }
        }
        assembly.entry("grown", &[], &[]);
        assembly.constant(A, 1);
        assembly.instr(Op::MemoryGrow, D, A, 0, 2);
        assembly.access(Op::Load32U, (u64::from(pages) + 1) * PAGE_BYTES - 3, 0, 0);
        cases.extend(cases_of(&format!("memory of {pages}"), assembly.finish()));
    }
    cases
}
