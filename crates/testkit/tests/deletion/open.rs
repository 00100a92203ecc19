//! Deletions that nothing kills yet, and that are not shown to be harmless.

use crate::lists::Entry;

/// No lie was found.
const UNFOUND: &str = "OPEN: no lie was found, and it is not shown that there is none";

/// The rows are wide.
const WIDE: &str = "OPEN, thought to be needed by the table's own argument: its rows are too wide for the search with \
    repairs, and no lie was made by hand";

/// Another value leads elsewhere.
const ELSEWHERE: &str = "OPEN, thought to be needed: another value fetches an instruction of another family, or goes to \
    another place, and the search has no program with one there";

/// Deletions that nothing kills yet, and that are not shown to be harmless: a search that finds a lie takes them off.
pub(crate) const OPEN: &[Entry] = &[
    Entry {
        tables: &["Blake3Rounds"],
        things: &[
            "constraint of tops[*",
            "constraint of odd_tops[*",
            "constraint of before_a[*",
            "constraint of before_c[*",
            "constraint of before_b[*",
            "constraint of before_d[*",
            "and of real*",
        ],
        reason: "OPEN, thought to be needed by the table's own argument: a lie has to make everything after it again, and none was made",
    },
    Entry {
        tables: &["ModMul"],
        things: &[
            "constraint of prime[*",
            "constraint of differ[*",
            "constraint of borrow",
            "bytes of prime[*",
            "range of prime[*",
        ],
        reason: WIDE,
    },
    Entry {
        tables: &["Poseidon2"],
        things: &["constraint of real", "constraint of real*", "constraint of output.largest[*", "range of real*"],
        reason: WIDE,
    },
    Entry { tables: &["CallIndirect", "IndirectTrap"], things: &["constraint of tail"], reason: ELSEWHERE },
    Entry { tables: &["Static"], things: &["constraint of host"], reason: ELSEWHERE },
    Entry {
        tables: &["Io"],
        things: &["constraint of argument", "constraint of result", "constraint of halt", "constraint of exit"],
        reason: "OPEN, thought to be needed: with another value a row takes back what another row did, and the search makes no such rows",
    },
    Entry {
        tables: &["Bridges"],
        things: &["constraint of real", "range of real, to_low", "range of real, to, to_low"],
        reason: UNFOUND,
    },
    Entry {
        tables: &["CallIndirect"],
        things: &[
            "constraint of real",
            "constraint of real, tail",
            "constraint of tail, frame",
            "constraint of below.below",
            "constraint of below.borrow",
            "range of real, below.difference[0]",
        ],
        reason: UNFOUND,
    },
    Entry { tables: &["CallTrap"], things: &["range of cpu.fp, real, frame"], reason: UNFOUND },
    Entry {
        tables: &["Cells"],
        things: &["constraint of birth, first_clock[0]", "constraint of birth, first_clock[1]"],
        reason: UNFOUND,
    },
    Entry { tables: &["DivTrap"], things: &["constraint of overflow, remainder"], reason: UNFOUND },
    Entry {
        tables: &["IndirectTrap"],
        things: &[
            "constraint of undefined",
            "constraint of null",
            "constraint of exhausted",
            "constraint of tail, frame",
            "constraint of exhausted, tail",
            "constraint of below.below",
            "constraint of below.borrow",
            "constraint of null, mismatch, exhausted, below.below",
            "constraint of exhausted, difference",
            "range of undefined, null, *",
        ],
        reason: UNFOUND,
    },
    Entry { tables: &["JumpTable"], things: &["constraint of below.borrow"], reason: UNFOUND },
    Entry {
        tables: &["MemoryGrow"],
        things: &["constraint of real, fits", "range of real, slack[1]"],
        reason: UNFOUND,
    },
    Entry {
        tables: &["MemoryTrap"],
        things: &["constraint of address.carry", "constraint of beyond_high"],
        reason: UNFOUND,
    },
    Entry { tables: &["Nodes"], things: &["constraint of walked[0]", "constraint of walked[1]"], reason: UNFOUND },
    Entry {
        tables: &["Pages"],
        things: &[
            "constraint of linear",
            "constraint of fixed",
            "constraint of linear, fixed",
            "constraint of fixed, birth",
            "range of linear, index, to",
        ],
        reason: UNFOUND,
    },
    Entry { tables: &["Static"], things: &["range of get, set, host, index.value[1]"], reason: UNFOUND },
    Entry {
        tables: &["KeccakRounds"],
        things: &[
            "constraint of round[*",
            "constraint of plain[*",
            "constraint of round[*, *",
            "constraint of mixed[*",
            "constraint of effect[*",
            "bytes of *",
        ],
        reason: "OPEN, thought to be needed by the table's own argument: no lie was found in the states that were tried",
    },
    Entry {
        tables: &["Sha256Rounds"],
        things: &["constraint of *", "bytes of *"],
        reason: "OPEN, thought to be needed by the table's own argument: a lie makes all rounds after it again, and none was made",
    },
];
