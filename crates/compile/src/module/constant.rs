//! Constant expressions: initial values of globals, offsets of segments, table elements.

use wasmparser::{ConstExpr, Operator};

use super::Module;
use crate::CompileError;

/// The value of a constant expression of a number type; 32-bit values are zero-extended.
pub(super) fn value(module: &Module<'_>, expression: &ConstExpr<'_>) -> Result<u64, CompileError> {
    let mut reader = expression.get_operators_reader();
    let offset = reader.original_position();
    Ok(match reader.read()? {
        Operator::I32Const { value } => u64::from(value.cast_unsigned()),
        Operator::I64Const { value } => value.cast_unsigned(),
        Operator::F32Const { value } => u64::from(value.bits()),
        Operator::F64Const { value } => value.bits(),
        Operator::GlobalGet { global_index } => {
            let what = "a constant expression reads an imported global";
            let global = module.globals.get(global_index as usize);
            global.ok_or(CompileError::Inconsistent { what, offset })?.value
        }
        other => {
            return Err(CompileError::Unsupported { feature: format!("constant {other:?}"), offset });
        }
    })
}

/// The value of a constant expression of type i32.
pub(super) fn value_32(module: &Module<'_>, expression: &ConstExpr<'_>) -> Result<u32, CompileError> {
    let offset = expression.get_binary_reader().original_position();
    let what = "an offset has 32 bits";
    u32::try_from(value(module, expression)?).map_err(|_| CompileError::Inconsistent { what, offset })
}

/// The function a constant expression refers to; `None` for null.
pub(super) fn function(expression: &ConstExpr<'_>) -> Result<Option<u32>, CompileError> {
    let mut reader = expression.get_operators_reader();
    let offset = reader.original_position();
    match reader.read()? {
        Operator::RefFunc { function_index } => Ok(Some(function_index)),
        Operator::RefNull { .. } => Ok(None),
        other => Err(CompileError::Unsupported { feature: format!("element {other:?}"), offset }),
    }
}
