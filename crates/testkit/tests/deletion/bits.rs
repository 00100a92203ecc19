//! Counts of bits that are none, and of another kind than the opcode's.

use p3_field::{Field, PrimeCharacteristicRing};
use provasm_air::KoalaBear as F;
use provasm_isa::{Chip, Op};
use provasm_testkit::delete::{Kills, Liar};

use crate::forged::{Row, selector, tell};

const LIMB_BITS: usize = 16;

/// All of them.
pub(crate) fn lies(liar: &Liar<'_, '_>, kills: &mut Kills) {
    if let Some(honest) = Row::of(liar.honest, Chip::BitCount, Op::Popcnt64).first() {
        (0..honest.array("bits").len()).for_each(|bit| tell(liar, [with_no_bit(honest, bit)], kills));
    }
    // One leading zero less: the lowest bit is seen twice.
    for mut row in Row::of(liar.honest, Chip::BitCount, Op::Clz64) {
        row.set("seen[63]", row.get("seen[63]") + F::ONE);
        row.set("out", row.get("out") - F::ONE);
        tell(liar, [row], kills);
    }
    // Leading zeros as ones: the flag for 64 bits makes up for the difference of the opcodes' numbers.
    for mut row in Row::of(liar.honest, Chip::BitCount, Op::Clz32) {
        row.set("leading", F::ZERO);
        row.set("ones", F::ONE);
        row.set("is64", selector(Op::Clz32) - selector(Op::Popcnt32));
        count_ones(&mut row);
        tell(liar, [row], kills);
    }
}

/// Another bit of the same limb is told wrongly, and this one makes up for it.
fn with_no_bit(honest: &Row, bit: usize) -> Row {
    let mut row = honest.clone();
    let mut bits = row.array("bits");
    let other = bit / LIMB_BITS * LIMB_BITS + (bit + 1) % LIMB_BITS;
    let weight = |bit: usize| F::TWO.exp_u64((bit % LIMB_BITS) as u64);
    let told = F::ONE - bits[other];
    let less = bits[other] - told;
    bits[bit] += less * weight(other) * weight(bit).inverse();
    bits[other] = told;
    row.put("bits", &bits);
    count_ones(&mut row);
    row
}

/// The rest of a row that counts ones.
fn count_ones(row: &mut Row) {
    let bits = row.array("bits");
    let mut seen = F::ZERO;
    for (i, &bit) in bits.iter().enumerate() {
        seen += bit - seen * bit;
        row.set(&format!("seen[{i}]"), seen);
    }
    row.set("out", bits.into_iter().sum());
}
