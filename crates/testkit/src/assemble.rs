//! Programs written instruction by instruction, to execute exactly the opcodes that a test wants.

use std::collections::BTreeMap;

use provasm_isa::layout::STATIC_BASE;
use provasm_isa::{Family, Format, Instr, Op, eval};
use provasm_program::{Entry, InitialCell, Program, SourceMap, ValType};

/// Register of a first operand.
pub const A: u16 = 1;
/// Register of a second operand.
pub const B: u16 = 2;
/// Register of a result.
pub const D: u16 = 3;
/// Register of a condition.
pub const C: u16 = 4;

/// A program under construction.
#[derive(Clone, Debug)]
pub struct Assembly {
    code: Vec<Instr>,
    data: BTreeMap<u32, u64>,
    statics: Vec<u64>,
    pages: u32,
    pages_max: u32,
    entries: Vec<Entry>,
}

impl Assembly {
    /// An empty program with a memory of `pages`, whose size is static cell 0.
    #[must_use]
    pub fn new(pages: u32, pages_max: u32) -> Self {
        Self {
            code: Vec::new(),
            data: BTreeMap::new(),
            statics: vec![u64::from(pages)],
            pages,
            pages_max,
            entries: Vec::new(),
        }
    }

    /// Where the next instruction will be.
    #[must_use]
    pub fn here(&self) -> u32 {
        self.code.len() as u32
    }

    /// Appends an instruction and returns where it is.
    pub fn instr(&mut self, op: Op, d: u16, a: u16, b: u16, imm: u64) -> u32 {
        self.push(Instr::new(op, d, a, b, imm))
    }

    /// Appends `d = value`.
    pub fn constant(&mut self, d: u16, value: u64) -> u32 {
        self.instr(Op::Const, d, 0, 0, value)
    }

    /// Appends a jump.
    pub fn jump(&mut self, target: u32) -> u32 {
        self.instr(Op::Jump, 0, 0, 0, target.into())
    }

    /// Appends a call of `target` with its frame `frame` registers on.
    pub fn call(&mut self, frame: u16, target: u32) -> u32 {
        self.instr(Op::Call, frame, 0, 0, target.into())
    }

    /// Appends a return.
    pub fn ret(&mut self) -> u32 {
        self.instr(Op::Return, 0, 0, 0, 0)
    }

    /// Appends the end of a run.
    pub fn halt(&mut self) -> u32 {
        self.instr(Op::Halt, 0, 0, 0, 0)
    }

    /// Gives the jump, branch or call at `pc` another target.
    pub fn retarget(&mut self, pc: u32, target: u32) {
        let instr = &mut self.code[pc as usize];
        *instr = instr.with_target(target);
    }

    /// Makes what follows an entry.
    pub fn entry(&mut self, name: &str, params: &[ValType], results: &[ValType]) {
        let pc = self.here();
        self.entries.push(Entry { name: name.to_owned(), params: params.to_vec(), results: results.to_vec(), pc });
    }

    /// Sets an initial cell of linear memory.
    pub fn data(&mut self, cell: u32, value: u64) {
        self.data.insert(cell, value);
    }

    /// Adds a static cell and returns its index.
    pub fn static_cell(&mut self, value: u64) -> u32 {
        self.statics.push(value);
        self.statics.len() as u32 - 1
    }

    /// Appends an instruction and returns where it is.
    pub fn push(&mut self, instr: Instr) -> u32 {
        self.code.push(instr);
        self.here() - 1
    }

    /// Appends the constants that are a pure instruction's operands; returns the instruction. A branch has no target yet.
    pub fn prepare(&mut self, op: Op, a: u64, b: u64, condition: u64) -> Instr {
        let (a, b) = operands_for(op, a, b);
        match op.format() {
            Format::DAB | Format::ABTarget | Format::DABC => {
                self.constant(A, a);
                self.constant(B, b);
            }
            Format::DI => {}
            _ => {
                self.constant(A, a);
            }
        }
        match op.format() {
            Format::DI => Instr::new(op, D, 0, 0, b),
            Format::DA => Instr::new(op, D, A, 0, 0),
            Format::DAB => Instr::new(op, D, A, B, 0),
            Format::DAI => Instr::new(op, D, A, 0, b),
            Format::DABC => {
                self.constant(C, condition & 0xffff_ffff);
                Instr::new(op, D, A, B, C.into())
            }
            Format::ABTarget => Instr::new(op, 0, A, B, 0),
            Format::AITarget => Instr::new(op, 0, A, 0, b),
            other => unreachable!("{other:?} is no format of a pure instruction"),
        }
    }

    /// Appends a pure instruction with its operands set up; returns where it is.
    ///
    /// Its result lives in [`D`] and is overwritten right after. A branch is followed by two
    /// jumps to the same place, one for each way, so that both ways are equally long.
    pub fn pure(&mut self, op: Op, a: u64, b: u64, condition: u64) -> u32 {
        let instr = self.prepare(op, a, b, condition);
        let pc = self.push(instr);
        if matches!(op.format(), Format::ABTarget | Format::AITarget) {
            self.retarget(pc, pc + 2);
            let join = self.here() + 2;
            self.jump(join);
            self.jump(join);
        } else {
            self.constant(D, 0);
        }
        pc
    }

    /// Appends a load or store of the byte address `at`, of which `offset` is in the instruction;
    /// returns where it is.
    pub fn access(&mut self, op: Op, at: u64, offset: u64, value: u64) -> u32 {
        self.constant(A, at - offset);
        if op.family() == Family::Store {
            self.constant(B, value);
            self.instr(op, 0, A, B, offset)
        } else {
            self.instr(op, D, A, 0, offset)
        }
    }

    /// The program.
    #[must_use]
    pub fn finish(self) -> Program {
        let statics = self.statics.into_iter().zip(STATIC_BASE..);
        let data = self.data.into_iter().filter(|(_, value)| *value != 0);
        let cells = data.map(|(address, value)| InitialCell { address, value });
        Program {
            cells: cells.chain(statics.map(|(value, address)| InitialCell { address, value })).collect(),
            code: self.code,
            memory_pages: self.pages,
            memory_pages_max: self.pages_max,
            entries: self.entries,
            start: None,
            source: SourceMap::default(),
        }
    }
}

/// Whether an opcode computes from its operands alone, or decides a jump by them.
#[must_use]
pub fn is_pure(op: Op) -> bool {
    !matches!(
        op.family(),
        Family::Copy
            | Family::Static
            | Family::Load
            | Family::Store
            | Family::MemoryGrow
            | Family::Jump
            | Family::JumpTable
            | Family::Call
            | Family::CallIndirect
            | Family::Return
            | Family::Trap
            | Family::Io
            | Family::Hint
            | Family::Log
            | Family::Sha256
            | Family::Keccak
            | Family::Blake3
            | Family::Poseidon2
            | Family::ModMul
    )
}

/// Whether a pure opcode takes 32-bit operands, which are held zero-extended.
#[must_use]
pub fn is_32(op: Op) -> bool {
    match op.family() {
        Family::Add32
        | Family::AddImm32
        | Family::Bitwise32
        | Family::BitwiseImm32
        | Family::ShiftImm32
        | Family::ShiftVar32
        | Family::Compare32
        | Family::CompareImm32
        | Family::Branch32
        | Family::BranchImm32
        | Family::Mul32 => true,
        Family::Div | Family::BitCount => op.flags() & 1 == 0,
        _ => false,
    }
}

/// The operands as a compiled program could have them.
fn operands_for(op: Op, a: u64, b: u64) -> (u64, u64) {
    let mask = if is_32(op) { u64::from(u32::MAX) } else { u64::MAX };
    match op.family() {
        // Shifts by a constant are by 1 to the width minus 1.
        Family::ShiftImm32 => (a & mask, b % 31 + 1),
        Family::ShiftImm64 => (a, b % 63 + 1),
        _ => (a & mask, b & mask),
    }
}

/// Whether a pure opcode gives a value for these operands instead of a trap.
#[must_use]
pub fn is_defined(op: Op, a: u64, b: u64) -> bool {
    let (a, b) = operands_for(op, a, b);
    eval(op, a, b).is_ok()
}

/// Values at which arithmetic goes wrong first.
pub const EXTREMES: &[u64] = &[
    0,
    1,
    2,
    7,
    0x7fff,
    0x8000,
    0xffff,
    0x1_0000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fffe,
    0xffff_ffff,
    0x1_0000_0000,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0xffff_ffff_ffff_fffe,
    0xffff_ffff_ffff_ffff,
    0x5555_aaaa_00ff_ff00,
];
