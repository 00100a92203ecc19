//! The instruction word.

use crate::{Format, Op};

/// One instruction: an opcode, three 16-bit operands and a 64-bit immediate.
///
/// Operands name registers relative to the frame pointer unless the opcode's [`Format`] says
/// otherwise; the ones a format does not use are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instr {
    /// What it does.
    pub op: Op,
    /// Destination register, or what the format says.
    pub d: u16,
    /// First source register.
    pub a: u16,
    /// Second source register, or what the format says.
    pub b: u16,
    /// Constant, offset, target or table, by format.
    pub imm: u64,
}

impl Instr {
    /// An instruction with all four operands.
    #[must_use]
    pub const fn new(op: Op, d: u16, a: u16, b: u16, imm: u64) -> Self {
        Self { op, d, a, b, imm }
    }

    /// Where a jump, branch or call goes, if this instruction has a fixed target.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "targets fill the low half of the immediate")]
    pub const fn target(&self) -> Option<u32> {
        match self.op.format() {
            Format::AITarget => Some(self.d as u32 | (self.b as u32) << 16),
            Format::ABTarget | Format::Target | Format::Call => Some(self.imm as u32),
            _ => None,
        }
    }

    /// The same instruction with another target; unchanged if it has none.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a target is two 16-bit halves")]
    pub const fn with_target(mut self, target: u32) -> Self {
        match self.op.format() {
            Format::AITarget => {
                self.d = target as u16;
                self.b = (target >> 16) as u16;
            }
            Format::ABTarget | Format::Target | Format::Call => self.imm = target as u64,
            _ => {}
        }
        self
    }
}

/// How a shift by a constant moves 16-bit limbs.
///
/// Every shift is a left rotation by `16 limbs + bits`, of which a left shift keeps what did not
/// wrap around, a right shift what did, and a rotation both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShiftRouting {
    /// Whole limbs of the rotation, below the value's limb count.
    pub limbs: u32,
    /// Remaining bits of the rotation, below 16.
    pub bits: u32,
    /// Whether contributions that do not wrap around are kept.
    pub keep_straight: bool,
    /// Whether contributions that wrap around are kept.
    pub keep_wrapped: bool,
    /// Whether the sign fills the vacated high bits.
    pub signed: bool,
    /// The high bits that a set sign fills.
    pub fill: u64,
}

/// The routing of a shift of `width` bits (32 or 64), of a kind numbered as in
/// [`crate::Family::ShiftVar32`], by `amount` reduced modulo `width`.
#[must_use]
pub const fn shift_routing(width: u32, kind: u16, amount: u32) -> ShiftRouting {
    let amount = amount % width;
    let right = kind == 1 || kind == 2;
    let rotation = if (right || kind == 4) && amount != 0 { width - amount } else { amount };
    let signed = kind == 2;
    let ones = if width == 64 { u64::MAX } else { u32::MAX as u64 };
    ShiftRouting {
        limbs: rotation / 16,
        bits: rotation % 16,
        // A shift right by nothing wraps nothing around: it keeps what is straight instead.
        keep_straight: !right || amount == 0,
        keep_wrapped: (right && amount != 0) || kind >= 3,
        signed,
        fill: if signed { ones & !(ones >> amount) } else { 0 },
    }
}
