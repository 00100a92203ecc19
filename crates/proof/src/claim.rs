//! What a proof claims: of the whole run, and of each segment.

use alloc::string::String;
use alloc::vec::Vec;

use p3_field::PrimeField32;
use p3_koala_bear::KoalaBear;
use provasm_air::claim::{ClaimValues, MachineState};
use provasm_air::tree::{DIGEST, Digest, Hasher, INPUT_NODE, OUTPUT_NODE};
use provasm_isa::{EXITED, Trap};
use provasm_program::{Entry, ValType, registers, typed_values};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::encoding::encode;
use crate::header::{Header, StreamSiblings};
use crate::sealed::LogHeights;
use crate::stream::{Stream, StreamDigest};

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// The entry returned these results, as register values.
    Returned(Vec<u64>),
    /// The program ended the run with this exit code.
    Exited(u32),
    /// The program trapped, with this code.
    Trapped(u8),
}

/// What a proof claims about the program whose id the verifier holds. It says nothing of segments:
/// however a run is cut, the claim is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The exported function that ran.
    pub entry: String,
    /// Its arguments, as register values.
    pub args: Vec<u64>,
    /// The public input it was given.
    pub input: Stream,
    /// The public output it wrote.
    pub output: Stream,
    /// How it ended.
    pub outcome: Outcome,
}

impl Claim {
    /// A claim about a call with this public input and output.
    #[must_use]
    pub fn new(entry: &str, args: &[u64], input: &[u8], output: &[u8], outcome: Outcome) -> Self {
        let (input, output) = (Stream::of(input), Stream::of(output));
        Self { entry: entry.into(), args: args.to_vec(), input, output, outcome }
    }
}

/// What was called: the same in all segments of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invocation {
    /// The exported function.
    pub entry: String,
    /// Its arguments, as register values.
    pub args: Vec<u64>,
    /// Digest of the public input it was given.
    pub input: StreamDigest,
}

/// The machine between two instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Index of the next instruction; 0 once the run has ended.
    pub pc: u32,
    /// Frame pointer; 0 once the run has ended.
    pub fp: u32,
    /// Root of the state tree: all cells there are, memory's size included. Elements of the field.
    pub root: [u32; DIGEST],
}

impl State {
    /// This state as field elements, if it consists of such.
    fn elements(&self) -> Option<MachineState> {
        let is_element = |value: u32| value < KoalaBear::ORDER_U32;
        let all = self.root.into_iter().chain([self.pc, self.fp]).all(is_element);
        all.then(|| MachineState { pc: self.pc, fp: self.fp, root: self.root.map(KoalaBear::new) })
    }
}

impl From<MachineState> for State {
    fn from(state: MachineState) -> Self {
        Self { pc: state.pc, fp: state.fp, root: state.root.map(|element| element.as_canonical_u32()) }
    }
}

/// What the proof of a segment claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentClaim {
    /// The segment's number within the run, from 0.
    pub index: u64,
    /// The machine at its start.
    pub before: State,
    /// The machine at its end.
    pub after: State,
    /// Results of the entry that are given in it: their numbers and register values.
    pub results: Vec<(u8, u64)>,
    /// How the run ended, if it did so in this segment: 0, a trap's code, or [`EXITED`].
    pub outcome: Option<u8>,
    /// The exit code of a run that exited in this segment, else 0.
    pub exit_code: u32,
}

/// A claim that no run of the program can make.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StatementError {
    /// The program exports no such function.
    #[error("the program exports no function named `{name}`")]
    UnknownEntry {
        /// The claimed name.
        name: String,
    },
    /// The number of register values is not the entry's.
    #[error("the claim has {given} register values as {what}, the entry has {expected}")]
    ValueCount {
        /// Arguments or results.
        what: &'static str,
        /// What the entry has.
        expected: usize,
        /// What the claim has.
        given: usize,
    },
    /// A 32-bit value has higher bits.
    #[error("{what} {index} is claimed as {value}, beyond 32 bits")]
    ValueRange {
        /// Argument or result.
        what: &'static str,
        /// Its number.
        index: usize,
        /// The claimed value.
        value: u64,
    },
    /// No trap has this code.
    #[error("no trap has the code {code}")]
    UnknownTrap {
        /// The claimed code.
        code: u8,
    },
    /// A run that did not exit has an exit code.
    #[error("exit code {exit_code} is claimed of a segment in which the program does not exit")]
    NoExit {
        /// The claimed exit code.
        exit_code: u32,
    },
    /// A state's number is beyond the field.
    #[error("a machine state or a digest has a number that is no field element")]
    NotAnElement,
    /// The run has ended, but execution would go on somewhere.
    #[error("the last segment ends in a state in which execution goes on")]
    GoesOn,
    /// A result is given twice, or the entry has no such.
    #[error("result {index} is given twice, or the entry has no such result")]
    Result {
        /// The result's number.
        index: u8,
    },
    /// A result is not given, though the entry returned; or given, though it trapped.
    #[error("{given} results are given, the run has {expected}")]
    ResultCount {
        /// What the run has.
        expected: usize,
        /// What the segments give.
        given: usize,
    },
}

/// A segment's claim held against a program: what prover and verifier agree to prove.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Public values of the proof.
    pub public_values: Vec<KoalaBear>,
    /// Digest of program, invocation, segment and table heights, with which the transcript begins.
    pub digest: [u8; 32],
}

/// Separates statements from every other digest.
const STATEMENT_DOMAIN: &str = "provasm 2026-11 segment statement";

fn check_values(what: &'static str, types: &[ValType], values: &[u64]) -> Result<(), StatementError> {
    let expected = registers(types);
    if expected != values.len() {
        return Err(StatementError::ValueCount { what, expected, given: values.len() });
    }
    for (index, (ty, values)) in typed_values(types, values).enumerate() {
        if let Some(&value) = values.iter().find(|&&value| ty.is_32() && value > u64::from(u32::MAX)) {
            return Err(StatementError::ValueRange { what, index, value });
        }
    }
    Ok(())
}

/// The root above a public stream, given the digests beside its way up, if these are field elements.
fn root_above(stream: Digest, node: u32, siblings: &StreamSiblings) -> Option<[u32; DIGEST]> {
    let elements = siblings.iter().map(|sibling| StreamDigest(*sibling).elements());
    let siblings: Vec<Digest> = elements.collect::<Option<_>>()?;
    Some(StreamDigest::from(Hasher::default().root_above(stream, node, &siblings)).0)
}

/// Whether a state that a run ended in holds this public output.
pub(crate) fn holds_output(state: &State, output: &StreamDigest, siblings: &StreamSiblings) -> bool {
    output.elements().and_then(|output| root_above(output, OUTPUT_NODE, siblings)) == Some(state.root)
}

impl Invocation {
    /// The entry that is called.
    ///
    /// # Errors
    /// [`StatementError`] when the program has no such entry, or it cannot take the arguments.
    pub fn entry<'h>(&self, header: &'h Header) -> Result<&'h Entry, StatementError> {
        let unknown = || StatementError::UnknownEntry { name: self.entry.clone() };
        let entry = header.entry(&self.entry).ok_or_else(unknown)?;
        check_values("arguments", &entry.params, &self.args)?;
        Ok(entry)
    }

    /// The state a call begins in.
    ///
    /// # Errors
    /// As [`Invocation::entry`].
    pub fn initial(&self, header: &Header) -> Result<State, StatementError> {
        let input = self.input.elements().ok_or(StatementError::NotAnElement)?;
        let root = root_above(input, INPUT_NODE, &header.input_siblings).ok_or(StatementError::NotAnElement)?;
        Ok(State { pc: self.entry(header)?.pc, fp: 0, root })
    }
}

impl SegmentClaim {
    /// The statement this segment makes about a call of a program, at these table heights.
    ///
    /// # Errors
    /// [`StatementError`] when no segment of such a call can claim this.
    pub fn statement(
        &self,
        header: &Header,
        invocation: &Invocation,
        log_heights: &LogHeights,
    ) -> Result<Statement, StatementError> {
        let entry = invocation.entry(header)?;
        let before = self.before.elements().ok_or(StatementError::NotAnElement)?;
        let after = self.after.elements().ok_or(StatementError::NotAnElement)?;
        let results = registers(&entry.results);
        for (given, &(index, _)) in self.results.iter().enumerate() {
            let before = self.results.iter().take(given);
            if usize::from(index) >= results || before.into_iter().any(|&(other, _)| other == index) {
                return Err(StatementError::Result { index });
            }
        }
        if self.outcome != Some(EXITED) && self.exit_code != 0 {
            return Err(StatementError::NoExit { exit_code: self.exit_code });
        }
        if let Some(code) = self.outcome {
            if code != 0 && code != EXITED {
                Trap::from_code(code).ok_or(StatementError::UnknownTrap { code })?;
            }
            if (self.after.pc, self.after.fp) != (0, 0) {
                return Err(StatementError::GoesOn);
            }
        }
        let outcome = self.outcome.map(|code| (code, self.exit_code));
        let claim = ClaimValues { before, after, outcome, args: &invocation.args, results: &self.results };
        let bytes = encode(&(header.id(), invocation, self, log_heights));
        Ok(Statement { public_values: claim.public_values(), digest: blake3::derive_key(STATEMENT_DOMAIN, &bytes) })
    }
}

/// The claim of a run, put together from those of its segments.
#[derive(Clone, Debug)]
pub struct Results {
    given: Vec<Option<u64>>,
}

impl Results {
    /// No result given yet.
    #[must_use]
    pub fn new(entry: &Entry) -> Self {
        Self { given: alloc::vec![None; registers(&entry.results)] }
    }

    /// Adds the results of a segment.
    ///
    /// # Errors
    /// [`StatementError::Result`] when one was given before.
    pub fn add(&mut self, results: &[(u8, u64)]) -> Result<(), StatementError> {
        for &(index, value) in results {
            match self.given.get_mut(usize::from(index)) {
                Some(given @ None) => *given = Some(value),
                _ => return Err(StatementError::Result { index }),
            }
        }
        Ok(())
    }

    /// How a run ended that gave these results and stopped with a code: 0, a trap's, or [`EXITED`] with an exit code.
    ///
    /// # Errors
    /// [`StatementError`] when a run of `entry` cannot end so.
    pub fn outcome(self, entry: &Entry, code: u8, exit_code: u32) -> Result<Outcome, StatementError> {
        let values: Vec<u64> = self.given.iter().copied().flatten().collect();
        let expected = if code == 0 { self.given.len() } else { 0 };
        if values.len() != expected {
            return Err(StatementError::ResultCount { expected, given: values.len() });
        }
        if code == EXITED {
            return Ok(Outcome::Exited(exit_code));
        }
        if code != 0 {
            return Ok(Outcome::Trapped(code));
        }
        check_values("results", &entry.results, &values)?;
        Ok(Outcome::Returned(values))
    }
}
