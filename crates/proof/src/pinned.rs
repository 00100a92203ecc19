//! A commitment scheme that can stand in for a commitment already known.
//!
//! The library makes its keys by committing to the fixed columns, and keeps the commitment to
//! itself. A prover commits first, to learn it; a verifier knows it from the program's id. For
//! both, `commit` then returns what is known and looks at no columns.

use p3_commit::MultilinearPcs;
use p3_koala_bear::KoalaBear;
use p3_multilinear_util::point::Point;
use p3_sumcheck::{OpeningEvals, OpeningProtocol, PrescribedOpeningSecurity, PrescribedPointPcs};

use crate::config::{Challenge, Challenger, Commitment, Whir};

type WhirProof = <Whir as MultilinearPcs<Challenge, Challenger>>::Proof;
type WhirData = <Whir as MultilinearPcs<Challenge, Challenger>>::ProverData;
type WhirWitness = <Whir as MultilinearPcs<Challenge, Challenger>>::Witness;
type WhirError = <Whir as MultilinearPcs<Challenge, Challenger>>::Error;
type WhirProverError = <Whir as MultilinearPcs<Challenge, Challenger>>::ProverError;

/// WHIR, or WHIR with its commitment known beforehand.
pub struct PinnedPcs {
    pub(crate) whir: Whir,
    pub(crate) pinned: Option<Pinned>,
}

/// A commitment known beforehand, and for a prover what it commits to.
#[derive(Clone)]
pub struct Pinned {
    /// The commitment.
    pub commitment: Commitment,
    /// What opens it; a verifier has none.
    pub data: Option<WhirData>,
}

/// Why a commitment could not be opened.
#[derive(Debug)]
pub enum PinnedError {
    /// WHIR refused.
    Whir(WhirProverError),
    /// The commitment is known, what it commits to is not.
    NothingToOpen,
}

impl MultilinearPcs<Challenge, Challenger> for PinnedPcs {
    type Val = KoalaBear;
    type Commitment = Commitment;
    /// Absent for a verifier.
    type ProverData = Option<WhirData>;
    type Proof = WhirProof;
    type Error = WhirError;
    type ProverError = PinnedError;
    type Witness = WhirWitness;
    type OpeningProtocol = OpeningProtocol;

    fn num_vars(&self) -> usize {
        self.whir.num_vars()
    }

    fn commit(
        &self,
        witness: WhirWitness,
        challenger: &mut Challenger,
    ) -> Result<(Commitment, Option<WhirData>), PinnedError> {
        match &self.pinned {
            Some(Pinned { commitment, data }) => {
                self.whir.observe_commitment(commitment, challenger);
                Ok((commitment.clone(), data.clone()))
            }
            None => {
                let (commitment, data) = self.whir.commit(witness, challenger).map_err(PinnedError::Whir)?;
                Ok((commitment, Some(data)))
            }
        }
    }

    fn observe_commitment(&self, commitment: &Commitment, challenger: &mut Challenger) {
        self.whir.observe_commitment(commitment, challenger);
    }

    fn open(
        &self,
        prover_data: Option<WhirData>,
        protocol: OpeningProtocol,
        challenger: &mut Challenger,
    ) -> Result<WhirProof, PinnedError> {
        let data = prover_data.ok_or(PinnedError::NothingToOpen)?;
        self.whir.open(data, protocol, challenger).map_err(PinnedError::Whir)
    }

    fn verify(
        &self,
        commitment: &Commitment,
        proof: &WhirProof,
        challenger: &mut Challenger,
        protocol: OpeningProtocol,
    ) -> Result<(), WhirError> {
        self.whir.verify(commitment, proof, challenger, protocol)
    }
}

impl PrescribedPointPcs<Challenge, Challenger> for PinnedPcs {
    fn prescribed_security(&self, protocol: &OpeningProtocol) -> Option<PrescribedOpeningSecurity> {
        self.whir.prescribed_security(protocol)
    }

    fn bit_region(&self, table: usize, width: usize) -> usize {
        self.whir.bit_region(table, width)
    }

    fn open_at(
        &self,
        prover_data: Option<WhirData>,
        protocol: &OpeningProtocol,
        points: &[Point<Challenge>],
        challenger: &mut Challenger,
    ) -> Result<WhirProof, PinnedError> {
        let data = prover_data.ok_or(PinnedError::NothingToOpen)?;
        self.whir.open_at(data, protocol, points, challenger).map_err(PinnedError::Whir)
    }

    fn open_at_known(
        &self,
        prover_data: Option<WhirData>,
        protocol: &OpeningProtocol,
        points: &[Point<Challenge>],
        known: &[Option<OpeningEvals<Challenge>>],
        challenger: &mut Challenger,
    ) -> Result<WhirProof, PinnedError> {
        let data = prover_data.ok_or(PinnedError::NothingToOpen)?;
        self.whir.open_at_known(data, protocol, points, known, challenger).map_err(PinnedError::Whir)
    }

    fn verify_at(
        &self,
        commitment: &Commitment,
        proof: &WhirProof,
        protocol: &OpeningProtocol,
        points: &[Point<Challenge>],
        challenger: &mut Challenger,
    ) -> Result<alloc::vec::Vec<OpeningEvals<Challenge>>, WhirError> {
        self.whir.verify_at(commitment, proof, protocol, points, challenger)
    }
}
