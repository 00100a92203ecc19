//! `provasm params`.

use provasm::{ParameterSet, Program};
use provasm_air::fixed::LOG_HEIGHT_MIN;
use provasm_air::{Fixed, Table, TableId};
use provasm_verify::security;

use crate::failure::Failure;
use crate::report::print;

/// The program whose tables stand for all: a loop that counts down.
const EXAMPLE: &str = r#"(module (func (export "count") (param i32) (loop
    (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"#;

/// Heights of the largest table, as base-two logarithms.
const LOG_HEIGHTS: [usize; 2] = [10, 22];

/// Prints every parameter set, and for two sizes of a run the terms of its security.
pub(crate) fn params() -> Result<(), Failure> {
    let program = Program::compile(EXAMPLE.as_bytes())?;
    let tables = program.key()?.tables();
    let mut text = String::new();
    for &set in ParameterSet::ALL {
        text.push_str(&describe(set));
        for log_height in LOG_HEIGHTS {
            text.push_str(&terms(set, tables, log_height)?);
        }
    }
    print(&text)
}

fn describe(set: ParameterSet) -> String {
    let (first, later) = set.folding();
    let (main, fixed) = set.log_inverse_rates();
    let lines = [
        ("bits aimed at", format!("{} in every term of a commitment", set.term_bits())),
        ("proof of work", format!("{} bits before every round of queries", set.grinding_bits())),
        ("folding", format!("{first} variables first, then {later} a round")),
        ("rates", format!("1/{} for a run's columns, 1/{} for the program's", 1u64 << main, 1u64 << fixed)),
    ];
    let lines: String = lines.iter().map(|(label, value)| format!("  {label:<14} {value}\n")).collect();
    format!("{}\n{lines}", set.name())
}

fn terms(set: ParameterSet, tables: &[Table], log_height: usize) -> Result<String, Failure> {
    // The first instruction table is the tallest; the others are as short as they can be.
    let tallest = tables.iter().position(|table| matches!(table.id, TableId::Chip(_)));
    let height = |(index, table): (usize, &Table)| match &table.fixed {
        Some(fixed) => Fixed::log_height(fixed),
        None if Some(index) == tallest => log_height,
        None => LOG_HEIGHT_MIN,
    };
    let heights: Vec<usize> = tables.iter().enumerate().map(height).collect();
    let (terms, bits) = security(set, tables, &heights).map_err(provasm::Error::from)?;
    let name = tallest.and_then(|index| tables.get(index)).map_or("none", |table| table.id.name());
    let mut text = format!(
        "\n  a program that counts down, 2^{log_height} rows in table {name}, the others least: {bits:.1} bits over all terms\n"
    );
    for term in terms {
        text.push_str(&format!("    {:7.1}  {}\n", term.bits, term.name));
    }
    Ok(text)
}
