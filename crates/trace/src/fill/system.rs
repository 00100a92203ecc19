//! Rows of the tables around the instructions.

use p3_field::PrimeCharacteristicRing;
use provasm_air::system::{BridgeCols, CellCols, PageCols};
use provasm_execute::{Bridge, CellKind, CellRecord, Recording};
use provasm_isa::layout::{LINK_BASE, PAGE_CELLS, REGISTER_BASE, STATIC_BASE};

use super::{F, f, flag, limbs};

/// The limbs of a cell's value: links hold a pc and a frame pointer, one limb each.
fn cell_limbs(address: u32, value: u64) -> [F; 4] {
    if address >= LINK_BASE { [f(value as u32), f((value >> 32) as u32), F::ZERO, F::ZERO] } else { limbs(value) }
}

/// The row of a bridge.
pub(crate) fn bridge_row(bridge: &Bridge) -> BridgeCols<F> {
    BridgeCols {
        real: F::ONE,
        address: f(bridge.address),
        value: cell_limbs(bridge.address, bridge.value),
        from: f(bridge.from),
        to: f(bridge.to),
        gap_low: f((bridge.to - bridge.from - 1) & 0xffff),
        to_low: f(bridge.to & 0xffff),
    }
}

/// The rows of all cells, in order.
pub(crate) fn cell_rows(recording: &Recording) -> impl Iterator<Item = CellCols<F>> + '_ {
    let mut above: Option<u32> = None;
    recording.cells.iter().map(move |cell| {
        let is_upper = cell.address >= STATIC_BASE;
        let first = if is_upper { STATIC_BASE } else { 0 };
        let floor = above.filter(|&above| above > first).unwrap_or(first);
        above = Some(cell.address + 1);
        cell_row(cell, floor)
    })
}

fn cell_row(cell: &CellRecord, floor: u32) -> CellCols<F> {
    let is = |kind: CellKind| cell.kind == kind;
    let (high, low) = match cell.kind {
        CellKind::Image => (0, 0),
        CellKind::Memory => (cell.address / PAGE_CELLS, cell.address % PAGE_CELLS),
        CellKind::Register => ((cell.address - REGISTER_BASE) >> 16, (cell.address - REGISTER_BASE) & 0xffff),
        CellKind::Link => ((cell.address - LINK_BASE) >> 16, (cell.address - LINK_BASE) & 0xffff),
    };
    CellCols {
        data: flag(is(CellKind::Image) && cell.address < STATIC_BASE),
        fixed: flag(is(CellKind::Image) && cell.address >= STATIC_BASE),
        memory: flag(is(CellKind::Memory)),
        register: flag(is(CellKind::Register)),
        link: flag(is(CellKind::Link)),
        address: f(cell.address),
        floor: f(floor),
        gap: f((cell.address - floor) & 0xffff),
        high: f(high),
        low: f(low),
        initial: cell_limbs(cell.address, cell.initial),
        birth: f(cell.birth),
        last: cell_limbs(cell.address, cell.last),
        last_clock: f(cell.last_clock),
    }
}

/// The rows of all pages; `touched` counts the memory cells of each.
pub(crate) fn page_rows<'r>(
    recording: &'r Recording,
    pages_at_start: u32,
    touched: &'r [u32],
) -> impl Iterator<Item = PageCols<F>> + 'r {
    let start = provasm_execute::Grow { from: 0, to: pages_at_start, clock: 0 };
    std::iter::once(start).chain(recording.grows.iter().copied()).flat_map(move |grow| {
        (grow.from..grow.to).map(move |page| PageCols {
            real: F::ONE,
            page: f(page),
            end: f(grow.to),
            clock: f(grow.clock),
            touched: f(touched.get(page as usize).copied().unwrap_or(0)),
        })
    })
}
