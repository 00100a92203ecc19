//! What the suite consists of: a row for each kind of assurance, and the tests that give its figures.

/// A kind of assurance.
pub(crate) struct Row {
    /// Its number.
    pub(crate) number: u8,
    /// What it is called.
    pub(crate) title: &'static str,
    /// What has to hold.
    pub(crate) hold: &'static str,
    /// Targets with its tests.
    pub(crate) targets: &'static [&'static str],
}

/// The row whose figure is not a test's.
pub(crate) const ZOO: u8 = 5;

/// Every kind. Each has to have a figure.
pub(crate) const ROWS: &[Row] = &[
    Row {
        number: 1,
        title: "Cell forgery",
        hold: "every column of every table, in real rows and in padding, set to other values: a constraint, a bus or the \
               claim objects, or the exception says why not",
        targets: &["forgery", "hashes", "field_accelerators", "state_tree"],
    },
    Row {
        number: 2,
        title: "Forgery through prover and verifier",
        hold: "proofs made of forged tables are rejected exactly when the check of the tables objects",
        targets: &["forged_proofs"],
    },
    Row {
        number: 3,
        title: "Deletion",
        hold: "each constraint, interaction and range check is needed: without it a forgery passes, or an honest run does not. \
               What is excepted is harmless for the reason that is given. A manifest lists how many there are in each table",
        targets: &["deletion"],
    },
    Row {
        number: 4,
        title: "Dishonest executor",
        hold: "lies about an executed instruction are rejected, all tables being consistent with them",
        targets: &["isa_constraints", "malformed"],
    },
    Row {
        number: ZOO,
        title: "Bug zoo",
        hold: "bugs that other provers had, put into this one, are caught by a test",
        targets: &["exploits"],
    },
    Row {
        number: 6,
        title: "Fields of proof and claim",
        hold: "every field is in the manifest, and changing it is rejected",
        targets: &["composition", "proof_bytes"],
    },
    Row {
        number: 7,
        title: "Composition",
        hold: "segments dropped, doubled, swapped, or from other runs, programs and parameters are rejected",
        targets: &["composition"],
    },
    Row {
        number: 8,
        title: "Proof bytes",
        hold: "changed bytes are rejected without a panic, within twice the memory of an honest proof",
        targets: &["proof_bytes", "composition"],
    },
    Row {
        number: 9,
        title: "Differential",
        hold: "generated programs end as under Wasmtime, with the same memories, globals and tables",
        targets: &["quick", "wasmtime"],
    },
    Row {
        number: 10,
        title: "Specification",
        hold: "every assertion of the WebAssembly specification's scripts holds, and every opcode is proven",
        targets: &["spec", "suite_proofs"],
    },
    Row {
        number: 11,
        title: "Untrusted WebAssembly",
        hold: "modules made to exhaust something are refused with a typed error, within bounded memory",
        targets: &["untrusted", "limits", "host_io"],
    },
    Row {
        number: 12,
        title: "Completeness",
        hold: "runs are proven wherever they are cut, at the limits, and when they do nothing",
        targets: &["segments"],
    },
    Row {
        number: 13,
        title: "Security bits",
        hold: "at least 100 proven bits over all terms, at every size that a verifier accepts",
        targets: &["security"],
    },
    Row {
        number: 14,
        title: "Determinism",
        hold: "ids, keys and proofs are the same on any number of threads",
        targets: &["determinism"],
    },
];
