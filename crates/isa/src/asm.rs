//! Assembly text.

use core::fmt;

use crate::{Format, Instr, Trap};

#[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "fields of the immediate")]
impl fmt::Display for Instr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Instr { op, d, a, b, imm } = *self;
        let name = op.mnemonic();
        let offset = imm as u32;
        match op.format() {
            Format::None => write!(f, "{name}"),
            Format::DI => write!(f, "{name} r{d}, {}", imm as i64),
            Format::DA => write!(f, "{name} r{d}, r{a}"),
            Format::DAB => write!(f, "{name} r{d}, r{a}, r{b}"),
            Format::DAI => write!(f, "{name} r{d}, r{a}, {}", imm as i64),
            Format::DABC => write!(f, "{name} r{d}, r{a}, r{b}, r{imm}"),
            Format::AB => write!(f, "{name} r{a}, r{b}"),
            Format::AI => write!(f, "{name} r{a}, {imm}"),
            Format::ABTarget => write!(f, "{name} r{a}, r{b}, @{offset}"),
            Format::AITarget => {
                write!(f, "{name} r{a}, {}, @{}", imm as i64, u32::from(d) | u32::from(b) << 16)
            }
            Format::Target => write!(f, "{name} @{offset}"),
            Format::Load => write!(f, "{name} r{d}, {offset}(r{a})"),
            Format::Store => write!(f, "{name} r{b}, {offset}(r{a})"),
            Format::Table => write!(f, "{name} r{a}, {imm}"),
            Format::Call => write!(f, "{name} +{d}, @{offset}"),
            Format::CallIndirect => {
                write!(f, "{name} +{d}, r{a}, type {b}, cells {offset}+{}", imm >> 32)
            }
            Format::A => write!(f, "{name} r{a}"),
            Format::Window => write!(f, "{name} r{d}..."),
            Format::WindowI => write!(f, "{name} r{d}..., {imm}"),
            Format::Trap => match Trap::from_code(imm as u8) {
                Some(trap) => write!(f, "{name} \"{trap}\""),
                None => write!(f, "{name} {imm}"),
            },
        }
    }
}
