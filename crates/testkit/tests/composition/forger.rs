//! Honest proofs, taken apart and put together otherwise.

use std::cell::Cell;
use std::io::{self, Read};
use std::sync::OnceLock;

use provasm::{Program, ProgramId, ProveOptions, verify, verify_reader};
use provasm_isa::{Op, Trap};
use provasm_program::ValType;
use provasm_proof::{PREFIX_BYTES, ProofHead, SegmentProof, frame_prefix, prefix, take_frame};
use provasm_testkit::assemble::{A, Assembly, B, C, D};
use provasm_testkit::figure::Figure;

/// Instructions of a segment of [`honest`]: it has six.
pub(crate) const CUT_EVERY: u64 = 2;
/// Arguments of [`honest`].
pub(crate) const ARGS: [u64; 2] = [0x1234_5678_9abc_def0, 7];

/// A proof as its frames.
#[derive(Clone)]
pub(crate) struct Frames {
    pub(crate) id: ProgramId,
    pub(crate) head: Vec<u8>,
    pub(crate) segments: Vec<Vec<u8>>,
}

impl Frames {
    fn prove(program: &Program, entry: &str, args: &[u64], cut_every: u64) -> Self {
        let options = ProveOptions { cut_every: Some(cut_every), ..ProveOptions::default() };
        let proven = program.prove_with(entry, args, &options).unwrap_or_else(|error| panic!("{entry}: {error}"));
        let mut rest = &proven.proof[PREFIX_BYTES..];
        let mut frames = Vec::new();
        while !rest.is_empty() {
            frames.push(take_frame(&mut rest).expect("a frame").to_vec());
        }
        let segments = frames.split_off(1);
        let head = frames.remove(0);
        Self { id: program.id(), head, segments }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = prefix().to_vec();
        for frame in std::iter::once(&self.head).chain(&self.segments) {
            bytes.extend(frame_prefix(frame).expect("a short frame"));
            bytes.extend(frame);
        }
        bytes
    }

    pub(crate) fn head(&self) -> ProofHead {
        ProofHead::from_bytes(&self.head).expect("a head")
    }

    pub(crate) fn segment(&self, index: usize) -> SegmentProof {
        SegmentProof::from_bytes(&self.segments[index]).expect("a segment")
    }

    /// The proof with another head.
    pub(crate) fn with_head(&self, change: impl FnOnce(&mut ProofHead)) -> Self {
        let mut head = self.head();
        change(&mut head);
        Self { head: head.to_bytes(), ..self.clone() }
    }

    /// The proof with another segment in this place.
    pub(crate) fn with_segment(&self, index: usize, change: impl FnOnce(&mut SegmentProof)) -> Self {
        let mut segment = self.segment(index);
        change(&mut segment);
        let mut forged = self.clone();
        forged.segments[index] = segment.to_bytes();
        forged
    }

    /// The proof with other segments.
    pub(crate) fn with_segments(&self, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Self {
        let mut forged = self.clone();
        change(&mut forged.segments);
        forged
    }

    /// The proof whose head says how many segments there are, and whose segments are numbered anew.
    pub(crate) fn renumbered(&self) -> Self {
        let count = self.segments.len();
        let forged = self.with_head(|head| head.segments = count as u64);
        (0..count)
            .fold(forged, |forged, index| forged.with_segment(index, |segment| segment.claim.index = index as u64))
    }

    /// The proof in which every segment claims to begin where the one before claims to end, and the first
    /// where the program does.
    pub(crate) fn joined(&self) -> Self {
        let head = self.head();
        let mut state = head.invocation.initial(&head.header).expect("an entry");
        let mut forged = self.renumbered();
        for index in 0..forged.segments.len() {
            forged = forged.with_segment(index, |segment| {
                segment.claim.before = state;
                state = segment.claim.after;
            });
        }
        forged
    }
}

/// Two arguments, a sum, a page that is grown and written to, two results. `number` makes it another program.
fn program(number: u64) -> Program {
    let types = [ValType::I64, ValType::I32];
    let mut assembly = Assembly::new(1, 3);
    assembly.data(5, number + 1);
    // The same under another name; and what could be taken for it.
    assembly.entry("alias", &types, &types);
    assembly.entry("main", &types, &types);
    assembly.instr(Op::Arg, A, 0, 0, 0);
    assembly.instr(Op::Arg, B, 0, 0, 1);
    assembly.instr(Op::Add64, A, A, B, 0);
    assembly.constant(C, 65_536 + 8 * number);
    assembly.constant(D, 1);
    assembly.instr(Op::MemoryGrow, D, D, 0, 3);
    assembly.instr(Op::Store64, 0, C, A, 0);
    assembly.instr(Op::Load64, A, C, 0, 0);
    assembly.instr(Op::Copy, D, A, 0, 0);
    assembly.instr(Op::Result, 0, A, 0, 0);
    assembly.instr(Op::Result, 0, B, 0, 1);
    assembly.halt();
    assembly.entry("other", &types, &types);
    assembly.constant(A, 0);
    assembly.instr(Op::Result, 0, A, 0, 0);
    assembly.instr(Op::Result, 0, A, 0, 1);
    assembly.halt();
    assembly.entry("trap", &[], &[ValType::I64]);
    assembly.constant(A, 1);
    assembly.instr(Op::Trap, 0, 0, 0, Trap::Unreachable.code().into());
    Program::from_compiled(assembly.finish())
}

macro_rules! proofs {
    ($($(#[$doc:meta])* $name:ident = $prove:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) fn $name() -> &'static Frames {
            static PROOF: OnceLock<Frames> = OnceLock::new();
            PROOF.get_or_init(|| $prove)
        }
    )*};
}

proofs! {
    /// The proof that is forged.
    honest = Frames::prove(&program(0), "main", &ARGS, CUT_EVERY);
    /// With another argument.
    other_args = Frames::prove(&program(0), "main", &[ARGS[0], ARGS[1] + 1], CUT_EVERY);
    /// Of another program.
    other_program = Frames::prove(&program(1), "main", &ARGS, CUT_EVERY);
    /// The same run, cut otherwise.
    other_cut = Frames::prove(&program(0), "main", &ARGS, CUT_EVERY + 1);
    /// A run that traps.
    trapped = Frames::prove(&program(0), "trap", &[], 1);
}

/// Gives a few bytes at a time, and is interrupted in between.
struct Trickle<'b> {
    rest: &'b [u8],
    reads: usize,
}

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.reads += 1;
        if self.reads.is_multiple_of(5) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let length = out.len().min(self.rest.len()).min(if self.reads.is_multiple_of(3) { 1 } else { 5000 });
        let (now, rest) = self.rest.split_at(length);
        out[..length].copy_from_slice(now);
        self.rest = rest;
        Ok(length)
    }
}

/// Presents forged proofs to the verifier, and counts them.
#[derive(Default)]
pub(crate) struct Court {
    rejected: Cell<usize>,
}

impl Court {
    /// The verdict on bytes, which is the same when they come from a stream.
    pub(crate) fn verdict(what: &str, bytes: &[u8], id: &ProgramId) -> Result<(), String> {
        let words = |error: provasm::Error| match error {
            provasm::Error::Verify(error) => format!("{error:?}"),
            other => panic!("{what}: {other:?}"),
        };
        let whole = verify(bytes, id).map(drop).map_err(words);
        let streamed = verify_reader(&mut Trickle { rest: bytes, reads: 0 }, id, None).map(drop).map_err(words);
        assert_eq!(whole, streamed, "{what}");
        whole
    }

    /// Expects that bytes are rejected with an error whose debugging text begins so.
    pub(crate) fn reject_bytes(&self, what: &str, bytes: &[u8], id: &ProgramId, expected: &str) {
        let error = Self::verdict(what, bytes, id).expect_err(what);
        assert!(error.starts_with(expected), "{what}: {error}, expected {expected}");
        self.rejected.set(self.rejected.get() + 1);
    }

    /// Prints how much was rejected of what a test tried.
    pub(crate) fn figure(&self, what: &str, measured: &str) {
        Figure::held(7, what, self.rejected.get()).measured(measured).print();
    }

    /// Expects that a proof is rejected with an error whose debugging text begins so.
    pub(crate) fn reject(&self, what: &str, proof: &Frames, expected: &str) {
        self.reject_bytes(what, &proof.bytes(), &proof.id, expected);
    }
}

impl Drop for Court {
    fn drop(&mut self) {
        println!("{} forgeries rejected", self.rejected.get());
    }
}

#[test]
fn honest_proofs_are_accepted() {
    for proof in [honest(), other_args(), other_program(), other_cut(), trapped()] {
        assert_eq!(Court::verdict("honest", &proof.bytes(), &proof.id), Ok(()));
        let again = proof.renumbered().joined();
        assert!(again.bytes() == proof.bytes(), "what the forger does to an honest proof is nothing");
    }
    assert_eq!((honest().segments.len(), other_cut().segments.len(), trapped().segments.len()), (6, 4, 2));
}
