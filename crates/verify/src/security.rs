//! The bits of a proof's security: every way to prove what is not so, and all of them together.
//!
//! The proof library prices its own reductions and the commitments, under proven bounds alone; what this
//! crate's chain of segments adds is the hash of the state tree.

use alloc::string::String;
use alloc::vec::Vec;

use p3_field::PrimeField32;
use p3_multi_stark::{VerifierInstances, security_report};
use p3_security::ErrorBits;
use provasm_air::tree::DIGEST;
use provasm_air::{KoalaBear, Table};
use provasm_proof::{Commitment, Config, ParameterSet, Pinned, SECURITY_BITS_MIN};

use crate::{VerifyError, instances, verifying_key};

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
/// [`ConfigError`](provasm_proof::ConfigError) when no parameters exist for the heights.
pub fn security(
    parameters: ParameterSet,
    tables: &[Table],
    log_heights: &[usize],
) -> Result<(Vec<SecurityTerm>, f64), VerifyError> {
    // Which columns are fixed makes no difference, so any commitment to them does.
    let pinned = Pinned { commitment: Commitment::from(alloc::vec![[0; 32]]), data: None };
    let config = Config::new(parameters, tables, log_heights, Some(pinned))?;
    let key = verifying_key(&config, tables)?;
    let public_values = alloc::vec![KoalaBear::default(); provasm_air::system::PUBLIC_VALUES];
    let terms = terms(&config, &instances(tables, &key, log_heights, &public_values))?;
    let bits = over_all(&terms);
    Ok((terms, bits))
}

/// The bits over all terms, if they are enough.
pub(crate) fn checked_bits(
    config: &Config,
    instances: &VerifierInstances<'_, Config, Table>,
) -> Result<f64, VerifyError> {
    let bits = over_all(&terms(config, instances)?);
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a small constant")]
    if bits < SECURITY_BITS_MIN as f64 { Err(VerifyError::Security { bits }) } else { Ok(bits) }
}

/// Every term; an error when one has no bound.
fn terms(config: &Config, instances: &VerifierInstances<'_, Config, Table>) -> Result<Vec<SecurityTerm>, VerifyError> {
    let unknown = |reason: String| VerifyError::Argument { reason };
    let report = security_report(config, instances).map_err(|reason| unknown(alloc::format!("{reason}")))?;
    if let Some(component) = report.unassessed_components().first() {
        return Err(unknown(alloc::format!("there is no bound for the {component}")));
    }
    let term = |term: &p3_security::SecurityTerm| SecurityTerm {
        name: term.component.map_or_else(|| term.label.into(), |part| alloc::format!("{part}: {}", term.label)),
        bits: term.bits.bits(),
    };
    let of_state_tree = SecurityTerm { name: "state-tree-collision".into(), bits: state_tree_bits() };
    Ok(report.terms().iter().map(term).chain([of_state_tree]).collect())
}

/// Half the bits of a node's digest: collisions of Poseidon2, by the birthday bound.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a small constant")]
fn state_tree_bits() -> f64 {
    let element = ErrorBits::from_prob(1.0 / f64::from(KoalaBear::ORDER_U32));
    element.bits() * DIGEST as f64 / 2.0
}

/// The bits of the union of all terms.
fn over_all(terms: &[SecurityTerm]) -> f64 {
    let errors: Vec<ErrorBits> = terms.iter().map(|term| ErrorBits::from_log2(term.bits)).collect();
    ErrorBits::sum(&errors).bits().max(0.0)
}
