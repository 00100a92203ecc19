//! The state tree: a binary Merkle tree over all cells, hashed with Poseidon2.
//!
//! A leaf is two neighbouring cells, which are its digest: eight limbs, nothing is hashed. A node is
//! the compression of its two children. All addresses have a place, so the tree has one shape for every
//! state; cells that do not exist are zero, and subtrees of zeros have digests known beforehand.
//!
//! The compression is the first half of `P(x) + x` for Poseidon2 of width 16, the compression mode of the
//! Poseidon2 paper (Grassi, Khovratovich, Schofnegger, ePrint 2023/323). Permutation and constants are Plonky3's.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::{KoalaBear, Poseidon2KoalaBear, default_koalabear_poseidon2_16};
use p3_symmetric::Permutation;
use provasm_isa::layout::TREE_DEPTH;

use crate::permutation::STATE;

/// Field elements in a digest.
pub const DIGEST: usize = STATE / 2;

/// A digest, or the eight limbs of a leaf.
pub type Digest = [KoalaBear; DIGEST];

/// The input of a node's permutation: its two children.
pub fn both(children: &[Digest; 2]) -> [KoalaBear; STATE] {
    core::array::from_fn(|i| children[i / DIGEST][i % DIGEST])
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

    /// The digest of a subtree of zeros whose root is at this level, leaves being at level 0.
    pub fn zero(&self, level: u32) -> &Digest {
        &self.zeros[level as usize]
    }
}
