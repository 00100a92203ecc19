//! The honest proofs that are mutated, with their layouts and what it takes to verify them.

use std::sync::OnceLock;

use provasm::{Inputs, Program, ProgramId, ProveOptions, Verified, verify};
use provasm_proof::{FRAME_PREFIX_BYTES, PREFIX_BYTES, ProofHead, SegmentProof, prefix, take_frame};

use crate::judge::{cost_of, on_one_thread};
use crate::layout::Layout;

/// Public input of all runs.
pub(crate) const INPUT: &[u8] = b"hello, verifier";
/// Arguments of `main`.
pub(crate) const ARGS: [u64; 2] = [4, 7];

/// A function of its arguments.
const PLAIN: &str = r#"(module
    (memory 1 2)
    (func (export "alias") (param i32 i64) (result i64 i32) unreachable)
    (func (export "main") (param i32 i64) (result i64 i32)
        (i32.store offset=8 (local.get 0) (local.get 0))
        (i64.add (local.get 1) (i64.load offset=8 (local.get 0)))
        (memory.grow (i32.const 1)))
    (func (export "trap") unreachable))"#;

/// A program that reads and writes public bytes.
const TALKING: &str = r#"(module
    (import "provasm" "input_len" (func $input_len (result i32)))
    (import "provasm" "input_read" (func $input_read (param i32 i32 i32) (result i32)))
    (import "provasm" "output_write" (func $output_write (param i32 i32)))
    (import "provasm" "exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "main")
        (drop (call $input_read (i32.const 0) (i32.const 0) (call $input_len)))
        (call $output_write (i32.const 0) (i32.const 5))
        (call $exit (i32.const 3))))"#;

/// A proof, frame by frame.
pub(crate) struct Honest {
    pub(crate) name: &'static str,
    pub(crate) id: ProgramId,
    /// The head and the segments.
    pub(crate) frames: Vec<Layout>,
    /// All of it.
    pub(crate) bytes: Vec<u8>,
    pub(crate) verified: Verified,
}

impl Honest {
    fn prove(name: &'static str, wat: &str, entry: &str, args: &[u64], cut_every: Option<u64>) -> Self {
        let program = Program::compile(wat.as_bytes()).expect("it compiles");
        let inputs = Inputs { public: INPUT, private: &[] };
        let options = ProveOptions { cut_every, inputs, ..ProveOptions::default() };
        let proven = program.prove_with(entry, args, &options).expect("a proof");
        Self::new(name, program.id(), &proven.proof)
    }

    fn new(name: &'static str, id: ProgramId, proof: &[u8]) -> Self {
        let mut rest = &proof[PREFIX_BYTES..];
        let mut frames = Vec::new();
        while !rest.is_empty() {
            let frame = take_frame(&mut rest).expect("a frame");
            let layout = match frames.len() {
                0 => Layout::of(&ProofHead::from_bytes(frame).expect("a head")),
                _ => Layout::of(&SegmentProof::from_bytes(frame).expect("a segment")),
            };
            assert!(layout.bytes == frame, "{name}: the layout is not that of frame {}", frames.len());
            frames.push(layout);
        }
        let honest = Self { name, id, frames, bytes: proof.to_vec(), verified: verify(proof, &id).expect(name) };
        assert!(honest.with_frame(0, &honest.frames[0].bytes) == proof, "{name}: the frames are not the proof");
        honest
    }

    /// The proof with other bytes as one of its frames.
    pub(crate) fn with_frame(&self, at: usize, changed: &[u8]) -> Vec<u8> {
        let frames = self.frames.iter().map(|frame| &frame.bytes[..]).enumerate();
        framed(frames.map(|(index, bytes)| if index == at { changed } else { bytes }))
    }
}

/// The proof of these frames, with lengths that fit even where no frame may be so long.
pub(crate) fn framed<'f>(frames: impl IntoIterator<Item = &'f [u8]>) -> Vec<u8> {
    let mut bytes = prefix().to_vec();
    for frame in frames {
        bytes.extend(&(frame.len() as u32).to_le_bytes()[..FRAME_PREFIX_BYTES]);
        bytes.extend(frame);
    }
    bytes
}

/// The proofs: of one segment first.
pub(crate) fn honest() -> &'static [Honest] {
    static HONEST: OnceLock<Vec<Honest>> = OnceLock::new();
    HONEST.get_or_init(|| {
        vec![
            Honest::prove("plain", PLAIN, "main", &ARGS, None),
            Honest::prove("other arguments", PLAIN, "main", &[ARGS[0], ARGS[1] + 2], None),
            Honest::prove("trap", PLAIN, "trap", &[], None),
            Honest::prove("talking", TALKING, "main", &[], None),
            Honest::prove("segments", PLAIN, "main", &ARGS, Some(4)),
        ]
    })
}

#[test]
fn honest_proofs_are_accepted() {
    on_one_thread(|| {
        for proof in honest() {
            let groups: usize = proof.frames.iter().map(|frame| frame.groups.len()).sum();
            let (length, cost) = (proof.bytes.len(), cost_of(proof));
            println!("{}: {length} bytes, {groups} paths, {cost:?}", proof.name);
            assert_eq!(proof.verified.segments as usize, proof.frames.len() - 1);
        }
    });
}
