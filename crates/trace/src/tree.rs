//! The state tree of a running program, and the walk that a segment makes through it.

use std::collections::HashMap;

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_air::tree::{DIGEST, Digest, Hasher, STREAM_LEVEL, STREAM_SIBLINGS};
use provasm_execute::{BLOCK_CELLS, CellBlock, Grow, Recording, birth_of_page};
use provasm_isa::layout::{
    HOST_BASE, HOST_INPUT, LEAF_CELLS, PAGE_CELLS, STATIC_PAGE, TREE_DEPTH, TREE_PAGE_LEVEL, stream_cells,
};
use provasm_program::Program;
use rayon::prelude::*;

use crate::fill::cell_limbs;

/// Leaves in a block of cells.
const BLOCK_LEAVES: usize = BLOCK_CELLS / LEAF_CELLS as usize;

/// Level of the nodes whose subtree is a block. Digests below are computed anew whenever they are needed.
const BLOCK_LEVEL: u32 = BLOCK_LEAVES.ilog2();

/// Two touched cells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaf {
    pub(crate) index: u32,
    pub(crate) birth: u32,
    pub(crate) before: Digest,
    pub(crate) after: Digest,
    pub(crate) first_clock: [u32; 2],
    pub(crate) last_clock: [u32; 2],
}

/// A page that holds touched cells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub(crate) index: u32,
    /// The growth that made it; none for pages of static cells, registers and links.
    pub(crate) growth: Option<Grow>,
    pub(crate) before: Digest,
    pub(crate) after: Digest,
}

/// A node above touched cells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) level: u32,
    pub(crate) index: u32,
    pub(crate) birth: u32,
    pub(crate) before: [Digest; 2],
    pub(crate) after: [Digest; 2],
    pub(crate) walked: [bool; 2],
}

impl Node {
    pub(crate) fn is_changed(&self) -> bool {
        self.before != self.after
    }
}

/// The way of a segment through the tree: everything its tables say about it.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// The root at the start.
    pub root_before: Digest,
    /// The root at the end.
    pub root_after: Digest,
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) pages: Vec<Page>,
    pub(crate) nodes: Vec<Node>,
}

/// Which digests of a node a row computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Before,
    After,
    /// The node does not change.
    Both,
}

/// A row of the table of nodes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeRow<'w> {
    pub(crate) node: &'w Node,
    pub(crate) side: Side,
}

/// A touched subtree: its number within the level, and its digests.
#[derive(Clone, Copy)]
struct Subtree {
    index: u32,
    before: Digest,
    after: Digest,
}

/// The digests of a state's tree, from the level of blocks up. Subtrees of zeros are left out.
#[derive(Clone, Debug)]
pub struct StateTree {
    hasher: Hasher,
    /// Digests by number, for each level from that of blocks.
    levels: Vec<HashMap<u32, Digest>>,
}

impl StateTree {
    /// The tree of a program's initial state.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        let levels = vec![HashMap::new(); (TREE_DEPTH - BLOCK_LEVEL) as usize + 1];
        let mut tree = Self { hasher: Hasher::default(), levels };
        let number = |address: u32| address / BLOCK_CELLS as u32;
        let cells = program.cells.chunk_by(|a, b| number(a.address) == number(b.address));
        let blocks: Vec<CellBlock> = cells
            .map(|cells| {
                let places = cells.iter().map(|cell| (cell.address as usize % BLOCK_CELLS, cell.value));
                initial_block(number(cells[0].address), places)
            })
            .collect();
        tree.walk(&blocks, &[], 0);
        tree
    }

    /// The tree with this public input, of a program's initial state.
    #[must_use]
    pub fn with_input(&self, input: &[u8]) -> Self {
        let mut tree = self.clone();
        let cells: Vec<u64> = stream_cells(input).collect();
        let blocks: Vec<CellBlock> = cells
            .chunks(BLOCK_CELLS)
            .zip((HOST_BASE + HOST_INPUT) / BLOCK_CELLS as u32..)
            .map(|(cells, number)| initial_block(number, cells.iter().copied().enumerate()))
            .collect();
        tree.walk(&blocks, &[], 0);
        tree
    }

    /// The digests beside the way from a public stream's node up to the root.
    pub fn stream_siblings(&self, node: u32) -> [Digest; STREAM_SIBLINGS] {
        core::array::from_fn(|i| self.digest(STREAM_LEVEL + i as u32, (node >> i) ^ 1))
    }

    /// The root.
    pub fn root(&self) -> Digest {
        self.digest(TREE_DEPTH, 0)
    }

    /// Follows a recorded segment, whose beginning is the state of this tree.
    #[must_use]
    pub fn advance(&mut self, recording: &Recording) -> Walk {
        let pages = u32::try_from(recording.pages).unwrap_or(u32::MAX);
        self.walk(&recording.blocks, &recording.grows, pages)
    }

    fn digest(&self, level: u32, index: u32) -> Digest {
        let known = self.levels.get((level - BLOCK_LEVEL) as usize).and_then(|digests| digests.get(&index));
        *known.unwrap_or_else(|| self.hasher.zero(level))
    }

    fn set_digest(&mut self, level: u32, index: u32, digest: Digest) {
        let is_zero = digest == *self.hasher.zero(level);
        if let Some(digests) = self.levels.get_mut((level - BLOCK_LEVEL) as usize) {
            if is_zero {
                digests.remove(&index);
            } else {
                digests.insert(index, digest);
            }
        }
    }

    fn walk(&mut self, blocks: &[CellBlock], grows: &[Grow], pages_at_start: u32) -> Walk {
        let mut walk = Walk { root_before: self.root(), ..Walk::default() };
        let hasher = &self.hasher;
        let parts: Vec<_> = blocks
            .par_iter()
            .map(|block| {
                let page = block.number / (PAGE_CELLS / BLOCK_CELLS as u32);
                walk_block(hasher, block, birth_of_page(grows, page))
            })
            .collect();
        let mut subtrees = Vec::with_capacity(parts.len());
        for BlockWalk { root, leaves, nodes } in parts {
            self.set_digest(BLOCK_LEVEL, root.index, root.after);
            walk.leaves.extend(leaves);
            walk.nodes.extend(nodes);
            subtrees.push(root);
        }
        for level in BLOCK_LEVEL + 1..=TREE_DEPTH {
            subtrees = self.climb(level, &subtrees, grows, &mut walk);
            if level == TREE_PAGE_LEVEL {
                let start = Grow { from: 0, to: pages_at_start, clock: 0 };
                walk.pages = subtrees.iter().map(|subtree| page(subtree, &start, grows)).collect();
            }
        }
        walk.root_after = self.root();
        walk
    }

    /// The parents, at `level`, of touched subtrees.
    fn climb(&mut self, level: u32, children: &[Subtree], grows: &[Grow], walk: &mut Walk) -> Vec<Subtree> {
        let parents: Vec<Node> = children
            .par_chunk_by(|a, b| a.index / 2 == b.index / 2)
            .map(|children| {
                let index = children[0].index / 2;
                let birth =
                    if level <= TREE_PAGE_LEVEL { birth_of_page(grows, index >> (TREE_PAGE_LEVEL - level)) } else { 0 };
                let sibling = |side: u32| self.digest(level - 1, 2 * index + side);
                // A child that is touched has its new digest in the tree already; its old one is its own.
                let mut node = Node {
                    level,
                    index,
                    birth,
                    before: [[KoalaBear::ZERO; DIGEST]; 2],
                    after: [sibling(0), sibling(1)],
                    walked: [false; 2],
                };
                node.before = node.after;
                for child in children {
                    let side = child.index as usize % 2;
                    node.before[side] = child.before;
                    node.walked[side] = true;
                }
                node
            })
            .collect();
        let hasher = &self.hasher;
        let before: Vec<Digest> = parents.iter().map(|node| self.digest(level, node.index)).collect();
        let after: Vec<Digest> = parents
            .par_iter()
            .zip(&before)
            .map(
                |(node, before)| {
                    if node.is_changed() { hasher.compress(&node.after[0], &node.after[1]) } else { *before }
                },
            )
            .collect();
        let mut subtrees = Vec::with_capacity(parents.len());
        for ((node, before), after) in parents.into_iter().zip(before).zip(after) {
            self.set_digest(level, node.index, after);
            subtrees.push(Subtree { index: node.index, before, after });
            walk.nodes.push(node);
        }
        subtrees
    }
}

impl Walk {
    /// Touched pages of linear memory that were born at this clock.
    pub(crate) fn pages_born_at(&self, clock: u32) -> u32 {
        // Pages are in order, so those born together are neighbours.
        let born = |page: &&Page| page.growth.is_some_and(|growth| growth.clock == clock);
        let first = self.pages.partition_point(|page| page.growth.is_some_and(|growth| growth.clock < clock));
        self.pages.iter().skip(first).take_while(born).count() as u32
    }

    /// One row for every node that does not change, two for the others.
    pub(crate) fn node_rows(&self) -> Vec<NodeRow<'_>> {
        let sides = |node: &Node| if node.is_changed() { &[Side::Before, Side::After][..] } else { &[Side::Both][..] };
        self.nodes.iter().flat_map(|node| sides(node).iter().map(move |&side| NodeRow { node, side })).collect()
    }
}

/// A block that was zero and becomes this.
fn initial_block(number: u32, cells: impl Iterator<Item = (usize, u64)>) -> CellBlock {
    let zeros = [0; BLOCK_CELLS];
    let mut after = zeros;
    cells.for_each(|(place, value)| after[place] = value);
    let clocks = [0; BLOCK_CELLS];
    CellBlock { number, before: zeros, after, first_clock: clocks, last_clock: clocks }
}

/// What walking one block finds.
struct BlockWalk {
    root: Subtree,
    leaves: Vec<Leaf>,
    nodes: Vec<Node>,
}

/// The digests of a block's leaves.
fn leaf_digests(number: u32, values: &[u64; BLOCK_CELLS]) -> [Digest; BLOCK_LEAVES] {
    core::array::from_fn(|leaf| {
        let cell = |i: usize| {
            let i = leaf * LEAF_CELLS as usize + i;
            cell_limbs(number * BLOCK_CELLS as u32 + i as u32, values[i])
        };
        let (first, second) = (cell(0), cell(1));
        core::array::from_fn(|i| if i < 4 { first[i] } else { second[i - 4] })
    })
}

/// Walks a block from its leaves to its root.
fn walk_block(hasher: &Hasher, block: &CellBlock, birth: u32) -> BlockWalk {
    let mut before = leaf_digests(block.number, &block.before);
    let mut after = leaf_digests(block.number, &block.after);
    let mut touched = [false; BLOCK_LEAVES];
    let mut leaves = Vec::new();
    for leaf in 0..BLOCK_LEAVES {
        let at = leaf * LEAF_CELLS as usize;
        let last = [block.last_clock[at], block.last_clock[at + 1]];
        touched[leaf] = last != [0; 2];
        if touched[leaf] {
            let first = [block.first_clock[at], block.first_clock[at + 1]];
            leaves.push(Leaf {
                index: block.number * BLOCK_LEAVES as u32 + leaf as u32,
                birth,
                before: before[leaf],
                after: after[leaf],
                // The other cell of a leaf exists since its page does.
                first_clock: core::array::from_fn(|i| if last[i] == 0 { birth } else { first[i] }),
                last_clock: last.map(|last| if last == 0 { birth } else { last }),
            });
        }
    }
    let mut nodes = Vec::new();
    for level in 1..=BLOCK_LEVEL {
        for i in 0..BLOCK_LEAVES >> level {
            let pair = |digests: &[Digest; BLOCK_LEAVES]| [digests[2 * i], digests[2 * i + 1]];
            let node = Node {
                level,
                index: (block.number << (BLOCK_LEVEL - level)) + i as u32,
                birth,
                before: pair(&before),
                after: pair(&after),
                walked: [touched[2 * i], touched[2 * i + 1]],
            };
            touched[i] = node.walked != [false; 2];
            before[i] = hasher.compress(&node.before[0], &node.before[1]);
            after[i] = if node.is_changed() { hasher.compress(&node.after[0], &node.after[1]) } else { before[i] };
            if touched[i] {
                nodes.push(node);
            }
        }
    }
    BlockWalk { root: Subtree { index: block.number, before: before[0], after: after[0] }, leaves, nodes }
}

/// The page that a subtree is.
fn page(subtree: &Subtree, start: &Grow, grows: &[Grow]) -> Page {
    let &Subtree { index, before, after } = subtree;
    let next = grows.partition_point(|grow| grow.to <= index);
    let growth = grows.get(next).filter(|grow| grow.from <= index).unwrap_or(start);
    Page { index, growth: (index < STATIC_PAGE).then_some(*growth), before, after }
}
