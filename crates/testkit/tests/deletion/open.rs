//! Deletions that nothing kills yet, and that are not shown to be harmless.

use crate::lists::Entry;

/// No lie was found.
const UNFOUND: &str = "OPEN: no lie was found, and it is not shown that there is none";

/// Another value leads elsewhere.
const ELSEWHERE: &str = "OPEN, thought to be needed: another value fetches an instruction of another family, or goes to \
    another place, and the search has no program with one there";

/// Deletions that nothing kills yet, and that are not shown to be harmless: a search that finds a lie takes them off.
pub(crate) const OPEN: &[Entry] = &[
    Entry {
        tables: &["Div"],
        things: &[
            "constraint of signed, signs[0]",
            "constraint of signs[1]",
            "constraint of signed, signs[1]",
            "constraint of dividend.carry[0]",
            "constraint of dividend.carry[2]",
            "constraint of divisor.carry[0]",
            "constraint of divisor.carry[2]",
            "constraint of divisor.out[1], divisor.out[2], *",
            "constraint of divisor.out[2], divisor.out[3], *",
            "constraint of divisor.out[3], quotient[3], *",
            "constraint of result.carry[*",
            "range of is64, signed, *",
            "range of real, divisor.out[0]",
            "range of real, divisor.out[1]",
            "range of real, divisor.out[2]",
            "range of real, divisor.out[3]",
            "range of real, quotient[0]",
            "range of real, quotient[1]",
            "range of real, quotient[2]",
            "range of real, quotient[3]",
            "range of real, result.out[2]",
        ],
        reason: "OPEN, thought to be needed by the argument beside it: a lie carries a wrong limb on through the limbs above, which the search does not find",
    },
    Entry { tables: &["Add32", "Add64"], things: &["constraint of subtract"], reason: ELSEWHERE },
    Entry {
        tables: &["Branch32", "Branch64", "BranchImm32", "BranchImm64"],
        things: &["constraint of compare.negate"],
        reason: ELSEWHERE,
    },
    Entry { tables: &["Copy"], things: &["constraint of from_static", "constraint of to_static"], reason: ELSEWHERE },
    Entry { tables: &["Div"], things: &["constraint of is64", "constraint of remainder"], reason: ELSEWHERE },
    Entry {
        tables: &["Add32"],
        things: &["constraint of subtract, carry[0]", "constraint of subtract, carry[1]"],
        reason: UNFOUND,
    },
    Entry {
        tables: &["Add64"],
        things: &[
            "constraint of subtract, carry[0]",
            "constraint of subtract, carry[1]",
            "constraint of subtract, carry[2]",
            "constraint of subtract, carry[3]",
        ],
        reason: UNFOUND,
    },
    Entry {
        tables: &["BranchImm32"],
        things: &["constraint of compare.pick[1]", "constraint of compare.pick[0], compare.pick[1]"],
        reason: UNFOUND,
    },
    Entry {
        tables: &["BranchImm64"],
        things: &["constraint of imm[1], read.value[1], *", "constraint of compare.pick[0], compare.pick[1], *"],
        reason: UNFOUND,
    },
    Entry {
        tables: &["Compare32", "CompareImm32", "Branch32"],
        things: &["constraint of compare.pick[0], compare.pick[1]"],
        reason: UNFOUND,
    },
    Entry {
        tables: &["Compare64", "CompareImm64", "Branch64"],
        things: &["constraint of compare.pick[0], compare.pick[1], *"],
        reason: UNFOUND,
    },
    Entry {
        tables: &["Extend"],
        things: &["constraint of from8", "bytes of from8, read.value[0], byte"],
        reason: UNFOUND,
    },
    Entry {
        tables: &["LoadNarrow", "StoreNarrow"],
        things: &["constraint of word8", "constraint of pick[*"],
        reason: UNFOUND,
    },
    Entry {
        tables: &["LoadUnaligned", "StoreUnaligned"],
        things: &["constraint of cells.start[*", "constraint of word16, word32, *"],
        reason: UNFOUND,
    },
    Entry {
        tables: &["ShiftImm32"],
        things: &["constraint of shift.sign", "range of read.value[1], shift.signed, shift.sign"],
        reason: UNFOUND,
    },
    Entry {
        tables: &["ShiftImm64"],
        things: &["constraint of shift.sign", "range of read.value[3], shift.signed, shift.sign"],
        reason: UNFOUND,
    },
    Entry { tables: &["ShiftVar64"], things: &["constraint of shift.straight[1]"], reason: UNFOUND },
    Entry { tables: &["StoreWord"], things: &["constraint of half", "constraint of word32, half"], reason: UNFOUND },
];
