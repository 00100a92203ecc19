//! How opcodes relate: the immediate, negated, swapped and branching forms of an operation.

use provasm_isa::{Family, Format, Instr, Op};

/// Flags of the comparison families, see [`Family::Compare32`].
const LESS: u16 = 2;
const GREATER: u16 = 4;
const NEGATE: u16 = 8;

/// The member of a family with these flags.
fn member(family: Family, flags: u16) -> Option<Op> {
    Op::ALL.iter().copied().find(|op| op.family() == family && op.flags() == flags)
}

/// Whether the opcode compares two values and writes 0 or 1.
pub(crate) fn is_comparison(op: Op) -> bool {
    branch_family(op.family()).is_some()
}

/// The branches on a family of comparisons.
fn branch_family(comparison: Family) -> Option<Family> {
    match comparison {
        Family::Compare32 => Some(Family::Branch32),
        Family::Compare64 => Some(Family::Branch64),
        Family::CompareImm32 => Some(Family::BranchImm32),
        Family::CompareImm64 => Some(Family::BranchImm64),
        _ => None,
    }
}

/// The comparison or branch that holds when this one does not.
pub(crate) fn negated(op: Op) -> Option<Op> {
    member(op.family(), op.flags() ^ NEGATE)
}

/// The operation that gives the same with its operands exchanged.
pub(crate) fn swapped(op: Op) -> Option<Op> {
    match op.family() {
        Family::Compare32 | Family::Compare64 => {
            let flags = op.flags();
            let mut exchanged = flags & !(LESS | GREATER);
            if flags & LESS != 0 {
                exchanged |= GREATER;
            }
            if flags & GREATER != 0 {
                exchanged |= LESS;
            }
            member(op.family(), exchanged)
        }
        Family::Bitwise32 | Family::Bitwise64 | Family::Mul32 | Family::Mul64 => Some(op),
        _ if matches!(op, Op::Add32 | Op::Add64) => Some(op),
        _ => None,
    }
}

/// The branch taken when a comparison writes 1. Its target is not set.
pub(crate) fn branch(comparison: &Instr) -> Option<Instr> {
    let op = member(branch_family(comparison.op.family())?, comparison.op.flags())?;
    Some(Instr { op, d: 0, b: if op.format() == Format::AITarget { 0 } else { comparison.b }, ..*comparison })
}

/// Whether the opcode computes on 32-bit operands.
pub(crate) fn is_32(op: Op) -> bool {
    match op.family() {
        Family::Add32
        | Family::AddImm32
        | Family::Bitwise32
        | Family::BitwiseImm32
        | Family::ShiftVar32
        | Family::ShiftImm32
        | Family::Compare32
        | Family::CompareImm32
        | Family::Mul32 => true,
        Family::Div => op.flags() & 1 == 0,
        _ => false,
    }
}

/// The form of an operation whose second operand is a constant, and that constant.
///
/// Shift amounts come reduced to below the width and are not 0.
pub(crate) fn immediate(op: Op, constant: u64) -> Option<(Op, u64)> {
    let mask = if is_32(op) { u64::from(u32::MAX) } else { u64::MAX };
    let plain = match op {
        Op::Add32 => Some(Op::AddImm32),
        Op::Add64 => Some(Op::AddImm64),
        Op::Sub32 => return Some((Op::AddImm32, constant.wrapping_neg() & mask)),
        Op::Sub64 => return Some((Op::AddImm64, constant.wrapping_neg())),
        Op::Rotr32 => return Some((Op::RotlImm32, 32 - constant)),
        Op::Rotr64 => return Some((Op::RotlImm64, 64 - constant)),
        Op::Mul32 | Op::Mul64 if constant.is_power_of_two() => {
            let shift = if is_32(op) { Op::ShlImm32 } else { Op::ShlImm64 };
            return Some((shift, u64::from(constant.trailing_zeros())));
        }
        Op::DivU32 | Op::DivU64 if constant.is_power_of_two() => {
            let shift = if is_32(op) { Op::ShrUImm32 } else { Op::ShrUImm64 };
            return Some((shift, u64::from(constant.trailing_zeros())));
        }
        Op::RemU32 if constant.is_power_of_two() => return Some((Op::AndImm32, constant - 1)),
        Op::RemU64 if constant.is_power_of_two() => return Some((Op::AndImm64, constant - 1)),
        _ => match op.family() {
            Family::Bitwise32 => member(Family::BitwiseImm32, op.flags()),
            Family::Bitwise64 => member(Family::BitwiseImm64, op.flags()),
            Family::ShiftVar32 => member(Family::ShiftImm32, op.flags()),
            Family::ShiftVar64 => member(Family::ShiftImm64, op.flags()),
            Family::Compare32 => member(Family::CompareImm32, op.flags()),
            Family::Compare64 => member(Family::CompareImm64, op.flags()),
            _ => None,
        },
    };
    plain.map(|op| (op, constant))
}

/// What an operation with a constant second operand gives without computing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// Its first operand.
    First,
    /// A constant.
    Constant(u64),
}

/// What `op` gives for every first operand when its second is `constant`.
pub(crate) fn identity(op: Op, constant: u64) -> Option<Identity> {
    let ones = if is_32(op) { u64::from(u32::MAX) } else { u64::MAX };
    match op.family() {
        Family::Add32 | Family::Add64 | Family::ShiftVar32 | Family::ShiftVar64 if constant == 0 => {
            Some(Identity::First)
        }
        Family::Bitwise32 | Family::Bitwise64 => {
            let (and, or) = (op.flags() == 1, op.flags() == 2);
            if constant == 0 {
                Some(if and { Identity::Constant(0) } else { Identity::First })
            } else if constant == ones && and {
                Some(Identity::First)
            } else if constant == ones && or {
                Some(Identity::Constant(ones))
            } else {
                None
            }
        }
        Family::Mul32 | Family::Mul64 => match constant {
            0 => Some(Identity::Constant(0)),
            1 => Some(Identity::First),
            _ => None,
        },
        _ if matches!(op, Op::DivU32 | Op::DivU64 | Op::DivS32 | Op::DivS64) && constant == 1 => Some(Identity::First),
        _ if matches!(op, Op::RemU32 | Op::RemU64 | Op::RemS32 | Op::RemS64) && constant == 1 => {
            Some(Identity::Constant(0))
        }
        _ => None,
    }
}

/// A constant second operand as the instruction wants it: shift amounts below the width.
pub(crate) fn reduced(op: Op, constant: u64) -> u64 {
    match op.family() {
        Family::ShiftVar32 => constant & 31,
        Family::ShiftVar64 => constant & 63,
        _ => constant,
    }
}

/// The register an instruction writes.
pub(crate) fn destination(instr: &Instr) -> Option<u16> {
    match instr.op.format() {
        Format::DI | Format::DA | Format::DAB | Format::DAI | Format::DABC | Format::Load => Some(instr.d),
        _ => None,
    }
}

/// Whether the value an instruction writes is below 2^32 by its nature.
pub(crate) fn fits_32(instr: &Instr) -> bool {
    match instr.op {
        Op::Load8U | Op::Load16U | Op::Load32U => true,
        Op::ShrUImm64 => instr.imm >= 32,
        Op::AndImm64 | Op::Const => instr.imm <= u64::from(u32::MAX),
        Op::Wrap64 | Op::Clz64 | Op::Ctz64 | Op::Popcnt64 => true,
        op => is_32(op) || is_comparison(op),
    }
}
