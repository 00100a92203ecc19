//! The host module that the specification's scripts import.

use provasm_compile::{Import, Imports};
use provasm_program::ValType;

/// Bits of 666.6 as an f32.
const F32_666_6: u64 = 666.6_f32.to_bits() as u64;
/// Bits of 666.6 as an f64.
const F64_666_6: u64 = 666.6_f64.to_bits();

/// The module `spectest`, as the specification's interpreter defines it. Its functions print in
/// the original and do nothing here.
#[must_use]
pub fn spectest() -> Imports {
    let mut imports = Imports::default();
    for (name, params) in [
        ("print", vec![]),
        ("print_i32", vec![ValType::I32]),
        ("print_i64", vec![ValType::I64]),
        ("print_f32", vec![ValType::F32]),
        ("print_f64", vec![ValType::F64]),
        ("print_i32_f32", vec![ValType::I32, ValType::F32]),
        ("print_f64_f64", vec![ValType::F64, ValType::F64]),
    ] {
        imports.define("spectest", name, Import::IgnoredFunction { params });
    }
    for (name, value_type, value) in [
        ("global_i32", ValType::I32, 666),
        ("global_i64", ValType::I64, 666),
        ("global_f32", ValType::F32, F32_666_6),
        ("global_f64", ValType::F64, F64_666_6),
    ] {
        imports.define("spectest", name, Import::Global { value_type, mutable: false, value });
    }
    imports.define("spectest", "memory", Import::Memory { pages: 1, pages_max: Some(2) });
    for (name, index64) in [("table", false), ("table64", true)] {
        imports.define("spectest", name, Import::Table { elements: 10, elements_max: Some(20), index64 });
    }
    imports
}
