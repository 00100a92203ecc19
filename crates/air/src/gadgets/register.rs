//! Accesses to cells: take the last (value, clock), give the new one.

use p3_field::PrimeCharacteristicRing;

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::limbs::{exprs, padded};

columns! {
    /// A read of a cell that holds `W` limbs.
    pub struct ReadCols<T, const W: usize> {
        /// The value.
        pub value: [T; W],
        /// Clock of the cell's access before.
        pub previous: T,
    }

    /// A write to a cell.
    pub struct WriteCols<T> {
        /// The value before.
        pub before: [T; 4],
        /// Clock of the cell's access before.
        pub previous: T,
    }
}

/// Moves a cell from (`before`, `previous`) to (`after`, `now`).
///
/// Sound because `now` lies strictly after `previous`: the token taken was there before, so the
/// accesses of a cell form one chain in time.
pub fn access<B: Builder>(
    b: &mut B,
    address: B::Expr,
    before: [B::Expr; 4],
    previous: B::Expr,
    after: [B::Expr; 4],
    now: B::Expr,
    real: &B::Expr,
) {
    let [v0, v1, v2, v3] = before;
    bus::receive(b, bus::MEMORY, [address.clone(), v0, v1, v2, v3, previous.clone()], real.clone());
    let [v0, v1, v2, v3] = after;
    bus::send(b, bus::MEMORY, [address, v0, v1, v2, v3, now.clone()], real.clone());
    bus::range(b, now - previous - B::Expr::ONE, constant::<B>(16), real.clone());
}

impl<V: Copy, const W: usize> ReadCols<V, W> {
    /// Reads the cell at `address`; limbs above `W` are zero.
    pub fn read<B: Builder<Var = V>>(&self, b: &mut B, address: B::Expr, now: B::Expr, real: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        let value = padded::<B, W>(exprs::<B, W>(self.value));
        access(b, address, value.clone(), self.previous.into(), value, now, real);
    }

    /// Writes to the cell at `address`, which this group holds as it was before.
    pub fn update<B: Builder<Var = V>>(
        &self,
        b: &mut B,
        address: B::Expr,
        after: [B::Expr; W],
        now: B::Expr,
        real: &B::Expr,
    ) where
        V: Var<B::Expr>,
    {
        let before = padded::<B, W>(exprs::<B, W>(self.value));
        access(b, address, before, self.previous.into(), padded::<B, W>(after), now, real);
    }
}

impl<V: Copy> WriteCols<V> {
    /// Writes `value` to the cell at `address`.
    pub fn write<B: Builder<Var = V>>(
        &self,
        b: &mut B,
        address: B::Expr,
        value: [B::Expr; 4],
        now: B::Expr,
        real: &B::Expr,
    ) where
        V: Var<B::Expr>,
    {
        access(b, address, exprs::<B, 4>(self.before), self.previous.into(), value, now, real);
    }
}
