//! Programs that call accelerators, their tables, and forgeries of a call that all that follows fits.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::{KoalaBear, TableId, bus};
use provasm_execute::{Limits, Recording, record};
use provasm_isa::{Chip, Op};
use provasm_program::Program;
use provasm_testkit::forge::Judge;
use provasm_testkit::tables::{check_used, fill_first, tables_of};
use provasm_testkit::windows::{self, Call};
use provasm_trace::{Traces, Violation};

/// A window of these accelerators.
pub(crate) type Cells = [u64; 8];

/// A program that makes these calls, and one more.
fn program(op: Op, calls: &[(u64, Cells)]) -> Program {
    let calls = calls.iter().chain([&(0, [0; 8])]);
    windows::program(&calls.map(|(imm, window)| Call::new(op, *imm, window)).collect::<Vec<_>>())
}

fn recorded(program: &Program) -> Recording {
    record(program, "main", &[], Limits::default()).unwrap_or_else(|error| panic!("{error}")).1
}

/// The tables of a program that makes these calls, and one more.
pub(crate) fn honest(op: Op, calls: &[(u64, Cells)]) -> Traces {
    let program = program(op, calls);
    let traces = fill_first(&program, &tables_of(&program), &recorded(&program));
    assert_eq!(check_used(&traces), [], "{calls:x?}");
    traces
}

/// The row of the first call, column by column.
pub(crate) struct CallRow<'t> {
    names: Vec<String>,
    cells: &'t mut [KoalaBear],
}

impl CallRow<'_> {
    fn position(&self, column: &str, index: usize) -> usize {
        let name = format!("{column}[{index}]");
        let found = self.names.iter().position(|of| *of == name || *of == column);
        found.unwrap_or_else(|| panic!("no column {name}"))
    }

    pub(crate) fn get(&self, column: &str, index: usize) -> KoalaBear {
        self.cells[self.position(column, index)]
    }

    pub(crate) fn set(&mut self, column: &str, index: usize, value: KoalaBear) {
        let position = self.position(column, index);
        self.cells[position] = value;
    }

    pub(crate) fn set_all(&mut self, column: &str, values: &[i64]) {
        for (i, &value) in values.iter().enumerate() {
            self.set(column, i, KoalaBear::from_i64(value));
        }
    }

    /// A cell that is a small integer, as that.
    pub(crate) fn int(&self, column: &str, index: usize) -> i64 {
        let value = i64::from(self.get(column, index).as_canonical_u32());
        if value > i64::from(KoalaBear::ORDER_U32 / 2) { value - i64::from(KoalaBear::ORDER_U32) } else { value }
    }
}

/// What is wrong with a forged call, and cannot be repaired by counting lookups anew.
#[derive(Debug)]
pub(crate) struct Wrong {
    /// Constraints of the call's row that do not hold.
    pub(crate) constraints: usize,
    /// Buses that do not balance, each as often as a message is left over.
    pub(crate) buses: Vec<String>,
}

impl Wrong {
    /// Whether nothing but range checks is wrong.
    pub(crate) fn is_range_alone(&self) -> bool {
        self.constraints == 0 && !self.buses.is_empty() && self.buses.iter().all(|name| name == bus::RANGE)
    }
}

/// A call whose row `forge` changes and after which the first registers of the window hold `after`, as all that
/// follows agrees.
pub(crate) fn forged(op: Op, call: (u64, Cells), after: &[u64], forge: impl FnOnce(&mut CallRow<'_>)) -> Wrong {
    let program = program(op, &[call]);
    let mut recording = recorded(&program);
    let honest = fill_first(&program, &tables_of(&program), &recording);
    // The constants that overwrite the window find what the forger left there.
    let call_clock = recording.steps_of(op.chip(0))[0].clock;
    let later = recording.steps[Chip::Const as usize].iter_mut().filter(|step| step.clock > call_clock);
    for (step, &cell) in later.zip(after) {
        step.before[2] = cell;
    }
    let mut traces = fill_first(&program, &tables_of(&program), &recording);
    let id = TableId::Chip(op.chip(0));
    let trace = traces.tables.iter_mut().find(|trace| trace.table.id == id).expect("a table of calls");
    let width = trace.rows.width;
    forge(&mut CallRow { names: id.column_names(), cells: &mut trace.rows.values[..width] });

    let violations = check_used(&traces);
    // Whoever forges also counts the lookups anew.
    for count in Judge::new(&honest).recount_lookups(&violations) {
        let cell = &mut traces.tables[count.table];
        cell.rows.values[cell.rows.width * count.row + count.column] = count.value;
    }
    let left = check_used(&traces);
    let constraints = left.iter().filter(|violation| matches!(violation, Violation::Constraint { .. })).count();
    let buses = left.iter().filter_map(|violation| match violation {
        Violation::Balance { bus, .. } => Some(bus.clone()),
        _ => None,
    });
    Wrong { constraints, buses: buses.collect() }
}
