//! The meaning of every pure operation, written once.

use crate::{Op, Trap};

/// The value a pure operation computes from its operands.
///
/// `b` is the second register or the immediate. 32-bit values are held zero-extended.
/// Comparisons and conditional branches give 1 when they hold and 0 when they do not.
/// [`Op::Select`] and everything that touches memory, control or the run's state is not pure and
/// gives `a` unchanged.
///
/// # Errors
/// The trap a division ends in.
#[inline(always)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "two's complement reinterpretation is the meaning; one line per opcode"
)]
pub const fn eval(op: Op, a: u64, b: u64) -> Result<u64, Trap> {
    let (a32, b32) = (a as u32, b as u32);
    let (sa32, sb32) = (a32 as i32, b32 as i32);
    let (sa64, sb64) = (a as i64, b as i64);
    Ok(match op {
        Op::Const => b,
        Op::Wrap64 => a32 as u64,
        Op::Extend8To32 => a as i8 as i32 as u32 as u64,
        Op::Extend16To32 => a as i16 as i32 as u32 as u64,
        Op::Extend8To64 => a as i8 as i64 as u64,
        Op::Extend16To64 => a as i16 as i64 as u64,
        Op::Extend32To64 => sa32 as i64 as u64,
        Op::Add32 | Op::AddImm32 => a32.wrapping_add(b32) as u64,
        Op::Sub32 => a32.wrapping_sub(b32) as u64,
        Op::Add64 | Op::AddImm64 => a.wrapping_add(b),
        Op::Sub64 => a.wrapping_sub(b),
        Op::And32 | Op::AndImm32 => (a32 & b32) as u64,
        Op::Or32 | Op::OrImm32 => (a32 | b32) as u64,
        Op::Xor32 | Op::XorImm32 => (a32 ^ b32) as u64,
        Op::And64 | Op::AndImm64 => a & b,
        Op::Or64 | Op::OrImm64 => a | b,
        Op::Xor64 | Op::XorImm64 => a ^ b,
        Op::Shl32 | Op::ShlImm32 => a32.wrapping_shl(b32) as u64,
        Op::ShrU32 | Op::ShrUImm32 => a32.wrapping_shr(b32) as u64,
        Op::ShrS32 | Op::ShrSImm32 => sa32.wrapping_shr(b32) as u32 as u64,
        Op::Rotl32 | Op::RotlImm32 => a32.rotate_left(b32 & 31) as u64,
        Op::Rotr32 => a32.rotate_right(b32 & 31) as u64,
        Op::Shl64 | Op::ShlImm64 => a.wrapping_shl(b32),
        Op::ShrU64 | Op::ShrUImm64 => a.wrapping_shr(b32),
        Op::ShrS64 | Op::ShrSImm64 => sa64.wrapping_shr(b32) as u64,
        Op::Rotl64 | Op::RotlImm64 => a.rotate_left(b32 & 63),
        Op::Rotr64 => a.rotate_right(b32 & 63),
        Op::Eq32 | Op::EqImm32 | Op::BrEq32 | Op::BrEqImm32 => (a32 == b32) as u64,
        Op::Ne32 | Op::NeImm32 | Op::BrNe32 | Op::BrNeImm32 => (a32 != b32) as u64,
        Op::LtU32 | Op::LtUImm32 | Op::BrLtU32 | Op::BrLtUImm32 => (a32 < b32) as u64,
        Op::GeU32 | Op::GeUImm32 | Op::BrGeU32 | Op::BrGeUImm32 => (a32 >= b32) as u64,
        Op::GtU32 | Op::GtUImm32 | Op::BrGtU32 | Op::BrGtUImm32 => (a32 > b32) as u64,
        Op::LeU32 | Op::LeUImm32 | Op::BrLeU32 | Op::BrLeUImm32 => (a32 <= b32) as u64,
        Op::LtS32 | Op::LtSImm32 | Op::BrLtS32 | Op::BrLtSImm32 => (sa32 < sb32) as u64,
        Op::GeS32 | Op::GeSImm32 | Op::BrGeS32 | Op::BrGeSImm32 => (sa32 >= sb32) as u64,
        Op::GtS32 | Op::GtSImm32 | Op::BrGtS32 | Op::BrGtSImm32 => (sa32 > sb32) as u64,
        Op::LeS32 | Op::LeSImm32 | Op::BrLeS32 | Op::BrLeSImm32 => (sa32 <= sb32) as u64,
        Op::Eq64 | Op::EqImm64 | Op::BrEq64 | Op::BrEqImm64 => (a == b) as u64,
        Op::Ne64 | Op::NeImm64 | Op::BrNe64 | Op::BrNeImm64 => (a != b) as u64,
        Op::LtU64 | Op::LtUImm64 | Op::BrLtU64 | Op::BrLtUImm64 => (a < b) as u64,
        Op::GeU64 | Op::GeUImm64 | Op::BrGeU64 | Op::BrGeUImm64 => (a >= b) as u64,
        Op::GtU64 | Op::GtUImm64 | Op::BrGtU64 | Op::BrGtUImm64 => (a > b) as u64,
        Op::LeU64 | Op::LeUImm64 | Op::BrLeU64 | Op::BrLeUImm64 => (a <= b) as u64,
        Op::LtS64 | Op::LtSImm64 | Op::BrLtS64 | Op::BrLtSImm64 => (sa64 < sb64) as u64,
        Op::GeS64 | Op::GeSImm64 | Op::BrGeS64 | Op::BrGeSImm64 => (sa64 >= sb64) as u64,
        Op::GtS64 | Op::GtSImm64 | Op::BrGtS64 | Op::BrGtSImm64 => (sa64 > sb64) as u64,
        Op::LeS64 | Op::LeSImm64 | Op::BrLeS64 | Op::BrLeSImm64 => (sa64 <= sb64) as u64,
        Op::Mul32 => a32.wrapping_mul(b32) as u64,
        Op::Mul64 => a.wrapping_mul(b),
        Op::DivU32 | Op::RemU32 | Op::DivS32 | Op::RemS32 if b32 == 0 => return Err(Trap::DivideByZero),
        Op::DivU64 | Op::RemU64 | Op::DivS64 | Op::RemS64 if b == 0 => return Err(Trap::DivideByZero),
        Op::DivU32 => (a32 / b32) as u64,
        Op::RemU32 => (a32 % b32) as u64,
        Op::DivS32 => match sa32.checked_div(sb32) {
            Some(quotient) => quotient as u32 as u64,
            None => return Err(Trap::IntegerOverflow),
        },
        Op::RemS32 => sa32.wrapping_rem(sb32) as u32 as u64,
        Op::DivU64 => a / b,
        Op::RemU64 => a % b,
        Op::DivS64 => match sa64.checked_div(sb64) {
            Some(quotient) => quotient as u64,
            None => return Err(Trap::IntegerOverflow),
        },
        Op::RemS64 => sa64.wrapping_rem(sb64) as u64,
        Op::Clz32 => a32.leading_zeros() as u64,
        Op::Ctz32 => a32.trailing_zeros() as u64,
        Op::Popcnt32 => a32.count_ones() as u64,
        Op::Clz64 => a.leading_zeros() as u64,
        Op::Ctz64 => a.trailing_zeros() as u64,
        Op::Popcnt64 => a.count_ones() as u64,
        _ => a,
    })
}

/// The register value a load gives for the bytes it read, held zero-extended in `raw`.
#[inline(always)]
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sign extension")]
pub const fn load_extend(op: Op, raw: u64) -> u64 {
    match op {
        Op::Load8S32 => raw as i8 as i32 as u32 as u64,
        Op::Load16S32 => raw as i16 as i32 as u32 as u64,
        Op::Load8S64 => raw as i8 as i64 as u64,
        Op::Load16S64 => raw as i16 as i64 as u64,
        Op::Load32S64 => raw as i32 as i64 as u64,
        _ => raw,
    }
}
