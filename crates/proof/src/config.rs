//! The proof system's parameters and their wiring.
//!
//! Plonky3's multilinear stack: KoalaBear, its quintic extension, BLAKE3 Merkle trees and
//! transcript, WHIR at rate 1/2 with proven (Johnson-bound) soundness.

use alloc::vec::Vec;

use p3_air::BaseAir;
use p3_blake3::Blake3;
use p3_challenger::SerializingChallenger32;
use p3_commit::{Mmcs, MultilinearPcs};
use p3_dft::Radix2DFTSmallBatch;
use p3_field::extension::QuinticTrinomialExtensionField;
use p3_koala_bear::KoalaBear;
use p3_merkle_tree::MerkleTreeMmcs;
use p3_multi_stark::config::{MultiStarkConfig, ProverData};
use p3_sumcheck::layout::{Layout, SuffixProver, Table as Columns, TableShape, Witness, plan_stacked_layout};
use p3_symmetric::{CompressionFunctionFromHasher, SerializingHasher};
use p3_whir::{FoldingFactor, ProtocolParameters, SecurityAssumption, WhirConfig, WhirConfigError, WhirProver};
use provasm_air::Table;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::grind::LeastWitness;
use crate::pinned::{Pinned, PinnedError, PinnedPcs};

/// Challenges: 155 bits.
pub type Challenge = QuinticTrinomialExtensionField<KoalaBear>;
type Hash = SerializingHasher<Blake3>;
type Compress = CompressionFunctionFromHasher<Blake3, 2, 32>;
type Tree = MerkleTreeMmcs<KoalaBear, u8, Hash, Compress, 2, 32>;
/// The transcript.
pub type Challenger = SerializingChallenger32<KoalaBear, LeastWitness>;
type Stack = SuffixProver<KoalaBear, Challenge>;
pub(crate) type Whir = WhirProver<Challenge, KoalaBear, Radix2DFTSmallBatch<KoalaBear>, Tree, Challenger, Stack>;
/// A commitment to columns.
pub type Commitment = <Tree as Mmcs<KoalaBear>>::Commitment;

/// Bits of proven security a proof must have over all terms.
pub const SECURITY_BITS_MIN: usize = 100;

/// Bits that collisions of the hash and the transcript leave.
const COLLISION_BITS: usize = 128;

/// A named choice of all parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ParameterSet {
    /// WHIR over KoalaBear^5 with BLAKE3: at least 100 bits, proven.
    Koala100,
}

impl ParameterSet {
    /// Every set.
    pub const ALL: &'static [ParameterSet] = &[ParameterSet::Koala100];

    /// The name in reports and claims.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ParameterSet::Koala100 => "koala-whir-blake3-100",
        }
    }

    /// Bits each error term of a commitment aims at; the union over all terms is a little less.
    #[must_use]
    pub const fn term_bits(self) -> usize {
        match self {
            ParameterSet::Koala100 => 104,
        }
    }

    /// Bits of proof of work per round of queries.
    #[must_use]
    pub const fn grinding_bits(self) -> usize {
        match self {
            ParameterSet::Koala100 => 20,
        }
    }

    /// Variables folded in the first round and in the later ones.
    #[must_use]
    pub const fn folding(self) -> (usize, usize) {
        match self {
            ParameterSet::Koala100 => (provasm_air::fixed::LOG_HEIGHT_MIN, 4),
        }
    }

    /// Base-two logarithm of the inverse rate, for the main and for the fixed columns.
    #[must_use]
    pub const fn log_inverse_rates(self) -> (usize, usize) {
        match self {
            ParameterSet::Koala100 => (1, 4),
        }
    }
}

/// Tables whose shape no parameters exist for.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// WHIR has no parameters for this size.
    #[error("no WHIR parameters for {variables} variables: {source}")]
    Whir {
        /// Base-two logarithm of the committed cells.
        variables: usize,
        /// What WHIR says.
        source: WhirConfigError,
    },
}

/// Rate bits that every round of WHIR adds.
const RATE_BITS_PER_ROUND: usize = 3;

fn whir(parameters: ParameterSet, variables: usize, log_inverse_rate: usize) -> Result<Whir, ConfigError> {
    let failed = |source| ConfigError::Whir { variables, source };
    let (first, later) = parameters.folding();
    let folding_factor = FoldingFactor::ConstantFromSecondRound(first, later);
    let rounds =
        folding_factor.compute_folding_schedule(variables).map_or(0, |schedule| schedule.len().saturating_sub(1));
    let protocol = ProtocolParameters {
        security_level: parameters.term_bits(),
        pow_bits: parameters.grinding_bits(),
        round_log_inv_rates: (1..=rounds)
            .map(|round| RATE_BITS_PER_ROUND.saturating_mul(round).saturating_add(log_inverse_rate))
            .collect(),
        folding_factor,
        soundness_type: SecurityAssumption::JohnsonBound,
        starting_log_inv_rate: log_inverse_rate,
    };
    let config = WhirConfig::new(variables, protocol).map_err(failed)?;
    let tree = Tree::new(Hash::new(Blake3), Compress::new(Blake3), 0);
    Ok(Whir::new(config, Radix2DFTSmallBatch::default(), tree))
}

/// Parameters for tables of given heights.
pub struct Config {
    main: PinnedPcs,
    fixed: PinnedPcs,
    first_folding: usize,
}

impl Config {
    /// Parameters for `tables` at these heights (base-two logarithms), with the commitment to
    /// their fixed columns if it is known.
    ///
    /// # Errors
    /// [`ConfigError`] when the tables are too small or too large for WHIR.
    pub fn new(
        parameters: ParameterSet,
        tables: &[Table],
        log_heights: &[usize],
        pinned: Option<Pinned>,
    ) -> Result<Self, ConfigError> {
        let shapes: Vec<TableShape> = tables
            .iter()
            .zip(log_heights)
            .map(|(table, &log_height)| TableShape::new(log_height, table.id.width()))
            .collect();
        let fixed: Vec<TableShape> = tables
            .iter()
            .filter_map(|table| Some(TableShape::new(table.fixed.as_ref()?.log_height(), table.id.fixed_width())))
            .collect();
        let (main_rate, fixed_rate) = parameters.log_inverse_rates();
        Ok(Self {
            main: PinnedPcs { whir: whir(parameters, plan_stacked_layout(&shapes).0, main_rate)?, pinned: None },
            fixed: PinnedPcs { whir: whir(parameters, plan_stacked_layout(&fixed).0, fixed_rate)?, pinned },
            first_folding: parameters.folding().0,
        })
    }

    /// Commits to the fixed columns of `tables`.
    ///
    /// # Errors
    /// What WHIR says.
    pub fn commit_fixed(&self, tables: &[Table]) -> Result<Pinned, PinnedError> {
        let columns = tables.iter().filter_map(BaseAir::preprocessed_trace).map(|rows| Columns::new(rows.transpose()));
        let witness = self.build_witness(columns.collect());
        let (commitment, data) = self.fixed.commit(witness, &mut challenger(&[0; 32]))?;
        Ok(Pinned { commitment, data })
    }
}

impl MultiStarkConfig for Config {
    type Val = KoalaBear;
    type Challenge = Challenge;
    type Challenger = Challenger;
    type Pcs = PinnedPcs;

    fn pcs(&self) -> &PinnedPcs {
        &self.main
    }

    fn preprocessed_pcs(&self) -> &PinnedPcs {
        &self.fixed
    }

    fn collision_resistance_bits(&self) -> Option<usize> {
        Some(COLLISION_BITS)
    }

    fn min_num_variables(&self) -> usize {
        self.first_folding
    }

    fn build_witness(&self, tables: Vec<Columns<KoalaBear>>) -> Witness<KoalaBear> {
        Stack::new_witness(tables, self.first_folding)
    }

    #[expect(clippy::expect_used, reason = "only a prover asks, and a prover's commitments are not pinned")]
    fn committed_table<'a>(&self, prover_data: &'a ProverData<Self>, table_index: usize) -> &'a Columns<KoalaBear> {
        prover_data.as_ref().expect("committed columns").table(table_index)
    }
}

/// A transcript that begins with a statement's digest.
#[must_use]
pub fn challenger(statement: &[u8; 32]) -> Challenger {
    Challenger::new(LeastWitness::new(statement.to_vec()))
}
