//! Lies of the claim's table: a claim that says something else, rows of padding that act, and arguments that are taken
//! more than once.

use std::sync::Arc;

use p3_air::BoundaryPublic;
use p3_field::PrimeCharacteristicRing;
use provasm_air::system::CLAIM_PINS;
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::layout::ENTRY_VALUES_MAX;
use provasm_isa::{Chip, Op};
use provasm_program::ValType;
use provasm_testkit::assemble::{A, Assembly};
use provasm_testkit::corpus::Case;
use provasm_testkit::delete::{Deletion, Kills, Liar, Lie, Place, Thing, column, height, table};
use provasm_testkit::tables::{check_used, fill_first, tables_of};
use provasm_trace::{Traces, Violation};

/// The pins to which alone honest tables object when the claim says something else there.
pub(crate) fn pins_that_object(honest: &Traces) -> Vec<Deletion> {
    let mut traces = honest.clone();
    let mut objects = |pin: &BoundaryPublic| {
        traces.public_values[pin.public_value] += F::ONE;
        let violations = check_used(&traces);
        traces.public_values[pin.public_value] -= F::ONE;
        violations == [Violation::Claim { column: pin.column }]
    };
    let pins = CLAIM_PINS.iter().filter(|pin| objects(pin));
    pins.map(|pin| Deletion { table: TableId::Claim, thing: Thing::Pin(pin.column) }).collect()
}

/// Arguments and results that another row of the claim takes and gives, in a run that has all of them.
pub(crate) fn values_elsewhere(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let honest = liar.honest;
    let claim = table(honest.traces, TableId::Claim);
    let (first, second): (Place, Place) = ((claim, 0), (claim, 1));
    let at = |name: &str| column(TableId::Claim, name);
    for i in 0..ENTRY_VALUES_MAX {
        let cells = |name: &str| (at(&format!("{name}[0]")) + 4 * i..).take(4);
        let copied = |name: &str| -> Vec<_> {
            cells(name).map(|column| (second, column, honest.cells(first)[column])).collect()
        };
        let [present, taken, given] =
            ["argument_present", "argument_taken", "result_given"].map(|name| at(&format!("{name}[{i}]")));
        // Another row has the argument, or has it not, and takes it.
        let mut lie = copied("arguments");
        lie.extend([(first, taken, F::ZERO), (second, taken, F::ONE)]);
        liar.tell(honest.changed(&Lie::default(), &lie), kills);
        lie.push((second, present, F::ONE));
        liar.tell(honest.changed(&Lie::default(), &lie), kills);
        // Another row receives the result, which the claim does not have.
        let mut lie = copied("results");
        lie.extend([(first, given, F::ZERO), (second, given, F::ONE)]);
        liar.tell(honest.changed(&Lie::default(), &lie), kills);
    }
}

/// Pages that are there from the start, of which another row vouches for one.
pub(crate) fn pages_elsewhere(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let honest = liar.honest;
    let claim = table(honest.traces, TableId::Claim);
    let [pages, touched] = ["pages[0]", "touched"].map(|name| column(TableId::Claim, name));
    let row = honest.cells((claim, 0));
    let mut changes: Vec<_> = (pages..).take(4).map(|column| ((claim, 1), column, row[column])).collect();
    changes.extend([((claim, 0), touched, row[touched] - F::ONE), ((claim, 1), touched, F::ONE)]);
    liar.tell(honest.changed(&Lie::default(), &changes), kills);
}

/// In a run that ends in an unconditional trap: another row of the claim gives a state token, and receives what becomes
/// of it, which is the trap once more.
pub(crate) fn another_end(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let honest = liar.honest;
    let trap = TableId::Chip(Chip::Trap);
    let (claim, traps) = (table(honest.traces, TableId::Claim), table(honest.traces, trap));
    let row = honest.cells((traps, 0)).to_vec();
    let ends = [("after.pc", "cpu.pc"), ("after.fp", "cpu.fp"), ("end_clock", "cpu.clock"), ("outcome", "code")];
    let mut changes: Vec<_> =
        ends.iter().map(|(to, from)| ((claim, 1), column(TableId::Claim, to), row[column(trap, from)])).collect();
    changes.push(((claim, 1), column(TableId::Claim, "last"), F::ONE));
    let mut lie = honest.changed(&Lie::default(), &changes);
    lie.rows.insert(honest.beyond(traps), row);
    liar.tell(lie, kills);
}

/// A segment that is neither the first nor the last, all of it twice, under one claim.
pub(crate) fn segment_twice(liar: &Liar<'_, '_>, kills: &mut Kills) {
    let honest = liar.honest;
    let mut lie = Lie::default();
    for (table, trace) in honest.traces.tables.iter().enumerate() {
        let id = trace.table.id;
        if trace.table.fixed.is_some() {
            continue;
        }
        for row in 0..trace.real {
            let mut cells = honest.cells((table, row)).to_vec();
            let names = id.column_names().into_iter().enumerate();
            // How often growths are looked up is counted in the first half.
            let cleared = names.filter(|(_, name)| name == "touched" || name.starts_with("argument_"));
            cleared.for_each(|(column, _)| cells[column] = F::ZERO);
            let row = if id == TableId::Claim { 1 } else { height(trace) + row };
            lie.rows.insert((table, row), cells);
        }
    }
    liar.tell(lie, kills);
}

/// A run that takes one of its arguments twice, and whose claim gives it as often.
pub(crate) fn taken_twice() -> Vec<Deletion> {
    let params = [ValType::I64; ENTRY_VALUES_MAX];
    let deletions = (0..ENTRY_VALUES_MAX).map(|i| {
        let mut assembly = Assembly::new(1, 1);
        assembly.entry("main", &params, &[]);
        (0..2).for_each(|_| {
            assembly.instr(Op::Arg, A, 0, 0, i as u64);
        });
        assembly.halt();
        let program = Arc::new(assembly.finish());
        let args = (0..).take(ENTRY_VALUES_MAX).collect();
        let case = Case { name: String::new(), program, entry: "main".to_owned(), args };
        let (_, recording) =
            provasm_execute::record(&case.program, &case.entry, &case.args, provasm_execute::Limits::default())
                .expect("it runs");
        let mut traces = fill_first(&case.program, &tables_of(&case.program), &recording);
        let claim = table(&traces, TableId::Claim);
        traces.tables[claim].rows.values[column(TableId::Claim, &format!("argument_taken[{i}]"))] = F::TWO;
        match check_used(&traces)[..] {
            [Violation::Constraint { table, constraint, .. }] => {
                Deletion { table, thing: Thing::Constraint(constraint) }
            }
            ref other => panic!("argument {i} taken twice: {other:?}"),
        }
    });
    deletions.collect()
}
