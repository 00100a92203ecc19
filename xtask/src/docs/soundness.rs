//! What keeps each bus sound, in words.

/// Why no prover can use the bus of this name to prove something false.
pub(crate) fn of(bus: &str) -> Option<&'static str> {
    SOUNDNESS.iter().find(|(name, _)| *name == bus).map(|(_, text)| *text)
}

const SOUNDNESS: &[(&str, &str)] = &[
    (
        "state",
        "The claim's one row sends one token: the entry's first instruction, `fp` 0, clock 4. Every row of an instruction \
chip takes one token and gives at most one, four ticks later, so the rows form chains in time. A chain cannot close into \
a ring: clocks only rise, and the verifier allows fewer rows than would bring the sum around the modulus. So there is \
one chain, it begins at the claim, and it ends at a row that gives no token: `halt` or a trap. Which `pc` follows is the \
chip's to constrain, from the fetched operands.",
    ),
    (
        "program",
        "The fields are fixed columns of the table `Rom`, whose commitment is part of the program's id. A row of a chip \
sends the instruction it claims to be, with the flags and operands it uses and zero for those it does not; if the \
program has no such instruction at this `pc`, nothing takes the message away. Selectors of different families differ, \
as flags stay below the distance between families. Padding rows of `Rom` have a selector that no chip composes.",
    ),
    (
        "memory",
        "Every access takes the cell's last value and clock and gives its new value and the present clock, which a range \
check proves to be later by at most 2^16 ticks. `Cells` gives every cell once, at its birth, and takes it once, at the \
end; its addresses strictly increase, so no cell is born twice. So each cell's accesses form one chain in time, and a \
read sees the last write. `Bridges` moves a cell forward in time unchanged; its gaps are below 2^29 and its clocks below \
2^30, so no chain of bridges and accesses closes into a ring.",
    ),
    (
        "range",
        "The pairs of the table `Range` are fixed: each value below 2^bits once for every number of bits from 0 to 16. A \
value that is no such integer has no pair. Values are checked where they are created and never where they are read: \
what comes out of memory was checked when it went in, or is in the committed image.",
    ),
    (
        "and",
        "The triples are fixed columns of the table `Bytes`: all pairs of bytes, each with its conjunction. The lookup also \
proves that both operands are bytes. Disjunction and exclusive or follow by arithmetic.",
    ),
    (
        "bytes",
        "The pairs are fixed columns of the table `Bytes`. A limb split into a low byte and the rest divided by 256 is \
split rightly only if both are bytes.",
    ),
    (
        "shift",
        "The rows of the table `Shift` are fixed: for every kind of shift and every amount, the one routing. The key tells \
32-bit from 64-bit shifts. Padding has a key that no chip composes. Programs without shifts by a register have no such \
table, and then no chip sends.",
    ),
    (
        "image",
        "The table `Image` gives every initial cell exactly once: its count is constrained to equal a fixed column, not \
left to the prover. `Cells` must take each of them as the birth of that very cell. So no cell of the image can be born \
with another value, as another kind of cell, or not at all.",
    ),
    (
        "page",
        "A cell of linear memory outside the image is born by naming its page and the clock of the page's birth. `Pages` \
provides only pages that are in a chain of births, see below: the count is the prover's, but a row that is no page can \
provide nothing. A cell's first access is later than its birth, so no access to a page comes before the page.",
    ),
    (
        "page chain",
        "The claim begins a chain from page 0 to the initial size at clock 0, and each `memory.grow` that succeeds one from \
the old size to the new, at its clock; they also receive the end of the chain they began. Each row of `Pages` moves a \
chain on by one page. A chain carries its end and its clock, so chains of different growths do not mix, and it reaches \
its end after exactly the right pages; a ring would need as many rows as the field has elements. Sizes only grow, so no \
page is born twice.",
    ),
    (
        "io",
        "The claim's row, pinned to the public values, sends the arguments and receives the results; the chip `Io` does the \
opposite. The index is a fixed operand of `arg` and `result` instructions, so an argument cannot be taken for another. \
An argument that is present may remain untaken only if the claim's row says so, as when a start function traps before \
the entry begins.",
    ),
    (
        "outcome",
        "The claim's row receives one outcome. Only a row that takes the state token and gives none sends one: `halt` sends \
0, each trap chip its trap's code, after proving that the trap happens. As there is one token there is one such row.",
    ),
];
