//! A lie as it is told: rows of a run that are changed, left out and added, and after that the accesses to every cell
//! in the order of their clocks. Where a few rows are written anew and nothing moves in time, `forged.rs` is simpler.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::Chip;
use provasm_isa::layout::CLOCK_GAP_MAX;
use provasm_testkit::delete::{Kills, Liar, Lie, Place, column, table};

/// An integer as an element.
pub(super) fn f(value: i64) -> F {
    F::from_i64(value)
}

/// A lie about a run.
pub(super) struct Tale<'l, 'h, 't> {
    liar: &'l Liar<'h, 't>,
    lie: Lie,
}

impl<'l, 'h, 't> Tale<'l, 'h, 't> {
    /// Nothing is said yet that is not so.
    pub(super) fn about(liar: &'l Liar<'h, 't>) -> Self {
        Self { liar, lie: Lie::default() }
    }

    fn id(&self, place: Place) -> TableId {
        self.liar.honest.trace(place).table.id
    }

    fn position(&self, place: Place, name: &str) -> usize {
        column(self.id(place), name)
    }

    fn row(&self, place: Place) -> &[F] {
        self.lie.rows.get(&place).map_or_else(|| self.liar.honest.cells(place), Vec::as_slice)
    }

    /// The rows of a table.
    pub(super) fn rows(&self, id: TableId) -> Vec<Place> {
        self.liar.honest.rows(id)
    }

    /// The last row of the instruction at `pc`.
    pub(super) fn at(&self, chip: Chip, pc: u32) -> Place {
        let is_it = |place: &Place| self.get(*place, "cpu.pc") == F::from_u32(pc);
        self.rows(TableId::Chip(chip)).into_iter().rfind(is_it).expect("a row of the instruction")
    }

    /// The claim's row.
    pub(super) fn claim(&self) -> Place {
        (table(self.liar.honest.traces, TableId::Claim), 0)
    }

    /// The leaf that holds the cell with this address, and whether it is the second one there.
    pub(super) fn leaf(&self, address: u32) -> (Place, usize) {
        let is_it = |place: &Place| self.get(*place, "index") == F::from_u32(address / 2);
        (self.rows(TableId::Cells).into_iter().find(is_it).expect("a leaf of the walk"), address as usize % 2)
    }

    /// What a cell of a row is now.
    pub(super) fn get(&self, place: Place, name: &str) -> F {
        self.row(place)[self.position(place, name)]
    }

    /// Sets a cell of a row.
    pub(super) fn put(&mut self, place: Place, name: &str, value: F) {
        let position = self.position(place, name);
        let honest = self.liar.honest;
        self.lie.rows.entry(place).or_insert_with(|| honest.cells(place).to_vec())[position] = value;
    }

    /// Sets cells of a row.
    pub(super) fn set(&mut self, place: Place, cells: &[(&str, i64)]) {
        for &(name, value) in cells {
            self.put(place, name, f(value));
        }
    }

    /// Sets the columns of a group.
    pub(super) fn fill(&mut self, place: Place, name: &str, values: &[F]) {
        for (i, &value) in values.iter().enumerate() {
            self.put(place, &format!("{name}[{i}]"), value);
        }
    }

    /// Leaves a row out.
    pub(super) fn leave_out(&mut self, place: Place) {
        let padding = self.liar.honest.cells(self.liar.honest.beyond(place.0)).to_vec();
        self.lie.rows.insert(place, padding);
    }

    /// Adds a row to a table.
    pub(super) fn add(&mut self, id: TableId) -> Place {
        let (table, first) = self.liar.honest.beyond(table(self.liar.honest.traces, id));
        let added = self.lie.rows.range((table, first)..(table + 1, 0)).count();
        let place = (table, first + added);
        self.lie.rows.insert(place, self.liar.honest.cells(place).to_vec());
        place
    }

    /// Adds a row that is like another one of its table.
    pub(super) fn copy(&mut self, of: Place) -> Place {
        let place = self.add(self.id(of));
        self.lie.rows.insert(place, self.row(of).to_vec());
        place
    }

    /// Adds a row to the table of a chip that is like another chip's row, as far as the columns have the same names;
    /// that row is left out.
    pub(super) fn instead(&mut self, of: Place, chip: Chip) -> Place {
        let place = self.add(TableId::Chip(chip));
        let names = self.id(place).column_names();
        for (name, value) in self.id(of).column_names().iter().zip(self.row(of).to_vec()) {
            if names.contains(name) {
                self.put(place, name, value);
            }
        }
        self.leave_out(of);
        place
    }

    /// Makes the last row of its table, and as many more like it as it takes, lead from one clock to another by at most
    /// 2^16 ticks each; they are in these columns, the second one less by `slot`.
    pub(super) fn lead(&mut self, row: Place, columns: [&str; 2], clocks: [F; 2], slot: F) {
        let [previous, now] = columns.map(|name| self.position(row, name));
        let mut cells = self.row(row).to_vec();
        let ([mut clock, end], (table, mut at)) = (clocks, row);
        while clock != end {
            cells[previous] = clock;
            let left = (end - clock).as_canonical_u32();
            clock += F::from_u32(left.min(CLOCK_GAP_MAX));
            cells[now] = clock - slot;
            self.lie.rows.insert((table, at), cells.clone());
            at += 1;
        }
    }

    /// Judges the lie, with every cell's accesses in order and the state tree that comes out.
    pub(super) fn tell(self, kills: &mut Kills) {
        let lie = self.liar.relink(self.lie);
        Tale { lie, ..self }.tell_as_is(kills);
    }

    /// Judges the lie, with the state tree that comes out.
    pub(super) fn tell_as_is(mut self, kills: &mut Kills) {
        self.liar.honest.rehash(&mut self.lie);
        self.liar.tell(self.lie, kills);
    }
}
