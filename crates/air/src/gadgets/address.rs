//! Effective addresses of loads and stores.
//!
//! Given a 32-bit base and a 32-bit offset, proves the cell and the byte within it, without
//! wrap-around: a sum beyond 2^32 names a cell that exists for no program.

use p3_koala_bear::KoalaBear;
use provasm_isa::layout::PAGE_CELLS;

use crate::bus::{self, Builder, Var, constant};
use crate::columns::columns;
use crate::gadgets::limbs::{LIMB, divided};
use crate::gadgets::register::ReadCols;

columns! {
    /// A base register plus a constant offset.
    pub struct AddressCols<T> {
        /// Register index of the base.
        pub a: T,
        /// The base.
        pub base: ReadCols<T, 2>,
        /// The offset.
        pub offset: [T; 2],
        /// Carry out of the low limb of the sum.
        pub carry: T,
    }
}

impl<V: Copy> AddressCols<V> {
    /// The cell of the effective address, whose byte within the cell is `byte` (0 to 7, which the
    /// caller constrains).
    pub fn cell<B: Builder<Var = V>>(&self, b: &mut B, byte: B::Expr, real: &B::Expr) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(self.carry);
        let low = self.base.value[0] + self.offset[0] - self.carry * LIMB;
        // An integer below 2^13 only for the right carry and the right byte.
        let in_page = divided(low - byte, 8);
        bus::range(b, in_page.clone(), constant::<B>(13), real.clone());
        (self.base.value[1] + self.offset[1] + self.carry) * KoalaBear::new(PAGE_CELLS) + in_page
    }
}
