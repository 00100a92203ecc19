//! What a caller can decide about running a script.

use provasm_compile::Features;
use wasmparser::WasmFeatures;

/// What a caller can decide about running a script. The default only runs it, as one of the
/// latest standard.
#[derive(Clone, Debug)]
pub struct Options {
    /// The standard that the script is written for.
    pub standard: Standard,
    /// Evaluates every constraint and every bus of executed actions: of one in so many, 0 for none.
    pub check_one_in: u32,
    /// Instructions of an action that is checked; longer ones are counted, see
    /// [`crate::Report::unchecked`].
    pub check_instructions_max: u64,
    /// How many actions are proven, and the proofs verified; chosen by [`Options::seed`].
    pub prove: usize,
    /// Instructions of an action that can be chosen to be proven.
    pub prove_instructions_max: u64,
    /// Also proves, besides those chosen, actions that execute an operator that no proof of this
    /// script has, nor any in this list.
    pub prove_new_operators: Option<std::collections::BTreeSet<crate::Operator>>,
    /// What chooses the actions that are proven.
    pub seed: u64,
    /// Directives that cannot hold, by line, and why. Such a directive is done all the same: it is
    /// skipped if it fails and fails if it passes, so that the list stays true.
    pub excluded: Vec<(usize, String)>,
}

impl Options {
    /// The most instructions of an action that is checked if the caller does not say.
    pub const CHECK_INSTRUCTIONS_MAX: u64 = 200_000;
    /// The most instructions of an action that is proven if the caller does not say.
    pub const PROVE_INSTRUCTIONS_MAX: u64 = 1_000_000;
}

impl Default for Options {
    fn default() -> Self {
        Self {
            standard: Standard::V3,
            check_one_in: 0,
            check_instructions_max: Self::CHECK_INSTRUCTIONS_MAX,
            prove: 0,
            prove_instructions_max: Self::PROVE_INSTRUCTIONS_MAX,
            prove_new_operators: None,
            seed: 0,
            excluded: Vec::new(),
        }
    }
}

/// A version of WebAssembly that scripts are written for.
///
/// Later versions accept more. Where modules are compiled as of a later version, an assertion that
/// a module is refused is of no use when that version accepts it: it is skipped, for that reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standard {
    /// Its name.
    pub name: &'static str,
    /// What is in it.
    pub features: WasmFeatures,
    /// What its modules are compiled as.
    pub compiled_as: Features,
}

impl Standard {
    /// WebAssembly 1.0.
    pub const V1: Standard = Standard { name: "1.0", features: WasmFeatures::WASM1, compiled_as: Features::Version1 };
    /// WebAssembly 2.0.
    pub const V2: Standard = Standard { name: "2.0", features: WasmFeatures::WASM2, compiled_as: Features::Version2 };
    /// WebAssembly 3.0.
    pub const V3: Standard = Standard { name: "3.0", features: WasmFeatures::WASM3, compiled_as: Features::Extended };
    /// Every version, in order.
    pub const ALL: [Standard; 3] = [Self::V1, Self::V2, Self::V3];

    /// Whether a segment out of bounds is a failure to link, before anything is written, as it was
    /// in 1.0.
    #[must_use]
    pub const fn links_segments(&self) -> bool {
        matches!(self.compiled_as, Features::Version1)
    }

    /// The version of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Standard> {
        Self::ALL.into_iter().find(|standard| standard.name == name)
    }
}
