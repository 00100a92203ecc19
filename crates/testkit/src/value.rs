//! Values of scripts as registers, and expected results.

use wast::core::{NanPattern, WastArgCore, WastRetCore};
use wast::{WastArg, WastRet};

/// The quiet bit of a NaN's mantissa and everything above, per width.
const QUIET_32: u64 = 0x7fc0_0000;
const QUIET_64: u64 = 0x7ff8_0000_0000_0000;
const SIGN_32: u64 = 1 << 31;
const SIGN_64: u64 = 1 << 63;

/// The register value of an argument; `None` if its type is not supported.
pub(crate) fn argument(argument: &WastArg<'_>) -> Option<u64> {
    match argument {
        WastArg::Core(WastArgCore::I32(value)) => Some(u64::from(value.cast_unsigned())),
        WastArg::Core(WastArgCore::I64(value)) => Some(value.cast_unsigned()),
        WastArg::Core(WastArgCore::F32(value)) => Some(u64::from(value.bits)),
        WastArg::Core(WastArgCore::F64(value)) => Some(value.bits),
        _ => None,
    }
}

/// Whether a register holds the result that is expected.
pub(crate) fn matches(expected: &WastRet<'_>, found: u64) -> bool {
    match expected {
        WastRet::Core(expected) => matches_core(expected, found),
        _ => false,
    }
}

fn matches_core(expected: &WastRetCore<'_>, found: u64) -> bool {
    match expected {
        WastRetCore::I32(value) => found == u64::from(value.cast_unsigned()),
        WastRetCore::I64(value) => found == value.cast_unsigned(),
        WastRetCore::F32(NanPattern::Value(value)) => found == u64::from(value.bits),
        WastRetCore::F32(NanPattern::CanonicalNan) => found & !SIGN_32 == QUIET_32,
        WastRetCore::F32(NanPattern::ArithmeticNan) => found & QUIET_32 == QUIET_32,
        WastRetCore::F64(NanPattern::Value(value)) => found == value.bits,
        WastRetCore::F64(NanPattern::CanonicalNan) => found & !SIGN_64 == QUIET_64,
        WastRetCore::F64(NanPattern::ArithmeticNan) => found & QUIET_64 == QUIET_64,
        WastRetCore::Either(cases) => cases.iter().any(|case| matches_core(case, found)),
        _ => false,
    }
}
