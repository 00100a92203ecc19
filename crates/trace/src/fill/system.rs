//! Rows of the tables around the instructions.

use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use provasm_air::columns::Cells;
use provasm_air::permutation::{PermutationCols, STATE};
use provasm_air::state::{CellCols, NodeCols, PageCols, TREE_UPPER};
use provasm_air::system::BridgeCols;
use provasm_air::tree::both;
use provasm_execute::{Bridge, Grow};
use provasm_isa::layout::{LINK_BASE, TREE_PAGE_LEVEL};
use rayon::prelude::*;

use super::{F, f, flag, limbs};
use crate::tree::{Leaf, NodeRow, Page, Side};

/// The limbs of a cell's value: links hold a pc and a frame pointer, one limb each.
pub(crate) fn cell_limbs(address: u32, value: u64) -> [F; 4] {
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

/// The row of a leaf.
pub(crate) fn cell_row(leaf: &Leaf) -> CellCols<F> {
    CellCols {
        real: F::ONE,
        index: f(leaf.index),
        birth: f(leaf.birth),
        before: leaf.before,
        after: leaf.after,
        first_clock: leaf.first_clock.map(f),
        last_clock: leaf.last_clock.map(f),
    }
}

/// The row of a page.
pub(crate) fn page_row(page: &Page) -> PageCols<F> {
    let growth = page.growth.unwrap_or(Grow { from: 0, to: 0, clock: 0 });
    PageCols {
        linear: flag(page.growth.is_some()),
        fixed: flag(page.growth.is_none()),
        index: f(page.index),
        birth: f(growth.clock),
        from: f(growth.from),
        to: f(growth.to),
        before: page.before,
        after: page.after,
    }
}

/// The rows of nodes, in a table of this height. Padding has the permutation of zeros.
pub(crate) fn node_rows(rows: &[NodeRow<'_>], width: usize, log_height: usize) -> RowMajorMatrix<F> {
    let mut matrix = RowMajorMatrix::new(F::zero_vec(width << log_height), width);
    let padding = node_cols(None);
    matrix.values.par_chunks_exact_mut(width).enumerate().for_each(|(i, cells)| {
        let cols = rows.get(i).map_or(padding, |row| node_cols(Some(row)));
        let mut cells = cells.iter_mut();
        cols.put(&mut |cell| cells.next().into_iter().for_each(|slot| *slot = cell));
    });
    matrix
}

fn node_cols(row: Option<&NodeRow<'_>>) -> NodeCols<F> {
    let Some(&NodeRow { node, side }) = row else {
        let zero = F::ZERO;
        let hash = PermutationCols::<F>::of([zero; STATE]);
        return NodeCols { hash, before: zero, after: zero, level: zero, index: zero, birth: zero, walked: [zero; 2] };
    };
    let above_pages = if node.level > TREE_PAGE_LEVEL { TREE_UPPER } else { 0 };
    let children = if side == Side::After { &node.after } else { &node.before };
    NodeCols {
        hash: PermutationCols::<F>::of(both(children)),
        before: flag(side != Side::After),
        after: flag(side != Side::Before),
        level: f(node.level + above_pages),
        index: f(node.index),
        birth: f(node.birth),
        walked: node.walked.map(flag),
    }
}
