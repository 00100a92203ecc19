//! What a proof claims.

use alloc::string::String;
use alloc::vec::Vec;

use p3_koala_bear::KoalaBear;
use provasm_air::claim::ClaimValues;
use provasm_isa::Trap;
use provasm_program::{Entry, ValType, registers, typed_values};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::header::Header;
use crate::sealed::LogHeights;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// The entry returned these results, as register values.
    Returned(Vec<u64>),
    /// The program trapped, with this code.
    Trapped(u8),
}

/// What a proof claims about the program whose id the verifier holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The exported function that ran.
    pub entry: String,
    /// Its arguments, as register values.
    pub args: Vec<u64>,
    /// How it ended.
    pub outcome: Outcome,
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
}

/// A claim held against a program's header: what prover and verifier agree to prove.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Public values of the proof.
    pub public_values: Vec<KoalaBear>,
    /// Digest of program, claim and table heights, with which the transcript begins.
    pub digest: [u8; 32],
}

/// Separates statements from every other digest.
const STATEMENT_DOMAIN: &str = "provasm 2026-11 statement";

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

impl Claim {
    /// The statement this claim makes about a program, at these table heights.
    ///
    /// # Errors
    /// [`StatementError`] when the program's entry cannot take or give what is claimed.
    #[expect(clippy::expect_used, reason = "encoding to memory does not fail")]
    pub fn statement(&self, header: &Header, log_heights: &LogHeights) -> Result<Statement, StatementError> {
        let unknown = || StatementError::UnknownEntry { name: self.entry.clone() };
        let Entry { params, results, pc, .. } = header.entry(&self.entry).ok_or_else(unknown)?;
        check_values("arguments", params, &self.args)?;
        let (outcome, values): (u8, &[u64]) = match &self.outcome {
            Outcome::Returned(values) => {
                check_values("results", results, values)?;
                (0, values)
            }
            Outcome::Trapped(code) => {
                Trap::from_code(*code).ok_or(StatementError::UnknownTrap { code: *code })?;
                (*code, &[])
            }
        };
        let claim = ClaimValues {
            entry_pc: *pc,
            pages: header.memory_pages,
            outcome: outcome.into(),
            args: &self.args,
            results: values,
        };
        let bytes = postcard::to_allocvec(&(header.id(), self, log_heights)).expect("an encodable claim");
        Ok(Statement { public_values: claim.public_values(), digest: blake3::derive_key(STATEMENT_DOMAIN, &bytes) })
    }
}
