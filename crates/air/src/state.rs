//! The tables that bind a segment's cells to the state tree, before and after.
//!
//! Given the roots before and after, they prove: every cell that the segment touches begins with
//! what the tree before holds, and the tree after holds what it ends with; all other cells are
//! the same in both. The two trees are walked together, from the root down to the touched leaves: one message
//! per node carries both digests, and a child that is not walked into must have the same in both. The walk
//! takes each node at most once, so no cell is born twice.

use p3_air::WindowAccess;
use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::layout::{LEAF_CELLS, STATIC_PAGE, STATIC_PAGES_LOG, TREE_PAGE_LEVEL};

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::limbs::exprs;
use crate::tree::{DIGEST, HASH_WIDTH, HashCols};

/// Levels of nodes above the pages are counted from here on the tree bus. No walk has as many nodes
/// (a table has at most 2^28 rows in its parts), so none gets from here to a leaf but through a page.
pub const TREE_UPPER: u32 = 1 << 29;

/// Fields of a message on the tree bus.
const TREE_FIELDS: usize = 3 + 2 * DIGEST;

/// A message on the tree bus: a node with its digests before and after.
pub(crate) fn tree_message<B: Builder>(
    level: B::Expr,
    index: B::Expr,
    birth: B::Expr,
    digests: [[B::Expr; DIGEST]; 2],
) -> [B::Expr; TREE_FIELDS] {
    let mut fields = [level, index, birth].into_iter().chain(digests.into_iter().flatten());
    core::array::from_fn(|_| fields.next().unwrap_or(B::Expr::ZERO))
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
        /// 1 for a page of static cells, registers or links.
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

    /// A node that changes: both its digests are computed.
    pub struct ChangedNodeCols<T> {
        /// The node at the start.
        pub before: HashCols<T>,
        /// The node at the end.
        pub after: HashCols<T>,
        /// Its place, and which children are walked into.
        pub place: PlaceCols<T>,
    }

    /// A node that is only read: its digest is computed once.
    pub struct ReadNodeCols<T> {
        /// The node.
        pub hash: HashCols<T>,
        /// Its place, and which children are walked into.
        pub place: PlaceCols<T>,
    }

    /// The place of a node in the tree.
    pub struct PlaceCols<T> {
        /// 1 for a node.
        pub real: T,
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
        let digests = [before.clone(), after.clone()];
        bus::receive(
            b,
            bus::TREE,
            tree_message::<B>(B::Expr::ZERO, self.index.into(), self.birth.into(), digests),
            real.clone(),
        );
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
        let digests = || [exprs::<B, DIGEST>(self.before), exprs::<B, DIGEST>(self.after)];
        let level = constant::<B>(TREE_UPPER + TREE_PAGE_LEVEL);
        let above = tree_message::<B>(level, self.index.into(), B::Expr::ZERO, digests());
        bus::receive(b, bus::TREE, above, real.clone());
        let level = constant::<B>(TREE_PAGE_LEVEL);
        let below = tree_message::<B>(level, self.index.into(), self.birth.into(), digests());
        bus::send(b, bus::TREE, below, real);

        // A page of linear memory is one of those that a growth made, from the old size up to the new.
        let growth = [self.from.into(), self.to.into(), self.birth.into()];
        bus::send(b, bus::GROWTH, growth, self.linear.into());
        bus::range(b, self.to - self.index - B::Expr::ONE, constant::<B>(16), self.linear.into());
        // Every other page is of static cells, registers or links, and was there at the start.
        b.assert_zero(self.fixed * self.birth);
        let above = (self.index - self.from) * self.linear + (self.index - constant::<B>(STATIC_PAGE)) * self.fixed;
        let bits = self.linear * KoalaBear::new(16) + self.fixed * KoalaBear::new(STATIC_PAGES_LOG);
        bus::range(b, above, bits, self.linear + self.fixed);
    }
}

impl<V: Copy> PlaceCols<V> {
    /// Takes the node from the tree bus and gives the children that are walked into.
    fn walk<B: Builder<Var = V>>(&self, b: &mut B, before: &HashCols<V>, after: &HashCols<V>)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.real);
        let digests = [before.digest::<B>(), after.digest::<B>()];
        let node = tree_message::<B>(self.level.into(), self.index.into(), self.birth.into(), digests);
        bus::receive(b, bus::TREE, node, self.real.into());
        for (side, walked) in self.walked.into_iter().enumerate() {
            b.assert_bool(walked);
            // Padding walks nowhere.
            b.assert_zero((B::Expr::ONE - self.real) * walked);
            #[expect(clippy::cast_possible_truncation, reason = "0 or 1")]
            let index = self.index * KoalaBear::TWO + constant::<B>(side as u32);
            let digests = [before.child::<B>(side), after.child::<B>(side)];
            let child = tree_message::<B>(self.level - KoalaBear::ONE, index, self.birth.into(), digests);
            bus::send(b, bus::TREE, child, walked.into());
        }
    }
}

impl<V: Copy> ChangedNodeCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        let main = b.main();
        let columns = main.current_slice();
        HashCols::permute(b, &columns[..HASH_WIDTH]);
        HashCols::permute(b, &columns[HASH_WIDTH..2 * HASH_WIDTH]);
        self.place.walk(b, &self.before, &self.after);
        for (side, walked) in self.place.walked.into_iter().enumerate() {
            // A child that is not walked into is the same before and after.
            for (before, after) in self.before.child::<B>(side).into_iter().zip(self.after.child::<B>(side)) {
                b.assert_zero((B::Expr::ONE - walked) * (before - after));
            }
        }
    }
}

impl<V: Copy> ReadNodeCols<V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        let main = b.main();
        HashCols::permute(b, &main.current_slice()[..HASH_WIDTH]);
        self.place.walk(b, &self.hash, &self.hash);
    }
}
