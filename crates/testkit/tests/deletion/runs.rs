//! Runs whose operands are hints, so that a liar can choose them too, and whose cells are overwritten after use.

use p3_field::PrimeCharacteristicRing;
use provasm_air::fixed::LOG_HEIGHT_MIN;
use provasm_air::{KoalaBear, Table, TableId};
use provasm_execute::{Execution, Inputs, Limits};
use provasm_isa::accel::modmul::MODULI;
use provasm_isa::accel::sha256::STATE_REGISTERS;
use provasm_isa::layout::{HOST_OUTPUT, PAGE_BYTES};
use provasm_isa::{Family, Format, Op, Trap};
use provasm_program::{Program, ValType};
use provasm_testkit::Random;
use provasm_testkit::assemble::{A, Assembly, B, C, D, is_32, is_defined, is_pure};
use provasm_testkit::corpus::{ACCESSES, corpus, operand_pairs};
use provasm_testkit::tables::{check_used, fill_first, segments_of, tables_of};
use provasm_trace::{Trace, Traces};

use crate::{copies, last_round};

/// Operands of an opcode that are tried.
const PAIRS: usize = 5;
/// First register of windows.
const WINDOW: u16 = 9;
/// Frame of callees.
const FRAME: u16 = 16;

/// A program under construction, and what its hints give.
pub(crate) struct Run {
    pub(crate) assembly: Assembly,
    pub(crate) private: Vec<u8>,
}

impl Run {
    pub(crate) fn new(params: &[ValType], results: &[ValType]) -> Self {
        let mut assembly = Assembly::new(1, 4);
        assembly.entry("main", params, results);
        Self { assembly, private: Vec::new() }
    }

    /// Appends `register = value`, which the prover chooses.
    pub(crate) fn hint(&mut self, register: u16, value: u64) {
        self.assembly.instr(Op::Hint, register, 0, 0, 1);
        self.private.extend(value.to_le_bytes());
    }

    /// Jumps to the same place.
    fn jumps(&mut self, count: u32) {
        let join = self.assembly.here() + count;
        (0..count).for_each(|_| {
            self.assembly.jump(join);
        });
    }

    /// A pure instruction on hints.
    fn pure(&mut self, op: Op, a: u64, b: u64, condition: u64) {
        let mask = if is_32(op) { u64::from(u32::MAX) } else { u64::MAX };
        let width = if is_32(op) { 32 } else { 64 };
        let imm = match op.family() {
            Family::ShiftImm32 | Family::ShiftImm64 => b % (width - 1) + 1,
            _ => b & mask,
        };
        self.hint(A, a & mask);
        match op.format() {
            Format::DAB | Format::ABTarget => self.hint(B, b & mask),
            Format::DABC => {
                self.hint(B, b);
                self.hint(C, condition & 0xffff_ffff);
            }
            _ => {}
        }
        let over = self.assembly.here() + 2;
        match op.format() {
            Format::DI => self.assembly.instr(op, D, 0, 0, b),
            Format::DA => self.assembly.instr(op, D, A, 0, 0),
            Format::DAB => self.assembly.instr(op, D, A, B, 0),
            Format::DAI => self.assembly.instr(op, D, A, 0, imm),
            Format::DABC => self.assembly.instr(op, D, A, B, C.into()),
            Format::ABTarget => self.assembly.instr(op, 0, A, B, over.into()),
            Format::AITarget => {
                let pc = self.assembly.instr(op, 0, A, 0, imm);
                self.assembly.retarget(pc, over);
                pc
            }
            other => unreachable!("{other:?} is no format of a pure instruction"),
        };
        if matches!(op.format(), Format::ABTarget | Format::AITarget) {
            // The third is for a liar.
            self.jumps(3);
        }
    }

    pub(crate) fn traces(mut self, entry: &str, args: &[u64]) -> Traces {
        self.assembly.halt();
        let program = self.assembly.finish();
        filled(&program, entry, args, &self.private)
    }
}

/// The tables of a run with this private input.
pub(crate) fn filled(program: &Program, entry: &str, args: &[u64], private: &[u8]) -> Traces {
    let inputs = Inputs { private, ..Inputs::default() };
    let execution = Execution::new(program, entry, args, inputs, Limits::default());
    let (_, recording) = execution.and_then(Execution::whole).unwrap_or_else(|error| panic!("{entry}: {error}"));
    let mut traces = fill_first(program, &tables_of(program), &recording);
    assert_eq!(check_used(&traces), [], "{entry}");
    add_empty(&mut traces, TableId::Bridges);
    traces
}

/// Adds a table without rows, if there is none of this kind.
pub(crate) fn add_empty(traces: &mut Traces, id: TableId) {
    if !traces.tables.iter().any(|trace| trace.table.id == id) {
        let mut rows = traces.tables[0].rows.clone();
        rows.width = id.width();
        rows.values = vec![KoalaBear::ZERO; rows.width << LOG_HEIGHT_MIN];
        traces.tables.push(Trace { table: Table { id, fixed: None }, rows, real: 0 });
    }
}

/// Every pure opcode.
fn pure() -> Traces {
    let mut random = Random::new(5);
    let mut run = Run::new(&[], &[]);
    for &op in Op::ALL.iter().filter(|op| is_pure(**op)) {
        let mut pairs = operand_pairs(op, &mut random, PAIRS);
        let small = [(5, 5), (0x9_0007_0005, 3 << 16 | 2), (u64::MAX - 6, 2)];
        pairs.extend(small.into_iter().filter(|&(a, b)| is_defined(op, a, b)));
        for (i, (a, b)) in pairs.into_iter().enumerate() {
            run.pure(op, a, b, i as u64 % 2 * b);
        }
    }
    run.traces("main", &[])
}

/// Every load and store, at every byte, on cells that hold hints before.
fn memory() -> Traces {
    let mut random = Random::new(6);
    let mut run = Run::new(&[], &[]);
    for &op in ACCESSES {
        for byte in 0..8 {
            let near = [64, PAGE_BYTES / 2 - 8][random.below(2)];
            for cell in [near, near + 8] {
                run.assembly.constant(A, cell);
                run.hint(B, random.next_u64());
                run.assembly.instr(Op::Store64, 0, A, B, 0);
            }
            run.hint(A, near);
            run.hint(B, random.next_u64());
            let (d, b) = if op.family() == Family::Store { (0, B) } else { (D, 0) };
            run.assembly.instr(op, d, A, b, byte);
        }
    }
    run.traces("main", &[])
}

/// Jumps by index, calls, cells, and growing, on hints.
fn control() -> Traces {
    let mut run = Run::new(&[ValType::I64], &[ValType::I64]);
    let global = run.assembly.static_cell(7);
    let table = run.assembly.static_cell(0);
    run.assembly.static_cell(0);
    let start = run.assembly.here();
    run.assembly.jump(start + 5);
    let callees = [(); 4].map(|()| run.assembly.ret());
    run.assembly.instr(Op::Arg, D, 0, 0, 0);
    for index in [0, 1, 2, 3, 0x1_0000] {
        run.hint(A, index);
        run.assembly.instr(Op::JumpTable, 0, A, 0, 2);
        run.jumps(4);
    }
    for (round, &callee) in (0..3).zip(&callees) {
        run.assembly.call(FRAME, callee);
        run.hint(A, 11);
        run.assembly.instr(Op::GlobalSet, 0, A, 0, global.into());
        run.assembly.instr(Op::GlobalGet, D, 0, 0, global.into());
        run.assembly.instr(Op::Copy, D, A, 0, 0);
        for element in [table, table + 1] {
            run.hint(A, Program::element(3, callee));
            run.assembly.instr(Op::GlobalSet, 0, A, 0, element.into());
        }
        run.hint(A, round % 2);
        run.assembly.instr(Op::CallIndirect, FRAME, A, 3, u64::from(table) | 2 << 32);
        run.jumps(2);
        let tail = run.assembly.here() + 2;
        run.assembly.call(FRAME, tail);
        let over = run.assembly.here() + 2;
        run.assembly.jump(over);
        run.assembly.instr(Op::TailCallIndirect, 0, A, 3, u64::from(table) | 2 << 32);
        run.hint(A, 1);
        run.assembly.instr(Op::StaticGet, D, A, 0, 0);
        run.assembly.instr(Op::StaticSet, 0, A, D, 0);
        run.hint(A, HOST_OUTPUT.into());
        run.assembly.instr(Op::HostGet, D, A, 0, 0);
        run.hint(B, 0);
        run.assembly.instr(Op::HostSet, 0, A, B, 0);
    }
    for pages in [0, 1, 7, 0x1_0000, 1, 0] {
        run.hint(A, pages);
        run.assembly.instr(Op::MemoryGrow, D, A, 0, 4);
    }
    run.hint(A, 5);
    run.assembly.instr(Op::Log, 0, A, A, 0);
    run.assembly.instr(Op::Result, 0, A, 0, 0);
    run.traces("main", &[3])
}

/// Calls of an accelerator on hints.
fn accelerator(op: Op) -> Traces {
    let mut random = Random::new(op as u64);
    let mut run = Run::new(&[], &[]);
    let kinds = match op {
        Op::ModMul => MODULI.len() as u64,
        Op::Sha256 => 4,
        _ => 2,
    };
    for imm in 0..kinds {
        let mut window: Vec<u64> = (0..op.window()).map(|_| random.next_u64()).collect();
        match op {
            Op::Keccak => window = last_round::window(&mut random).to_vec(),
            // A message of zeros, whose words are all zero.
            Op::Sha256 if imm == 0 => window[STATE_REGISTERS..].fill(0),
            _ => {}
        }
        for (register, value) in (WINDOW..).zip(window) {
            run.hint(register, value);
        }
        run.assembly.instr(op, WINDOW, 0, 0, if op == Op::ModMul { imm } else { 0 });
    }
    (WINDOW..).take(op.window()).for_each(|register| run.hint(register, 0));
    run.traces("main", &[])
}

/// Runs that end in traps, on hints.
fn traps() -> Vec<(String, Traces)> {
    let mut runs = Vec::new();
    for &op in Op::ALL.iter().filter(|op| op.family() == Family::Div) {
        let smallest = if is_32(op) { 1 << 31 } else { 1 << 63 };
        for (a, b) in [(0x1234_5678, 0), (smallest, u64::MAX)] {
            if !is_defined(op, a, b) {
                let mut run = Run::new(&[], &[]);
                run.pure(op, a, b, 0);
                runs.push((format!("{} by {b}", op.mnemonic()), run.traces("main", &[])));
            }
        }
    }
    for &op in ACCESSES {
        for at in [PAGE_BYTES, u64::from(u32::MAX)] {
            let mut run = Run::new(&[], &[]);
            run.hint(A, at);
            run.assembly.instr(op, D, A, B, 9);
            runs.push((format!("{} at {at}", op.mnemonic()), run.traces("main", &[])));
        }
    }
    for (frame, index, element) in [(FRAME, 5, 0), (FRAME, 0, 0), (FRAME, 0, 9), (0xffff, 0, 3)] {
        for op in [Op::CallIndirect, Op::TailCallIndirect] {
            if op == Op::TailCallIndirect && frame != FRAME {
                continue;
            }
            let mut run = Run::new(&[], &[]);
            let table = run.assembly.static_cell(0);
            let again = run.assembly.here();
            run.hint(A, if element == 0 { 0 } else { Program::element(element - 1, again) });
            run.assembly.instr(Op::GlobalSet, 0, A, 0, table.into());
            run.hint(A, index);
            // Until the stack is exhausted the call is made again.
            run.private = run.private.repeat(20);
            let frame = if op == Op::CallIndirect { frame } else { 0 };
            run.assembly.instr(op, frame, A, 2, u64::from(table) | 1 << 32);
            runs.push((format!("{} of {element} at {index}", op.mnemonic()), run.traces("main", &[])));
        }
    }
    for op in [Op::Trap, Op::Exit] {
        let mut run = Run::new(&[], &[]);
        run.hint(A, 77);
        run.assembly.instr(
            op,
            0,
            if op == Op::Exit { A } else { 0 },
            0,
            if op == Op::Trap { Trap::ALL[0].code().into() } else { 0 },
        );
        runs.push((op.mnemonic().to_owned(), run.traces("main", &[])));
    }
    runs
}

/// All of them.
pub(crate) fn runs() -> Vec<(String, Traces)> {
    let mut runs = vec![
        ("free pure".to_owned(), pure()),
        ("free memory".to_owned(), memory()),
        ("free control".to_owned(), control()),
        ("free copies".to_owned(), copies::run()),
    ];
    for op in [Op::ModMul, Op::Poseidon2, Op::Sha256, Op::Keccak, Op::Blake3] {
        runs.push((format!("free {}", op.mnemonic()), accelerator(op)));
    }
    runs.extend(traps());
    runs
}

/// Segments of runs that are cut, which are neither the first nor the last; one grows the memory.
pub(crate) fn segments() -> Vec<(String, Traces)> {
    let mut middle = Vec::new();
    for case in corpus().into_iter().filter(|case| case.name == "grow") {
        let mut segments = Vec::new();
        let cut = |index| Some(if index == 0 { 2 } else { 12 });
        let run = segments_of(&case, cut, |segment| segments.push(segment));
        run.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        for segment in segments.drain(1..).rev().skip(1) {
            middle.push((format!("segment {} of {}", segment.recording.index, case.name), segment.traces));
        }
    }
    middle
}
