//! Sums, shifts, extensions and counts that are none, in rows whose operands are hints.

use p3_field::PrimeCharacteristicRing;
use provasm_air::KoalaBear as F;
use provasm_isa::{Chip, Op};
use provasm_testkit::delete::{Kills, Liar};

use crate::forged::{Row, selector, tell};

/// A carry that makes up for a limb that is one too small: 2^16 times it is 1. As an integer it is -32512.
pub(crate) const CARRY: i32 = -32512;

/// All of them.
pub(crate) fn lies(liar: &Liar<'_, '_>, kills: &mut Kills) {
    sums(liar, Chip::Add32, Op::Add32, 2, kills);
    sums(liar, Chip::Add64, Op::Add64, 4, kills);
    other_family(liar, Chip::Bitwise32, Op::And32, Chip::Add32, kills);
    other_family(liar, Chip::Bitwise64, Op::And64, Chip::Add64, kills);
    signs(liar, Chip::ShiftImm32, 2, kills);
    signs(liar, Chip::ShiftImm64, 4, kills);
    half_a_limb(liar, kills);
    signed_elsewhere(liar, Chip::ShiftVar32, 2, kills);
    signed_elsewhere(liar, Chip::ShiftVar64, 4, kills);
    bytes(liar, kills);
    byte_elsewhere(liar, kills);
    zeros(liar, kills);
}

/// Carries that are none, out of each limb.
fn sums(liar: &Liar<'_, '_>, chip: Chip, op: Op, limbs: usize, kills: &mut Kills) {
    let Some(honest) = Row::of(liar.honest, chip, op).into_iter().next() else { return };
    for limb in 0..limbs {
        let mut row = honest.clone();
        let (mut a, mut out, mut carry) = (vec![F::ZERO; limbs], vec![F::ZERO; limbs], vec![F::ZERO; limbs]);
        if limb + 1 < limbs {
            // 1 and, in the limb above, what the carry takes away: the sum is said to be 0.
            a[limb] = F::ONE;
            a[limb + 1] = F::from_i32(-CARRY);
            carry[limb] = F::from_i32(CARRY);
        } else {
            // 0 and 0 is said to be 1, in the highest limb.
            out[limb] = F::ONE;
            carry[limb] = -F::from_i32(CARRY);
        }
        row.put("read_a.value", &a);
        row.put("read_b.value", &vec![F::ZERO; limbs]);
        row.put("out", &out);
        row.put("carry", &carry);
        tell(liar, [row], kills);
    }
}

/// The conjunction of 1 and 0, as a sum: how much is subtracted of the second operand is such that the conjunction's
/// opcode is fetched, and 0 is as often 0.
fn other_family(liar: &Liar<'_, '_>, from: Chip, op: Op, to: Chip, kills: &mut Kills) {
    let Some(honest) = Row::of(liar.honest, from, op).into_iter().next() else { return };
    let own = if to == Chip::Add32 { Op::Add32 } else { Op::Add64 };
    let mut row = Row::beyond(liar.honest, to);
    row.adopt(&honest);
    row.set("real", F::ONE);
    row.set("subtract", selector(op) - selector(own));
    let mut one = vec![F::ZERO; row.array("out").len()];
    row.put("read_b.value", &one);
    one[0] = F::ONE;
    row.put("read_a.value", &one);
    row.put("out", &one);
    tell(liar, [honest.removed(), row], kills);
}

/// The other sign shifted in, and one that is no bit.
fn signs(liar: &Liar<'_, '_>, chip: Chip, limbs: usize, kills: &mut Kills) {
    for honest in Row::all(liar.honest, chip).into_iter().filter(|row| row.is("shift.signed")) {
        let top = honest.array("read.value")[limbs - 1];
        // What is left of the top limb is looked up, and may be 1 or 2.
        let told = [F::ONE, F::TWO].map(|left| (top - left).halve().div_2exp_u64(14));
        for sign in [F::ONE - honest.get("shift.sign"), told[0], told[1]] {
            let mut row = honest.clone();
            row.set("shift.sign", sign);
            tell(liar, [row], kills);
        }
    }
}

/// A shift by no limb told as half a shift by one limb: the routing is the same number.
fn half_a_limb(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for mut row in Row::all(liar.honest, Chip::ShiftVar64).into_iter().filter(|row| row.is("shift.straight[0]")) {
        row.set("shift.straight[0]", F::ZERO);
        row.set("shift.straight[1]", F::ONE.halve());
        tell(liar, [row], kills);
    }
}

/// A shift by no limb told as one by one limb: the flag for the sign makes up for it.
fn signed_elsewhere(liar: &Liar<'_, '_>, chip: Chip, limbs: u64, kills: &mut Kills) {
    for mut row in Row::all(liar.honest, chip).into_iter().filter(|row| row.is("shift.straight[0]")) {
        row.set("shift.straight[0]", F::ZERO);
        row.set("shift.straight[1]", F::ONE);
        row.set("shift.signed", -F::ONE.div_2exp_u64(2 * limbs));
        row.set("shift.sign", F::ZERO);
        tell(liar, [row], kills);
    }
}

/// An extension of another byte than the lowest.
fn bytes(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for mut row in Row::of(liar.honest, Chip::Extend, Op::Extend8To64) {
        row.set("byte", row.get("byte") + F::ONE);
        tell(liar, [row], kills);
    }
}

/// An extension whose lowest byte is said to be 0. Its other byte is none, but padding takes the lookup back: it is
/// from 16 bits, and from 8 bits as often as makes it nothing.
fn byte_elsewhere(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for mut row in Row::of(liar.honest, Chip::Extend, Op::Extend8To64) {
        row.set("byte", F::ZERO);
        row.set("sign", F::ZERO);
        let mut padding = Row::beyond(liar.honest, Chip::Extend);
        padding.set("from8", -F::ONE);
        padding.set("from16", F::ONE);
        padding.set("read.value[0]", row.get("read.value[0]"));
        tell(liar, [row, padding], kills);
    }
}

/// One leading zero less: the lowest bit is seen twice.
fn zeros(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for mut row in Row::of(liar.honest, Chip::BitCount, Op::Clz64) {
        row.set("seen[63]", row.get("seen[63]") + F::ONE);
        row.set("out", row.get("out") - F::ONE);
        tell(liar, [row], kills);
    }
}
