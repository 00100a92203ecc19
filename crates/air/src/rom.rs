//! How committed instructions look on the program bus.

use provasm_isa::{Family, Format, Instr, Op, ShiftRouting, shift_routing};

/// Selectors of neighbouring families are this far apart.
pub const SELECTOR_STRIDE: u32 = 1024;

/// The selector of padding rows: no chip composes it.
pub const SELECTOR_NONE: u32 = SELECTOR_STRIDE * 1024;

/// The fields after `pc` of a message on the program bus.
pub type RomFields = [u32; 8];

/// A routing as one number: straight distance, wrapped distance and sign, one bit each.
#[must_use]
pub const fn routing_flags(routing: &ShiftRouting, limbs: u32) -> u32 {
    (routing.keep_straight as u32) << routing.limbs
        | (routing.keep_wrapped as u32) << (limbs + routing.limbs)
        | (routing.signed as u32) << (2 * limbs)
}

/// Limbs in a shift family's values.
#[must_use]
pub const fn shift_limbs(family: Family) -> u32 {
    match family {
        Family::ShiftImm32 | Family::ShiftVar32 => 2,
        _ => 4,
    }
}

/// The selector and operands of an instruction, as chips fetch them.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "fields of the immediate")]
pub fn rom_fields(instr: &Instr) -> RomFields {
    let family = instr.op.family();
    let (mut d, mut a, mut b) = (u32::from(instr.d), u32::from(instr.a), u32::from(instr.b));
    let mut flags = u32::from(instr.op.flags());
    let mut imm: [u32; 4] = core::array::from_fn(|i| (instr.imm >> (16 * i)) as u32 & 0xffff);
    match (family, instr.op, instr.op.format()) {
        (Family::ShiftImm32 | Family::ShiftImm64, ..) => {
            let limbs = shift_limbs(family);
            let routing = shift_routing(16 * limbs, instr.op.flags(), instr.imm as u32);
            flags = routing_flags(&routing, limbs);
            imm = [routing.bits, 1 << routing.bits, 0, 0];
        }
        // Static cells stand in the operand they replace.
        (_, Op::GlobalGet, _) => {
            a = instr.imm as u32;
            imm = [0; 4];
        }
        (_, Op::GlobalSet, _) => {
            d = instr.imm as u32;
            imm = [0; 4];
        }
        // Targets are one field.
        (_, _, Format::AITarget) => {
            b = instr.target().unwrap_or(0);
            d = 0;
        }
        (_, _, Format::ABTarget | Format::Target | Format::Call) => imm = [instr.imm as u32, 0, 0, 0],
        (_, _, Format::CallIndirect) => {
            imm = [instr.imm as u32, (instr.imm >> 32) as u32 & 0xffff, (instr.imm >> 48) as u32, 0]
        }
        _ => {}
    }
    let selector = family as u32 * SELECTOR_STRIDE + flags;
    [selector, d, a, b, imm[0], imm[1], imm[2], imm[3]]
}

/// The key of a register shift on the shift bus.
#[must_use]
pub const fn shift_key(family: Family, kind: u32) -> u32 {
    kind + 8 * (shift_limbs(family) / 4)
}

/// One row of the shift table: key, amount, routing, bits, power.
pub type ShiftRow = [u32; 5];

/// Every row of the shift table.
pub fn shift_rows() -> impl Iterator<Item = ShiftRow> {
    [Family::ShiftVar32, Family::ShiftVar64].into_iter().flat_map(|family| {
        let limbs = shift_limbs(family);
        (0..5u32).flat_map(move |kind| {
            (0..16 * limbs).map(move |amount| {
                #[expect(clippy::cast_possible_truncation, reason = "below 5")]
                let routing = shift_routing(16 * limbs, kind as u16, amount);
                [shift_key(family, kind), amount, routing_flags(&routing, limbs), routing.bits, 1 << routing.bits]
            })
        })
    })
}
