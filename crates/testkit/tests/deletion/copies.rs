//! Copies between cells that are neither registers nor static cells: how far the register file moves is a multiple of a
//! flag, and one that is no bit makes it go elsewhere.

use p3_field::PrimeCharacteristicRing;
use provasm_air::{KoalaBear as F, TableId, bus};
use provasm_isa::layout::{HOST_BASE, HOST_SCRATCH, LINK_BASE, STATIC_BASE};
use provasm_isa::{Chip, Op};
use provasm_testkit::assemble::{A, B, D};
use provasm_testkit::delete::{Honest, Kills, Liar};
use provasm_trace::Traces;

use crate::forged::{Row, selector, tell};
use crate::runs::{Run, add_empty};

/// Distance of a callee's frame, and a static cell.
const FRAME: u16 = 6;

/// A cell of the host region: that of register [`D`], moved by as much as makes a copy of the fetch of `popcnt32`.
const HOST_INDEX: u32 = HOST_SCRATCH + 101 + D as u32;

/// A run with what the lies need, and everything that they change overwritten.
pub(crate) fn run() -> Traces {
    let mut run = Run::new(&[], &[]);
    (0..FRAME).for_each(|_| {
        run.assembly.static_cell(0);
    });
    let over = run.assembly.here() + 2;
    run.assembly.jump(over);
    let callee = run.assembly.ret();
    for round in 0..2 {
        run.hint(A, 11 + round);
        for cell in [D, FRAME] {
            run.assembly.instr(Op::GlobalSet, 0, A, 0, cell.into());
        }
        run.hint(A, HOST_INDEX.into());
        run.hint(B, 5);
        run.assembly.instr(Op::HostSet, 0, A, B, 0);
        run.assembly.call(FRAME, callee);
        run.hint(A, 77);
        run.assembly.instr(Op::GlobalGet, D, 0, 0, FRAME.into());
        run.assembly.instr(Op::Popcnt32, D, A, 0, 0);
        run.hint(D, 0);
    }
    let mut traces = run.traces("main", &[]);
    add_empty(&mut traces, TableId::Chip(Chip::CallTrap));
    traces
}

/// What a cell holds before a clock, and the clock of the access before it.
fn held(honest: &Honest<'_>, address: u32, clock: F) -> Option<([F; 4], F)> {
    let given = honest.ends.iter().filter(|((of, fields), ends)| {
        bus::ALL[*of].0 == bus::MEMORY
            && fields[0] == F::from_u32(address)
            && fields[5] < clock
            && ends.iter().any(|(.., count)| *count == F::ONE)
    });
    let ((_, fields), _) = given.max_by_key(|((_, fields), _)| fields[5])?;
    Some((std::array::from_fn(|i| fields[1 + i]), fields[5]))
}

/// Both.
pub(crate) fn lies(liar: &Liar<'_, '_>, kills: &mut Kills) {
    link(liar, kills);
    host(liar, kills);
}

/// A static cell to a register, as a link to a static cell: the source is static minus one time.
fn link(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for mut row in Row::of(liar.honest, Chip::Copy, Op::GlobalGet) {
        let clock = row.get("cpu.clock");
        let cells = [LINK_BASE + u32::from(FRAME), STATIC_BASE + u32::from(D)];
        let [Some((value, read)), Some((before, written))] = cells.map(|cell| held(liar.honest, cell, clock)) else {
            continue;
        };
        row.set("from_static", -F::ONE);
        row.set("to_static", F::ONE);
        row.put("read.value", &value);
        row.set("read.previous", read);
        row.put("write.before", &before);
        row.set("write.previous", written);
        tell(liar, [row], kills);
    }
}

/// Counting the ones of a register, as copying it into the host region: the destination is static as often as makes this
/// the fetched opcode.
fn host(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for honest in Row::of(liar.honest, Chip::BitCount, Op::Popcnt32) {
        let Some((before, written)) = held(liar.honest, HOST_BASE + HOST_INDEX, honest.get("cpu.clock")) else {
            continue;
        };
        let mut row = Row::beyond(liar.honest, Chip::Copy);
        row.adopt(&honest);
        row.set("real", F::ONE);
        row.set("to_static", (selector(Op::Popcnt32) - selector(Op::Copy)).halve());
        row.put("write.before", &before);
        row.set("write.previous", written);
        tell(liar, [honest.removed(), row], kills);
    }
}
