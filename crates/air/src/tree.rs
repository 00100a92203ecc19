//! The state tree: a binary Merkle tree over all cells, hashed with Poseidon2.
//!
//! A leaf is two neighbouring cells, which are its digest: eight limbs, nothing is hashed. A node is
//! the compression of its two children. All addresses have a place, so the tree has one shape for every
//! state; cells that do not exist are zero, and subtrees of zeros have digests known beforehand.
//!
//! The compression is the first half of `P(x) + x` for Poseidon2 of width 16, the mode of section 3.1 of
//! the Poseidon2 paper (Grassi, Khovratovich, Schofnegger, ePrint 2023/323). Permutation, constants and
//! constraints are Plonky3's.

use alloc::vec::Vec;

use p3_air::{Air, AirBuilder, RowWindow};
use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::{
    GenericPoseidon2LinearLayersKoalaBear, KOALABEAR_POSEIDON2_HALF_FULL_ROUNDS, KOALABEAR_POSEIDON2_PARTIAL_ROUNDS_16,
    KOALABEAR_POSEIDON2_RC_16_EXTERNAL_FINAL, KOALABEAR_POSEIDON2_RC_16_EXTERNAL_INITIAL,
    KOALABEAR_POSEIDON2_RC_16_INTERNAL, KOALABEAR_S_BOX_DEGREE, KoalaBear,
};
use p3_matrix::dense::RowMajorMatrix;
use p3_poseidon2_air::{Poseidon2Air, RoundConstants, generate_trace_rows, num_cols};
use provasm_isa::layout::TREE_DEPTH;

use crate::bus::Builder;
use crate::columns::columns;

/// Field elements in a digest.
pub const DIGEST: usize = 8;

/// A digest, or the eight limbs of a leaf.
pub type Digest = [KoalaBear; DIGEST];

/// Field elements a permutation works on.
pub const STATE: usize = 2 * DIGEST;

/// Elements of the rounds before the partial ones, and after.
const FULL: usize = STATE * KOALABEAR_POSEIDON2_HALF_FULL_ROUNDS;

columns! {
    /// A permutation: its input and what its rounds leave.
    pub struct HashCols<T> {
        /// The two children.
        pub children: [T; STATE],
        /// The state after each of the first full rounds.
        pub first: [T; FULL],
        /// The S-box's output in each partial round.
        pub partial: [T; KOALABEAR_POSEIDON2_PARTIAL_ROUNDS_16],
        /// The state after each of the last full rounds.
        pub last: [T; FULL],
    }
}

/// Columns of a permutation.
pub const HASH_WIDTH: usize = num_cols::<
    STATE,
    KOALABEAR_S_BOX_DEGREE,
    0,
    KOALABEAR_POSEIDON2_HALF_FULL_ROUNDS,
    KOALABEAR_POSEIDON2_PARTIAL_ROUNDS_16,
>();

const _: () = assert!(HASH_WIDTH == <HashCols<u8> as crate::columns::Cells<u8>>::WIDTH);

type Constants =
    RoundConstants<KoalaBear, STATE, KOALABEAR_POSEIDON2_HALF_FULL_ROUNDS, KOALABEAR_POSEIDON2_PARTIAL_ROUNDS_16>;

/// The round constants, which Plonky3 derives from the Grain generator.
const CONSTANTS: Constants = RoundConstants::new(
    KOALABEAR_POSEIDON2_RC_16_EXTERNAL_INITIAL,
    KOALABEAR_POSEIDON2_RC_16_INTERNAL,
    KOALABEAR_POSEIDON2_RC_16_EXTERNAL_FINAL,
);

type Permutation = Poseidon2Air<
    KoalaBear,
    GenericPoseidon2LinearLayersKoalaBear,
    STATE,
    KOALABEAR_S_BOX_DEGREE,
    0,
    KOALABEAR_POSEIDON2_HALF_FULL_ROUNDS,
    KOALABEAR_POSEIDON2_PARTIAL_ROUNDS_16,
>;

const PERMUTATION: Permutation = Poseidon2Air::new(CONSTANTS);

/// A builder that shows Plonky3's permutation its own columns.
struct Part<'a, 'w, B: AirBuilder> {
    inner: &'a mut B,
    columns: RowWindow<'w, B::Var>,
}

impl<'w, B: AirBuilder> AirBuilder for Part<'_, 'w, B> {
    type F = B::F;
    type Expr = B::Expr;
    type Var = B::Var;
    type PreprocessedWindow = B::PreprocessedWindow;
    type MainWindow = RowWindow<'w, B::Var>;
    type PublicVar = B::PublicVar;
    type PeriodicVar = B::PeriodicVar;

    fn main(&self) -> Self::MainWindow {
        self.columns
    }

    fn preprocessed(&self) -> &Self::PreprocessedWindow {
        self.inner.preprocessed()
    }

    fn is_first_row(&self) -> Self::Expr {
        self.inner.is_first_row()
    }

    fn is_last_row(&self) -> Self::Expr {
        self.inner.is_last_row()
    }

    fn is_transition(&self) -> Self::Expr {
        self.inner.is_transition()
    }

    fn assert_zero<I: Into<Self::Expr>>(&mut self, x: I) {
        self.inner.assert_zero(x);
    }
}

impl<V: Copy> HashCols<V> {
    /// Constrains a permutation whose columns are `columns`, in order. Holds in every row.
    pub(crate) fn permute<B: Builder<Var = V>>(b: &mut B, columns: &[V]) {
        let columns = RowWindow::from_two_rows(columns, columns);
        PERMUTATION.eval(&mut Part { inner: b, columns });
    }

    /// The node's digest.
    pub(crate) fn digest<B: Builder<Var = V>>(&self) -> [B::Expr; DIGEST]
    where
        V: crate::bus::Var<B::Expr>,
    {
        let output = &self.last[FULL - STATE..];
        core::array::from_fn(|i| output[i] + self.children[i])
    }

    /// One child, the left one at `side` 0.
    pub(crate) fn child<B: Builder<Var = V>>(&self, side: usize) -> [B::Expr; DIGEST]
    where
        V: crate::bus::Var<B::Expr>,
    {
        core::array::from_fn(|i| self.children[DIGEST * side + i].into())
    }
}

/// The columns of permutations, one row each; their number is a power of two.
#[must_use]
pub fn hash_rows(children: Vec<[KoalaBear; STATE]>) -> RowMajorMatrix<KoalaBear> {
    generate_trace_rows::<
        KoalaBear,
        GenericPoseidon2LinearLayersKoalaBear,
        STATE,
        KOALABEAR_S_BOX_DEGREE,
        0,
        KOALABEAR_POSEIDON2_HALF_FULL_ROUNDS,
        KOALABEAR_POSEIDON2_PARTIAL_ROUNDS_16,
    >(children, &CONSTANTS, 0)
}

/// Computes digests of nodes.
#[derive(Clone, Debug)]
pub struct Hasher {
    permutation: p3_koala_bear::Poseidon2KoalaBear<STATE>,
    /// Per level, the digest of a subtree of zeros.
    zeros: [Digest; TREE_DEPTH as usize + 1],
}

impl Default for Hasher {
    fn default() -> Self {
        let permutation = p3_koala_bear::default_koalabear_poseidon2_16();
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
    #[must_use]
    pub fn compress(&self, left: &Digest, right: &Digest) -> Digest {
        use p3_symmetric::Permutation as _;
        let children: [KoalaBear; STATE] =
            core::array::from_fn(|i| if i < DIGEST { left[i] } else { right[i - DIGEST] });
        let output = self.permutation.permute(children);
        core::array::from_fn(|i| output[i] + children[i])
    }

    /// The digest of a subtree of zeros whose root is at this level, leaves being at level 0.
    #[must_use]
    pub fn zero(&self, level: u32) -> &Digest {
        &self.zeros[level as usize]
    }
}
