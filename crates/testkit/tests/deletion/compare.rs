//! Comparisons that are told wrongly: of two limbs that differ, of none, and negated twice.
//!
//! A branch whose comparison holds twice goes one instruction beyond its target, where a third jump is.

use p3_field::PrimeCharacteristicRing;
use provasm_air::KoalaBear as F;
use provasm_isa::{Chip, Op};
use provasm_testkit::delete::{Kills, Liar};

use crate::forged::{Row, tell};

/// A chip, and its opcodes for equal, less and greater, unsigned, and less and greater, signed.
const CHIPS: [(Chip, [Op; 5]); 8] = [
    (Chip::Compare32, [Op::Eq32, Op::LtU32, Op::GtU32, Op::LtS32, Op::GtS32]),
    (Chip::Compare64, [Op::Eq64, Op::LtU64, Op::GtU64, Op::LtS64, Op::GtS64]),
    (Chip::CompareImm32, [Op::EqImm32, Op::LtUImm32, Op::GtUImm32, Op::LtSImm32, Op::GtSImm32]),
    (Chip::CompareImm64, [Op::EqImm64, Op::LtUImm64, Op::GtUImm64, Op::LtSImm64, Op::GtSImm64]),
    (Chip::Branch32, [Op::BrEq32, Op::BrLtU32, Op::BrGtU32, Op::BrLtS32, Op::BrGtS32]),
    (Chip::Branch64, [Op::BrEq64, Op::BrLtU64, Op::BrGtU64, Op::BrLtS64, Op::BrGtS64]),
    (Chip::BranchImm32, [Op::BrEqImm32, Op::BrLtUImm32, Op::BrGtUImm32, Op::BrLtSImm32, Op::BrGtSImm32]),
    (Chip::BranchImm64, [Op::BrEqImm64, Op::BrLtUImm64, Op::BrGtUImm64, Op::BrLtSImm64, Op::BrGtSImm64]),
];

/// What is told of a comparison.
#[derive(Clone, Copy, Default)]
struct Told {
    /// By how much the limbs of the first value, from the lowest on, are above those of the second.
    above: [i32; 4],
    /// By how much its highest limb is.
    top_above: i32,
    /// The flags of the limbs, from the lowest on.
    pick: [i32; 4],
    /// The highest limb is picked.
    top: bool,
    smaller: bool,
    /// Negated twice, and not signed: together that is as much as signed.
    negated_twice: bool,
    /// The second value's sign.
    sign: F,
}

/// All of them.
pub(crate) fn lies(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for (chip, [equal, less, greater, less_signed, greater_signed]) in CHIPS {
        let mut say = |op: Op, told: Told| {
            for row in Row::of(liar.honest, chip, op) {
                let limbs = row.array("compare.pick").len();
                if told.above[limbs..].iter().all(|above| *above == 0) {
                    tell(liar, [retold(row, &told)], kills);
                }
            }
        };
        let one = Told::default();
        // The two lowest limbs are picked, of which one differs.
        say(greater, Told { above: [0, 1, 0, 0], pick: [1, 1, 0, 0], ..one });
        // One that differs is picked, and the one below minus one time: together it is none.
        for limb in 1..4 {
            let mut told = one;
            told.above[limb] = 1;
            (told.pick[limb - 1], told.pick[limb]) = (-1, 1);
            say(equal, told);
        }
        // Values that are equal, of which the first is said to be smaller.
        say(less, Told { smaller: true, ..one });
        // Values that differ in a limb and are said to be equal.
        for limb in 0..4 {
            let mut told = one;
            told.above[limb] = 1;
            say(equal, told);
        }
        say(less_signed, Told { negated_twice: true, ..one });
        // A smaller value, and one that is equal, are said to be greater: the second is negative.
        say(greater, Told { top_above: -1, top: true, sign: F::ONE, ..one });
        say(greater_signed, Told { top: true, sign: F::ONE, ..one });
        // A value that is greater by 4 is said to be smaller: the sign takes 6 away.
        let sign = -F::from_u8(3).halve().div_2exp_u64(14);
        say(less_signed, Told { top_above: 4, top: true, smaller: true, sign, ..one });
    }
}

/// A comparison of what the row has as its second value with what is told of the first.
fn retold(mut row: Row, told: &Told) -> Row {
    let (first, second) = if row.has("imm[0]") { ("read.value", "imm") } else { ("read_a.value", "read_b.value") };
    let y = row.array(second);
    let top = y.len() - 1;
    let (mut above, mut pick) = (told.above.map(F::from_i32), told.pick.map(F::from_i32));
    above[top] += F::from_i32(told.top_above);
    pick[top] += F::from_bool(told.top);
    let x: Vec<F> = y.iter().zip(above).map(|(y, above)| *y + above).collect();
    let pick = &pick[..y.len()];
    row.put(first, &x);
    row.put("compare.pick", pick);
    row.put("compare.signs", &[F::ZERO, told.sign]);
    row.set("compare.smaller", F::from_bool(told.smaller));
    if told.negated_twice {
        row.set("compare.negate", F::TWO);
        row.set("compare.signed", F::ZERO);
    }
    let weighed = pick.iter().zip(above).map(|(pick, above)| *pick * above).sum::<F>();
    row.set("compare.difference", weighed + told.sign * F::from_u32(1 << 16) * pick[top]);
    let [equal, less, greater, negate, smaller] =
        ["equal", "less", "greater", "negate", "smaller"].map(|name| row.get(&format!("compare.{name}")));
    let differ: F = pick.iter().copied().sum();
    let holds = (F::ONE - differ) * equal + less * smaller + (differ - smaller) * greater;
    row.set("compare.holds", holds + negate - (holds * negate).double());
    row
}
