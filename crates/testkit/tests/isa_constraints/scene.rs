//! For every opcode, runs that execute it among instructions that leave room for lies about it.
//!
//! Before it, behind it and at the end of its run are jumps to the same place, so that a lie about where it is or where
//! it leads can be consistent in all else.

use provasm_isa::layout::{HOST_INPUT, HOST_OUTPUT, PAGE_BYTES, STATIC_MEMORY_SIZE};
use provasm_isa::{Family, Format, Instr, Op, Trap};
use provasm_program::{Program, ValType};
use provasm_testkit::Random;
use provasm_testkit::assemble::{A, Assembly, B, D, is_defined, is_pure};

/// A program that executes an instruction once, and where it is.
pub(crate) struct Scene {
    pub(crate) program: Program,
    pub(crate) pc: u32,
}

/// The argument of every run.
pub(crate) const ARGUMENT: u64 = 0x1234_5678_9abc_def0;
/// The public input of every run.
pub(crate) const PUBLIC: &[u8] = b"everybody's input";
/// The private input of every run.
pub(crate) const PRIVATE: &[u8] = b"nobody's";

/// Where every run ends that does not end at the instruction.
const END: u32 = 0;
/// Two functions that return.
const FUNCTIONS: [u32; 2] = [1, 2];
/// Static cells, beside the memory's size.
const STATICS: u32 = 40;
/// The first of the static cells that are a table, and how many there are.
const TABLE: (u32, u64) = (1, 4);
/// Its elements' type.
const TYPE: u16 = 7;
/// The greatest distance of a callee's frame.
const FRAME_MAX: u16 = 0xffff;
/// Frames at that distance that fit into the stack, behind the one that every scene is in.
const DEPTH_MAX: usize = 15;
/// Pages of the memory, and the most it can have.
const PAGES: (u32, u32) = (1, 2);

/// Operands of pure instructions.
const PAIRS: [(u64, u64); 3] = [(5, 5), (0x9_0000_0005, 6), (0xffff_fffe, 3)];

/// The instruction with which `op` gives its place to another family: of the same format, if there is one.
pub(crate) fn of_another_family(op: Op) -> Op {
    let others = Op::ALL.iter().cycle().skip(op as usize).take(Op::ALL.len());
    let others = others.filter(|other| other.family() != op.family() && other.window() == 0 && **other != Op::Trap);
    let same = others.clone().find(|other| other.format() == op.format());
    *same.or_else(|| others.clone().next()).expect("there are many families")
}

/// A scene around the instruction that `prepare` gives, after it has set up the operands; so many frames deep.
fn scene(depth: usize, prepare: impl FnOnce(&mut Assembly) -> Instr) -> Scene {
    let mut assembly = Assembly::new(PAGES.0, PAGES.1);
    for element in [Program::element(TYPE, FUNCTIONS[0]), Program::element(TYPE, FUNCTIONS[1]), 0] {
        assembly.static_cell(element);
    }
    assembly.static_cell(Program::element(TYPE - 1, FUNCTIONS[0]));
    (5..=STATICS).for_each(|value| _ = assembly.static_cell(value.into()));
    let mut random = Random::new(8);
    (4..16).for_each(|cell| assembly.data(cell, random.next_u64()));

    assembly.halt();
    FUNCTIONS.iter().for_each(|_| _ = assembly.ret());
    assembly.entry("main", &[ValType::I64], &[ValType::I64]);
    let frame = assembly.here() + 3;
    assembly.call(16, frame);
    assembly.jump(END);
    assembly.jump(END);
    for _ in 0..depth {
        let next = assembly.here() + 1;
        assembly.call(FRAME_MAX, next);
    }
    let instr = prepare(&mut assembly);
    let pc = assembly.here() + 2;
    let is_branch = matches!(instr.op.format(), Format::ABTarget | Format::AITarget | Format::Target);
    let instr = if is_branch { instr.with_target(pc + 2) } else { instr };
    assembly.jump(pc);
    assembly.jump(END);
    assembly.push(instr);
    assembly.jump(END);
    assembly.jump(END);
    // Its twin; and two that are never executed, so that a lie can name their tables.
    assembly.push(instr);
    assembly.jump(END);
    assembly.push(Instr { op: of_another_family(instr.op), ..instr });
    assembly.instr(Op::Trap, 0, 0, 0, Trap::Unreachable.code().into());
    Scene { program: assembly.finish(), pc }
}

/// A scene of an instruction whose operands are these registers' contents.
fn with(registers: &[(u16, u64)], instr: Instr) -> Scene {
    scene(0, |assembly| {
        registers.iter().for_each(|&(register, value)| _ = assembly.constant(register, value));
        instr
    })
}

fn pure(op: Op) -> Vec<Scene> {
    let mut pairs = PAIRS.to_vec();
    if op.family() == Family::Div {
        let smallest = if op.flags() & 1 == 1 { 1 << 63 } else { 1 << 31 };
        pairs.extend([(77, 0), (smallest, u64::MAX)].into_iter().filter(|&(a, b)| !is_defined(op, a, b)));
    }
    pairs.into_iter().map(|(a, b)| scene(0, |assembly| assembly.prepare(op, a, b, b))).collect()
}

/// At the start of a cell, within it and across two; a byte beyond the memory, and around the top of the addresses.
fn access(op: Op) -> Vec<Scene> {
    const OFFSET: u64 = 16;
    let beyond = PAGE_BYTES + 1 - u64::from(op.access_bytes());
    let places = [64, 65, 71, beyond, (1 << 32) + 8];
    let scene = |at: u64| {
        let base = (A, at - OFFSET);
        match op.family() {
            Family::Store => with(&[base, (B, 0x8182_8384_8586_8788)], Instr::new(op, 0, A, B, OFFSET)),
            _ => with(&[base], Instr::new(op, D, A, 0, OFFSET)),
        }
    };
    places.map(scene).into()
}

fn call_indirect(op: Op) -> Vec<Scene> {
    let (first, size) = TABLE;
    let is_tail = op == Op::TailCallIndirect;
    let instr = |frame: u16| Instr::new(op, if is_tail { 0 } else { frame }, A, TYPE, u64::from(first) | size << 32);
    // Two functions; then beyond the table, null, of another type.
    let elements = [0, 1, size, 0xffff_ffff, 2, 3];
    let mut scenes: Vec<Scene> = elements.map(|element| with(&[(A, element)], instr(16))).into();
    if !is_tail {
        scenes.push(scene(DEPTH_MAX, |assembly| {
            assembly.constant(A, 0);
            instr(FRAME_MAX)
        }));
    }
    scenes
}

fn window(op: Op) -> Vec<Scene> {
    const FIRST: u16 = 9;
    let mut random = Random::new(9);
    let scene = |imm: u64| {
        let registers: Vec<_> = (FIRST..).take(op.window()).map(|register| (register, random.next_u64())).collect();
        with(&registers, Instr::new(op, FIRST, 0, 0, imm))
    };
    let imms: &[u64] = if op.format() == Format::WindowI { &[0, 3] } else { &[0] };
    imms.iter().copied().map(scene).collect()
}

/// The scenes of an opcode. Those that differ in the operands alone have the same code but for the constants.
pub(crate) fn scenes(op: Op) -> Vec<Scene> {
    if is_pure(op) {
        return pure(op);
    }
    let value = (B, 0x7172_7374_7576_7778);
    let indexed = |indices: [u64; 2]| {
        let scene = |index: u64| match op.format() {
            Format::AB => with(&[(A, index), value], Instr::new(op, 0, A, B, 0)),
            _ => with(&[(A, index)], Instr::new(op, D, A, 0, 0)),
        };
        indices.map(scene).into()
    };
    match op {
        Op::Copy => vec![with(&[(A, value.1)], Instr::new(op, D, A, 0, 0))],
        Op::GlobalGet => [STATIC_MEMORY_SIZE, 9].map(|cell| with(&[], Instr::new(op, D, 0, 0, cell.into()))).into(),
        Op::GlobalSet => vec![with(&[(A, value.1)], Instr::new(op, 0, A, 0, 9))],
        Op::StaticGet | Op::StaticSet => indexed([9, 10]),
        Op::HostGet => indexed([HOST_INPUT.into(), u64::from(HOST_INPUT) + 1]),
        Op::HostSet => indexed([u64::from(HOST_OUTPUT) + 1, u64::from(HOST_OUTPUT) + 3]),
        Op::MemoryGrow => [1, 5, 0].map(|pages| with(&[(A, pages)], Instr::new(op, D, A, 0, PAGES.1.into()))).into(),
        Op::Jump => vec![with(&[], Instr::new(op, 0, 0, 0, 0))],
        Op::JumpTable => [0, 1, 0xffff_ffff].map(|index| with(&[(A, index)], Instr::new(op, 0, A, 0, 1))).into(),
        Op::Call => {
            let to = |frame: u16| Instr::new(op, frame, 0, 0, FUNCTIONS[0].into());
            vec![with(&[], to(16)), scene(DEPTH_MAX, |_| to(FRAME_MAX))]
        }
        Op::CallIndirect | Op::TailCallIndirect => call_indirect(op),
        Op::Return | Op::Halt => vec![with(&[], Instr::new(op, 0, 0, 0, 0))],
        Op::Trap => Trap::ALL.iter().map(|trap| with(&[], Instr::new(op, 0, 0, 0, trap.code().into()))).collect(),
        Op::Arg => vec![with(&[], Instr::new(op, D, 0, 0, 0))],
        Op::Result => vec![with(&[(A, value.1)], Instr::new(op, 0, A, 0, 0))],
        Op::Exit => [40, 0xffff_fffe].map(|code| with(&[(A, code)], Instr::new(op, 0, A, 0, 0))).into(),
        Op::Hint => [0, 1].map(|kind| with(&[], Instr::new(op, D, 0, 0, kind))).into(),
        Op::Log => vec![with(&[(A, 9), (B, 4)], Instr::new(op, 0, A, B, 0))],
        _ if op.access_bytes() > 0 => access(op),
        _ if op.window() > 0 => window(op),
        _ => panic!("{op:?} has no scene"),
    }
}
