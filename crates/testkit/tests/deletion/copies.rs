//! Copies between cells that are neither registers nor static cells: how far the register file moves is a multiple of a
//! flag, and one that is no bit makes it go elsewhere.

use p3_field::PrimeCharacteristicRing;
use provasm_air::{KoalaBear as F, TableId, bus};
use provasm_isa::layout::{HOST_BASE, HOST_OUTPUT, HOST_SCRATCH};
use provasm_isa::{Chip, Op};
use provasm_program::Program;
use provasm_testkit::assemble::{A, B, D};
use provasm_testkit::delete::{Honest, Kills, Liar};
use provasm_trace::Traces;

use crate::forged::{Row, selector, tell};
use crate::runs::{Run, add_empty};

/// Distance of a callee's frame, and its type.
const FRAME: u16 = 16;
const TYPE: u16 = 3;

/// A cell of the host region: that of register [`A`], moved by as much as makes a copy of the fetch of `gt.u32`.
const SOURCE: u32 = HOST_OUTPUT + 113 + A as u32;
/// Another: that of register [`D`], moved by as much as makes a copy of the fetch of `load64`.
const DESTINATION: u32 = HOST_SCRATCH + 109 + D as u32;

/// A run with what the lies need, twice, so that everything they change is overwritten. Instructions that a copy stands
/// for have no operands but two registers; the third is number 0. There is a table of one element, and one beyond it.
pub(crate) fn run() -> Traces {
    let mut run = Run::new(&[], &[]);
    let [table, beyond] = [(); 2].map(|()| run.assembly.static_cell(0));
    let over = run.assembly.here() + 2;
    run.assembly.jump(over);
    let callee = run.assembly.ret();
    for _ in 0..2 {
        run.hint(A, Program::element(TYPE, callee));
        for cell in [table, beyond] {
            run.assembly.instr(Op::GlobalSet, 0, A, 0, cell.into());
        }
        run.hint(A, 0);
        run.assembly.instr(Op::CallIndirect, FRAME, A, TYPE, u64::from(table) | 1 << 32);
        for index in [SOURCE, DESTINATION] {
            run.hint(A, index.into());
            run.hint(B, 5);
            run.assembly.instr(Op::HostSet, 0, A, B, 0);
        }
        run.hint(A, 64);
        run.assembly.instr(Op::GtU32, D, A, 0, 0);
        run.assembly.instr(Op::Load64, D, A, 0, 0);
        run.assembly.instr(Op::Copy, D, A, 0, 0);
    }
    let mut traces = run.traces("main", &[]);
    add_empty(&mut traces, TableId::Chip(Chip::CallTrap));
    traces
}

/// What a cell holds before a clock, and the clock of the access before it.
pub(crate) fn held(honest: &Honest<'_>, address: u32, clock: F) -> Option<([F; 4], F)> {
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
    source(liar, kills);
    destination(liar, kills);
}

/// A copy in the place of another instruction.
fn copy_of(liar: &Liar<'_, '_>, honest: &Row) -> Row {
    let mut row = Row::beyond(liar.honest, Chip::Copy);
    row.adopt(honest);
    row.set("real", F::ONE);
    row
}

/// Comparing a register with another, as copying a cell of the host region: the source is static as often as makes this
/// the fetched opcode.
fn source(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for honest in Row::of(liar.honest, Chip::Compare32, Op::GtU32) {
        let Some((value, read)) = held(liar.honest, HOST_BASE + SOURCE, honest.get("cpu.clock")) else { continue };
        let mut row = copy_of(liar, &honest);
        row.set("from_static", selector(Op::GtU32) - selector(Op::Copy));
        row.put("read.value", &value);
        row.set("read.previous", read);
        tell(liar, [honest.removed(), row], kills);
    }
}

/// Loading from the address in a register, as copying it into the host region: the destination is static as often as
/// makes this the fetched opcode.
fn destination(liar: &Liar<'_, '_>, kills: &mut Kills) {
    for honest in Row::of(liar.honest, Chip::LoadWord, Op::Load64) {
        let Some((before, written)) = held(liar.honest, HOST_BASE + DESTINATION, honest.get("cpu.clock")) else {
            continue;
        };
        let mut row = copy_of(liar, &honest);
        row.set("to_static", (selector(Op::Load64) - selector(Op::Copy)).halve());
        row.set("a", honest.get("address.a"));
        row.put("read.value", &honest.array("address.base.value"));
        row.set("read.previous", honest.get("address.base.previous"));
        row.put("write.before", &before);
        row.set("write.previous", written);
        tell(liar, [honest.removed(), row], kills);
    }
}
