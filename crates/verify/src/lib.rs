//! Bytes and a program id in, a claim out.
//!
//! Believes nothing from the proof: tables, parameters and public values follow from the id, whose
//! preimage the proof carries, and from the claims of its segments, which are held together as one run. Does no I/O, no threading, no randomness.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

extern crate alloc;

mod security;

use alloc::string::String;
use alloc::vec::Vec;

use p3_multi_stark::{VerifierInstance, VerifierInstances, VerifyingKey, setup, verify as verify_stark};
use provasm_air::fixed::{LOG_HEIGHT_MIN, PARTS_MAX};
use provasm_air::{Table, TableId};
use provasm_isa::layout::CLOCK_STEP;
use provasm_program::Entry;
use provasm_proof::{
    Claim, Config, ConfigError, DecodeError, Header, Invocation, LOG_HEIGHT_MAX, LogHeights, PREFIX_BYTES,
    ParameterSet, Pinned, ProgramId, ProofHead, Results, SECURITY_BITS_MIN, SegmentProof, State, StatementError,
    challenger, check_prefix, parts, take_frame,
};
use thiserror::Error;

pub use security::{SecurityTerm, security};

/// Instruction rows a proof can have: clocks then stay below 2^30 and no chain of states wraps around.
#[expect(clippy::as_conversions, reason = "a constant")]
pub const INSTRUCTION_ROWS_MAX: u64 = (1 << 30) / CLOCK_STEP as u64 - 1;

/// Why a proof was rejected.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// The bytes are not a proof.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The proof is about another program.
    #[error("the proof is about program {found}, not {expected}")]
    Program {
        /// The id the verifier holds.
        expected: ProgramId,
        /// The id of the program in the proof.
        found: ProgramId,
    },
    /// The claim is none that the program can make.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// The number of tables is not the program's.
    #[error("the proof has {found} tables, the program has {expected}")]
    TableCount {
        /// What the program has.
        expected: usize,
        /// What the proof has.
        found: usize,
    },
    /// A table is cut into too many parts, or missing.
    #[error("table {table} has {found} parts, allowed are {least} to {most}")]
    Parts {
        /// The table.
        table: &'static str,
        /// What the proof says.
        found: usize,
        /// The fewest allowed.
        least: usize,
        /// The most allowed.
        most: usize,
    },
    /// A table's height is not allowed.
    #[error("table {table} has 2^{found} rows, allowed are 2^{least} to 2^{most}")]
    Height {
        /// The table.
        table: &'static str,
        /// What the proof says.
        found: u8,
        /// The least allowed, as a base-two logarithm.
        least: usize,
        /// The most allowed, as a base-two logarithm.
        most: usize,
    },
    /// There are more instruction rows than clocks.
    #[error("{rows} instruction rows, at most {INSTRUCTION_ROWS_MAX} are allowed")]
    Instructions {
        /// Rows of all instruction tables.
        rows: u64,
    },
    /// No parameters exist for these heights.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The parameters give too little security at these heights.
    #[error("the proof has {bits:.1} bits of proven security, at least {SECURITY_BITS_MIN} are required")]
    Security {
        /// What they give.
        bits: f64,
    },
    /// A segment follows the one in which the run ended.
    #[error("segment {index} follows the one in which the run ended")]
    AfterTheLast {
        /// Its place in the proof.
        index: u64,
    },
    /// A segment is not in its place.
    #[error("segment {found} stands in the place of segment {expected}")]
    Order {
        /// The number of the segment that has to come.
        expected: u64,
        /// The number of the segment found.
        found: u64,
    },
    /// A segment does not begin where the one before ended, or the first where the program begins.
    #[error("segment {index} does not begin in the state that the one before ended in")]
    Gap {
        /// Its number.
        index: u64,
    },
    /// The bytes of a public stream are not those that the claim binds.
    #[error("the public {stream} that the proof carries is not the one it claims")]
    Carried {
        /// Input or output.
        stream: &'static str,
    },
    /// The state that the run ended in does not hold the claimed output.
    #[error("the run did not end with the public output that is claimed")]
    Output,
    /// There are not as many segments as the proof says.
    #[error("the proof has {found} segments and says it has {expected}")]
    SegmentCount {
        /// What it says.
        expected: u64,
        /// What it has.
        found: u64,
    },
    /// The run did not end in the last segment.
    #[error("the run has not ended after {segments} segments")]
    NotTheEnd {
        /// How many there are.
        segments: u64,
    },
    /// The argument does not hold.
    #[error("the argument is rejected: {reason}")]
    Argument {
        /// What the proof library says.
        reason: String,
    },
}

/// A claim that was proven.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// What was proven.
    pub claim: Claim,
    /// The entry that ran, with the types of its arguments and results.
    pub entry: Entry,
    /// With which parameters.
    pub parameters: ParameterSet,
    /// Bits of proven security over all terms, the least of all segments.
    pub security_bits: f64,
    /// Segments of the run.
    pub segments: u64,
}

/// Checks that `bytes` prove a claim about the program with this id.
///
/// # Errors
/// [`VerifyError`] says why the proof is rejected.
pub fn verify(bytes: &[u8], id: &ProgramId) -> Result<Verified, VerifyError> {
    check_prefix(bytes)?;
    let mut rest = bytes.get(PREFIX_BYTES..).ok_or(DecodeError::NotAProof)?;
    let mut chain = Chain::new(take_frame(&mut rest)?, id)?;
    while !rest.is_empty() {
        chain.segment(take_frame(&mut rest)?)?;
    }
    chain.finish()
}

/// A proof that is checked segment by segment, as its frames come.
pub struct Chain {
    head: ProofHead,
    /// The tables follow from the program.
    tables: Vec<Table>,
    /// Where the next segment has to begin.
    state: State,
    segments: u64,
    results: Results,
    /// How the run ended, if it has.
    outcome: Option<u8>,
    exit_code: u32,
    security_bits: f64,
}

impl Chain {
    /// Begins with a proof's head.
    ///
    /// # Errors
    /// [`VerifyError`] says why the proof is rejected.
    pub fn new(head: &[u8], id: &ProgramId) -> Result<Self, VerifyError> {
        // 1. The program in the proof is the one with the id. Sizes are bounded before anything is allocated.
        let found = ProofHead::program_id(head)?;
        if found != *id {
            return Err(VerifyError::Program { expected: *id, found });
        }
        // 2. Read the head.
        let head = ProofHead::from_bytes(head)?;
        // 3. The entry exists and takes the arguments. A run begins there, in the program's initial state.
        let state = head.invocation.initial(&head.header)?;
        // The bytes that the proof carries are the ones whose digests it claims.
        for (name, stream) in [("input", &head.input()), ("output", &head.output)] {
            if !stream.is_consistent() {
                return Err(VerifyError::Carried { stream: name });
            }
        }
        let results = Results::new(head.invocation.entry(&head.header)?);
        let tables = head.header.tables();
        let security_bits = f64::INFINITY;
        Ok(Self { head, tables, state, segments: 0, results, outcome: None, exit_code: 0, security_bits })
    }

    /// Segments that the proof says it has.
    #[must_use]
    pub fn segments(&self) -> u64 {
        self.head.segments
    }

    /// Checks the next segment.
    ///
    /// # Errors
    /// [`VerifyError`] says why the proof is rejected.
    pub fn segment(&mut self, bytes: &[u8]) -> Result<(), VerifyError> {
        let index = self.segments;
        // 4. The run has not ended, and this is the segment that comes next.
        if self.outcome.is_some() {
            return Err(VerifyError::AfterTheLast { index });
        }
        let segment = SegmentProof::from_bytes(bytes)?;
        let claim = &segment.claim;
        if claim.index != index {
            return Err(VerifyError::Order { expected: index, found: claim.index });
        }
        if claim.before != self.state {
            return Err(VerifyError::Gap { index });
        }
        // 5. It is proven.
        let security_bits = verify_segment(&self.head.header, &self.tables, &self.head.invocation, &segment)?;
        // 6. Its results were not given before.
        self.results.add(&claim.results)?;
        self.security_bits = self.security_bits.min(security_bits);
        self.segments = index.saturating_add(1);
        (self.state, self.outcome, self.exit_code) = (claim.after, claim.outcome, claim.exit_code);
        Ok(())
    }

    /// Ends the chain.
    ///
    /// # Errors
    /// [`VerifyError`] says why the proof is rejected.
    pub fn finish(self) -> Result<Verified, VerifyError> {
        let (found, expected) = (self.segments, self.head.segments);
        // 7. No segment is missing, and the run ended in the last one.
        if found != expected {
            return Err(VerifyError::SegmentCount { expected, found });
        }
        let code = self.outcome.ok_or(VerifyError::NotTheEnd { segments: found })?;
        // The state it ended in holds the output.
        if !self.head.is_output_of(&self.state) {
            return Err(VerifyError::Output);
        }
        // 8. The entry can end so, with the results that were given.
        let input = self.head.input();
        let ProofHead { header, invocation, output, .. } = self.head;
        let entry = invocation.entry(&header)?.clone();
        let outcome = self.results.outcome(&entry, code, self.exit_code)?;
        let claim = Claim { entry: invocation.entry, args: invocation.args, input, output, outcome };
        let (parameters, security_bits) = (header.parameters, self.security_bits);
        Ok(Verified { claim, entry, parameters, security_bits, segments: found })
    }
}

/// Checks the proof of one segment by itself; returns the bits of its security.
///
/// That it holds says what its claim says, about a call of the program with this header. It says
/// nothing about other segments: that is what [`Chain`] is for.
///
/// # Errors
/// [`VerifyError`] says why the proof is rejected.
pub fn verify_segment(
    header: &Header,
    program_tables: &[Table],
    invocation: &Invocation,
    segment: &SegmentProof,
) -> Result<f64, VerifyError> {
    // a. The parts and heights of the tables are allowed.
    check_heights(program_tables, &segment.log_heights)?;
    let (tables, log_heights) = parts(program_tables, &segment.log_heights);
    // b. The claim is one that a segment can make.
    let statement = segment.claim.statement(header, invocation, &segment.log_heights)?;
    // c. Parameters follow from the heights.
    let pinned = Pinned { commitment: header.commitment.clone(), data: None };
    let config = Config::new(header.parameters, &tables, &log_heights, Some(pinned))?;
    let key = verifying_key(&config, &tables)?;
    // d. They give enough security, by proven bounds alone.
    let instances = || instances(&tables, &key, &log_heights, &statement.public_values);
    let security_bits = security::checked_bits(&config, &instances())?;
    // e. The argument holds.
    verify_stark(&config, instances(), &segment.stark, 0, &mut challenger(&statement.digest))
        .map_err(|reason| VerifyError::Argument { reason: alloc::format!("{reason}") })?;
    Ok(security_bits)
}

fn check_heights(tables: &[Table], log_heights: &LogHeights) -> Result<(), VerifyError> {
    if tables.len() != log_heights.len() {
        return Err(VerifyError::TableCount { expected: tables.len(), found: log_heights.len() });
    }
    let mut rows = 0u64;
    for (table, heights) in tables.iter().zip(log_heights) {
        let name = table.id.name();
        let (least_parts, most_parts) = if table.id.has_parts() { (0, PARTS_MAX) } else { (1, 1) };
        if !(least_parts..=most_parts).contains(&heights.len()) {
            return Err(VerifyError::Parts { table: name, found: heights.len(), least: least_parts, most: most_parts });
        }
        let (least, most) = match &table.fixed {
            Some(fixed) => (fixed.log_height(), fixed.log_height()),
            None if table.id == TableId::Claim => (LOG_HEIGHT_MIN, LOG_HEIGHT_MIN),
            None => (LOG_HEIGHT_MIN, LOG_HEIGHT_MAX.into()),
        };
        for &found in heights {
            if !(least..=most.min(LOG_HEIGHT_MAX.into())).contains(&found.into()) {
                return Err(VerifyError::Height { table: name, found, least, most });
            }
            if matches!(table.id, TableId::Chip(_)) {
                rows = rows.saturating_add(1u64.checked_shl(found.into()).unwrap_or(u64::MAX));
            }
        }
    }
    if rows > INSTRUCTION_ROWS_MAX {
        return Err(VerifyError::Instructions { rows });
    }
    Ok(())
}

fn verifying_key(config: &Config, tables: &[Table]) -> Result<VerifyingKey<Config>, VerifyError> {
    let airs: Vec<&Table> = tables.iter().collect();
    // The commitment is pinned, so this transcript is never read.
    let key = setup(config, &airs, &mut challenger(&[0; 32]))
        .map_err(|reason| VerifyError::Argument { reason: alloc::format!("{reason:?}") })?;
    Ok(key.1)
}

fn instances<'a>(
    tables: &'a [Table],
    key: &'a VerifyingKey<Config>,
    log_heights: &[usize],
    public_values: &'a [provasm_air::KoalaBear],
) -> VerifierInstances<'a, Config, Table> {
    let instance = |(table, &log_height): (&'a Table, &usize)| {
        let public_values = if table.id == TableId::Claim { public_values } else { &[] };
        VerifierInstance::new(table, key, log_height, public_values)
    };
    VerifierInstances::new(tables.iter().zip(log_heights).map(instance).collect())
}
