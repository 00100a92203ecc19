//! What the instances of a program have in common: cells, memories, tables.

use std::collections::BTreeMap;

use provasm_isa::layout::{CELL_BYTES, PAGE_BYTES, STATIC_BASE, STATIC_CELLS_MAX, STATIC_MEMORY_SIZE};
use provasm_program::{InitialCell, ValType};

use crate::CompileError;
use crate::error::check_limit;
use crate::layout::{Callee, Count, GlobalPlace, MemoryPlace, MemoryReach, TablePlace};
use crate::module::Signature;

/// A memory of the program.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory {
    pub(super) place: MemoryPlace,
    /// Its declared maximum.
    pub(super) declared_max: Option<u64>,
}

/// A table of the program.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    pub(super) place: TablePlace,
    pub(super) element: ValType,
    /// Its declared maximum.
    pub(super) declared_max: Option<u64>,
}

/// Something that an instance exports, or imports.
#[derive(Clone, Debug)]
pub(super) enum Extern {
    Function {
        callee: Callee,
        signature: Signature,
        /// Where its code starts.
        start: u32,
    },
    Global {
        place: GlobalPlace,
        mutable: bool,
    },
    /// The memory of this number of the program.
    Memory(usize),
    /// The table of this number of the program.
    Table(usize),
}

/// What the program's cells hold at the start.
#[derive(Debug)]
pub(super) struct Cells {
    pub(super) memory: BTreeMap<u32, u64>,
    pub(super) statics: Vec<u64>,
}

impl Cells {
    pub(super) fn new() -> Self {
        // The size of the linear memory comes first.
        Cells { memory: BTreeMap::new(), statics: vec![0] }
    }

    /// Adds static cells and returns the index of the first.
    pub(super) fn add(&mut self, values: impl IntoIterator<Item = u64>) -> Result<u32, CompileError> {
        let first = self.statics.len() as u32;
        self.statics.extend(values.into_iter().take(STATIC_CELLS_MAX as usize + 1));
        check_limit("static cells", self.statics.len() as u64, STATIC_CELLS_MAX.into())?;
        Ok(first)
    }

    pub(super) fn get(&self, cell: u32) -> u64 {
        self.statics.get(cell as usize).copied().unwrap_or(0)
    }

    pub(super) fn set(&mut self, cell: u32, value: u64) {
        if let Some(cell) = self.statics.get_mut(cell as usize) {
            *cell = value;
        }
    }

    pub(super) fn count(&self, count: Count) -> u64 {
        match count {
            Count::Fixed(count) => count.into(),
            Count::Cell(cell) => self.get(cell),
        }
    }

    /// Size of a memory in bytes.
    pub(super) fn memory_bytes(&self, memory: MemoryPlace) -> u64 {
        match memory.reach {
            MemoryReach::Whole => self.get(STATIC_MEMORY_SIZE) * PAGE_BYTES,
            MemoryReach::Window { size, .. } => self.get(size),
        }
    }

    /// Writes bytes to the linear memory.
    pub(super) fn write(&mut self, address: u64, bytes: &[u8]) {
        // The bytes of the first word, then the others.
        let start = (address % CELL_BYTES) as usize;
        let (head, rest) = bytes.split_at(bytes.len().min(CELL_BYTES as usize - start));
        let words = [(start, head)].into_iter().chain(rest.chunks(CELL_BYTES as usize).map(|word| (0, word)));
        for (cell, (start, bytes)) in (address / CELL_BYTES..).zip(words) {
            let cell = self.memory.entry(cell as u32).or_insert(0);
            let mut word = cell.to_le_bytes();
            word[start..start + bytes.len()].copy_from_slice(bytes);
            *cell = u64::from_le_bytes(word);
        }
    }

    pub(super) fn adopt(&mut self, cells: &[InitialCell]) {
        self.memory.clear();
        for cell in cells {
            match cell.address.checked_sub(STATIC_BASE) {
                Some(index) => self.set(index, cell.value),
                None => {
                    self.memory.insert(cell.address, cell.value);
                }
            }
        }
    }
}
