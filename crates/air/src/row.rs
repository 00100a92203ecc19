//! Evaluating a table on concrete rows.

use arrayvec::ArrayVec;
use p3_air::{Air, AirBuilder, RowWindow};
use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use p3_lookup::{Count, InteractionBuilder};

use crate::Table;
use crate::bus::FIELDS_MAX;

/// Receives what a table says about a row.
pub trait Sink {
    /// The value of the constraint with this index: zero when it holds.
    fn constraint(&mut self, index: usize, value: KoalaBear);

    /// A message, sent `count` times; received when the count is negative.
    fn message(&mut self, bus: &str, fields: &[KoalaBear], count: KoalaBear);
}

/// A row with its surroundings.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The row.
    pub main: &'a [KoalaBear],
    /// The row after it, or the row itself at the end.
    pub next: &'a [KoalaBear],
    /// The fixed columns.
    pub fixed: &'a [KoalaBear],
    /// Whether it is the first row.
    pub is_first: bool,
    /// Whether it is the last row.
    pub is_last: bool,
}

impl Row<'_> {
    /// Tells `sink` every constraint and message of `table` on this row.
    #[inline(always)]
    pub fn evaluate<S: Sink>(self, table: &Table, sink: &mut S) {
        let fixed = RowWindow::from_two_rows(self.fixed, self.fixed);
        table.eval(&mut RowBuilder { row: self, fixed, constraints: 0, sink });
    }
}

struct RowBuilder<'a, S> {
    row: Row<'a>,
    fixed: RowWindow<'a, KoalaBear>,
    constraints: usize,
    sink: &'a mut S,
}

impl<'a, S: Sink> AirBuilder for RowBuilder<'a, S> {
    type F = KoalaBear;
    type Expr = KoalaBear;
    type Var = KoalaBear;
    type PreprocessedWindow = RowWindow<'a, KoalaBear>;
    type MainWindow = RowWindow<'a, KoalaBear>;
    type PublicVar = KoalaBear;
    type PeriodicVar = KoalaBear;

    #[inline(always)]
    fn main(&self) -> Self::MainWindow {
        RowWindow::from_two_rows(self.row.main, self.row.next)
    }

    #[inline(always)]
    fn preprocessed(&self) -> &Self::PreprocessedWindow {
        &self.fixed
    }

    #[inline(always)]
    fn is_first_row(&self) -> KoalaBear {
        KoalaBear::from_bool(self.row.is_first)
    }

    #[inline(always)]
    fn is_last_row(&self) -> KoalaBear {
        KoalaBear::from_bool(self.row.is_last)
    }

    #[inline(always)]
    fn is_transition(&self) -> KoalaBear {
        KoalaBear::from_bool(!self.row.is_last)
    }

    #[inline(always)]
    fn assert_zero<I: Into<KoalaBear>>(&mut self, x: I) {
        self.sink.constraint(self.constraints, x.into());
        self.constraints += 1;
    }
}

impl<S: Sink> InteractionBuilder for RowBuilder<'_, S> {
    #[inline(always)]
    fn push_interaction<E: Into<KoalaBear>>(
        &mut self,
        bus_name: &str,
        fields: impl IntoIterator<Item = E>,
        count: impl Into<Count<KoalaBear>>,
    ) {
        let message: ArrayVec<KoalaBear, FIELDS_MAX> = fields.into_iter().take(FIELDS_MAX).map(Into::into).collect();
        self.sink.message(bus_name, &message, count.into().into_parts().0);
    }

    fn push_local_interaction(
        &mut self,
        tuples: impl IntoIterator<Item = (alloc::vec::Vec<KoalaBear>, Count<KoalaBear>)>,
    ) {
        // No table here keeps an interaction to itself.
        tuples.into_iter().for_each(drop);
    }
}
