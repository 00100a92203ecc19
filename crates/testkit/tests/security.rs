//! The bits of security: every parameter set, at every size that a verifier accepts, by every term.

use std::collections::BTreeSet;

use provasm::{Program, Proof, verify};
use provasm_air::fixed::{BYTES_LOG_HEIGHT, LOG_HEIGHT_MIN, PARTS_MAX, RANGE_LOG_HEIGHT, SHIFT_LOG_HEIGHT, table_ids};
use provasm_air::{Fixed, Table, TableId};
use provasm_isa::{Chip, Family};
use provasm_proof::{ParameterSet, SECURITY_BITS_MIN, parts};
use provasm_testkit::figure::Figure;
use provasm_verify::{INSTRUCTION_ROWS_MAX, VerifyError, security};

/// What can go wrong, by the names of the proof library and of the verifier.
const TERMS: [&str; 12] = [
    "constraint-batching",
    "air-batching",
    "zerocheck",
    "constraint-sumcheck",
    "logup-fingerprint",
    "fractional-gkr",
    "lookup-opening-link",
    "lookup-air-link",
    "main-pcs: whir-opening",
    "preprocessed-pcs: whir-opening",
    "commitment-and-transcript-collision",
    "state-tree-collision",
];

/// Base-two logarithms of code tables' heights: of a small program, and beyond the largest that compiles.
const ROM_LOG_HEIGHTS: [usize; 3] = [6, 16, 24];

const NO_SET_OF_128: &str = "there is no set of 128 bits: collisions of BLAKE3 (128) and of the state tree's Poseidon2 (123.9) \
    and the fingerprints of lookups in an extension of 155 bits (121 at most) each leave less; wider digests and an \
    extension of degree 6 or more are needed";

fn tables(families: u64, rom_log_height: usize) -> Vec<Table> {
    let fixed = |id: TableId| {
        let log_height = match id {
            TableId::Rom => rom_log_height,
            TableId::Range => RANGE_LOG_HEIGHT,
            TableId::Bytes => BYTES_LOG_HEIGHT,
            TableId::Shift => SHIFT_LOG_HEIGHT,
            _ => return None,
        };
        Some(Fixed::Committed { log_height })
    };
    table_ids(families).into_iter().map(|id| Table { id, fixed: fixed(id) }).collect()
}

/// The heights of a proof whose tables that may be tall are so, in this many parts.
fn heights(tables: &[Table], log_height: u8, count: usize) -> Vec<Vec<u8>> {
    let of = |table: &Table| match &table.fixed {
        Some(fixed) => vec![fixed.log_height() as u8],
        None if table.id.has_parts() => vec![log_height; count],
        None => vec![LOG_HEIGHT_MIN as u8],
    };
    tables.iter().map(of).collect()
}

/// Instruction rows of such a proof.
fn rows(tables: &[Table], log_height: u8, count: usize) -> u64 {
    let chips = tables.iter().filter(|table| matches!(table.id, TableId::Chip(_))).count();
    (chips * count) as u64 * (1 << log_height)
}

#[test]
fn every_set_gives_its_bits_at_every_size() {
    let all_families = Family::ALL.iter().fold(0, |families, family| families | 1 << *family as u64);
    let few_families = 1 << Family::Add32 as u64 | 1 << Family::Io as u64;
    let (mut shapes, mut least) = (0, f64::INFINITY);
    let mut least_of = [f64::INFINITY; TERMS.len()];
    for &set in ParameterSet::ALL {
        for families in [few_families, all_families] {
            for rom in ROM_LOG_HEIGHTS {
                let tables = tables(families, rom);
                for log_height in LOG_HEIGHT_MIN as u8..=26 {
                    for count in [1, PARTS_MAX] {
                        if rows(&tables, log_height, count) > INSTRUCTION_ROWS_MAX {
                            continue;
                        }
                        let (parts, heights) = parts(&tables, &heights(&tables, log_height, count));
                        let (terms, bits) = match security(set, &parts, &heights) {
                            Ok(security) => security,
                            // Such a proof is refused; there are shapes enough without it.
                            Err(VerifyError::Config(_)) => continue,
                            Err(error) => panic!("{error}"),
                        };
                        let shape =
                            format!("{} families, 2^{rom} code, 2^{log_height} x {count}", families.count_ones());
                        let names: Vec<&str> = terms.iter().map(|term| term.name.as_str()).collect();
                        assert_eq!(names, TERMS, "{shape}");
                        let union = -terms.iter().map(|term| (-term.bits).exp2()).sum::<f64>().log2();
                        assert!((union - bits).abs() < 1e-6, "{shape}: {bits} bits are not the union of {terms:?}");
                        assert!(bits >= SECURITY_BITS_MIN as f64, "{shape}: {bits} bits, {terms:?}");
                        least = least.min(bits);
                        least_of.iter_mut().zip(&terms).for_each(|(least, term)| *least = least.min(term.bits));
                        shapes += 1;
                    }
                }
            }
        }
    }
    assert!(shapes > 50, "{shapes} shapes");
    let figure = Figure::held(13, "shapes of proofs with at least 100 proven bits over all 12 terms", shapes);
    let least_of = TERMS.iter().zip(least_of).map(|(term, bits)| format!("{term} {bits:.1}"));
    let measured = format!("least {least:.1} bits; by term {}", least_of.collect::<Vec<_>>().join(", "));
    figure.except("a set of 128 bits", 1, NO_SET_OF_128).measured(measured).print();
}

#[test]
fn what_a_proof_is_said_to_have_is_what_its_shape_gives() {
    let module = r#"(module (func (export "half") (param i32) (result i32) (i32.shr_u (local.get 0) (i32.const 1))))"#;
    let program = Program::compile(module.as_bytes()).expect("a module");
    let proven = program.prove("half", &[9]).expect("a proof");
    let verified = verify(&proven.proof, &program.id()).expect("an honest proof");
    let proof = Proof::from_bytes(&proven.proof).expect("a proof");
    let tables = proof.head.header.tables();
    let of_segment = |log_heights| {
        let (parts, heights) = parts(&tables, log_heights);
        security(verified.parameters, &parts, &heights).expect("parameters").1
    };
    let least = proof.segments.iter().map(|segment| of_segment(&segment.log_heights)).fold(f64::INFINITY, f64::min);
    assert_eq!(verified.security_bits.to_bits(), least.to_bits());
}

#[test]
fn every_table_is_tall_in_some_shape() {
    let all_families = Family::ALL.iter().fold(0, |families, family| families | 1 << *family as u64);
    let ids: BTreeSet<TableId> = tables(all_families, 6).iter().map(|table| table.id).collect();
    assert!(Chip::ALL.iter().all(|&chip| ids.contains(&TableId::Chip(chip))));
}
