//! What keeps each bus sound, in words.

/// Why no prover can use the bus of this name to prove something false.
pub(crate) fn of(bus: &str) -> Option<&'static str> {
    SOUNDNESS.iter().find(|(name, _)| *name == bus).map(|(_, text)| *text)
}

const SOUNDNESS: &[(&str, &str)] = &[
    (
        "state",
        "The claim's one row sends one token: where the segment begins, at clock 4. Every row of an instruction chip takes \
one token and gives at most one, four ticks later, so the rows form chains in time. A chain cannot close into a ring: \
clocks only rise, and the verifier allows fewer rows than would bring the sum around the modulus. So there is one chain, \
and it begins at the claim. In the run's last segment it ends at a row that gives no token: `halt` or a trap. In every \
other the claim takes the last token, whose `pc` and `fp` are where the next segment begins. Which `pc` follows an \
instruction is the chip's to constrain, from the fetched operands.",
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
check proves to be later by at most 2^16 ticks. `Cells` gives a cell once, with what the state tree holds before the \
segment, and takes it once, with what the tree holds after; as the tree is walked into every leaf at most once, no cell \
begins twice. So each cell's accesses form one chain in time, and a read sees the last write. A cell that is there from \
the start may appear at any clock: a late one leaves earlier accesses without anything to take. A cell of a page that the \
segment adds appears with the page. The claim takes the cell of the memory's size at clock 0, before any instruction, \
and so knows the size at the start. `Bridges` moves a cell forward in time unchanged; its gaps are below 2^29 and its \
clocks below 2^30, so no chain of bridges and accesses closes into a ring.",
    ),
    (
        "range",
        "The pairs of the table `Range` are fixed: each value below 2^bits once for every number of bits from 0 to 16. A \
value that is no such integer has no pair. Values are checked where they are created and never where they are read: \
what comes out of memory was checked when it went in, or is in the program's initial cells, whose root is in its id.",
    ),
    (
        "and",
        "The triples are fixed columns of the table `Bytes`: all pairs of bytes, each with its conjunction. The lookup also \
proves that both operands are bytes. Disjunction and exclusive or follow by arithmetic.",
    ),
    (
        "bytes",
        "The pairs are fixed columns of the table `Bytes`. A limb split into a low byte and the rest divided by 256 is \
split rightly only if both are bytes. Tables of rounds look up carries and halves of sums: as bytes they are integers, \
and small.",
    ),
    (
        "shift",
        "The rows of the table `Shift` are fixed: for every kind of shift and every amount, the one routing. The key tells \
32-bit from 64-bit shifts. Padding has a key that no chip composes. Programs without shifts by a register have no such \
table, and then no chip sends.",
    ),
    (
        "tree",
        "The claim sends the roots before and after. A row of `Nodes` takes a node's digest from one side, or the same \
digest from both, proves with Poseidon2 that its children hash to it, and passes the digests of the children it walks \
into down on the same side. What is below a child that is not walked into stays: the row before sends the child's digest \
on side 2, the row after of the same node receives it, and a row that is both need say nothing. If one side of a node is \
walked into a child and the other is not, one message finds no taker. Levels fall by one from row to row, so there is no \
ring; each side of each node is sent at most once. `Cells` takes both sides of a leaf, level 0, together. A walk that \
goes on below level 0 comes to no leaf, so nothing changes there. The levels above the pages are counted from 2^29, \
which more than all rows of a proof would be needed to count down, and `Pages` alone takes the page level from the one \
count to the other: so no leaf is reached but through a row of `Pages`, which gives the clock of the page's birth.",
    ),
    (
        "growth",
        "The claim provides the growth from 0 to the memory's size at clock 0, and each `memory.grow` the one from the size \
it found to the size it left, at its clock; rows that are neither provide nothing. `Pages` looks up, for each page of \
linear memory, a growth whose range holds the page. Sizes only grow, so the ranges do not overlap and a page has one \
birth. A page beyond the size has none: its cells do not exist, and no row can access them. Pages of static cells, \
registers and links are told by their numbers and are there from the start; no other number passes.",
    ),
    (
        "io",
        "The claim's row, pinned to the public values, sends the arguments and receives the results; the chip `Io` does the \
opposite. The index is a fixed operand of `arg` and `result` instructions, so an argument cannot be taken for another. \
An argument may be taken in another segment, or never, as when a start function traps before the entry begins. Which \
results a segment gives is public; the verifier adds them up and accepts each once.",
    ),
    (
        "sha256",
        "The row of a call sends the state and the block at step 0, under its clock, and receives the state at step 4. \
No other instruction has this clock, and a row of `Sha256Rounds` gives the step after the one it takes: one chain leads from \
the one to the other, through each step once. Sums for the schedule's words are not reduced; what gives them has the \
words' bits. Rows that are not in a chain would need one without a beginning.",
    ),
    (
        "keccak",
        "The row of a call sends its window at round 0, under its clock, and receives it at round 24. No other instruction \
has this clock, and a row of `KeccakRounds` gives the round after the one it takes, whose constant its flags choose: one \
chain leads from the one to the other, through each round once. The limbs are composed of bits.",
    ),
    (
        "blake3",
        "The row of a call sends the initial state and the block at round 0, under its clock, and receives the state at \
round 7 with the block permuted as often. No other instruction has this clock, and a row of `Blake3Rounds` gives the round \
after the one it takes: one chain leads from the one to the other. A ring of rows would need as many as the field has \
elements, and tables have fewer. The bytes of what is given are looked up by who takes it.",
    ),
    (
        "outcome",
        "The claim's row receives one outcome if the segment is the run's last, which is public, and none else. Only a row that takes the state token and gives none sends one: `halt` sends \
0, `exit` 255 with the limbs of the register it reads, each trap chip its trap's code, after proving that the trap happens. As there is one token there is one such row.",
    ),
];
