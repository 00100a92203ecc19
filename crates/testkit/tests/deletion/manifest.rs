//! What every table checks, as a manifest lists it: a constraint or an interaction that is gone from the code is not
//! deleted by this suite any more, and fails it here.
//!
//! `PROVASM_UPDATE=1` writes `things.txt` anew. A line has the numbers of a table's columns, constraints and
//! interactions on each bus, and a digest of the columns that each of them depends on.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use provasm_air::rounds::Rounds;
use provasm_air::{TableId, bus};
use provasm_isa::Chip;
use provasm_testkit::delete::Shape;
use sha2::{Digest, Sha256};

/// Digits of the digest.
const DIGITS: usize = 16;

fn line(shape: &Shape) -> String {
    let mut on: BTreeMap<&str, usize> = BTreeMap::new();
    let mut digest = Sha256::new();
    for columns in &shape.constraints {
        digest.update(format!("{columns:?}"));
    }
    for (number, columns) in &shape.interactions {
        let name = bus::ALL[*number].0;
        *on.entry(name).or_default() += 1;
        digest.update(format!("{name} {columns:?}"));
    }
    let name = shape.id.name();
    let mut line = format!("{name}: {} columns, {} constraints", shape.names.len(), shape.constraints.len());
    for (name, count) in on {
        write!(line, ", {count} {name}").expect("to memory");
    }
    let digest: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    line + "; " + &digest[..DIGITS]
}

#[test]
fn everything_is_listed() {
    let mut shapes = BTreeMap::new();
    for (_, traces) in crate::runs() {
        for trace in traces.tables {
            shapes.entry(trace.table.id).or_insert_with(|| Shape::of(&trace));
        }
    }
    let chips = Chip::ALL.iter().map(|&chip| TableId::Chip(chip));
    let rounds = Rounds::ALL.iter().map(|&rounds| TableId::Rounds(rounds));
    for id in TableId::SYSTEM.into_iter().chain(chips).chain(rounds) {
        assert!(shapes.contains_key(&id), "no run has the table {}", id.name());
    }
    let found: String = shapes.values().map(|shape| line(shape) + "\n").collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/deletion/things.txt");
    if std::env::var_os("PROVASM_UPDATE").is_some() {
        std::fs::write(&path, &found).expect("the manifest");
    }
    let listed = std::fs::read_to_string(&path).unwrap_or_default();
    let missing = |of: &str, from: &str| -> Vec<String> {
        of.lines().filter(|line| !from.lines().any(|other| other == *line)).map(str::to_owned).collect()
    };
    let (gone, new) = (missing(&listed, &found), missing(&found, &listed));
    assert!(
        listed == found,
        "things.txt lists something else (PROVASM_UPDATE=1 rewrites it): {gone:#?} became {new:#?}"
    );
}
