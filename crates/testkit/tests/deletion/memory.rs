//! Loads and stores of limbs and bytes that are not where the address says, on cells that hold hints.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::KoalaBear as F;
use provasm_isa::layout::CELL_BYTES;
use provasm_isa::{Chip, Op};
use provasm_testkit::delete::{Kills, Liar};

use crate::forged::{Row, tell};

/// All of them.
pub(crate) fn lies(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for (chip, op) in [(Chip::LoadNarrow, Op::Load16U), (Chip::StoreNarrow, Op::Store16)] {
        let rows = Row::of(liar.honest, chip, op);
        elsewhere(liar, &rows, "pick", kills);
    }
    for (chip, op) in [(Chip::LoadUnaligned, Op::Load32U), (Chip::StoreUnaligned, Op::Store32)] {
        let rows = Row::of(liar.honest, chip, op);
        let (crossing, within): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.is("cells.crosses"));
        elsewhere(liar, &within, "cells.start", kills);
        for mut row in crossing {
            row.set("cells.crosses", F::ZERO);
            row.put("cells.second.value", &[F::ZERO; 4]);
            row.put("cells.second_low", &[F::ZERO; 4]);
            tell(liar, [row], kills);
        }
    }
    beyond(liar, kills);
    byte_elsewhere(liar, kills);
    halves(liar, kills);
}

/// Accesses of addresses that are larger by the field's order: in the field the cell is the same. The byte within it is
/// another, and what is left of the address no integer, but for a carry that is no bit.
fn beyond(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let chips = [
        (Chip::LoadWord, Op::Load32U),
        (Chip::LoadNarrow, Op::Load16U),
        (Chip::LoadUnaligned, Op::Load32U),
        (Chip::StoreWord, Op::Store32),
        (Chip::StoreNarrow, Op::Store16),
        (Chip::StoreUnaligned, Op::Store32),
    ];
    for (chip, op) in chips {
        for mut row in Row::of(liar.honest, chip, op) {
            let [offset, base] = ["offset[0]", "base.value[0]"].map(|name| row.get(&format!("address.{name}")));
            let byte = F::from_u32((base + offset).as_canonical_u32() % CELL_BYTES as u32);
            row.set("address.base.value[0]", base + F::from_u32(F::ORDER_U32 & 0xffff));
            let high = row.get("address.base.value[1]");
            row.set("address.base.value[1]", high + F::from_u32(F::ORDER_U32 >> 16));
            tell(liar, [row.clone()], kills);
            row.set("address.carry", (base + F::ONE + offset - byte).div_2exp_u64(16));
            tell(liar, [row], kills);
        }
    }
}

/// Of the flags of which one says where the access is, two are 1 and one is -1: where they say is the same.
fn elsewhere(liar: &Liar<'_, '_>, rows: &[Row], name: &str, kills: &mut Kills) {
    for honest in rows {
        let flags = honest.array(name);
        let at = flags.iter().position(|flag| *flag == F::ONE).expect("a flag that is 1");
        for minus in 0..flags.len() {
            for first in 0..flags.len() {
                let second = (at + minus).wrapping_sub(first);
                if second >= first || second >= flags.len() || [first, second].contains(&minus) {
                    continue;
                }
                let mut flags = vec![F::ZERO; flags.len()];
                (flags[minus], flags[first], flags[second]) = (-F::ONE, F::ONE, F::ONE);
                let mut row = honest.clone();
                row.put(name, &flags);
                if name == "pick" {
                    let limb = flags.iter().zip(row.array("memory.value")).map(|(flag, limb)| *flag * limb).sum();
                    row.set("limb", limb);
                    if row.has("value") {
                        row.set("value", limb);
                    }
                }
                tell(liar, [row], kills);
            }
        }
    }
}

/// A store of a byte as if it were 0: the value's other byte is none, but padding takes the lookup back. It is of two
/// bytes, and of one as often as makes it nothing.
fn byte_elsewhere(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for mut row in Row::of(liar.honest, Chip::StoreNarrow, Op::Store8) {
        let (value, byte) = (row.get("read.value[0]"), row.get("byte"));
        row.set("byte", F::ZERO);
        let to = if row.is("odd") { F::from_u32(256) } else { F::ONE };
        row.set("after", row.get("after") - byte * to);
        let mut padding = Row::beyond(liar.honest, Chip::StoreNarrow);
        padding.set("word8", -F::ONE);
        padding.set("word16", F::ONE);
        padding.set("read.value[0]", value);
        padding.set("after", value);
        tell(liar, [row, padding], kills);
    }
}

/// Stores that begin 2 bytes after a multiple of 4, as half of the cell's high half, and of 8 bytes as the high half.
fn halves(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for (op, bytes, half) in [(Op::Store32, 2, F::ONE.halve()), (Op::Store64, 4, F::ONE)] {
        for mut row in Row::of(liar.honest, Chip::StoreWord, op).into_iter().filter(|row| !row.is("half")) {
            row.set("address.base.value[0]", row.get("address.base.value[0]") + F::from_u32(bytes));
            row.set("half", half);
            tell(liar, [row], kills);
        }
    }
}
