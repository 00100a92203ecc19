//! Cells that are accessed before they are born, and cells by an index that names others.

use p3_field::{Field, PrimeCharacteristicRing};
use provasm_air::KoalaBear as F;
use provasm_air::TableId;
use provasm_isa::layout::{HOST_BASE, PAGE_BYTES, REGISTER_BASE, STATIC_BASE};
use provasm_isa::{Chip, Op};
use provasm_testkit::assemble::{A, B, D};
use provasm_testkit::delete::{Kills, Liar};

use super::tale::{Tale, f};
use crate::runs::Run;

/// Neighbouring cells of a page, in bytes.
const CELLS: [u64; 2] = [64, 72];
/// The page that is born.
const PAGE: u64 = 1;

/// Two loads from the first page, a growth by a page, and the same loads from that one. Each load comes after the hint
/// of its address.
pub(super) fn born() -> Run {
    let mut run = Run::new(&[], &[]);
    for page in [0, PAGE] {
        for cell in CELLS {
            run.hint(A, page * PAGE_BYTES + cell);
            run.assembly.instr(Op::Load64, D, A, 0, 0);
        }
        run.hint(A, 1 - page);
        run.assembly.instr(Op::MemoryGrow, D, A, 0, 4);
    }
    run.assembly.halt();
    run
}

/// A load before the growth is from the page that is not there yet.
fn early<'l, 'h, 't>(liar: &'l Liar<'h, 't>, hint: u32) -> Tale<'l, 'h, 't> {
    let mut tale = Tale::about(liar);
    tale.set(tale.at(Chip::Hint, hint), &[("value[1]", PAGE as i64)]);
    tale.set(tale.at(Chip::LoadWord, hint + 1), &[("address.base.value[1]", PAGE as i64)]);
    tale
}

pub(super) fn tell_born(liar: &Liar<'_, '_>, kills: &mut Kills) {
    // Its cells are there before it.
    early(liar, 0).tell(kills);
    early(liar, 2).tell(kills);
    // It is there from the start: as one beyond the size, or by a growth that another row takes back.
    for to in [1, 2] {
        let mut tale = early(liar, 0);
        for id in [TableId::Cells, TableId::Nodes, TableId::Pages] {
            for row in tale.rows(id) {
                if tale.get(row, "birth") == F::ZERO {
                    continue;
                }
                tale.set(row, &[("birth", 0)]);
                match id {
                    TableId::Cells => tale.set(row, &[("first_clock[0]", 0), ("first_clock[1]", 0)]),
                    TableId::Pages => tale.set(row, &[("from", 0), ("to", to)]),
                    _ => {}
                }
            }
        }
        if to == 2 {
            let row = tale.add(TableId::Pages);
            tale.set(row, &[("linear", -1), ("fixed", 1), ("index", PAGE as i64), ("to", to)]);
        }
        tale.tell(kills);
    }
}

/// A static cell read by its index, which is 1.
pub(super) fn by_index() -> Run {
    let mut run = Run::new(&[], &[]);
    run.assembly.static_cell(0);
    run.hint(B, 5);
    run.hint(A, 1);
    run.assembly.instr(Op::StaticGet, D, A, 0, 0);
    run.assembly.halt();
    run
}

/// The index is that of a register.
pub(super) fn tell_by_index(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let mut tale = Tale::about(liar);
    let [hint, get] = [tale.at(Chip::Hint, 1), tale.at(Chip::Static, 2)];
    let index = REGISTER_BASE + u32::from(B) - STATIC_BASE;
    for (row, name) in [(hint, "value"), (get, "index.value")] {
        tale.fill(row, name, &[F::from_u32(index & 0xffff), F::from_u32(index >> 16)]);
    }
    tale.set(get, &[("source.value[0]", 5)]);
    tale.tell(kills);
}

/// The index of a host cell: a quarter of the distance from the static cells to the host region.
const HOST_CELL: u32 = (HOST_BASE - STATIC_BASE) / 4;

/// Host cell 0 is read, and then another one, into register 0.
pub(super) fn host() -> Run {
    let mut run = Run::new(&[], &[]);
    run.hint(0, 5);
    for (index, to) in [(0, D), (HOST_CELL, 0)] {
        run.hint(A, index.into());
        run.assembly.instr(Op::HostGet, to, A, 0, 0);
    }
    run.assembly.halt();
    run
}

/// The instruction that reads a cell into register 0 sets host cell 0 from it: with a fraction of the flag of the host
/// region, the other flags are those of another instruction, and the region begins a quarter earlier.
pub(super) fn tell_host(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let mut tale = Tale::about(liar);
    let row = tale.at(Chip::Static, 4);
    tale.set(row, &[("get", 0), ("set", 1), ("source.value[0]", 5), ("write.before[0]", 0)]);
    tale.put(row, "host", f(3) * F::new(4).inverse());
    tale.tell(kills);
}
