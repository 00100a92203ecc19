//! The tables of a segment that are about the state tree, as rows that can be changed at will.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use provasm_air::columns::Cells;
use provasm_air::fixed::log_height_for;
use provasm_air::permutation::{PermutationCols, STATE};
use provasm_air::state::{CellCols, NodeCols, PageCols, TREE_UPPER};
use provasm_air::system::{ClaimCols, PUBLIC_VALUES, StateCols};
use provasm_air::tree::{DIGEST, Digest, Hasher};
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::layout::{PAGE_CELLS, STATIC_BASE, TREE_DEPTH, TREE_PAGE_LEVEL};
use provasm_isa::{Chip, Op};
use provasm_program::ValType;
use provasm_testkit::assemble::{A, Assembly, D};
use provasm_testkit::corpus::Case;
use provasm_testkit::forge::Judge;
use provasm_testkit::tables::{Segment, check_used, segments_of};
use provasm_trace::{Trace, Traces, Violation};

/// Leaves in a page.
pub(crate) const PAGE_LEAVES: u32 = PAGE_CELLS / 2;

pub(crate) fn f(value: u32) -> F {
    F::from_u32(value)
}

/// Which digests of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Before,
    After,
}

/// The claim and the walk of a segment, with all the other tables.
#[derive(Clone)]
pub(crate) struct Forged {
    pub(crate) claim: ClaimCols<F>,
    pub(crate) cells: Vec<CellCols<F>>,
    pub(crate) pages: Vec<PageCols<F>>,
    /// One row for each side of each node.
    pub(crate) nodes: Vec<NodeCols<F>>,
    pub(crate) traces: Traces,
    /// Where the segment has to begin: another segment, or the program, says so.
    pub(crate) start: StateCols<F>,
}

/// The rows of a table that are not padding, from all its parts.
fn rows<C: Cells<F>>(traces: &Traces, id: TableId) -> Vec<C> {
    let parts = traces.tables.iter().filter(|trace| trace.table.id == id);
    let rows = parts.flat_map(|trace| trace.rows.values.chunks_exact(trace.rows.width).take(trace.real));
    rows.map(|row| C::take(&mut row.iter().copied())).collect()
}

/// Makes a table of these rows, which has no other parts.
fn replace<C: Cells<F> + Copy>(traces: &mut Traces, id: TableId, rows: &[C], padding: C) {
    let place = traces.tables.iter().position(|trace| trace.table.id == id).expect("the table");
    let mut trace: Trace = traces.tables[place].clone();
    let height = 1 << log_height_for(rows.len());
    trace.rows.values.clear();
    for row in rows.iter().copied().chain(std::iter::repeat_n(padding, height - rows.len())) {
        row.put(&mut |cell| trace.rows.values.push(cell));
    }
    trace.real = rows.len();
    traces.tables.retain(|trace| trace.table.id != id);
    traces.tables.insert(place, trace);
}

fn zeros<C: Cells<F>>() -> C {
    C::take(&mut std::iter::repeat(F::ZERO))
}

/// A level as numbered from the leaves.
pub(crate) fn level(node: &NodeCols<F>) -> u32 {
    let level = node.level.as_canonical_u32();
    level.checked_sub(TREE_UPPER).unwrap_or(level)
}

/// The place of a node of this level and number, with a digest.
pub(crate) fn node(at: u32, index: u32, birth: F, input: [F; STATE]) -> NodeCols<F> {
    NodeCols {
        hash: PermutationCols::<F>::of(input),
        before: F::ZERO,
        after: F::ZERO,
        level: f(if at > TREE_PAGE_LEVEL { TREE_UPPER + at } else { at }),
        index: f(index),
        birth,
        walked: [F::ZERO; 2],
    }
}

pub(crate) fn digest(node: &NodeCols<F>) -> Digest {
    let output = node.hash.output();
    core::array::from_fn(|i| output[i] + node.hash.input[i])
}

impl Forged {
    /// The tables of an honest segment. What is one row for both sides becomes two.
    pub(crate) fn of(traces: &Traces) -> Self {
        let claim: ClaimCols<F> = rows(traces, TableId::Claim)[0];
        let sides = |row: NodeCols<F>| {
            let before = (row.before == F::ONE).then_some(NodeCols { after: F::ZERO, ..row });
            let after = (row.after == F::ONE).then_some(NodeCols { before: F::ZERO, ..row });
            before.into_iter().chain(after)
        };
        Self {
            claim,
            cells: rows(traces, TableId::Cells),
            pages: rows(traces, TableId::Pages),
            nodes: rows(traces, TableId::Nodes).into_iter().flat_map(sides).collect(),
            traces: traces.clone(),
            start: claim.before,
        }
    }

    /// The leaf that holds the cell at an address.
    pub(crate) fn leaf(&mut self, address: u32) -> &mut CellCols<F> {
        self.cells.iter_mut().find(|leaf| leaf.index == f(address / 2)).expect("a touched leaf")
    }

    pub(crate) fn page(&mut self, index: u32) -> &mut PageCols<F> {
        self.pages.iter_mut().find(|page| page.index == f(index)).expect("a touched page")
    }

    /// One side of a node.
    pub(crate) fn node(&mut self, at: u32, index: u32, side: Side) -> &mut NodeCols<F> {
        let is_it = |node: &&mut NodeCols<F>| {
            let flag = if side == Side::Before { node.before } else { node.after };
            flag == F::ONE && node.index == f(index) && level(node) == at
        };
        self.nodes.iter_mut().find(is_it).expect("a node of the walk")
    }

    /// Recomputes every digest from the leaves up, and claims the roots that come out.
    pub(crate) fn rehash(&mut self) {
        for side in [Side::Before, Side::After] {
            let mut digests: BTreeMap<(u32, F), Digest> = BTreeMap::new();
            for leaf in &self.cells {
                digests.insert((0, leaf.index), if side == Side::Before { leaf.before } else { leaf.after });
            }
            self.nodes.sort_by_key(level);
            let of_side =
                |node: &&mut NodeCols<F>| if side == Side::Before { node.before } else { node.after } == F::ONE;
            for node in self.nodes.iter_mut().filter(of_side) {
                let mut input = node.hash.input;
                for child in 0..2 {
                    let key = (level(node).wrapping_sub(1), node.index.double() + f(child));
                    let found = digests.get(&key).filter(|_| node.walked[child as usize] == F::ONE);
                    if let Some(digest) = found {
                        input[DIGEST * child as usize..][..DIGEST].copy_from_slice(digest);
                    }
                }
                node.hash = PermutationCols::<F>::of(input);
                digests.insert((level(node), node.index), digest(node));
            }
            for page in &mut self.pages {
                let digest = digests.get(&(TREE_PAGE_LEVEL, page.index)).copied().unwrap_or_default();
                *(if side == Side::Before { &mut page.before } else { &mut page.after }) = digest;
            }
            // Without a row of the root, what is claimed stays.
            let state = if side == Side::Before { &mut self.claim.before } else { &mut self.claim.after };
            state.root = digests.get(&(TREE_DEPTH, F::ZERO)).copied().unwrap_or(state.root);
        }
    }

    /// Walks into another leaf, which nothing touches. All that is around it is zero, unless it is walked
    /// into already.
    pub(crate) fn add_leaf(&mut self, index: u32, birth: F, page: PageCols<F>) {
        let hasher = Hasher::default();
        let leaf = CellCols { real: F::ONE, index: f(index), birth, ..zeros() };
        self.cells.push(CellCols { first_clock: [birth; 2], last_clock: [birth; 2], ..leaf });
        for at in 1..=TREE_DEPTH {
            let child = (index >> (at - 1) & 1) as usize;
            let index = index >> at;
            let mut is_known = false;
            for node in self.nodes.iter_mut().filter(|node| level(node) == at && node.index == f(index)) {
                node.walked[child] = F::ONE;
                is_known = true;
            }
            if is_known {
                break;
            }
            let zero = hasher.zero(at - 1);
            let birth = if at <= TREE_PAGE_LEVEL { birth } else { F::ZERO };
            let mut added = node(at, index, birth, core::array::from_fn(|i| zero[i % DIGEST]));
            added.walked[child] = F::ONE;
            self.nodes.extend([NodeCols { before: F::ONE, ..added }, NodeCols { after: F::ONE, ..added }]);
            if at == TREE_PAGE_LEVEL {
                self.pages.push(page);
            }
        }
    }

    /// Sets the clock of a page's birth wherever the walk says it.
    pub(crate) fn set_birth(&mut self, page: u32, birth: F) {
        self.page(page).birth = birth;
        self.nodes.iter_mut().filter(|node| is_below(node, page)).for_each(|node| node.birth = birth);
        self.cells.iter_mut().filter(|leaf| page_of(leaf) == page).for_each(|leaf| leaf.birth = birth);
    }

    /// What catches the forgery: constraints by table, buses, and "start" when the segment begins where it must not.
    pub(crate) fn caught(&self) -> BTreeSet<String> {
        let mut traces = self.traces.clone();
        replace(&mut traces, TableId::Cells, &self.cells, zeros());
        replace(&mut traces, TableId::Pages, &self.pages, zeros());
        let padding = NodeCols { hash: PermutationCols::<F>::of([F::ZERO; STATE]), ..zeros() };
        replace(&mut traces, TableId::Nodes, &self.nodes, padding);
        let claim = traces.tables.iter_mut().find(|trace| trace.table.id == TableId::Claim).expect("a claim");
        let mut cells = claim.rows.values.iter_mut();
        self.claim.put(&mut |cell| *cells.next().expect("a row") = cell);
        traces.public_values = claim.rows.values[..PUBLIC_VALUES].to_vec();

        let counts = Judge::new(&traces).recount_lookups(&check_used(&traces));
        for count in counts {
            let _ = count.apply(&mut traces);
        }
        let mut caught: BTreeSet<String> = check_used(&traces).iter().map(name).collect();
        let state = |state: &StateCols<F>| (state.pc, state.fp, state.root);
        if state(&self.claim.before) != state(&self.start) {
            caught.insert("start".to_owned());
        }
        caught
    }

    /// What catches the forgery, with the digests recomputed.
    pub(crate) fn caught_after_rehash(mut self) -> BTreeSet<String> {
        self.rehash();
        self.caught()
    }

    /// Sets a cell of the claim's second row, and its count to 1.
    pub(crate) fn padded_claim(&mut self, column: &str, value: F) {
        let trace = self.traces.tables.iter_mut().find(|trace| trace.table.id == TableId::Claim).expect("a claim");
        let names = TableId::Claim.column_names();
        for (name, value) in [(column, value), ("touched", F::ONE)] {
            let column = names.iter().position(|known| known == name).expect("a column");
            trace.rows.values[trace.rows.width + column] = value;
        }
    }

    /// Recomputes the digests and expects to be caught by exactly this.
    pub(crate) fn expect(mut self, what: &str, expected: &[&str]) {
        self.rehash();
        self.expect_as_is(what, expected);
    }

    /// Expects to be caught by exactly this, with the digests as they are.
    pub(crate) fn expect_as_is(&self, what: &str, expected: &[&str]) {
        let expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(self.caught(), expected, "{what}");
    }
}

/// Whether a node lies in a page.
pub(crate) fn is_below(node: &NodeCols<F>, page: u32) -> bool {
    let levels = TREE_PAGE_LEVEL.checked_sub(node.level.as_canonical_u32());
    levels.is_some_and(|levels| node.index.as_canonical_u32() >> levels == page)
}

/// The page of a leaf.
pub(crate) fn page_of(leaf: &CellCols<F>) -> u32 {
    leaf.index.as_canonical_u32() / PAGE_LEAVES
}

fn name(violation: &Violation) -> String {
    match violation {
        Violation::Constraint { table, .. } => format!("constraint {}", table.name()),
        Violation::Balance { bus, .. } => format!("bus {bus}"),
        Violation::Claim { .. } => "claim".to_owned(),
    }
}

/// The growth of [`segments`], by two pages, in its second segment.
pub(crate) const GROWTH: (u32, u32) = (1, 3);

/// The address of the memory's size.
pub(crate) const SIZE: u32 = STATIC_BASE;

/// Cells of the run: read, written, and written in a grown page.
pub(crate) const READ: u32 = 3;
pub(crate) const WRITTEN: u32 = 5;
pub(crate) const GROWN: u32 = PAGE_CELLS + 2;

/// A run in three segments. The second reads and writes memory that was there, grows it, and writes to what it
/// grew; the third reads that and gives a result.
pub(crate) fn case(read: u64) -> Case {
    let mut assembly = Assembly::new(1, 4);
    assembly.data(READ, read);
    assembly.data(WRITTEN, 78);
    assembly.entry("main", &[ValType::I64], &[ValType::I64]);
    assembly.instr(Op::Arg, 7, 0, 0, 0);
    assembly.constant(8, 6);
    assembly.access(Op::Load64, 8 * u64::from(READ), 0, 0);
    assembly.access(Op::Store64, 8 * u64::from(WRITTEN), 0, 99);
    assembly.constant(A, 2);
    assembly.instr(Op::MemoryGrow, D, A, 0, 4);
    assembly.access(Op::Store64, 8 * u64::from(GROWN), 0, 5);
    assembly.access(Op::Load64, 8 * u64::from(GROWN), 0, 0);
    assembly.instr(Op::Result, 0, D, 0, 0);
    assembly.halt();
    Case { name: "forged".to_owned(), program: Arc::new(assembly.finish()), entry: "main".to_owned(), args: vec![3] }
}

/// Its segments.
pub(crate) fn segments(read: u64) -> Vec<Segment> {
    let mut segments = Vec::new();
    let cuts = [2, 10];
    let cut = |index: u64| cuts.get(index as usize).copied();
    segments_of(&case(read), cut, |segment| segments.push(segment)).expect("it runs");
    segments
}

/// The second segment.
pub(crate) fn middle() -> Forged {
    Forged::of(&segments(77)[1].traces)
}

/// The third segment.
pub(crate) fn last() -> Forged {
    Forged::of(&segments(77)[2].traces)
}

/// The clock of the growth in the second segment.
pub(crate) fn growth_clock() -> F {
    f(segments(77)[1].recording.grows[0].clock)
}

/// Sets a cell of a table's row by its column's name.
pub(crate) fn set(traces: &mut Traces, chip: Chip, row: usize, column: &str, value: F) {
    let id = TableId::Chip(chip);
    let column = id.column_names().iter().position(|name| name == column).expect("a column");
    let trace = traces.tables.iter_mut().find(|trace| trace.table.id == id).expect("a table");
    trace.rows.values[trace.rows.width * row + column] = value;
}

#[test]
fn honest_walks_are_not_caught() {
    for segment in segments(77) {
        assert_eq!(check_used(&segment.traces), []);
        let honest = Forged::of(&segment.traces);
        honest.expect_as_is("rows of both sides split in two", &[]);
        honest.expect("digests recomputed", &[]);
    }
}
