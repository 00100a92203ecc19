//! The state tree: a binary Merkle tree over all cells, hashed with Poseidon2.
//!
//! A leaf is two neighbouring cells, which are its digest: eight limbs, nothing is hashed. A node is
//! the compression of its two children. All addresses have a place, so the tree has one shape for every
//! state; cells that do not exist are zero, and subtrees of zeros have digests known beforehand.
//!
//! The compression is the first half of `P(x) + x` for Poseidon2 of width 16, the compression mode of the
//! Poseidon2 paper (Grassi, Khovratovich, Schofnegger, ePrint 2023/323). Permutation and constants are Plonky3's.

use alloc::vec::Vec;

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::{KoalaBear, Poseidon2KoalaBear, default_koalabear_poseidon2_16};
use p3_symmetric::Permutation;
use provasm_isa::layout::{
    HOST_BASE, HOST_INPUT, HOST_OUTPUT, HOST_STREAM_LOG_CELLS, LEAF_CELLS, TREE_DEPTH, stream_cells,
};

use crate::claim::limbs;
use crate::permutation::STATE;

/// Field elements in a digest.
pub const DIGEST: usize = STATE / 2;

/// A digest, or the eight limbs of a leaf.
pub type Digest = [KoalaBear; DIGEST];

/// The input of a node's permutation: its two children.
pub fn both(children: &[Digest; 2]) -> [KoalaBear; STATE] {
    core::array::from_fn(|i| children[i / DIGEST][i % DIGEST])
}

/// Level of the nodes whose subtrees are the public streams.
pub const STREAM_LEVEL: u32 = HOST_STREAM_LOG_CELLS - LEAF_CELLS.ilog2();
/// Levels above them.
pub const STREAM_SIBLINGS: usize = (TREE_DEPTH - STREAM_LEVEL) as usize;
/// Number of the public input's node among those of its level.
pub const INPUT_NODE: u32 = (HOST_BASE + HOST_INPUT) >> HOST_STREAM_LOG_CELLS;
/// Number of the public output's node.
pub const OUTPUT_NODE: u32 = (HOST_BASE + HOST_OUTPUT) >> HOST_STREAM_LOG_CELLS;

/// The limbs of a leaf of ordinary cells; a missing one is zero.
fn leaf(cells: &[u64]) -> Digest {
    core::array::from_fn(|i| limbs(cells.get(i / 4).copied().unwrap_or(0))[i % 4])
}

/// Computes digests of nodes.
#[derive(Clone, Debug)]
pub struct Hasher {
    permutation: Poseidon2KoalaBear<STATE>,
    /// Per level, the digest of a subtree of zeros.
    zeros: [Digest; TREE_DEPTH as usize + 1],
}

impl Default for Hasher {
    fn default() -> Self {
        let permutation = default_koalabear_poseidon2_16();
        let mut hasher = Self { permutation, zeros: [[KoalaBear::ZERO; DIGEST]; TREE_DEPTH as usize + 1] };
        for level in 1..hasher.zeros.len() {
            let child = hasher.zeros[level - 1];
            hasher.zeros[level] = hasher.compress(&child, &child);
        }
        hasher
    }
}

impl Hasher {
    /// The digest of a node with these children.
    pub fn compress(&self, left: &Digest, right: &Digest) -> Digest {
        let children = both(&[*left, *right]);
        let output = self.permutation.permute(children);
        core::array::from_fn(|i| output[i] + children[i])
    }

    /// The digest of a public stream: of the subtree of the host region that its cells lie in.
    pub fn stream(&self, bytes: &[u8]) -> Digest {
        let cells: Vec<u64> = stream_cells(bytes).collect();
        let mut level: Vec<Digest> = cells.chunks(LEAF_CELLS as usize).map(leaf).collect();
        for height in 0..STREAM_LEVEL {
            let zero = self.zero(height);
            let child = |pair: &[Digest], index| pair.get(index).copied().unwrap_or(*zero);
            let pair = |pair: &[Digest]| self.compress(&child(pair, 0), &child(pair, 1));
            level = level.chunks(2).map(pair).collect();
        }
        level.first().copied().unwrap_or(*self.zero(STREAM_LEVEL))
    }

    /// The root above a node, given the digests beside its way up.
    pub fn root_above(&self, node: Digest, index: u32, siblings: &[Digest]) -> Digest {
        let mut index = index;
        siblings.iter().fold(node, |node, sibling| {
            let is_right = index % 2 == 1;
            index /= 2;
            if is_right { self.compress(sibling, &node) } else { self.compress(&node, sibling) }
        })
    }

    /// The digest of a subtree of zeros whose root is at this level, leaves being at level 0.
    pub fn zero(&self, level: u32) -> &Digest {
        &self.zeros[level as usize]
    }
}
