//! Forged calls: every cell of a whole call, and every way to put its rounds together wrongly.
//!
//! The forger recounts lookups: what he looks up only has to be there. Rejected is what breaks a constraint, looks up what is
//! not there, or leaves a message over on a bus that is no lookup.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::row::{Row, Sink};
use provasm_air::{KoalaBear, TableId};
use provasm_isa::Op;
use provasm_testkit::Random;
use provasm_testkit::figure::Figure;
use provasm_testkit::forge::{Forgery, Judge, is_common};
use provasm_testkit::tables::{check_used, fill_first, tables_of};
use provasm_trace::{Trace, Traces, Violation};

use crate::program::{HASHES, random_window, recorded};

/// The tables of calls on random windows, all honest.
struct Calls {
    op: Op,
    traces: Traces,
    /// Position of the calls' own table, and of their rounds.
    tables: [usize; 2],
    /// Rows of a call's rounds.
    rows: usize,
    /// Name of the column that holds a round's number, or of the first of its flags; and how many there are.
    numbers: (&'static str, usize),
    /// Forgeries that were rejected.
    rejected: usize,
}

fn print(what: &str, forged: usize) {
    Figure::held(1, what, forged).measured("SHA-256, Keccak-f, BLAKE3; every row of a call").print();
}

impl Calls {
    fn new(op: Op, calls: usize, random: &mut Random) -> Self {
        let windows: Vec<Vec<u64>> = (0..calls).map(|_| random_window(op, random)).collect();
        let (program, recording) = recorded(op, &windows);
        let traces = fill_first(&program, &tables_of(&program), &recording);
        assert_eq!(check_used(&traces), [], "{op:?}");
        let position =
            |is: &dyn Fn(TableId) -> bool| traces.tables.iter().position(|trace| is(trace.table.id)).expect("a table");
        let own = position(&|id| id == TableId::Chip(op.chip(0)));
        let rounds = position(&|id| matches!(id, TableId::Rounds(_)));
        let numbers = match op {
            Op::Sha256 => ("step[0]", 4),
            Op::Keccak => ("round[0]", 24),
            _ => ("round", 1),
        };
        let rows = traces.tables[rounds].real / calls;
        Self { op, traces, tables: [own, rounds], rows, numbers, rejected: 0 }
    }

    fn rounds(&mut self) -> &mut Trace {
        &mut self.traces.tables[self.tables[1]]
    }

    fn row(&mut self, row: usize) -> &mut [KoalaBear] {
        let rows = &mut self.rounds().rows;
        let width = rows.width;
        &mut rows.values[width * row..width * (row + 1)]
    }

    fn column(&mut self, name: &str) -> usize {
        position(self.rounds(), name)
    }

    /// The cells that number a row.
    fn number(&mut self, row: usize) -> &mut [KoalaBear] {
        let (name, cells) = self.numbers;
        let first = self.column(name);
        &mut self.row(row)[first..first + cells]
    }

    /// Forges and takes back; whatever was forged must be rejected.
    fn rejects(&mut self, what: &str, forge: impl FnOnce(&mut Self)) {
        let honest = self.rounds().clone();
        forge(self);
        assert!(self.rounds().rows.values != honest.rows.values, "{:?}: {what} forges nothing", self.op);
        assert!(check_used(&self.traces).iter().any(is_fatal), "{:?}: {what} is accepted", self.op);
        *self.rounds() = honest;
        self.rejected += 1;
    }
}

fn position(trace: &Trace, name: &str) -> usize {
    trace.table.id.column_names().iter().position(|column| column == name).expect("a column")
}

/// Whether no count of lookups repairs it.
fn is_fatal(violation: &Violation) -> bool {
    match violation {
        Violation::Balance { bus, message, .. } => is_common(bus, message) != Some(true),
        _ => true,
    }
}

#[test]
fn every_cell_of_a_call_is_bound() {
    let mut random = Random::new(0xce11);
    let mut total = 0;
    for op in HASHES {
        let calls = Calls::new(op, 2, &mut random);
        let judge = Judge::new(&calls.traces);
        let mut forged = 0;
        for (table, rows) in calls.tables.into_iter().zip([1, calls.rows]) {
            let trace = &calls.traces.tables[table];
            let names = trace.table.id.column_names();
            let width = trace.rows.width;
            for row in 0..rows {
                for (column, name) in names.iter().enumerate() {
                    let present = trace.rows.values[width * row + column];
                    let other = trace.rows.values[width * random.below(trace.real) + column];
                    let anything = KoalaBear::from_u64(random.next_u64());
                    let one = KoalaBear::ONE;
                    let mut values =
                        vec![present + one, present - one, one - present, KoalaBear::ZERO, other, anything];
                    values.retain(|value| *value != present);
                    for value in values {
                        let verdict = judge.recounted(&Forgery { table, row, column, value });
                        assert!(verdict.is_caught(), "{op:?} {} row {row}: {value} is {verdict:?}", name);
                        forged += 1;
                    }
                }
            }
        }
        total += forged;
    }
    print("cells of calls of hash accelerators forged", total);
}

#[test]
fn rounds_of_a_call_are_in_order() {
    let mut random = Random::new(0x0bde);
    let mut total = 0;
    for op in HASHES {
        let mut calls = Calls::new(op, 3, &mut random);
        let rows = calls.rows;
        for row in 0..rows {
            calls.rejects("a row that is left out", |calls| calls.row(row).fill(KoalaBear::ZERO));
            calls.rejects("a row that is there twice", |calls| {
                let padding = calls.rounds().real;
                let repeated = calls.row(row).to_vec();
                calls.row(padding).copy_from_slice(&repeated);
            });
            for other in [(row + 1) % rows, (row + 1 + random.below(rows - 1)) % rows] {
                calls.rejects("a row in another's place", |calls| {
                    let cells = calls.row(other).to_vec();
                    calls.row(row).copy_from_slice(&cells);
                });
                calls.rejects("rows with their numbers exchanged", |calls| {
                    let (first, second) = (calls.number(row).to_vec(), calls.number(other).to_vec());
                    calls.number(row).copy_from_slice(&second);
                    calls.number(other).copy_from_slice(&first);
                });
                calls.rejects("a row with another's number, and so its constants", |calls| {
                    let number = calls.number(other).to_vec();
                    calls.number(row).copy_from_slice(&number);
                });
            }
        }
        for skipped in 0..rows {
            calls.rejects("a round left out, those after it moved up", |calls| {
                for row in skipped..rows - 1 {
                    let (number, next) = (calls.number(row).to_vec(), calls.row(row + 1).to_vec());
                    calls.row(row).copy_from_slice(&next);
                    calls.number(row).copy_from_slice(&number);
                }
                calls.row(rows - 1).fill(KoalaBear::ZERO);
            });
        }
        total += calls.rejected;
    }
    print("rounds of a call left out, doubled, exchanged, renumbered", total);
}

#[test]
fn rounds_belong_to_their_call() {
    let mut random = Random::new(0x5b11ce);
    let mut total = 0;
    for op in HASHES {
        let mut calls = Calls::new(op, 3, &mut random);
        let (rows, clock) = (calls.rows, calls.column("clock"));
        for row in 0..rows {
            calls.rejects("a row of another call", |calls| {
                let cells = calls.row(rows + row).to_vec();
                calls.row(row).copy_from_slice(&cells);
            });
            calls.rejects("the rest of another call", |calls| {
                for row in row..rows {
                    let (first, second) = (calls.row(row)[clock], calls.row(rows + row)[clock]);
                    calls.row(row)[clock] = second;
                    calls.row(rows + row)[clock] = first;
                }
            });
            calls.rejects("a row at another clock", |calls| calls.row(row)[clock] += KoalaBear::from_u32(4));
            calls.rejects("the rest of the call at another clock", |calls| {
                (row..rows).for_each(|row| calls.row(row)[clock] += KoalaBear::from_u32(4));
            });
        }
        calls.rejects("a call that no instruction makes", |calls| {
            let (real, stray) = (calls.rounds().real, 1 << 20);
            for row in 0..rows {
                let cells = calls.row(row).to_vec();
                calls.row(real + row).copy_from_slice(&cells);
                calls.row(real + row)[clock] = KoalaBear::from_u32(stray);
            }
        });
        total += calls.rejected;
    }
    print("rounds of calls mixed, or of none", total);
}

#[test]
fn padding_takes_no_part() {
    let mut random = Random::new(0x9add);
    let mut total = 0;
    for op in HASHES {
        let mut calls = Calls::new(op, 1, &mut random);
        let padding = calls.rounds().real;
        let active = if op == Op::Blake3 { "real" } else { calls.numbers.0 };
        let active = calls.column(active);
        for offset in 0..calls.numbers.1 {
            calls.rejects("a row of padding made active", |calls| {
                calls.row(padding)[active + offset] = KoalaBear::ONE;
            });
        }
        let (flags, clock) = (calls.numbers.1, calls.column("clock"));
        // Flags that sum to one and to the number, but are none: the constants would be others.
        for flag in 0..flags.saturating_sub(2) {
            calls.rejects("flags that are no bits", |calls| {
                let number = calls.number(flag);
                let two = KoalaBear::TWO;
                (number[flag], number[flag + 1], number[flag + 2]) = (KoalaBear::ZERO, two, -KoalaBear::ONE);
            });
        }
        calls.rejects("padding at a call's clock", |calls| {
            let at = calls.row(0)[clock];
            calls.row(padding)[clock] = at;
            calls.row(padding)[active] = KoalaBear::ONE;
        });
        total += calls.rejected;
    }
    print("padding of rounds made active", total);
}

/// What a row breaks by itself: constraints, and lookups of what is not there.
#[derive(Default)]
struct Broken {
    constraint: bool,
    lookup: bool,
}

impl Sink for Broken {
    fn constraint(&mut self, _: usize, value: KoalaBear) {
        self.constraint |= value != KoalaBear::ZERO;
    }

    fn message(&mut self, bus: &str, fields: &[KoalaBear], count: KoalaBear) {
        let fields: Vec<u32> = fields.iter().map(KoalaBear::as_canonical_u32).collect();
        self.lookup |= count != KoalaBear::ZERO && is_common(bus, &fields) == Some(false);
    }
}

fn broken(trace: &Trace, main: &[KoalaBear]) -> Broken {
    let mut broken = Broken::default();
    Row { main, next: main, fixed: &[], is_first: false, is_last: false }.evaluate(&trace.table, &mut broken);
    broken
}

fn is_broken(trace: &Trace, main: &[KoalaBear]) -> bool {
    let Broken { constraint, lookup } = broken(trace, main);
    constraint || lookup
}

/// A row is a function of what it takes: one that computes anything else is broken by itself, whatever others do.
#[test]
fn rows_compute_nothing_else() {
    let mut random = Random::new(0xf0_5e1f);
    // Columns that are what a row takes, and bits that the taker of the result checks.
    let taken = |op: Op, step: usize, name: &str| match op {
        Op::Sha256 => name == "clock" || name.starts_with("before_") || step > 0 && name.starts_with("sums"),
        _ => {
            ["clock", "round"].contains(&name) || ["before_", "message", "odd_tops"].iter().any(|p| name.starts_with(p))
        }
    };
    for op in [Op::Sha256, Op::Blake3] {
        let mut calls = Calls::new(op, 2, &mut random);
        for row in 0..calls.rows {
            let honest = calls.row(row).to_vec();
            let trace = calls.rounds();
            assert!(!is_broken(trace, &honest));
            for (column, name) in trace.table.id.column_names().iter().enumerate() {
                if taken(op, row, name) {
                    continue;
                }
                let present = honest[column];
                let one = KoalaBear::ONE;
                let values = [one - present, present + one, present - one, KoalaBear::from_u64(random.next_u64())];
                // Without its flag a row is padding.
                for value in values.into_iter().filter(|value| *value != present && name != "real") {
                    let mut forged = honest.clone();
                    forged[column] = value;
                    let is_flag = name.starts_with("step");
                    assert!(is_flag || is_broken(trace, &forged), "{op:?} {name} row {row}: {value}");
                }
            }
        }
    }
}

/// Theta adds to a column what its neighbours say: a row that says otherwise, and is consistent in all else, looks up half of
/// an odd number.
#[test]
fn theta_adds_the_right_bits() {
    let mut random = Random::new(0x7e7a);
    let mut calls = Calls::new(Op::Keccak, 2, &mut random);
    let [effect, mixed, plain] = ["effect[0]", "mixed[0]", "plain[0]"].map(|name| calls.column(name));
    for row in 0..calls.rows {
        let honest = calls.row(row).to_vec();
        let trace = calls.rounds();
        // One column of lanes wrong, two, or many.
        let mut lies: Vec<Vec<usize>> = (0..320).map(|bit| vec![bit]).collect();
        lies.extend((0..320).map(|bit| vec![bit, (bit + 65) % 320]));
        lies.push((0..320).collect());
        lies.extend((0..64).map(|_| (0..320).filter(|_| random.below(2) == 1).collect()));
        for lie in lies.into_iter().filter(|lie| !lie.is_empty()) {
            let mut forged = honest.clone();
            for bit in &lie {
                let cells = (0..5).map(|y| mixed + 320 * y + bit).chain([effect + bit]);
                cells.for_each(|cell| forged[cell] = KoalaBear::ONE - forged[cell]);
            }
            // The bits of lane 0 after chi, from those that rho and pi bring together.
            for (i, bit) in provasm_air::rounds::keccak::CONSTANT_BITS.into_iter().enumerate() {
                let moved = |x: usize| {
                    let source = provasm_isa::accel::keccak::pi_source(x);
                    let by = provasm_isa::accel::keccak::ROTATIONS[source] as usize;
                    forged[mixed + 64 * source + (bit + 64 - by) % 64] == KoalaBear::ONE
                };
                forged[plain + i] = KoalaBear::from_bool(moved(0) ^ (!moved(1) & moved(2)));
            }
            let Broken { constraint, lookup } = broken(trace, &forged);
            assert!(lookup && !constraint, "row {row}: {lie:?}");
        }
    }
}
