//! Deletions without which nothing false is accepted.

/// Deletions of some tables.
pub(crate) struct Entry {
    /// The tables.
    pub(crate) tables: &'static [&'static str],
    /// Labels of what is deleted; a star stands for any end, `16 i + 15` for the numbers of the top bits of limbs,
    /// `480..` for those of the last of sixteen words.
    pub(crate) things: &'static [&'static str],
    /// Why nothing false is accepted without it.
    pub(crate) reason: &'static str,
}

impl Entry {
    /// Whether a deletion is one of these.
    pub(crate) fn holds(&self, table: &str, label: &str) -> bool {
        let number = |begin: &str| label.strip_prefix(begin)?.strip_suffix(']')?.parse::<usize>().ok();
        let is_it = |thing: &&str| {
            if let Some(begin) = thing.strip_suffix('*') {
                label.starts_with(begin)
            } else if let Some(begin) = thing.strip_suffix("16 i + 15]") {
                number(begin).is_some_and(|number| number % 16 == 15)
            } else if let Some(begin) = thing.strip_suffix("480..]") {
                number(begin).is_some_and(|number| number >= 480)
            } else {
                label == *thing
            }
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
        reason: "that the flag is a bit: in the first row it is pinned to a public value, which the verifier makes 0 \
                 or 1, and in all others the next constraint makes it 0",
    },
    Entry {
        tables: &["Bitwise32", "Bitwise64", "BitwiseImm32", "BitwiseImm64"],
        things: &["constraint of logic.*"],
        reason: "that an operation's flag, or the sum of all, is a bit: any other value that leaves the rest bits \
                 makes the row nothing, or fetches 3, 5, 6, 7 or -1, which no instruction of the family has",
    },
    Entry {
        tables: COMPARING,
        things: &[
            "constraint of compare.equal",
            "constraint of compare.less",
            "constraint of compare.greater",
            "constraint of compare.equal, compare.less, compare.greater",
        ],
        reason: "that a comparison's flag, or the sum of all, is a bit: any other value that leaves the rest bits \
                 makes the row nothing, or fetches a number that is 0, 3, 5, 6 or 7 modulo 8, which no instruction of \
                 the family has",
    },
    Entry {
        tables: &["Extend"],
        things: &["constraint of from16", "constraint of from32", "constraint of from8, from16, from32"],
        reason: "that a width's flag, or the sum of all, is a bit: any other value that leaves the rest bits makes the \
                 row nothing, or fetches a number that is 3, 5, 6 or 7 modulo 8, which no instruction of the family \
                 has",
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
        reason: "that a width's flag, or the sum of all, is a bit: any other value that leaves the rest bits makes the \
                 row nothing, or fetches a number that is not 1, 2, 4 or 8 modulo 16, which no load and no store has",
    },
    Entry {
        tables: &["LoadNarrow", "StoreNarrow"],
        things: &["constraint of word16", "constraint of word8, word16"],
        reason: "that the flag of two bytes, or the sum of both, is a bit: any other value that leaves the rest bits \
                 makes the row nothing, or fetches a number that is 3 modulo 16, which no load and no store has",
    },
    Entry {
        tables: &["Sha256Rounds"],
        things: &["constraint of a[480..]", "constraint of e[480..]"],
        reason: "that a bit of the row's last words is a bit: their limbs alone are used, which are the sums modulo \
                 2^32 as the carries are bytes; the next row's bits make up the same limbs, or after the last step the \
                 call's row adds them to the state with carries that are bits, and the limbs of the outcome are looked \
                 up",
    },
    Entry {
        tables: &["LoadNarrow"],
        things: &["constraint of word8"],
        reason: "that the flag of one byte is a bit: any other value that leaves the rest bits is -1, where the other \
                 flag is 1 and the row nothing; then no limb is picked, and all that it takes back is a lookup of \
                 bytes that are both 0",
    },
    Entry {
        tables: &["Compare32", "CompareImm32", "Branch32", "BranchImm32"],
        things: &["constraint of compare.pick[1]"],
        reason: "that the flag of the high limb is a bit: any other value that leaves the flag of the low limb and \
                 their sum bits is -1, where that flag is 1 and the sum 0; then neither the high limbs, times 2, \
                 differ nor the low ones, and the sum says so",
    },
    Entry {
        tables: &["Compare64", "CompareImm64", "Branch64", "BranchImm64"],
        things: &["constraint of compare.pick[3]"],
        reason: "that the flag of the highest limb is a bit: any other value that leaves the other flags and their sum \
                 bits is negative; so the sum from the highest limb down to any other is 1 from one picked limb on or \
                 never, and the limbs above it are equal, or all are",
    },
    Entry {
        tables: &["Extend"],
        things: &["constraint of from8, byte"],
        reason: "that there is no byte where the extension is from another width: wherever the byte is used, it is \
                 times the flag",
    },
    Entry {
        tables: &["Extend"],
        things: &["constraint of signed, sign"],
        reason: "that there is no sign where none is asked for: that is from 32 bits to 32 bits, the one such opcode \
                 of the family, and where the sign is used it is times one of the flags of the others",
    },
    Entry {
        tables: &["LoadNarrow", "StoreNarrow"],
        things: &["constraint of word8, low", "constraint of word8, byte"],
        reason: "that there is no low byte where two bytes are accessed: wherever it is used, the outcome is times the \
                 flag of one",
    },
    Entry {
        tables: &["LoadUnaligned", "StoreUnaligned"],
        things: &["constraint of cells.crosses, cells.second.value[*"],
        reason: "that the second cell is zero where the access does not reach it: then none of its bytes is among \
                 those that the width has from the start on, and it is not written",
    },
    Entry {
        tables: &["Div"],
        things: &[
            "constraint of signs[0], dividend.carry[*",
            "constraint of signs[1], divisor.carry[*",
            "constraint of sign, result.carry[*",
        ],
        reason: "that nothing is carried where nothing is negated: there the sums with the carries are times the sign, \
                 which is 0",
    },
    Entry {
        tables: &["Div"],
        things: &["constraint of signs[0]"],
        reason: "that the dividend's sign is a bit: with any other value there is no carry, and the sum and the \
                 difference of each limb and the magnitude's are 0; so are dividend, quotient, remainder and, as its \
                 sign is either, the result",
    },
    Entry {
        tables: &["Div"],
        things: &["range of real, dividend.out[0]", "range of real, dividend.out[1]"],
        reason: "that a limb of the dividend's magnitude has 16 bits: a magnitude is the value, or its limbs with \
                 their weights make up 2^width less it, or nothing less it, as the carries are bits (of 32 bits, the \
                 two upper limbs are looked up and 0). Quotient times divisor plus remainder is as much over the \
                 integers, so it is not negative, and the former",
    },
    Entry {
        tables: &["Div"],
        things: &["constraint of signs[1]"],
        reason: "that the divisor's sign is a bit: with any other value there is no carry, and the sum and the \
                 difference of each limb and the magnitude's are 0; so the magnitude is 0, and no remainder is below \
                 it",
    },
    Entry {
        tables: &["Div"],
        things: &["range of real, divisor.out[*", "range of real, quotient[*"],
        reason: "that a limb has 16 bits: its low byte, and the rest divided by 256, are looked up as bytes in the \
                 same rows",
    },
    Entry {
        tables: &["BitCount"],
        things: &[
            "constraint of leading",
            "constraint of trailing",
            "constraint of ones",
            "constraint of leading, trailing, ones",
        ],
        reason: "that a count's flag, or the sum of all, is a bit: any other value that leaves the rest bits makes the \
                 row nothing, or fetches a number that is not 1, 2 or 4 when halved, which no instruction of the \
                 family has",
    },
    Entry {
        tables: &["Poseidon2"],
        things: &["constraint of output.largest[*"],
        reason: "that the flag is a bit: 14 times and 16 times one less it are looked up as widths, both from 0 to 16, \
                 so it is 1, 1/2 or 0; with 1/2 the high limb is from 0x2000 to 0x207f or from 0x5f00 to 0x5f7f, and \
                 the low one a byte, so the integer is below the order all the same",
    },
    Entry {
        tables: &["ModMul"],
        things: &["constraint of prime[0], prime[1], prime[2], prime[3], prime[4], prime[5]"],
        reason: "that the sum of the flags is a bit: they are bits, so a row takes its state token as often as the sum \
                 says, up to six times; it is given once, and fewer than 2^28 instruction rows cannot take it as often \
                 as the field's order and once more",
    },
    Entry {
        tables: &["ModMul"],
        things: &["constraint of differ[7]"],
        reason: "that the mark of the highest pair is a bit: all marks add up to 1, so with n others that are 1 it is \
                 1 - n; if that is below 0, the marks down from it add up to 1 at the lowest one first, and the pairs \
                 above that are equal and differ by 0, so that pair decides, as it must",
    },
    Entry {
        tables: &["ModMul"],
        things: &[
            "constraint of prime[0], prime[1], prime[2], prime[3], prime[4], prime[5], rest[0], *",
            "constraint of prime[0], prime[1], prime[2], prime[3], prime[4], prime[5], rest[1], *",
        ],
        reason: "that the lowest pair is equal where no pair is marked: exactly one is, as the marks add up to 1",
    },
    Entry {
        tables: &["ModMul"],
        things: &["constraint of prime[0], prime[1], prime[2], prime[3], prime[4], prime[5], differ[0], *"],
        reason: "that one pair is marked: if none is, the difference is 0, and less one it is no two limbs with any \
                 borrow; if several are, the pairs from the second one down are equal and differ by 0, so the highest \
                 decides, as it must",
    },
    Entry {
        tables: &["Blake3Rounds"],
        things: &["constraint of tops[*"],
        reason: "that the top bit t of a byte y is a bit: what comes out of each byte is 2 y - 256 t and the t of the \
                 byte below, and is looked up as bytes by the diagonals; by what comes out above it, t is from -510 to \
                 511, and by its own, 256 t is from -255 to 511, which does not pass the order, so t is 0 or 1",
    },
    Entry {
        tables: &["Static"],
        things: &["constraint of get", "constraint of set", "constraint of get, set"],
        reason: "that a direction's flag, or the sum of both, is a bit: any other value that leaves the rest bits \
                 makes the row nothing, or fetches 3 or 7, which no instruction of the family has",
    },
    Entry {
        tables: &["Io"],
        things: &["constraint of argument, result, halt, exit"],
        reason: "that the sum of the flags is a bit: two flags or more fetch a number that is no power of two, which \
                 no instruction of the family has",
    },
    Entry {
        tables: &["DivTrap"],
        things: &["constraint of by_zero", "constraint of overflow"],
        reason: "that a kind's flag is a bit: any other value that leaves the other, and their sum, bits makes the sum \
                 0, and the row nothing",
    },
    Entry {
        tables: &["DivTrap"],
        things: &["constraint of by_zero, overflow"],
        reason: "that the sum of the flags is a bit: of both kinds the divisor would be zero and minus one",
    },
    Entry {
        tables: &["IndirectTrap"],
        things: &["constraint of mismatch"],
        reason: "that the flag is a bit: where it is not 0, neither the element's number nor the difference is, which \
                 are 0 where the element is null or the stack exhausted; so it alone is `below`, a bit",
    },
    Entry {
        tables: &["IndirectTrap"],
        things: &["constraint of undefined, null, mismatch, exhausted"],
        reason: "that the sum of the flags is a bit: the other kinds add up to `below`, so it can only be 2, and there \
                 is one state token to take",
    },
    Entry {
        tables: &["IndirectTrap"],
        things: &["constraint of below.below"],
        reason: "that `below` is a bit: it is the sum of three flags that are bits, and with a fourth one that sum is \
                 a bit, so it is 0 or 1",
    },
    Entry {
        tables: &["IndirectTrap"],
        things: &["constraint of exhausted, tail"],
        reason: "that a tail call exhausts no stack: its distance is 0, so that the range of what is beyond asks for a \
                 frame pointer of 2^20 or more; the row takes a state token, and none has one: a call to such a frame \
                 has no row, as no page holds the link that it would write",
    },
    Entry {
        tables: &["CallIndirect"],
        things: &["constraint of real", "constraint of below.below"],
        reason: "that the flag is a bit: the two are equal by another constraint, and the other one is a bit",
    },
    Entry {
        tables: &["MemoryGrow"],
        things: &["constraint of real, fits"],
        reason: "that nothing fits in padding: a row that is no instruction says nothing, as `real` counts all its \
                 messages but those for growths, which `touched` counts, and that is 0 there",
    },
    Entry {
        tables: &["Pages"],
        things: &["constraint of fixed"],
        reason: "that the flag is a bit: as `linear` and the sum of both are bits, it can only be -1, of a page of \
                 linear memory that takes and gives no node; all that the row does then is to find a growth at clock 0 \
                 once more",
    },
    Entry {
        tables: &["Pages"],
        things: &["constraint of linear, fixed"],
        reason: "that the sum of the flags is a bit: with both a row takes both sides of its node twice, and each is \
                 sent once",
    },
    Entry {
        tables: &["Pages"],
        things: &["constraint of fixed, birth"],
        reason: "that a page that is not of linear memory is born at clock 0: with another clock, which only the nodes \
                 and leaves below it see, its cells appear at that clock; with 0 they may appear at any clock, so at \
                 that one too",
    },
    Entry {
        tables: &["Nodes"],
        things: &["constraint of walked[0]", "constraint of walked[1]"],
        reason: "that the flag is a bit: any other value but 1/2 gives the child on a side that nothing takes. With \
                 1/2 a row before, or of both sides, gives the child on the side after, and a row after says nothing \
                 of it; so what stays finds no taker, or the child is on one side alone. Pages and leaves take both \
                 sides, so that child is a node. It can keep nothing of its other child, whose flag is a bit, as no \
                 row of the other side gives or takes what stays; so that one is on one side alone too, and so on \
                 down, where no leaf ends it and levels come round after as many rows as the field has elements",
    },
    Entry {
        tables: &["KeccakRounds"],
        things: &["constraint of effect[16 i + 15]", "constraint of mixed[16 i + 15]"],
        reason: "that the top bit of a limb is a bit: half the sum of it and of twelve others is looked up as a byte, \
                 so it is an integer from -12 to 510. 2^15 times it, or 2^15 times 1 less it, is what a limb before \
                 the round has above its other 15 bits. The limb is below 2^16, as it comes from a register or from \
                 bits, so that can only be 0 or 2^15",
    },
    Entry {
        tables: &["KeccakRounds"],
        things: &["constraint of round[0], *"],
        reason: "that the sum of the flags, which are bits, is a bit: a row with k flags takes k messages of its \
                 number, which is at most 276, and gives k of the next. So of a clock's messages as many are taken at \
                 a number as at the one before, but for what the call gives at 0 and takes at 24: one at 0 to 23, and \
                 none beyond, as rows are too few for sums to reach the modulus. A row with two flags or more would \
                 take two",
    },
    Entry {
        tables: &["Sha256Rounds"],
        things: &["constraint of step[0], *"],
        reason: "that the sum of the flags, which are bits, is a bit: a row with k flags takes k messages of its step, \
                 which is at most 6, and gives k of the next; with the last flag it gives one of step 4 and k - 1 of \
                 the next. Of a clock's messages one is given at 0, by the call. So in turn one is taken at each of 0 \
                 to 3, by a row with one flag, and the row of 3 gives the call its one of step 4. Any row beyond has \
                 the last flag and others: if there are r of step 4, s of 5 and t of 6, then r + s + t are given at 4 \
                 and at least 2r of them taken, s + t are given at 5 and at least 2s taken, t are given at 6 and at \
                 least 3t taken. So t, s and r are 0; rows are too few for sums to reach the modulus",
    },
];
