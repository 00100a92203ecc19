//! Values of scripts as registers, and expected results.

use provasm_program::ValType;
use wast::core::{NanPattern, WastArgCore, WastRetCore};
use wast::{WastArg, WastRet};

/// The quiet bit of a NaN's mantissa and everything above, per width.
const QUIET_32: u64 = 0x7fc0_0000;
const QUIET_64: u64 = 0x7ff8_0000_0000_0000;
const SIGN_32: u64 = 1 << 31;
const SIGN_64: u64 = 1 << 63;

/// The register values of arguments.
///
/// # Errors
/// The feature that a value of this type needs.
pub(crate) fn arguments(arguments: &[WastArg<'_>]) -> Result<Vec<u64>, String> {
    arguments.iter().map(argument).collect()
}

fn argument(argument: &WastArg<'_>) -> Result<u64, String> {
    match argument {
        WastArg::Core(WastArgCore::I32(value)) => Ok(u64::from(value.cast_unsigned())),
        WastArg::Core(WastArgCore::I64(value)) => Ok(value.cast_unsigned()),
        WastArg::Core(WastArgCore::F32(value)) => Ok(u64::from(value.bits)),
        WastArg::Core(WastArgCore::F64(value)) => Ok(value.bits),
        other => Err(format!("argument {other:?}")),
    }
}

/// Whether values of these types match the patterns, one by one.
pub(crate) fn match_all(expected: &[WastRet<'_>], types: &[ValType], found: &[u64]) -> bool {
    expected.len() == found.len()
        && types.len() == found.len()
        && expected.iter().zip(types).zip(found).all(|((expected, ty), found)| match expected {
            WastRet::Core(expected) => matches(expected, *ty, *found),
            _ => false,
        })
}

fn matches(expected: &WastRetCore<'_>, ty: ValType, found: u64) -> bool {
    match (expected, ty) {
        (WastRetCore::I32(value), ValType::I32) => found == u64::from(value.cast_unsigned()),
        (WastRetCore::I64(value), ValType::I64) => found == value.cast_unsigned(),
        (WastRetCore::F32(pattern), ValType::F32) => matches_f32(pattern, found),
        (WastRetCore::F64(pattern), ValType::F64) => matches_f64(pattern, found),
        (WastRetCore::Either(cases), _) => cases.iter().any(|case| matches(case, ty, found)),
        _ => false,
    }
}

fn matches_f32(pattern: &NanPattern<wast::token::F32>, found: u64) -> bool {
    match pattern {
        NanPattern::Value(value) => found == u64::from(value.bits),
        NanPattern::CanonicalNan => found & !SIGN_32 == QUIET_32,
        NanPattern::ArithmeticNan => found >> 32 == 0 && found & QUIET_32 == QUIET_32,
    }
}

fn matches_f64(pattern: &NanPattern<wast::token::F64>, found: u64) -> bool {
    match pattern {
        NanPattern::Value(value) => found == value.bits,
        NanPattern::CanonicalNan => found & !SIGN_64 == QUIET_64,
        NanPattern::ArithmeticNan => found & QUIET_64 == QUIET_64,
    }
}

/// Expected results as in a message.
pub(crate) fn show_all(expected: &[WastRet<'_>]) -> String {
    let shown: Vec<String> = expected.iter().map(show).collect();
    format!("({})", shown.join(", "))
}

fn show(expected: &WastRet<'_>) -> String {
    match expected {
        WastRet::Core(WastRetCore::I32(value)) => format!("i32 {value:#x}"),
        WastRet::Core(WastRetCore::I64(value)) => format!("i64 {value:#x}"),
        WastRet::Core(WastRetCore::F32(NanPattern::Value(value))) => format!("f32 {:#x}", value.bits),
        WastRet::Core(WastRetCore::F64(NanPattern::Value(value))) => format!("f64 {:#x}", value.bits),
        WastRet::Core(other) => format!("{other:?}"),
        other => format!("{other:?}"),
    }
}
