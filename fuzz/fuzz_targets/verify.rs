//! Arbitrary bytes as a proof, and an honest proof with the changes that the bytes say: rejected.
//!
//! A change names a thing in the proof by its number and one of the ways it can be changed, as the test `proof_bytes`
//! has them.
#![no_main]

#[path = "../../crates/testkit/tests/proof_bytes/layout.rs"]
mod layout;
#[expect(dead_code, reason = "here changes are not told apart")]
#[path = "../../crates/testkit/tests/proof_bytes/mutate.rs"]
mod mutate;

use std::sync::OnceLock;

use arbitrary::{Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use provasm::{Program, ProgramId, verify};
use provasm_proof::{PREFIX_BYTES, ProofHead, SegmentProof, frame_prefix, prefix, take_frame};
use provasm_testkit::Random;

use crate::layout::Layout;
use crate::mutate::Change;

const ADD: &str = r#"(module (func (export "add") (param i32 i32) (result i32)
    (i32.add (local.get 0) (local.get 1))))"#;

/// An honest proof: its head and its one segment.
struct Honest {
    id: ProgramId,
    frames: [Layout; 2],
}

fn honest() -> &'static Honest {
    static HONEST: OnceLock<Honest> = OnceLock::new();
    HONEST.get_or_init(|| {
        let program = Program::compile(ADD.as_bytes()).expect("it compiles");
        let proof = program.prove("add", &[2, 40]).expect("a proof").proof;
        let mut rest = &proof[PREFIX_BYTES..];
        let mut frame = || take_frame(&mut rest).expect("a frame");
        let head = Layout::of(&ProofHead::from_bytes(frame()).expect("a head"));
        let segment = Layout::of(&SegmentProof::from_bytes(frame()).expect("a segment"));
        Honest { id: program.id(), frames: [head, segment] }
    })
}

/// A change of a frame: which thing, how, and what chance decides.
#[derive(Arbitrary)]
struct Edit {
    is_head: bool,
    path: u8,
    node: u16,
    change: u8,
    seed: u16,
}

impl Edit {
    fn apply(&self) -> Option<Vec<u8>> {
        let honest = honest();
        let frame = usize::from(!self.is_head);
        let layout = &honest.frames[frame];
        let ((_, kind), group) = layout.groups.iter().nth(usize::from(self.path) % layout.groups.len())?;
        let node = &layout.nodes[group[usize::from(self.node) % group.len()]];
        let change = Change::all(*kind)[usize::from(self.change) % Change::all(*kind).len()];
        let mut random = Random::new(self.seed.into());
        let other = &layout.nodes[group[random.below(group.len())]];
        let foreign = &layout.bytes[other.extent.clone()];
        let changed = change.apply(layout, node, group, Some(foreign), &mut random)?;
        let mut frames = honest.frames.each_ref().map(|layout| &layout.bytes[..]);
        frames[frame] = &changed;
        let mut bytes = prefix().to_vec();
        for frame in frames {
            bytes.extend(frame_prefix(frame).ok()?);
            bytes.extend(frame);
        }
        Some(bytes)
    }
}

/// A proof without the public bytes that it carries along, which are the prover's choice.
fn without_carried(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut proof = provasm::Proof::from_bytes(bytes).ok()?;
    (proof.head.input, proof.head.output.bytes) = (None, None);
    proof.to_bytes().ok()
}

fuzz_target!(|bytes: &[u8]| {
    assert!(verify(bytes, &honest().id).is_err());
    let Some(changed) = Edit::arbitrary(&mut Unstructured::new(bytes)).ok().and_then(|edit| edit.apply()) else {
        return;
    };
    if verify(&changed, &honest().id).is_ok() {
        let honest: Vec<u8> = [honest().frames[0].bytes.clone(), honest().frames[1].bytes.clone()]
            .into_iter()
            .fold(prefix().to_vec(), |bytes, frame| {
                [bytes, frame_prefix(&frame).expect("a short frame").to_vec(), frame].concat()
            });
        assert_eq!(without_carried(&changed), without_carried(&honest), "accepted");
    }
});
