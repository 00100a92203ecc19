//! Rows of the tables around the instructions.

use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use provasm_air::columns::Cells;
use provasm_air::state::{CellCols, PageCols, PlaceCols, TREE_UPPER};
use provasm_air::system::BridgeCols;
use provasm_air::tree::{DIGEST, Digest, HASH_WIDTH, STATE, hash_rows};
use provasm_execute::{Bridge, Grow};
use provasm_isa::layout::{LINK_BASE, TREE_PAGE_LEVEL};
use rayon::prelude::*;

use super::{F, f, flag, limbs};
use crate::tree::{Leaf, Node, Page};

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

/// Where a node is.
fn place(node: &Node) -> PlaceCols<F> {
    let above_pages = if node.level > TREE_PAGE_LEVEL { TREE_UPPER } else { 0 };
    PlaceCols {
        real: F::ONE,
        level: f(node.level + above_pages),
        index: f(node.index),
        birth: f(node.birth),
        walked: node.walked.map(flag),
    }
}

/// The rows of nodes, in a table of this height: a permutation each for the digests before and, of nodes
/// that change, after; then the place. Padding has the permutation of zeros.
pub(crate) fn node_rows(nodes: &[Node], width: usize, log_height: usize) -> RowMajorMatrix<F> {
    let mut rows = RowMajorMatrix::new(F::zero_vec(width << log_height), width);
    let place_width = <PlaceCols<F> as Cells<F>>::WIDTH;
    let children = |side: fn(&Node) -> &[Digest; 2]| {
        let mut children: Vec<[F; STATE]> = nodes.iter().map(|node| both(side(node))).collect();
        children.resize(1 << log_height, [F::ZERO; STATE]);
        hash_rows(children)
    };
    let sides: [fn(&Node) -> &[Digest; 2]; 2] = [|node| &node.before, |node| &node.after];
    for (i, side) in sides.into_iter().enumerate().take(width / HASH_WIDTH) {
        let hashes = children(side);
        rows.values.par_chunks_exact_mut(width).zip(hashes.values.par_chunks_exact(HASH_WIDTH)).for_each(
            |(row, hash)| {
                row[HASH_WIDTH * i..HASH_WIDTH * (i + 1)].copy_from_slice(hash);
            },
        );
    }
    for (row, node) in rows.values.chunks_exact_mut(width).zip(nodes) {
        let mut cells = row[width - place_width..].iter_mut();
        place(node).put(&mut |cell| cells.next().into_iter().for_each(|slot| *slot = cell));
    }
    rows
}

/// Two digests, one after the other.
fn both(digests: &[Digest; 2]) -> [F; STATE] {
    core::array::from_fn(|i| digests[i / DIGEST][i % DIGEST])
}
