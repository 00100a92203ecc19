//! Rows of instructions that a liar writes anew, by the names of their columns: as they are written, the lie is settled
//! around them. Lies that add accesses, leave some out or move them in time are tales, in `system/tale.rs`.

use std::rc::Rc;

use p3_field::PrimeCharacteristicRing;
use provasm_air::rom::SELECTOR_STRIDE;
use provasm_air::{KoalaBear as F, TableId, bus};
use provasm_isa::{Chip, Op};
use provasm_testkit::delete::{Honest, Kills, Liar, Lie, Place, table};

/// A row with its column names.
#[derive(Clone)]
pub(crate) struct Row {
    place: Place,
    names: Rc<Vec<String>>,
    cells: Vec<F>,
}

/// The number that an opcode is fetched by, if it is no shift by a constant.
pub(crate) fn selector(op: Op) -> F {
    F::from_u32(op.family() as u32 * SELECTOR_STRIDE + u32::from(op.flags()))
}

fn names(chip: Chip) -> Rc<Vec<String>> {
    Rc::new(TableId::Chip(chip).column_names())
}

impl Row {
    /// The honest rows of a chip, if the run has some.
    pub(crate) fn all(honest: &Honest<'_>, chip: Chip) -> Vec<Self> {
        let names = names(chip);
        let row = |place| Self { place, names: Rc::clone(&names), cells: honest.cells(place).to_vec() };
        honest.rows(TableId::Chip(chip)).into_iter().map(row).collect()
    }

    /// The honest rows of an opcode in a chip.
    pub(crate) fn of(honest: &Honest<'_>, chip: Chip, op: Op) -> Vec<Self> {
        let selector = selector(op);
        let mut rows = Self::all(honest, chip);
        rows.retain(|row| {
            let said = honest.said(row.place);
            said.messages.iter().any(|((of, fields), _)| bus::ALL[*of].0 == bus::PROGRAM && fields[1] == selector)
        });
        rows
    }

    /// A row of padding beyond those that a chip's table has.
    pub(crate) fn beyond(honest: &Honest<'_>, chip: Chip) -> Self {
        let place = honest.beyond(table(honest.traces, TableId::Chip(chip)));
        Self { place, names: names(chip), cells: honest.cells(place).to_vec() }
    }

    /// The same row as padding: nothing in it.
    pub(crate) fn removed(&self) -> Self {
        Self { cells: vec![F::ZERO; self.cells.len()], ..self.clone() }
    }

    /// Where the row is, and its cells.
    pub(crate) fn into_cells(self) -> (Place, Vec<F>) {
        (self.place, self.cells)
    }

    fn column(&self, name: &str) -> usize {
        self.names.iter().position(|column| column == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    /// Whether there is a column of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|column| column == name)
    }

    /// A cell.
    pub(crate) fn get(&self, name: &str) -> F {
        self.cells[self.column(name)]
    }

    /// Whether a flag is set.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.get(name) == F::ONE
    }

    /// Changes a cell.
    pub(crate) fn set(&mut self, name: &str, value: F) {
        let column = self.column(name);
        self.cells[column] = value;
    }

    /// The cells of an array.
    pub(crate) fn array(&self, name: &str) -> Vec<F> {
        let cells = self.names.iter().zip(&self.cells);
        let is_of = |column: &str| column.strip_prefix(name).is_some_and(|rest| rest.starts_with('['));
        cells.filter(|(column, _)| is_of(column)).map(|(_, cell)| *cell).collect()
    }

    /// Changes the cells of an array, from the first on.
    pub(crate) fn put(&mut self, name: &str, values: &[F]) {
        let first = self.column(&format!("{name}[0]"));
        self.cells[first..first + values.len()].copy_from_slice(values);
    }

    /// Takes over the cells of columns that have the same name in a row of another chip.
    pub(crate) fn adopt(&mut self, other: &Self) {
        for (name, cell) in self.names.iter().zip(&mut self.cells) {
            if let Some(column) = other.names.iter().position(|column| column == name) {
                *cell = other.cells[column];
            }
        }
    }
}

/// The value with these limbs.
pub(crate) fn limbs(value: u64) -> [F; 4] {
    std::array::from_fn(|i| F::from_u64(value >> (16 * i) & 0xffff))
}

/// Tells a lie of these rows, with what the rows around them take and give changed.
pub(crate) fn tell(liar: &Liar<'_, '_>, rows: impl IntoIterator<Item = Row>, kills: &mut Kills) {
    let rows = rows.into_iter().map(Row::into_cells).collect();
    liar.tell(liar.settle(Lie { rows, ..Lie::default() }), kills);
}
