//! The tables that bind a segment's cells to the state tree, before and after.
//!
//! Given the roots before and after, they prove: every cell that the segment touches begins with
//! what the tree before holds, and the tree after holds what it ends with; all other cells are
//! the same in both.
//!
//! A node has a row for its digest before and one for its digest after, or one for both where it does not
//! change. Digests pass down the tree bus, side by side, to the children that are walked into. What is below a child
//! that is not walked into stays: the row before passes its digest straight to the row after. Both sides of a node are
//! walked into the same children, else a message finds no taker; a leaf takes both sides at once. Each side of each node is passed down at
//! most once, so no cell is born twice.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use p3_lookup::Count;
use provasm_isa::layout::{LEAF_CELLS, STATIC_PAGE, STATIC_PAGES_LOG, TREE_PAGE_LEVEL};

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::limbs::exprs;
use crate::permutation::PermutationCols;
use crate::tree::DIGEST;

/// Levels of nodes above the pages are counted from here on the tree bus. No walk has as many nodes
/// (a table has at most 2^28 rows in its parts), so none gets from here to a leaf but through a page.
pub const TREE_UPPER: u32 = 1 << 29;

/// The side of digests before the segment.
const BEFORE: u32 = 0;
/// The side of digests after it.
const AFTER: u32 = 1;
/// The side of digests that stay: of children that are not walked into.
const KEPT: u32 = 2;

/// A node on the tree bus.
pub(crate) struct TreeNode<E> {
    /// Its level: 0 for leaves; above the pages counted from [`TREE_UPPER`].
    pub(crate) level: E,
    /// Its number among the nodes of its level.
    pub(crate) index: E,
    /// Clock of the birth of the page it lies in.
    pub(crate) birth: E,
}

/// Fields of a message on the tree bus.
const TREE_FIELDS: usize = 4 + DIGEST;

impl<E: PrimeCharacteristicRing> TreeNode<E> {
    fn message(&self, side: E, digest: [E; DIGEST]) -> [E; TREE_FIELDS] {
        let place = [side, self.level.clone(), self.index.clone(), self.birth.clone()];
        let mut fields = place.into_iter().chain(digest);
        core::array::from_fn(|_| fields.next().unwrap_or(E::ZERO))
    }

    /// Both sides of the node, as messages.
    pub(crate) fn sides(&self, before: [E; DIGEST], after: [E; DIGEST]) -> [[E; TREE_FIELDS]; 2] {
        [self.message(E::from_u32(BEFORE), before), self.message(E::from_u32(AFTER), after)]
    }
}

columns! {
    /// Two neighbouring cells, at least one of which is touched: a leaf of the state tree.
    pub struct CellCols<T> {
        /// 1 for a leaf.
        pub real: T,
        /// Its number: half the address of its first cell.
        pub index: T,
        /// Clock of the birth of their page, 0 if it was there at the start.
        pub birth: T,
        /// Limbs of both cells at the start.
        pub before: [T; DIGEST],
        /// Limbs of both cells at the end.
        pub after: [T; DIGEST],
        /// Clock from which each cell exists.
        pub first_clock: [T; 2],
        /// Clock of each cell's last access.
        pub last_clock: [T; 2],
    }

    /// A page of cells, some of which are touched.
    pub struct PageCols<T> {
        /// 1 for a page of linear memory.
        pub linear: T,
        /// 1 for a page of static cells, registers, links or the host region.
        pub fixed: T,
        /// Its number.
        pub index: T,
        /// Clock of its birth, 0 if it was there at the start.
        pub birth: T,
        /// The memory's size before the growth that made it, in pages.
        pub from: T,
        /// The size after.
        pub to: T,
        /// Its digest at the start.
        pub before: [T; DIGEST],
        /// Its digest at the end.
        pub after: [T; DIGEST],
    }

    /// A node above touched cells, on one side or on both.
    pub struct NodeCols<T> {
        /// Its children, and their permutation.
        pub hash: PermutationCols<T>,
        /// 1 for the node before the segment.
        pub before: T,
        /// 1 for the node after it; both are 1 if it does not change.
        pub after: T,
        /// Its level: 0 for leaves; above the pages counted from [`TREE_UPPER`].
        pub level: T,
        /// Its number among the nodes of its level.
        pub index: T,
        /// Clock of the birth of the page it lies in.
        pub birth: T,
        /// 1 for every child that is walked into.
        pub walked: [T; 2],
    }
}

impl<V: Copy> CellCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let real: &B::Expr = &self.real.into();
        let (before, after) = (exprs::<B, DIGEST>(self.before), exprs::<B, DIGEST>(self.after));
        let leaf = TreeNode { level: B::Expr::ZERO, index: self.index.into(), birth: self.birth.into() };
        for side in leaf.sides(before.clone(), after.clone()) {
            bus::receive(b, bus::TREE, side, real.clone());
        }
        for cell in 0..LEAF_CELLS as usize {
            // A cell of a page that the segment adds exists from the page's birth. Others may appear at
            // any clock: what is accessed before would find nothing.
            b.assert_zero((self.first_clock[cell] - self.birth) * self.birth);
            #[expect(clippy::cast_possible_truncation, reason = "0 or 1")]
            let address = self.index * KoalaBear::new(LEAF_CELLS) + constant::<B>(cell as u32);
            let token = |limbs: &[B::Expr; DIGEST], clock: V| {
                let limb = |i: usize| limbs[4 * cell + i].clone();
                [address.clone(), limb(0), limb(1), limb(2), limb(3), clock.into()]
            };
            bus::send(b, bus::MEMORY, token(&before, self.first_clock[cell]), real.clone());
            bus::receive(b, bus::MEMORY, token(&after, self.last_clock[cell]), real.clone());
        }
    }
}

impl<V: Copy> PageCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bools([self.linear, self.fixed]);
        let real = self.linear + self.fixed;
        b.assert_bool(real.clone());
        let level = |from: u32| constant::<B>(from + TREE_PAGE_LEVEL);
        let above = TreeNode { level: level(TREE_UPPER), index: self.index.into(), birth: B::Expr::ZERO };
        let below = TreeNode { level: level(0), index: self.index.into(), birth: self.birth.into() };
        let sides =
            |node: TreeNode<B::Expr>| node.sides(exprs::<B, DIGEST>(self.before), exprs::<B, DIGEST>(self.after));
        sides(above).into_iter().for_each(|side| bus::receive(b, bus::TREE, side, real.clone()));
        sides(below).into_iter().for_each(|side| bus::send(b, bus::TREE, side, real.clone()));

        // A page of linear memory is one of those that a growth made, from the old size up to the new.
        let growth = [self.from.into(), self.to.into(), self.birth.into()];
        bus::send(b, bus::GROWTH, growth, self.linear.into());
        bus::range(b, self.to - self.index - B::Expr::ONE, constant::<B>(16), self.linear.into());
        // Every other page is of static cells, registers, links or the host region, and was there at the start.
        b.assert_zero(self.fixed * self.birth);
        let above = (self.index - self.from) * self.linear + (self.index - constant::<B>(STATIC_PAGE)) * self.fixed;
        let bits = self.linear * KoalaBear::new(16) + self.fixed * KoalaBear::new(STATIC_PAGES_LOG);
        bus::range(b, above, bits, self.linear + self.fixed);
    }
}

impl<V: Copy> NodeCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        self.hash.eval(b);
        b.assert_bools([self.before, self.after]);
        let node = TreeNode { level: self.level.into(), index: self.index.into(), birth: self.birth.into() };
        let output = self.hash.output();
        let digest: [B::Expr; DIGEST] = core::array::from_fn(|i| output[i] + self.hash.input[i]);
        let [before, after] = node.sides(digest.clone(), digest);
        bus::receive(b, bus::TREE, before, self.before.into());
        bus::receive(b, bus::TREE, after, self.after.into());
        for (side, walked) in self.walked.into_iter().enumerate() {
            b.assert_bool(walked);
            self.pass_down(b, side, walked);
        }
    }

    /// Passes the digest of a child on: down the tree if it is walked into, else from the row before to
    /// the row after.
    fn pass_down<B: Builder<Var = V>>(&self, b: &mut B, side: usize, walked: V)
    where
        V: Var<B::Expr>,
    {
        #[expect(clippy::cast_possible_truncation, reason = "0 or 1")]
        let index = self.index * KoalaBear::TWO + constant::<B>(side as u32);
        let child = TreeNode { level: self.level - KoalaBear::ONE, index, birth: self.birth.into() };
        let digest: [B::Expr; DIGEST] = core::array::from_fn(|i| self.hash.input[DIGEST * side + i].into());
        // Walked into: the row before sends its side, the row after its own. Else the row before sends the digest
        // that stays, and the row after receives it; a row that is both keeps it to itself. Padding is neither, and both
        // counts are zero.
        let kept = (B::Expr::ONE - walked) * constant::<B>(KEPT) + walked * KoalaBear::new(BEFORE);
        let after = self.after * walked;
        let count = after.clone() + self.before - self.after;
        b.push_interaction(bus::TREE, child.message(kept, digest.clone()), Count::bounded(count, 1));
        bus::send(b, bus::TREE, child.message(constant::<B>(AFTER), digest), after);
    }
}
