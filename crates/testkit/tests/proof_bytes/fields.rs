//! Every field of heads and segments, those of the proof library's types among them, as a manifest lists them.
//!
//! The list is read off the types by their own encoding. A field that is not in `fields.txt` fails the suite;
//! `PROVASM_UPDATE=1` writes it anew. Each is changed.

use std::collections::BTreeSet;
use std::path::Path;

use provasm::{Claim, Entry, Outcome, ParameterSet, ProgramId, ProofHead, ValType, Verified};
use provasm_testkit::{Random, is_long};

use crate::honest::{ARGS, Honest, INPUT, honest};
use crate::judge::{Cost, Tally, cost_of, on_one_thread};
use crate::layout::Kind;
use crate::mutate::Change;

/// What the frame at a place is.
fn part(frame: usize) -> &'static str {
    if frame == 0 { "head" } else { "segment" }
}

#[test]
fn every_field_is_listed() {
    let frames = honest().iter().flat_map(|proof| proof.frames.iter().enumerate());
    let fields = frames.flat_map(|(at, frame)| {
        let keys = frame.groups.keys();
        keys.map(move |(path, kind)| format!("{}{path}: {}\n", part(at), format!("{kind:?}").to_lowercase()))
    });
    let found: String = fields.collect::<BTreeSet<_>>().into_iter().collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/proof_bytes/fields.txt");
    if std::env::var_os("PROVASM_UPDATE").is_some() {
        std::fs::write(&path, &found).expect("the manifest");
    }
    let listed = std::fs::read_to_string(&path).unwrap_or_default();
    let difference: Vec<_> = found
        .lines()
        .filter(|line| !listed.lines().any(|other| other == *line))
        .map(|line| format!("+{line}"))
        .collect();
    assert!(listed == found, "the fields are not those of fields.txt; new: {difference:#?}");
}

/// Changes one field of a frame in all ways, or in the long tier in all ways several times; counts the rejected.
fn tamper(proof: &Honest, cost: Cost, frame: usize, key: &(String, Kind), tally: &mut Tally) {
    let layout = &proof.frames[frame];
    let group = &layout.groups[key];
    let mut random = Random::new(tally.tried);
    for &change in Change::all(key.1) {
        for _ in 0..if is_long() { 3 } else { 1 } {
            let other = &honest()[random.below(honest().len())].frames[frame.min(1)];
            let foreign = other.groups.get(key).map(|nodes| &other.nodes[nodes[random.below(nodes.len())]]);
            let foreign = foreign.map(|node| &other.bytes[node.extent.clone()]);
            let node = &layout.nodes[group[random.below(group.len())]];
            let Some(changed) = change.apply(layout, node, group, foreign, &mut random) else { continue };
            let what = format!("{}: {}{} {change:?}", proof.name, part(frame), key.0);
            let bytes = proof.with_frame(frame, &changed);
            tally.reject(&what, 0, (&bytes, &proof.id), (proof, cost));
            // Who has the id from the proof is told of another program, or of a call that it does not prove.
            match ProofHead::program_id(&changed) {
                Ok(id) if frame == 0 && id != proof.id => tally.reject(&what, 0, (&bytes, &id), (proof, cost)),
                _ => {}
            }
        }
    }
}

#[test]
fn every_field_is_tampered_with() {
    on_one_thread(|| {
        let (mut seen, mut tally) = (BTreeSet::new(), Tally::default());
        for proof in honest() {
            let cost = cost_of(proof);
            for (frame, layout) in proof.frames.iter().enumerate() {
                for key in layout.groups.keys() {
                    let is_new = seen.insert((part(frame), key));
                    if is_new || is_long() {
                        let before = tally.tried;
                        tamper(proof, cost, frame, key, &mut tally);
                        assert!(
                            !is_new || tally.tried > before,
                            "{}{}: no change of it is rejected",
                            part(frame),
                            key.0
                        );
                    }
                }
            }
        }
        let measured = format!("{} fields, each in all ways that it can be changed; {}", seen.len(), tally.verdicts());
        tally.figure(6, "every field in the proof's bytes, the library's too").measured(measured).print();
    });
}

/// What a verifier says, field by field, against what was run. A field that is not listed here does not compile.
#[test]
fn what_is_verified_is_what_was_run() {
    let expected = [
        ("main", &ARGS[..], &b""[..], Outcome::Returned(vec![ARGS[0] + ARGS[1], 1])),
        ("main", &[ARGS[0], ARGS[1] + 2], b"", Outcome::Returned(vec![ARGS[0] + ARGS[1] + 2, 1])),
        ("trap", &[], b"", Outcome::Trapped(provasm::Trap::Unreachable.code())),
        ("main", &[], &INPUT[..5], Outcome::Exited(3)),
        ("main", &ARGS, b"", Outcome::Returned(vec![ARGS[0] + ARGS[1], 1])),
    ];
    for (proof, (name, args, output, outcome)) in honest().iter().zip(expected) {
        let Verified { claim, entry, parameters, security_bits, segments } = &proof.verified;
        let Claim { entry: called, args: given, input, output: written, outcome: end } = claim;
        assert_eq!((called.as_str(), &given[..], end), (name, args, &outcome), "{}", proof.name);
        assert!(input.is(INPUT) && written.is(output), "{}", proof.name);
        assert_eq!((input.bytes.as_deref(), written.bytes.as_deref()), (Some(INPUT), Some(output)), "{}", proof.name);
        let types: &[ValType] = if args.is_empty() { &[] } else { &[ValType::I32, ValType::I64] };
        let results: &[ValType] = if args.is_empty() { &[] } else { &[ValType::I64, ValType::I32] };
        let Entry { name: exported, params, results: returned, pc: _ } = entry;
        assert_eq!((exported.as_str(), &params[..], &returned[..]), (name, types, results), "{}", proof.name);
        assert_eq!((*parameters, *segments as usize), (ParameterSet::Koala100, proof.frames.len() - 1));
        assert!(*security_bits >= 100.0, "{}: {security_bits} bits", proof.name);
    }
    // The same claim, cut otherwise.
    assert_eq!(honest()[0].verified.claim, honest()[4].verified.claim);
    let ids: BTreeSet<ProgramId> = honest().iter().map(|proof| proof.id).collect();
    assert_eq!(ids.len(), 2);
}
