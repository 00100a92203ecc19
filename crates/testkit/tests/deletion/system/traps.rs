//! Instructions that trap where they do not, and a growth that is said not to fit.

use p3_field::{Field, PrimeCharacteristicRing};
use provasm_air::KoalaBear as F;
use provasm_isa::{Chip, Op, Trap};
use provasm_testkit::assemble::{A, B, D};
use provasm_testkit::delete::{Kills, Liar, Place};

use super::tale::Tale;
use crate::runs::Run;

/// The instruction at `pc`, before the last one, traps instead.
fn trapped<'l, 'h, 't>(
    liar: &'l Liar<'h, 't>,
    [of, chip]: [Chip; 2],
    pc: u32,
    trap: Trap,
) -> (Tale<'l, 'h, 't>, Place) {
    let mut tale = Tale::about(liar);
    let row = tale.instead(tale.at(of, pc), chip);
    tale.leave_out(tale.at(Chip::Io, pc + 1));
    tale.set(tale.claim(), &[("outcome", trap.code().into())]);
    (tale, row)
}

/// The remainder whose quotient overflows, which is 0.
pub(super) fn remainder() -> Run {
    let mut run = Run::new(&[], &[]);
    run.hint(A, 1 << 63);
    run.hint(B, u64::MAX);
    run.assembly.instr(Op::RemS64, D, A, B, 0);
    run.assembly.halt();
    run
}

pub(super) fn tell_remainder(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let (mut tale, row) = trapped(liar, [Chip::Div, Chip::DivTrap], 2, Trap::IntegerOverflow);
    tale.set(row, &[("overflow", 1)]);
    tale.tell(kills);
}

/// A load of the eight bytes from 64 on, within a memory of one page.
pub(super) fn load() -> Run {
    let mut run = Run::new(&[], &[]);
    run.hint(A, 64);
    run.assembly.instr(Op::Load64, D, A, 0, 0);
    run.assembly.halt();
    run
}

pub(super) fn tell_load(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let beyond = || {
        let (mut tale, row) = trapped(liar, [Chip::LoadWord, Chip::MemoryTrap], 1, Trap::MemoryOutOfBounds);
        tale.set(row, &[("width[3]", 1), ("size.value[0]", 1), ("low", 71)]);
        (tale, row)
    };
    // Page 0 is 2^16 pages less than that many beyond the size.
    let (mut tale, row) = beyond();
    tale.set(row, &[("beyond", 0xffff), ("beyond_high", -1)]);
    tale.tell(kills);
    // The last byte is the 72nd in its page, and the rest a carry, which is a fraction.
    let (mut tale, row) = beyond();
    let carry = -F::new(1 << 16).inverse();
    tale.set(row, &[("low", 72)]);
    tale.put(row, "address.carry", carry);
    tale.put(row, "beyond", carry - F::ONE);
    tale.tell(kills);
}

/// A growth by no pages.
pub(super) fn growth() -> Run {
    let mut run = Run::new(&[], &[]);
    run.hint(A, 0);
    run.assembly.instr(Op::MemoryGrow, D, A, 0, 4);
    run.assembly.halt();
    run
}

pub(super) fn tell_growth(liar: &Liar<'_, '_>, kills: &mut Kills) {
    // It does not fit: what lacks has a high limb that is negative, or a carry of a fraction.
    for (carry, low, high) in [(-1, (1 << 16) - 4, -1), (32_511, (1 << 16) - 3, 32_511)] {
        let mut tale = Tale::about(liar);
        let row = tale.at(Chip::MemoryGrow, 1);
        tale.set(row, &[("fits", 0), ("carry", carry), ("slack[0]", low), ("slack[1]", high)]);
        tale.tell(kills);
    }
    // The size has a low limb of 2, and a fraction above.
    let mut tale = Tale::about(liar);
    let row = tale.at(Chip::MemoryGrow, 1);
    tale.set(row, &[("after[0]", 2)]);
    tale.put(row, "after[1]", -F::new(1 << 16).inverse());
    tale.tell(kills);
}
