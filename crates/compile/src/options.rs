//! What a caller can decide about a compilation.

use std::collections::BTreeMap;

use provasm_program::ValType;

use crate::Limits;

/// What a caller can decide about a compilation. The default compiles modules without imports.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the module can import.
    pub imports: Imports,
    /// How large the module can be.
    pub limits: Limits,
    /// Which versions of WebAssembly the module can use.
    pub features: Features,
}

/// Which version of WebAssembly a module is held to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Features {
    /// WebAssembly 1.0.
    Version1,
    /// WebAssembly 2.0: bulk memory, reference types, multiple values, sign extension, saturating
    /// conversion and fixed-width SIMD.
    Version2,
    /// 2.0 and extended constant expressions, tail calls, multiple memories, 64-bit memories and
    /// tables, relaxed SIMD and wide arithmetic.
    #[default]
    Extended,
}

/// What a module can import, by module and field name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imports {
    definitions: BTreeMap<(String, String), Import>,
}

/// Something a module can import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Import {
    /// A function that drops its arguments and returns nothing.
    IgnoredFunction {
        /// Its parameter types.
        params: Vec<ValType>,
    },
    /// A global with a known initial value.
    Global {
        /// Its type.
        value_type: ValType,
        /// Whether it can change.
        mutable: bool,
        /// Its initial value; 32-bit values are zero-extended.
        value: u64,
    },
    /// A memory of zeros that nothing else uses.
    Memory {
        /// Pages at the start.
        pages: u32,
        /// Pages it can grow to.
        pages_max: Option<u32>,
    },
    /// A table of null functions that nothing else uses.
    Table {
        /// Elements at the start.
        elements: u32,
        /// Elements it can grow to.
        elements_max: Option<u32>,
        /// Whether it is indexed by i64.
        index64: bool,
    },
}

impl Imports {
    /// Adds or replaces a definition.
    pub fn define(&mut self, module: &str, field: &str, import: Import) {
        self.definitions.insert((module.to_owned(), field.to_owned()), import);
    }

    /// The definition of this name.
    #[must_use]
    pub fn get(&self, module: &str, field: &str) -> Option<&Import> {
        self.definitions.get(&(module.to_owned(), field.to_owned()))
    }
}
