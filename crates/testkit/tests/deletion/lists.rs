//! Deletions without which nothing false is accepted.

/// Deletions of some tables.
pub(crate) struct Entry {
    /// The tables.
    pub(crate) tables: &'static [&'static str],
    /// Labels of what is deleted; a star stands for any end, `16 i + 15` for the numbers of the top bits of limbs.
    pub(crate) things: &'static [&'static str],
    /// Why nothing false is accepted without it; or what is missing.
    pub(crate) reason: &'static str,
}

impl Entry {
    /// Whether it is about tables that are tried with `PROVASM_LONG=1` alone.
    pub(crate) fn is_of_rounds(&self) -> bool {
        self.tables.iter().any(|table| table.ends_with("Rounds"))
    }

    /// Whether a deletion is one of these.
    pub(crate) fn holds(&self, table: &str, label: &str) -> bool {
        let is_top = |begin: &str| {
            let number = label.strip_prefix(begin).and_then(|rest| rest.strip_suffix(']')?.parse::<usize>().ok());
            number.is_some_and(|number| number % 16 == 15)
        };
        let is_it = |thing: &&str| match (thing.strip_suffix('*'), thing.strip_suffix("16 i + 15]")) {
            (Some(begin), _) => label.starts_with(begin),
            (_, Some(begin)) => is_top(begin),
            _ => label == *thing,
        };
        self.tables.contains(&table) && self.things.iter().any(is_it)
    }
}

const COMPARING: &[&str] =
    &["Compare32", "Compare64", "CompareImm32", "CompareImm64", "Branch32", "Branch64", "BranchImm32", "BranchImm64"];

/// Deletions without which nothing false is accepted.
pub(crate) const JUSTIFIED: &[Entry] = &[
    Entry {
        tables: &["Claim"],
        things: &[
            "constraint of active",
            "constraint of last",
            "constraint of argument_present[*",
            "constraint of result_given[*",
        ],
        reason: "that the flag is a bit: in the first row it is pinned to a public value, which the verifier makes 0 or 1, and in all \
                 others the next constraint makes it 0",
    },
    Entry {
        tables: &["Bitwise32", "Bitwise64", "BitwiseImm32", "BitwiseImm64"],
        things: &["constraint of logic.*"],
        reason: "that an operation's flag, or the sum of all, is a bit: any other value that leaves the rest bits makes the row \
                 nothing, or fetches 3, 5, 6, 7 or -1, which no instruction of the family has",
    },
    Entry {
        tables: COMPARING,
        things: &[
            "constraint of compare.equal",
            "constraint of compare.less",
            "constraint of compare.greater",
            "constraint of compare.equal, compare.less, compare.greater",
        ],
        reason: "that a comparison's flag, or the sum of all, is a bit: any other value that leaves the rest bits makes the row \
                 nothing, or fetches a number that is 0, 3, 5, 6 or 7 modulo 8, which no instruction of the family has",
    },
    Entry {
        tables: &["Extend"],
        things: &["constraint of from16", "constraint of from32", "constraint of from8, from16, from32"],
        reason: "that a width's flag, or the sum of all, is a bit: any other value that leaves the rest bits makes the row \
                 nothing, or fetches a number that is 3, 5, 6 or 7 modulo 8, which no instruction of the family has",
    },
    Entry {
        tables: &["LoadWord", "LoadUnaligned", "StoreWord", "StoreUnaligned", "MemoryTrap"],
        things: &[
            "constraint of word16",
            "constraint of word32",
            "constraint of word64",
            "constraint of word32, word64",
            "constraint of word16, word32, word64",
            "constraint of width[*",
        ],
        reason: "that a width's flag, or the sum of all, is a bit: any other value that leaves the rest bits makes the row \
                 nothing, or fetches a number that is not 1, 2, 4 or 8 modulo 16, which no load and no store has",
    },
    Entry {
        tables: &["LoadNarrow", "StoreNarrow"],
        things: &["constraint of word16", "constraint of word8, word16"],
        reason: "that the flag of two bytes, or the sum of both, is a bit: any other value that leaves the rest bits makes the \
                 row nothing, or fetches a number that is 3 modulo 16, which no load and no store has",
    },
    Entry {
        tables: &["LoadNarrow"],
        things: &["constraint of word8"],
        reason: "that the flag of one byte is a bit: any other value that leaves the rest bits is -1, where the other flag is 1 and \
                 the row nothing; then no limb is picked, and all that it takes back is a lookup of bytes that are both 0",
    },
    Entry {
        tables: &["Compare32", "CompareImm32", "Branch32", "BranchImm32"],
        things: &["constraint of compare.pick[1]"],
        reason: "that the flag of the high limb is a bit: any other value that leaves the flag of the low limb and their sum bits is \
                 -1, where that flag is 1 and the sum 0; then neither the high limbs, times 2, differ nor the low ones, and the \
                 sum says so",
    },
    Entry {
        tables: &["Compare64", "CompareImm64", "Branch64", "BranchImm64"],
        things: &["constraint of compare.pick[3]"],
        reason: "that the flag of the highest limb is a bit: any other value that leaves the other flags and their sum bits is \
                 negative; so the sum from the highest limb down to any other is 1 from one picked limb on or never, and the \
                 limbs above it are equal, or all are",
    },
    Entry {
        tables: &["Extend"],
        things: &["constraint of from8, byte"],
        reason: "that there is no byte where the extension is from another width: wherever the byte is used, it is times the flag",
    },
    Entry {
        tables: &["Extend"],
        things: &["constraint of signed, sign"],
        reason: "that there is no sign where none is asked for: that is from 32 bits to 32 bits, the one such opcode of the family, \
                 and where the sign is used it is times one of the flags of the others",
    },
    Entry {
        tables: &["LoadNarrow", "StoreNarrow"],
        things: &["constraint of word8, low", "constraint of word8, byte"],
        reason: "that there is no low byte where two bytes are accessed: wherever it is used, the outcome is times the flag of one",
    },
    Entry {
        tables: &["LoadUnaligned", "StoreUnaligned"],
        things: &["constraint of cells.crosses, cells.second.value[*"],
        reason: "that the second cell is zero where the access does not reach it: then none of its bytes is among those that the \
                 width has from the start on, and it is not written",
    },
    Entry {
        tables: &["Div"],
        things: &[
            "constraint of signs[0], dividend.carry[*",
            "constraint of signs[1], divisor.carry[*",
            "constraint of sign, result.carry[*",
        ],
        reason: "that nothing is carried where nothing is negated: there the sums with the carries are times the sign, which is 0",
    },
    Entry {
        tables: &["Div"],
        things: &["constraint of signs[0]"],
        reason: "that the dividend's sign is a bit: with any other value there is no carry, and the sum and the difference of each \
                 limb and the magnitude's are 0; so are dividend, quotient, remainder and, as its sign is either, the result",
    },
    Entry {
        tables: &["Div"],
        things: &["range of real, dividend.out[0]", "range of real, dividend.out[1]"],
        reason: "that a limb of the dividend's magnitude has 16 bits: a magnitude is the value, or its limbs with their weights make up \
                 2^width less it, or nothing less it, as the carries are bits (of 32 bits, the two upper limbs are looked up and 0). \
                 Quotient times divisor plus remainder is as much over the integers, so it is not negative, and the former",
    },
    Entry {
        tables: &["Div"],
        things: &["constraint of signs[1]"],
        reason: "that the divisor's sign is a bit: with any other value there is no carry, and the sum and the difference of each \
                 limb and the magnitude's are 0; so the magnitude is 0, and no remainder is below it",
    },
    Entry {
        tables: &["Div"],
        things: &["range of real, divisor.out[*", "range of real, quotient[*"],
        reason: "that a limb has 16 bits: its low byte, and the rest divided by 256, are looked up as bytes in the same rows",
    },
    Entry {
        tables: &["BitCount"],
        things: &[
            "constraint of leading",
            "constraint of trailing",
            "constraint of ones",
            "constraint of leading, trailing, ones",
        ],
        reason: "that a count's flag, or the sum of all, is a bit: any other value that leaves the rest bits makes the row \
                 nothing, or fetches a number that is not 1, 2 or 4 when halved, which no instruction of the family has",
    },
    Entry {
        tables: &["Static"],
        things: &["constraint of get", "constraint of set", "constraint of get, set"],
        reason: "that a direction's flag, or the sum of both, is a bit: any other value that leaves the rest bits makes the row \
                 nothing, or fetches 3 or 7, which no instruction of the family has",
    },
    Entry {
        tables: &["Io"],
        things: &["constraint of argument, result, halt, exit"],
        reason: "that the sum of the flags is a bit: two flags or more fetch a number that is no power of two, which no \
                 instruction of the family has",
    },
    Entry {
        tables: &["DivTrap"],
        things: &["constraint of by_zero", "constraint of overflow"],
        reason: "that a kind's flag is a bit: any other value that leaves the other, and their sum, bits makes the sum 0, and the \
                 row nothing",
    },
    Entry {
        tables: &["DivTrap"],
        things: &["constraint of by_zero, overflow"],
        reason: "that the sum of the flags is a bit: of both kinds the divisor would be zero and minus one",
    },
    Entry {
        tables: &["IndirectTrap"],
        things: &["constraint of mismatch"],
        reason: "that the flag is a bit: where it is not 0, neither the element's number nor the difference is, which are 0 where \
                 the element is null or the stack exhausted; so it alone is `below`, a bit",
    },
    Entry {
        tables: &["IndirectTrap"],
        things: &["constraint of undefined, null, mismatch, exhausted"],
        reason: "that the sum of the flags is a bit: the other kinds add up to `below`, so it can only be 2, and there is one state \
                 token to take",
    },
    Entry {
        tables: &["KeccakRounds"],
        things: &["constraint of effect[16 i + 15]", "constraint of mixed[16 i + 15]"],
        reason: "that the top bit of a limb is a bit: half of a sum with it is looked up as a byte, so it is a small integer, and \
                 times 2^15 it is within a limb, as limbs before a round come from registers or from bits",
    },
    Entry {
        tables: &["KeccakRounds"],
        things: &["constraint of round[0], *"],
        reason: "that the sum of the flags is a bit: a call begins one chain of rounds, once, so what takes a state from it does \
                 so once",
    },
];
