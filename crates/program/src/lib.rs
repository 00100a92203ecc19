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
        }
    }

    /// Whether a value of this type has 32 bits.
    #[must_use]
    pub const fn is_32(self) -> bool {
        matches!(self, ValType::I32 | ValType::F32)
    }
}

/// An exported function: where a run can start.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Entry {
    /// Export name.
    pub name: String,
    /// Parameter types, at most [`provasm_isa::layout::ENTRY_VALUES_MAX`].
    pub params: Vec<ValType>,
    /// Result types, at most [`provasm_isa::layout::ENTRY_VALUES_MAX`].
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
