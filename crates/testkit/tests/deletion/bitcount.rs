//! Counts of bits that are none, and counts in place of another instruction.

use p3_field::{Field, PrimeCharacteristicRing, PrimeField32};
use provasm_air::rom::SELECTOR_STRIDE;
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::{Chip, Family};
use provasm_testkit::delete::{Honest, Kills, Liar, Lie, Place, column};

const ID: TableId = TableId::Chip(Chip::BitCount);
const EXTEND: TableId = TableId::Chip(Chip::Extend);
const BITS: usize = 64;
const LIMB: usize = 16;
/// Flag of counting ones.
const ONES: u32 = 8;

/// Writes bits to a row that counts ones.
fn count(row: &mut [F], bits: &[F]) {
    let [first, seen, out] = ["bits[0]", "seen[0]", "out"].map(|name| column(ID, name));
    row[first..first + BITS].copy_from_slice(bits);
    let mut before = F::ZERO;
    for (i, &bit) in bits.iter().enumerate() {
        before += bit - before * bit;
        row[seen + i] = before;
    }
    row[out] = bits.iter().copied().sum();
}

/// Of each bit: its neighbour in the limb is the opposite, and the bit makes up for that.
pub(crate) fn bits(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let (ones, first) = (column(ID, "ones"), column(ID, "bits[0]"));
    let counts = liar.honest.rows(ID).into_iter().find(|&place| liar.honest.cells(place)[ones] == F::ONE);
    let place = counts.expect("a count of ones");
    let honest = liar.honest.cells(place);
    for bit in 0..BITS {
        let mut bits = honest[first..first + BITS].to_vec();
        let is_top = bit % LIMB == LIMB - 1;
        let (neighbour, weight) = if is_top { (bit - 1, F::TWO.inverse()) } else { (bit + 1, F::TWO) };
        let change = F::ONE - bits[neighbour].double();
        bits[neighbour] += change;
        bits[bit] -= change * weight;
        let mut row = honest.to_vec();
        count(&mut row, &bits);
        let lie = Lie { rows: [(place, row)].into(), ..Lie::default() };
        liar.tell(liar.settle(lie), kills);
    }
}

/// An extension whose result is the count of its operand's ones: with a flag for the width that is no bit, the count
/// fetches the extension.
pub(crate) fn instead(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let honest = liar.honest;
    let [counts, extensions] = [ID, EXTEND].map(|id| honest.rows(id));
    let lie = counted(honest, honest.beyond(counts[0].0), extensions[0]);
    liar.tell(liar.settle(lie), kills);
}

/// The lie that counts the ones of an extension's operand, in a row of its own.
fn counted(honest: &Honest<'_>, place: Place, extension: Place) -> Lie {
    let from = honest.cells(extension);
    let mut row = vec![F::ZERO; ID.width()];
    let same = ["cpu.pc", "cpu.fp", "cpu.clock", "d", "a", "read.previous", "write.previous"].map(str::to_owned);
    let limbs = (0..4).flat_map(|i| [format!("read.value[{i}]"), format!("write.before[{i}]")]);
    for name in same.into_iter().chain(limbs) {
        row[column(ID, &name)] = from[column(EXTEND, &name)];
    }
    let flag = |name: &str, weight: u32| from[column(EXTEND, name)] * F::from_u32(weight);
    let flags = flag("from8", 1) + flag("from16", 2) + flag("from32", 4) + flag("to64", 8) + flag("signed", 16);
    let selector = |family: Family| F::from_u32(family as u32 * SELECTOR_STRIDE);
    row[column(ID, "is64")] = selector(Family::Extend) + flags - selector(Family::BitCount) - F::from_u32(ONES);
    row[column(ID, "ones")] = F::ONE;
    let limb = |i: usize| u64::from(from[column(EXTEND, &format!("read.value[{i}]"))].as_canonical_u32());
    let value = (0..4).map(|i| limb(i) << (LIMB * i)).sum::<u64>();
    let bits: Vec<F> = (0..BITS).map(|i| F::from_bool(value >> i & 1 == 1)).collect();
    count(&mut row, &bits);
    Lie { rows: [(place, row), (extension, vec![F::ZERO; from.len()])].into(), ..Lie::default() }
}
