//! Calls of elements that trap in another way than they do, or where they do not.

use p3_field::{Field, PrimeCharacteristicRing};
use provasm_air::KoalaBear as F;
use provasm_isa::layout::STACK_REGISTERS;
use provasm_isa::{Chip, Op, Trap};
use provasm_program::Program;
use provasm_testkit::assemble::A;
use provasm_testkit::delete::{Kills, Liar, Place};

use super::tale::{Tale, f};
use crate::runs::Run;

const TYPE: u16 = 3;
/// The cell of a table of one element.
const ELEMENT: u32 = 1;
/// Distance of the callee's frame.
const FRAME: u16 = 1 << 15;

fn call(run: &mut Run) -> u32 {
    run.assembly.instr(Op::CallIndirect, FRAME, A, TYPE, u64::from(ELEMENT) | 1 << 32)
}

/// A call of a null element.
pub(super) fn null() -> Run {
    let mut run = Run::new(&[], &[]);
    run.assembly.static_cell(0);
    run.hint(A, 0);
    call(&mut run);
    run
}

/// The claim says that the element is undefined.
fn undefined<'l, 'h, 't>(liar: &'l Liar<'h, 't>) -> (Tale<'l, 'h, 't>, Place) {
    let mut tale = Tale::about(liar);
    let (claim, trap) = (tale.claim(), tale.at(Chip::IndirectTrap, 1));
    tale.set(claim, &[("outcome", Trap::UndefinedElement.code().into())]);
    tale.set(trap, &[("undefined", 1), ("null", 0)]);
    (tale, trap)
}

/// The index 0, which is below the size 1, is not.
pub(super) fn tell_null(liar: &Liar<'_, '_>, kills: &mut Kills) {
    // It is, and is undefined nevertheless.
    let (tale, _) = undefined(liar);
    tale.tell(kills);
    // What lacks is negative, in the low limb or, by a borrow, in the high one.
    for (borrow, low, high) in [(0, -1, 0), (1, 0xffff, -1)] {
        let (mut tale, trap) = undefined(liar);
        tale.set(trap, &[("below.below", 0), ("below.borrow", borrow)]);
        tale.set(trap, &[("below.difference[0]", low), ("below.difference[1]", high)]);
        tale.tell(kills);
    }
    // The borrow is a fraction.
    let (mut tale, trap) = undefined(liar);
    let borrow = F::new(1 << 16).inverse();
    tale.set(trap, &[("below.below", 0), ("below.difference[0]", 0)]);
    tale.put(trap, "below.borrow", borrow);
    tale.put(trap, "below.difference[1]", -borrow);
    tale.tell(kills);
}

/// A function that sets the element to itself and calls it, until the stack is exhausted.
pub(super) fn exhausted() -> Run {
    let mut run = Run::new(&[], &[]);
    run.assembly.static_cell(0);
    run.hint(A, Program::element(TYPE, 0));
    run.assembly.instr(Op::GlobalSet, 0, A, 0, ELEMENT.into());
    run.hint(A, 0);
    call(&mut run);
    run.private = run.private.repeat(STACK_REGISTERS as usize / usize::from(FRAME));
    run
}

pub(super) fn tell_exhausted(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let places = |tale: &Tale<'_, '_, '_>| {
        let chips = [(Chip::Hint, 0), (Chip::Copy, 1), (Chip::Hint, 2), (Chip::IndirectTrap, 3)];
        chips.map(|(chip, pc)| tale.at(chip, pc))
    };
    // The index is beyond the table, and a flag that is -1 takes another one's code from what comes out.
    let [undefined, null, exhausted] = [Trap::UndefinedElement, Trap::UninitializedElement, Trap::CallStackExhausted]
        .map(|trap| i64::from(trap.code()));
    for (flags, code) in [((-1, 1), undefined - null + exhausted), ((1, -1), undefined + null - exhausted)] {
        let mut tale = Tale::about(liar);
        let [_, _, index, trap] = places(&tale);
        tale.set(index, &[("value[0]", 5)]);
        tale.set(trap, &[("undefined", 1), ("null", flags.0), ("exhausted", flags.1), ("read.value[0]", 5)]);
        tale.set(trap, &[("below.below", 0), ("below.difference[0]", 4), ("below.difference[1]", 0)]);
        tale.fill(trap, "element.value", &[F::ZERO; 3]);
        tale.set(tale.claim(), &[("outcome", code)]);
        tale.tell(kills);
    }
    // The element is of another type, and nobody minds.
    let mut tale = Tale::about(liar);
    let [element, set, _, trap] = places(&tale);
    let number = f(i64::from(TYPE) + 2);
    for (row, name) in [(element, "value[0]"), (set, "read.value[0]"), (trap, "element.value[0]")] {
        tale.put(row, name, number);
    }
    tale.set(trap, &[("difference", 1)]);
    tale.tell(kills);
}
