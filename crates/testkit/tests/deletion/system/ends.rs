//! Ends of a run, arguments, results, and cells that are moved back in time.

use p3_field::{Field, PrimeCharacteristicRing, PrimeField32};
use provasm_air::rom::SELECTOR_STRIDE;
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::layout::{REGISTER_BASE, STATIC_BASE};
use provasm_isa::{Chip, EXITED, Family, Op, Trap};
use provasm_program::ValType;
use provasm_testkit::assemble::{A, D};
use provasm_testkit::delete::{Kills, Liar, Place};

use super::tale::{Tale, f};
use crate::runs::Run;

const IO: TableId = TableId::Chip(Chip::Io);
const INDIRECT: TableId = TableId::Chip(Chip::IndirectTrap);

/// What a register holds first, and then.
const FIRST: u64 = 77;
const THEN: u64 = 3;
/// Where it is written the first time, and the second time.
const WRITES: [u32; 2] = [1, 2];
/// Where the run ends, and where it would end with an exit code.
const HALT: u32 = 4;
const EXIT: u32 = 5;

/// The longest gap of a bridge, and the clock that it ends below.
const GAP: u32 = 1 << 29;
const CLOCK_END: u32 = 1 << 30;

/// A run that takes its second argument and gives its first result, then halts.
pub(super) fn run() -> Run {
    let mut run = Run::new(&[ValType::I64; 2], &[ValType::I64; 2]);
    run.assembly.instr(Op::Arg, D, 0, 0, 1);
    run.hint(A, FIRST);
    run.hint(A, THEN);
    run.assembly.instr(Op::Result, 0, A, 0, 0);
    run.assembly.halt();
    run.assembly.instr(Op::Exit, 0, A, 0, 0);
    // So that the tables have a chip for it.
    run.assembly.instr(Op::CallIndirect, 16, A, 3, 1 << 32);
    run
}

pub(super) fn tell(liar: &Liar<'_, '_>, kills: &mut Kills) {
    io(liar, kills);
    element_at_the_end(liar, kills);
    undo(liar, kills, |tale, back| {
        // A row that halts without exiting reads a register minus once.
        let row = tale.add(IO);
        tale.set(row, &[("halt", 1), ("exit", -1), ("register", A.into())]);
        tale.fill(row, "value", &back.value);
        tale.fill(row, "before", &back.value);
        tale.put(row, "cpu.clock", back.from);
        tale.put(row, "previous", back.to);
    });
    undo(liar, kills, |tale, back| bridge(tale, -1, &back.value, [back.to, back.from], None));
    undo(liar, kills, |tale, back| around(tale, back, true));
    undo(liar, kills, |tale, back| around(tale, back, false));
    undo(liar, kills, elements);
}

/// Arguments and results from nowhere, and an end that another one takes back.
fn io(liar: &Liar<'_, '_>, kills: &mut Kills) {
    // An argument that the claim does not give, for a result that the program does not give.
    let mut tale = Tale::about(liar);
    let (claim, row) = (tale.claim(), tale.add(IO));
    tale.set(row, &[("argument", -1), ("result", 1), ("index", 1), ("value[0]", 4), ("before[0]", 4)]);
    tale.set(claim, &[("argument_taken[1]", 0), ("result_given[1]", 1), ("results[4]", 4)]);
    tale.tell_as_is(kills);

    // A result that the program gives, for an argument that it does not take.
    let mut tale = Tale::about(liar);
    let row = tale.add(IO);
    let value = f(THEN as i64);
    tale.set(row, &[("argument", 1), ("result", -1)]);
    tale.put(row, "value[0]", value);
    tale.put(row, "before[0]", value);
    tale.set(claim, &[("argument_taken[0]", 1), ("result_given[0]", 0), ("results[0]", 0)]);
    tale.tell_as_is(kills);

    // The end is taken back, and the run goes on after it.
    let mut tale = Tale::about(liar);
    let halt = tale.at(Chip::Io, HALT);
    let clock = tale.get(halt, "cpu.clock");
    let back = tale.add(IO);
    tale.set(back, &[("result", 1), ("halt", -1), ("index", 1), ("cpu.pc", i64::from(EXIT) - 1)]);
    let exit = tale.add(IO);
    tale.set(exit, &[("exit", 1), ("cpu.pc", EXIT.into())]);
    for (row, clock) in [(back, clock), (exit, clock + F::new(4))] {
        tale.put(row, "cpu.clock", clock);
        tale.set(row, &[("register", A.into())]);
        tale.put(row, "value[0]", value);
        tale.put(row, "before[0]", value);
    }
    tale.set(claim, &[("outcome", EXITED.into()), ("result_given[1]", 1)]);
    tale.put(claim, "exit_code[0]", value);
    tale.put(claim, "results[4]", value);
    tale.tell(kills);
}

/// The end of the run is a call of an element that its table, of no elements, does not have.
fn element_at_the_end(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let mut tale = Tale::about(liar);
    let claim = tale.claim();
    let row = tale.instead(tale.at(Chip::Io, HALT), Chip::IndirectTrap);
    let flags = (Family::Io as u32 - Family::CallIndirect as u32) * SELECTOR_STRIDE + u32::from(Op::Halt.flags());
    tale.set(row, &[("undefined", 1), ("tail", flags.into())]);
    tale.set(claim, &[("outcome", Trap::UndefinedElement.code().into())]);
    tale.tell(kills);
}

/// A register that is moved back in time.
#[derive(Clone, Copy)]
struct Back {
    value: [F; 4],
    /// From this clock, at which it was read.
    from: F,
    /// To this one, at which it was not yet written the first time.
    to: F,
}

/// The second of two values is written first, and is then moved back in time, before the first one.
fn undo(liar: &Liar<'_, '_>, kills: &mut Kills, back: impl FnOnce(&mut Tale<'_, '_, '_>, &Back)) {
    let mut tale = Tale::about(liar);
    let [first, second] = WRITES.map(|pc| tale.at(Chip::Hint, pc));
    let limbs = |tale: &Tale<'_, '_, '_>, row: Place, name: &str| -> [F; 4] {
        std::array::from_fn(|i| tale.get(row, &format!("{name}[{i}]")))
    };
    let at_start = limbs(&tale, first, "write.before");
    let begin = tale.get(first, "write.previous");
    tale.fill(second, "write.before", &at_start);
    tale.put(second, "write.previous", begin);
    let value = limbs(&tale, second, "value");
    let written = tale.get(first, "cpu.clock") + F::TWO;
    let moved = Back { value, from: tale.get(tale.at(Chip::Io, 3), "cpu.clock"), to: written - F::ONE };
    tale.fill(first, "write.before", &value);
    tale.put(first, "write.previous", moved.to);
    let (leaf, cell) = tale.leaf(REGISTER_BASE + u32::from(A));
    for (i, value) in limbs(&tale, first, "value").into_iter().enumerate() {
        tale.put(leaf, &format!("after[{}]", 4 * cell + i), value);
    }
    tale.put(leaf, &format!("last_clock[{cell}]"), written);
    back(&mut tale, &moved);
    tale.tell_as_is(kills);
}

/// Adds a bridge, with this low limb of its end, or the true one.
fn bridge(tale: &mut Tale<'_, '_, '_>, real: i64, value: &[F; 4], [from, to]: [F; 2], to_low: Option<F>) {
    let low = |value: F| F::from_u32(value.as_canonical_u32() & 0xffff);
    let row = tale.add(TableId::Bridges);
    tale.set(row, &[("real", real), ("address", i64::from(REGISTER_BASE) + i64::from(A))]);
    tale.fill(row, "value", value);
    tale.put(row, "from", from);
    tale.put(row, "to", to);
    tale.put(row, "gap_low", low(to - from - F::ONE));
    tale.put(row, "to_low", to_low.unwrap_or_else(|| low(to)));
}

/// Bridges that go all around the field, whose ends have a low limb that is none, or are too late.
fn around(tale: &mut Tale<'_, '_, '_>, back: &Back, is_whole: bool) {
    let mut from = back.from;
    for step in 1..=4 {
        let to = if step == 4 { back.to } else { from + F::new(GAP) };
        bridge(tale, 1, &back.value, [from, to], is_whole.then_some(to));
        from = to;
    }
}

/// Bridges as far as they go, then calls of elements that do nothing but read what is said to be one.
fn elements(tale: &mut Tale<'_, '_, '_>, back: &Back) {
    let last = F::new(CLOCK_END - 1);
    let middle = back.from + F::new(GAP);
    bridge(tale, 1, &back.value, [back.from, middle], None);
    bridge(tale, 1, &back.value, [middle, last], None);
    // An element of another type, where no instruction is; it is read in slot 1.
    let row = tale.add(INDIRECT);
    tale.set(row, &[("undefined", -1), ("mismatch", 1), ("below.below", 1), ("difference", THEN as i64 - 1)]);
    tale.set(row, &[("first", i64::from(REGISTER_BASE - STATIC_BASE) + i64::from(A))]);
    tale.fill(row, "element.value", &back.value[..3]);
    tale.put(row, "inverse", (f(THEN as i64) * f(THEN as i64 - 1)).inverse());
    tale.lead(row, ["element.previous", "cpu.clock"], [last, back.to], F::ONE);
}
