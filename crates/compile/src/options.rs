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
    /// What becomes of float arithmetic.
    pub float_arithmetic: FloatPolicy,
}

/// What becomes of an operator that computes with floats.
///
/// Moving floats (constants, loads, stores, locals, reinterpretation) always compiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FloatPolicy {
    /// The module does not compile.
    #[default]
    Refuse,
    /// The operator traps with [`provasm_isa::Trap::InvalidConversion`], which nothing else does
    /// under this policy. For conformance tests only: they run the integer functions of modules
    /// that have float functions too, and tell by the trap when a float operator was reached.
    Trap,
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
    /// A table of nulls that nothing else uses.
    Table {
        /// Elements at the start.
        elements: u32,
        /// Elements it can grow to.
        elements_max: Option<u32>,
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
