//! Bytes and a program id in, a claim out.
//!
//! Believes nothing from the proof: tables, parameters and public values follow from the id, whose
//! preimage the proof carries, and from the claim. Does no I/O, no threading, no randomness.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

use alloc::string::String;
use alloc::vec::Vec;

use p3_multi_stark::{
    MultiStarkSecurityReport, VerifierInstance, VerifierInstances, VerifyingKey, security_report, setup,
    verify as verify_stark,
};
use provasm_air::fixed::{LOG_HEIGHT_MIN, PARTS_MAX};
use provasm_air::{Table, TableId};
use provasm_isa::layout::CLOCK_STEP;
use provasm_proof::{
    Claim, Config, ConfigError, DecodeError, LOG_HEIGHT_MAX, LogHeights, ParameterSet, Pinned, ProgramId, Proof,
    SECURITY_BITS_MIN, StatementError, challenger, parts,
};
use thiserror::Error;

/// Instruction rows a proof can have: clocks then stay below 2^30 and no chain of states wraps around.
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
    /// With which parameters.
    pub parameters: ParameterSet,
    /// Bits of proven security over all terms.
    pub security_bits: f64,
}

/// Checks that `bytes` prove a claim about the program with this id.
///
/// # Errors
/// [`VerifyError`] says why the proof is rejected.
pub fn verify(bytes: &[u8], id: &ProgramId) -> Result<Verified, VerifyError> {
    // 1. Read the proof; its size is bounded before anything is allocated.
    let proof = Proof::from_bytes(bytes)?;
    // 2. The program in the proof is the one with the id.
    let found = proof.header.id();
    if found != *id {
        return Err(VerifyError::Program { expected: *id, found });
    }
    // 3. The tables follow from the program; their parts and heights are allowed.
    let program_tables = proof.header.tables();
    check_heights(&program_tables, &proof.log_heights)?;
    let (tables, log_heights) = parts(&program_tables, &proof.log_heights);
    // 4. The claim is one that the program can make.
    let statement = proof.claim.statement(&proof.header, &proof.log_heights)?;
    // 5. Parameters follow from the heights.
    let pinned = Pinned { commitment: proof.header.commitment.clone(), data: None };
    let parameters = proof.header.parameters;
    let config = Config::new(parameters, &tables, &log_heights, Some(pinned))?;
    let key = verifying_key(&config, &tables)?;
    // 6. They give enough security, by proven bounds alone.
    let instances = || instances(&tables, &key, &log_heights, &statement.public_values);
    let security_bits = checked_bits(security_report(&config, &instances()).ok())?;
    // 7. The argument holds.
    verify_stark(&config, instances(), &proof.stark, 0, &mut challenger(&statement.digest))
        .map_err(|reason| VerifyError::Argument { reason: alloc::format!("{reason}") })?;
    Ok(Verified { claim: proof.claim, parameters, security_bits })
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
                rows = rows.saturating_add(1 << found);
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

fn checked_bits(report: Option<MultiStarkSecurityReport>) -> Result<f64, VerifyError> {
    let bits = report.and_then(|report| report.security_bits()).unwrap_or(0.0);
    #[expect(clippy::cast_precision_loss, reason = "a small constant")]
    if bits < SECURITY_BITS_MIN as f64 { Err(VerifyError::Security { bits }) } else { Ok(bits) }
}

/// One term of a security bound.
#[derive(Clone, Debug, PartialEq)]
pub struct SecurityTerm {
    /// What can go wrong.
    pub name: String,
    /// Bits of security against it.
    pub bits: f64,
}

/// The security of a proof of `tables` at these heights, term by term and over all terms.
///
/// # Errors
/// [`ConfigError`] when no parameters exist for the heights.
pub fn security(
    parameters: ParameterSet,
    tables: &[Table],
    log_heights: &[usize],
) -> Result<(Vec<SecurityTerm>, f64), VerifyError> {
    let config = Config::new(parameters, tables, log_heights, None)?;
    let key = verifying_key(&config, tables)?;
    let public_values = alloc::vec![provasm_air::KoalaBear::default(); provasm_air::system::PUBLIC_VALUES];
    let report = security_report(&config, &instances(tables, &key, log_heights, &public_values))
        .map_err(|reason| VerifyError::Argument { reason: alloc::format!("{reason}") })?;
    let term = |term: &p3_security::SecurityTerm| SecurityTerm {
        name: term.component.map_or_else(|| term.label.into(), |part| alloc::format!("{part}: {}", term.label)),
        bits: term.bits.bits(),
    };
    let terms = report.terms().iter().map(term).collect();
    Ok((terms, report.security_bits().unwrap_or(0.0)))
}
