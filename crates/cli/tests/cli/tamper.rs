//! `verify` of proofs that are not what they were.

use std::fs;
use std::path::Path;

use provasm::Proof;

use crate::{DIV, added, added_id, expect_error, folder, provasm};

/// Positions at which a byte is flipped.
const FLIPS: usize = 50;

fn proof() -> Vec<u8> {
    fs::read(added().0.join("module.proof")).expect("the proof")
}

/// Verifying these bytes against the id of the honest proof's program fails and names the cause.
#[track_caller]
fn expect_rejected(folder: &Path, bytes: &[u8], cause: &str) {
    fs::write(folder.join("forged.proof"), bytes).expect("a file");
    let output = provasm(folder, &["verify", "forged.proof", "--id", &added_id()]);
    expect_error(&output, 1, "forged.proof is rejected");
    expect_error(&output, 1, cause);
    assert!(output.stdout.is_empty());
}

#[test]
fn flipped_bytes() {
    let folder = folder("flipped", DIV);
    let honest = proof();
    for flip in 0..FLIPS {
        let at = flip * (honest.len() - 1) / (FLIPS - 1);
        let mut bytes = honest.clone();
        bytes[at] ^= 1 << (flip % 8);
        expect_rejected(&folder, &bytes, "");
    }
}

#[test]
fn other_lengths() {
    let folder = folder("lengths", DIV);
    let honest = proof();
    expect_rejected(&folder, &[], "not a provasm proof");
    expect_rejected(&folder, &honest[..9], "not a provasm proof");
    for length in [10, 11, 14, 100, honest.len() / 2, honest.len() - 1] {
        expect_rejected(&folder, &honest[..length], "the proof is cut off");
    }
    expect_rejected(&folder, &[&honest[..], &[0]].concat(), "the proof is cut off");
    expect_rejected(&folder, &[&honest[..], &[0; 4]].concat(), "follows the one in which the run ended");
    expect_rejected(&folder, &[&honest[..10], &[255; 4]].concat(), "more than a part of a proof can have");
    expect_rejected(&folder, &vec![0; 5 << 20], "not a provasm proof");
    let mut version = honest;
    version[8] ^= 4;
    expect_rejected(&folder, &version, "version");
}

#[test]
fn another_program() {
    let other = folder("other_program", DIV);
    fs::write(other.join("module.proof"), proof()).unwrap();
    let output = provasm(&other, &["verify", "module.proof", "--program", "module.wat"]);
    expect_error(&output, 1, "the proof is about program");
    let output = provasm(&other, &["verify", "module.proof", "--id", &"0".repeat(64)]);
    expect_error(&output, 1, "the proof is about program");
}

#[test]
fn altered_fields() {
    let folder = folder("fields", DIV);
    let alter = |cause: &str, change: &dyn Fn(&mut Proof)| {
        let mut proof = Proof::from_bytes(&proof()).expect("the honest proof");
        change(&mut proof);
        expect_rejected(&folder, &proof.to_bytes().expect("short frames"), cause);
    };
    alter("exports no function", &|proof| proof.head.invocation.entry = "sub".to_owned());
    alter("argument is rejected", &|proof| proof.head.invocation.args = vec![3, 40]);
    alter("argument is rejected", &|proof| proof.head.invocation.args.swap(0, 1));
    alter("3 register values as arguments", &|proof| proof.head.invocation.args.push(0));
    alter("1 register values as arguments", &|proof| proof.head.invocation.args.truncate(1));
    alter("beyond 32 bits", &|proof| proof.head.invocation.args = vec![1 << 32, 40]);
    alter("says it has 2", &|proof| proof.head.segments = 2);

    alter("argument is rejected", &|proof| proof.segments[0].claim.results = vec![(0, 43)]);
    alter("argument is rejected", &|proof| proof.segments[0].claim.results = vec![(0, 42 | 1 << 32)]);
    alter("argument is rejected", &|proof| proof.segments[0].claim.results.clear());
    alter("no such result", &|proof| proof.segments[0].claim.results = vec![(1, 42)]);
    alter("given twice", &|proof| proof.segments[0].claim.results = vec![(0, 42); 2]);
    alter("argument is rejected", &|proof| proof.segments[0].claim.outcome = Some(1));
    alter("no trap has the code 200", &|proof| proof.segments[0].claim.outcome = Some(200));
    alter("argument is rejected", &|proof| proof.segments[0].claim.outcome = None);
    alter("segment 1 stands in the place of segment 0", &|proof| proof.segments[0].claim.index = 1);
    alter("the one before ended in", &|proof| proof.segments[0].claim.before.pc += 1);
    alter("execution goes on", &|proof| proof.segments[0].claim.after.pc += 1);
    alter("argument is rejected", &|proof| proof.segments[0].claim.after.root[0] ^= 1);

    alter("about program", &|proof| proof.head.header.families ^= 1 << 30);
    alter("about program", &|proof| proof.head.header.rom_log_height += 1);
    alter("about program", &|proof| proof.head.header.input_siblings[4][7] ^= 1);
    alter("about program", &|proof| proof.head.header.entries.clear());
    alter("about program", &|proof| proof.head.header.entries[0].pc += 1);
    alter("about program", &|proof| proof.head.header.entries[0].name = "sub".to_owned());

    alter("", &|proof| proof.segments[0].log_heights.truncate(1));
    alter("", &|proof| proof.segments[0].log_heights.clear());
    alter("", &|proof| proof.segments[0].log_heights.push(vec![6]));
    let log_heights = || Proof::from_bytes(&proof()).expect("the honest proof").segments.remove(0).log_heights;
    for (table, parts) in log_heights().iter().enumerate() {
        alter("", &|proof| proof.segments[0].log_heights[table].push(6));
        alter("", &|proof| proof.segments[0].log_heights[table] = vec![255; 4]);
        // A table without rows has no parts that could be taken away or be taller.
        if !parts.is_empty() {
            alter("", &|proof| proof.segments[0].log_heights[table].clear());
            alter("", &|proof| proof.segments[0].log_heights[table].iter_mut().for_each(|height| *height += 1));
        }
    }
}
