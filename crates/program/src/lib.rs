//! A compiled program: code, initial cells and entries.
//!
//! Owns the data that decides a program's behaviour. Does not know how it was compiled, and does
//! not know how it is proven.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

use alloc::string::String;
use alloc::vec::Vec;

use provasm_isa::Instr;
use serde::{Deserialize, Serialize};

/// A WebAssembly value type that can cross the boundary of a run.
///
/// A value crosses as its register values: one, or two of a `v128`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ValType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit float, carried as bits.
    F32,
    /// 64-bit float, carried as bits.
    F64,
    /// 128-bit vector, carried as two values, the low half first.
    V128,
    /// Reference to a function: 0 is null, else the value of [`Program::element`].
    FuncRef,
    /// Reference to something of the host's: 0 is null, else its number plus one.
    ExternRef,
}

impl ValType {
    /// The name in the WebAssembly text format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ValType::I32 => "i32",
            ValType::I64 => "i64",
            ValType::F32 => "f32",
            ValType::F64 => "f64",
            ValType::V128 => "v128",
            ValType::FuncRef => "funcref",
            ValType::ExternRef => "externref",
        }
    }

    /// Whether a value of this type has 32 bits.
    #[must_use]
    pub const fn is_32(self) -> bool {
        matches!(self, ValType::I32 | ValType::F32)
    }

    /// How many register values a value of this type takes.
    #[must_use]
    pub const fn registers(self) -> usize {
        match self {
            ValType::V128 => 2,
            _ => 1,
        }
    }
}

/// How many register values a list of values of these types takes.
#[must_use]
pub fn registers(types: &[ValType]) -> usize {
    types.iter().map(|ty| ty.registers()).sum()
}

/// Every type with the register values of its value. It ends where the register values do.
pub fn typed_values<'v>(
    types: &'v [ValType],
    values: &'v [u64],
) -> impl Iterator<Item = (ValType, &'v [u64])> + use<'v> {
    types.iter().scan(values, |rest, &ty| {
        let (value, after) = rest.split_at_checked(ty.registers())?;
        *rest = after;
        Some((ty, value))
    })
}

/// An exported function: where a run can start.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Entry {
    /// Export name.
    pub name: String,
    /// Parameter types, of at most [`provasm_isa::layout::ENTRY_VALUES_MAX`] register values.
    pub params: Vec<ValType>,
    /// Result types, of at most [`provasm_isa::layout::ENTRY_VALUES_MAX`] register values.
    pub results: Vec<ValType>,
    /// Index of the entry's first instruction.
    pub pc: u32,
}

/// Initial content of one cell that is not zero, or that is static.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InitialCell {
    /// Cell address, see [`provasm_isa::layout`].
    pub address: u32,
    /// Initial value; linear memory is little-endian.
    pub value: u64,
}

/// Where code came from, for listings, traces and profiles. It decides no behaviour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    /// Functions in code order: first instruction and name.
    pub functions: Vec<(u32, String)>,
    /// Per instruction, the byte offset in the WebAssembly module; 0 for generated code.
    pub offsets: Vec<u32>,
    /// Per instruction, the WebAssembly operators it stands for.
    pub wasm_ops: Vec<u16>,
}

/// A compiled program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Instructions; a program counter is an index into them.
    pub code: Vec<Instr>,
    /// Initial cells with strictly increasing addresses: non-zero linear memory, then every
    /// static cell (memory size, globals, table elements), zero or not.
    pub cells: Vec<InitialCell>,
    /// Size of the linear memory at the start, in pages.
    pub memory_pages: u32,
    /// Size the linear memory can grow to, in pages.
    pub memory_pages_max: u32,
    /// Exported functions. When the module has a start function, an entry's first instruction
    /// calls it.
    pub entries: Vec<Entry>,
    /// Code that calls the start function and halts, when the module has one.
    pub start: Option<u32>,
    /// Where the code came from.
    pub source: SourceMap,
}

impl Program {
    /// The exported function of this name.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// The value a table cell holds for a function: its type number plus one, then where it starts.
    #[must_use]
    pub const fn element(type_number: u16, pc: u32) -> u64 {
        (type_number as u64 + 1) | (pc as u64) << 16
    }
}
