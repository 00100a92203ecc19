//! Values of scripts as registers, and expected results.

use provasm_program::{ValType, registers, typed_values};
use wast::core::{AbstractHeapType, HeapType, NanPattern, V128Pattern, WastArgCore, WastRetCore};
use wast::token::{F32, F64};
use wast::{WastArg, WastRet};

/// The quiet bit of a NaN's mantissa and everything above, per width.
const QUIET_32: u32 = 0x7fc0_0000;
const QUIET_64: u64 = 0x7ff8_0000_0000_0000;
const SIGN_32: u32 = 1 << 31;
const SIGN_64: u64 = 1 << 63;

/// The register values of arguments.
///
/// # Errors
/// The feature that a value of this type needs.
pub(crate) fn arguments(arguments: &[WastArg<'_>]) -> Result<Vec<u64>, String> {
    let mut values = Vec::with_capacity(arguments.len());
    for argument in arguments {
        match argument {
            WastArg::Core(WastArgCore::I32(value)) => values.push(value.cast_unsigned().into()),
            WastArg::Core(WastArgCore::I64(value)) => values.push(value.cast_unsigned()),
            WastArg::Core(WastArgCore::F32(value)) => values.push(value.bits.into()),
            WastArg::Core(WastArgCore::F64(value)) => values.push(value.bits),
            WastArg::Core(WastArgCore::V128(value)) => values.extend(halves(value.to_le_bytes())),
            WastArg::Core(WastArgCore::RefNull(heap)) if reference_type(heap).is_some() => values.push(0),
            WastArg::Core(WastArgCore::RefExtern(number)) => values.push(u64::from(*number) + 1),
            other => return Err(format!("argument {other:?}")),
        }
    }
    Ok(values)
}

/// The register values of a vector, low half first.
fn halves(bytes: [u8; 16]) -> [u64; 2] {
    let all = u128::from_le_bytes(bytes);
    [all as u64, (all >> 64) as u64]
}

/// The type of references to a heap type, of those that there are.
const fn reference_type(heap: &HeapType<'_>) -> Option<ValType> {
    match heap {
        HeapType::Abstract { shared: false, ty } => match ty {
            AbstractHeapType::Func | AbstractHeapType::NoFunc => Some(ValType::FuncRef),
            AbstractHeapType::Extern | AbstractHeapType::NoExtern => Some(ValType::ExternRef),
            _ => None,
        },
        _ => None,
    }
}

/// Whether values of these types match the patterns, one by one.
pub(crate) fn match_all(expected: &[WastRet<'_>], types: &[ValType], found: &[u64]) -> bool {
    expected.len() == types.len()
        && registers(types) == found.len()
        && expected.iter().zip(typed_values(types, found)).all(|(expected, (ty, found))| match expected {
            WastRet::Core(expected) => matches(expected, ty, found),
            _ => false,
        })
}

fn matches(expected: &WastRetCore<'_>, ty: ValType, found: &[u64]) -> bool {
    match (expected, ty, found) {
        (WastRetCore::Either(cases), ..) => cases.iter().any(|case| matches(case, ty, found)),
        (WastRetCore::I32(value), ValType::I32, [found]) => *found == u64::from(value.cast_unsigned()),
        (WastRetCore::I64(value), ValType::I64, [found]) => *found == value.cast_unsigned(),
        (WastRetCore::F32(pattern), ValType::F32, [found]) => {
            u32::try_from(*found).is_ok_and(|found| matches_f32(pattern, found))
        }
        (WastRetCore::F64(pattern), ValType::F64, [found]) => matches_f64(pattern, *found),
        (WastRetCore::V128(pattern), ValType::V128, [low, high]) => {
            matches_v128(pattern, (u128::from(*high) << 64 | u128::from(*low)).to_le_bytes())
        }
        (WastRetCore::RefNull(heap), ValType::FuncRef | ValType::ExternRef, [found]) => {
            *found == 0 && heap.as_ref().is_none_or(|heap| reference_type(heap) == Some(ty))
        }
        (WastRetCore::RefExtern(number), ValType::ExternRef, [found]) => match number {
            Some(number) => *found == u64::from(*number) + 1,
            None => *found != 0,
        },
        // Which function it is cannot be said without the module.
        (WastRetCore::RefFunc(None), ValType::FuncRef, [found]) => *found != 0,
        _ => false,
    }
}

fn matches_f32(pattern: &NanPattern<F32>, found: u32) -> bool {
    match pattern {
        NanPattern::Value(value) => found == value.bits,
        NanPattern::CanonicalNan => found & !SIGN_32 == QUIET_32,
        NanPattern::ArithmeticNan => found & QUIET_32 == QUIET_32,
    }
}

fn matches_f64(pattern: &NanPattern<F64>, found: u64) -> bool {
    match pattern {
        NanPattern::Value(value) => found == value.bits,
        NanPattern::CanonicalNan => found & !SIGN_64 == QUIET_64,
        NanPattern::ArithmeticNan => found & QUIET_64 == QUIET_64,
    }
}

fn matches_v128(pattern: &V128Pattern, found: [u8; 16]) -> bool {
    match pattern {
        V128Pattern::I8x16(lanes) => {
            lanes.iter().zip(lanes_of(&found)).all(|(lane, [found])| lane.to_le_bytes() == [found])
        }
        V128Pattern::I16x8(lanes) => {
            lanes.iter().zip(lanes_of(&found)).all(|(lane, found)| lane.to_le_bytes() == found)
        }
        V128Pattern::I32x4(lanes) => {
            lanes.iter().zip(lanes_of(&found)).all(|(lane, found)| lane.to_le_bytes() == found)
        }
        V128Pattern::I64x2(lanes) => {
            lanes.iter().zip(lanes_of(&found)).all(|(lane, found)| lane.to_le_bytes() == found)
        }
        V128Pattern::F32x4(lanes) => {
            lanes.iter().zip(lanes_of(&found)).all(|(lane, found)| matches_f32(lane, u32::from_le_bytes(found)))
        }
        V128Pattern::F64x2(lanes) => {
            lanes.iter().zip(lanes_of(&found)).all(|(lane, found)| matches_f64(lane, u64::from_le_bytes(found)))
        }
    }
}

/// The lanes of a vector, of this many bytes each.
fn lanes_of<const BYTES: usize>(bytes: &[u8; 16]) -> impl Iterator<Item = [u8; BYTES]> + '_ {
    bytes.as_chunks::<BYTES>().0.iter().copied()
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
        WastRet::Core(other) => format!("{other:x?}"),
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether values match the patterns of a script's `assert_return`.
    #[track_caller]
    fn check(patterns: &str, types: &[ValType], found: &[u64], expect: bool) {
        let text = format!("(assert_return (invoke \"f\") {patterns})");
        let buffer = crate::prepare::lex(&text).expect("a script");
        let steps = crate::prepare::parse(&buffer, &text).expect("a script");
        let wast::WastDirective::AssertReturn { results, .. } = &steps[0].directive else { panic!("{text}") };
        assert_eq!(match_all(results, types, found), expect, "{patterns} {types:?} {found:x?}");
    }

    #[test]
    fn numbers() {
        check("(i32.const -1)", &[ValType::I32], &[0xffff_ffff], true);
        check("(i32.const -1)", &[ValType::I32], &[u64::MAX], false);
        check("(i32.const 1)", &[ValType::I64], &[1], false);
        check("(i64.const -1)", &[ValType::I64], &[u64::MAX], true);
        check("(i32.const 1) (i32.const 2)", &[ValType::I32; 2], &[1, 2], true);
        check("(i32.const 1)", &[ValType::I32; 2], &[1, 2], false);
        check("", &[], &[], true);
    }

    #[test]
    fn not_a_number() {
        let f32 = [ValType::F32];
        check("(f32.const nan:canonical)", &f32, &[0xffc0_0000], true);
        check("(f32.const nan:canonical)", &f32, &[0x7fc0_0001], false);
        check("(f32.const nan:arithmetic)", &f32, &[0x7fc0_0001], true);
        check("(f32.const nan:arithmetic)", &f32, &[0x7f80_0001], false);
        check("(f32.const nan:arithmetic)", &f32, &[0x1_7fc0_0001], false);
        check("(f32.const nan:0x200000)", &f32, &[0x7fa0_0000], true);
        check("(f64.const nan:canonical)", &[ValType::F64], &[QUIET_64], true);
        check("(f64.const nan:arithmetic)", &[ValType::F64], &[QUIET_64 | 1], true);
        check("(f64.const nan:arithmetic)", &[ValType::F64], &[0x7ff0_0000_0000_0001], false);
        check("(f32.const -0)", &f32, &[0], false);
    }

    #[test]
    fn vectors() {
        let v128 = [ValType::V128];
        let bytes = "(v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 -1)";
        check(bytes, &v128, &[0x0706_0504_0302_0100, 0xff0e_0d0c_0b0a_0908], true);
        check(bytes, &v128, &[0x0706_0504_0302_0100, 0xff0e_0d0c_0b0a_0809], false);
        check("(v128.const i64x2 1 2)", &v128, &[1, 2], true);
        check("(v128.const i64x2 1 2) (i32.const 3)", &[ValType::V128, ValType::I32], &[1, 2, 3], true);
        check("(v128.const i16x8 1 2 3 4 5 6 7 8)", &v128, &[0x0004_0003_0002_0001, 0x0008_0007_0006_0005], true);
        let lanes = "(v128.const f32x4 1 nan:canonical nan:arithmetic -0)";
        check(lanes, &v128, &[0xffc0_0000_3f80_0000, 0x8000_0000_7fc0_0001], true);
        check(lanes, &v128, &[0xffc0_0001_3f80_0000, 0x8000_0000_7fc0_0001], false);
        check("(v128.const f64x2 1 nan:canonical)", &v128, &[0x3ff0_0000_0000_0000, QUIET_64 | SIGN_64], true);
    }

    #[test]
    fn references() {
        check("(ref.null func)", &[ValType::FuncRef], &[0], true);
        check("(ref.null extern)", &[ValType::FuncRef], &[0], false);
        check("(ref.null)", &[ValType::ExternRef], &[0], true);
        check("(ref.null)", &[ValType::I32], &[0], false);
        check("(ref.extern 0)", &[ValType::ExternRef], &[1], true);
        check("(ref.extern 0)", &[ValType::ExternRef], &[0], false);
        check("(ref.func)", &[ValType::FuncRef], &[7], true);
        check("(ref.func)", &[ValType::FuncRef], &[0], false);
    }

    #[test]
    fn alternatives() {
        let either = "(either (i32.const 1) (i32.const 3))";
        check(either, &[ValType::I32], &[3], true);
        check(either, &[ValType::I32], &[2], false);
    }
}
