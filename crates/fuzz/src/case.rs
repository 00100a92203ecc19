//! What is compared: a module and calls of its exports.

use provasm_program::ValType;
use wasmparser::types::EntityType;
use wasmparser::{Validator, WasmFeatures};

/// A call of an exported function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Export name.
    pub function: String,
    /// Arguments as register values.
    pub args: Vec<u64>,
}

/// A module and calls of its exports, in order.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it was made from.
    pub name: String,
    /// The module's bytes.
    pub wasm: Vec<u8>,
    /// The calls.
    pub calls: Vec<Call>,
}

/// An exported function's name and types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    /// Export name.
    pub(crate) name: String,
    /// Parameter types.
    pub(crate) params: Vec<ValType>,
}

/// The exported functions of a valid module whose parameters have types of ours.
///
/// # Errors
/// The validator's words, when the module is invalid under every feature.
pub(crate) fn signatures(wasm: &[u8]) -> Result<Vec<Signature>, String> {
    let types =
        Validator::new_with_features(WasmFeatures::all()).validate_all(wasm).map_err(|error| error.to_string())?;
    let types = types.as_ref();
    let mut signatures = Vec::new();
    for (name, entity) in types.core_exports().into_iter().flatten() {
        let (EntityType::Func(id) | EntityType::FuncExact(id)) = entity else { continue };
        let params: Option<Vec<ValType>> = types[id].unwrap_func().params().iter().map(value_type).collect();
        if let Some(params) = params {
            signatures.push(Signature { name: name.to_owned(), params });
        }
    }
    Ok(signatures)
}

fn value_type(value_type: &wasmparser::ValType) -> Option<ValType> {
    Some(match *value_type {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::FUNCREF => ValType::FuncRef,
        wasmparser::ValType::EXTERNREF => ValType::ExternRef,
        wasmparser::ValType::Ref(_) => return None,
    })
}
