//! Walks that leave something out, take something twice or come to something else; and false claims.

use p3_field::PrimeCharacteristicRing;
use provasm_air::KoalaBear;
use provasm_air::columns::Cells;
use provasm_air::permutation::PermutationCols;
use provasm_air::state::{CellCols, NodeCols, TREE_UPPER};
use provasm_air::tree::DIGEST;
use provasm_isa::Chip;
use provasm_testkit::figure::Figure;

use crate::forger::{
    Forged, GROWN, PAGE_LEAVES, READ, SIZE, Side, WRITTEN, case, digest, f, last, level, middle, node, segments, set,
};

const ONE: KoalaBear = KoalaBear::ONE;
const ZERO: KoalaBear = KoalaBear::ZERO;

/// Between two segments somebody changes a cell, and executes the rest with it.
#[test]
fn a_cell_changed_between_segments() {
    let honest = middle();
    let mut forged = Forged::of(&segments(76)[1].traces);
    forged.start = honest.start;
    forged.clone().expect("the tree is that of the changed cell", &["start"]);
    forged.claim.before.root = honest.claim.before.root;
    forged.expect_as_is("the claimed root is the true one", &["bus tree"]);
    let leaf = *forged.leaf(READ);
    let limb = DIGEST / 2 * (READ as usize % 2);
    forged.leaf(READ).before[limb] = f(77);
    forged.leaf(READ).after[limb] = f(77);
    forged.clone().expect("the leaf is the true one", &["bus memory"]);
    *forged.leaf(READ) = CellCols { after: leaf.after, ..*forged.leaf(READ) };
    forged.expect("the leaf changes, nobody wrote", &["bus memory"]);
}

#[test]
fn siblings_that_nobody_touched() {
    let mut forgeries = 0;
    for i in 0..middle().nodes.len() {
        for child in 0..2 {
            let mut forged = middle();
            let place = forged.nodes[i];
            if place.walked[child] == ONE {
                continue;
            }
            let change = |row: &mut NodeCols<_>| row.hash.input[DIGEST * child] += ONE;
            change(&mut forged.nodes[i]);
            let what = format!("level {}, child {child}", level(&place));
            let is_before = place.before == ONE;
            let both = forged.clone();
            let caught: &[&str] = if is_before { &["bus tree", "start"] } else { &["bus tree"] };
            forged.expect(&what, caught);
            // On both sides alike, nothing is wrong but where the segment begins.
            let mut forged = both;
            let other = |row: &&mut NodeCols<_>| {
                (row.level, row.index) == (place.level, place.index) && (row.before == ONE) != is_before
            };
            change(forged.nodes.iter_mut().find(other).expect("the other side"));
            forged.expect(&what, &["start"]);
            forgeries += 2;
        }
    }
    Figure::held(1, "nodes of the state tree beside the walk changed", forgeries).print();
    assert!(forgeries > 200);
}

#[test]
fn writes_that_are_dropped() {
    for address in [WRITTEN, GROWN, SIZE] {
        let mut forged = middle();
        forged.leaf(address).after = forged.leaf(address).before;
        forged.expect("the tree after holds the old value", &["bus memory"]);

        // The leaf is left out of the walk, as if it were not touched; its siblings too.
        let mut forged = middle();
        let index = address / 2;
        forged.cells.retain(|leaf| leaf.index != f(index));
        for side in [Side::Before, Side::After] {
            forged.node(1, index / 2, side).walked[index as usize % 2] = ZERO;
        }
        forged.clone().expect("left out, but changed", &["bus memory", "bus tree"]);
        let before = forged.node(1, index / 2, Side::Before).hash;
        forged.node(1, index / 2, Side::After).hash = before;
        forged.expect("left out", &["bus memory"]);
    }
    let mut forged = middle();
    forged.claim.after.root = forged.claim.before.root;
    forged.expect_as_is("the claim says that nothing changed", &["bus tree"]);
}

#[test]
fn values_that_nobody_wrote() {
    let count = middle().cells.len();
    for i in 0..count {
        for limb in 0..DIGEST {
            let mut forged = middle();
            forged.cells[i].after[limb] += ONE;
            forged.expect("after", &["bus memory"]);
            let mut forged = middle();
            forged.cells[i].before[limb] += ONE;
            forged.expect("before", &["bus memory", "start"]);
        }
    }
}

#[test]
fn one_side_alone_is_walked() {
    let mut forgeries = 0;
    for i in 0..middle().nodes.len() {
        for child in 0..2 {
            let mut forged = middle();
            let walked = forged.nodes[i].walked[child];
            forged.nodes[i].walked[child] = ONE - walked;
            forged.expect_as_is("one side alone", &["bus tree"]);
            forgeries += 1;
        }
    }
    Figure::held(1, "walks on one side alone", forgeries).print();
}

#[test]
fn walks_below_a_leaf() {
    let index = READ / 2;
    let leaf = *middle().leaf(READ);
    // A node whose digest is not the leaf's.
    let mut forged = middle();
    forged.cells.retain(|cell| cell.index != f(index));
    let input = [f(7); 16];
    let sides = |row: NodeCols<_>| [NodeCols { before: ONE, ..row }, NodeCols { after: ONE, ..row }];
    forged.nodes.extend(sides(node(0, index, ZERO, input)));
    forged.expect_as_is("a node in the leaf's place", &["bus memory", "bus tree"]);
    // A leaf that is the digest of a node, if the state held one, which it does not.
    forged.clone().expect("a state with such a leaf", &["bus memory", "start"]);
    // Below it, one level further, what is accessed.
    for row in forged.nodes.iter_mut().filter(|row| row.level == ZERO) {
        row.walked = [ONE; 2];
    }
    forged.cells.push(leaf);
    forged.cells.push(CellCols { index: f(2 * index), ..leaf });
    forged.expect("leaves below it", &["bus memory", "bus tree", "start"]);
}

#[test]
fn levels_are_skipped() {
    let mut forgeries = 0;
    for i in 0..middle().nodes.len() {
        for by in [ONE, -ONE, f(TREE_UPPER)] {
            let mut forged = middle();
            forged.nodes[i].level += by;
            forged.expect_as_is("another level", &["bus tree"]);
            forgeries += 1;
        }
        // The row is left out, and its child stands for it.
        let mut forged = middle();
        let row = forged.nodes.remove(i);
        forged.expect_as_is("left out", &["bus tree"]);
        let is_child = |child: &&mut NodeCols<_>| {
            child.before == row.before
                && level(child) + 1 == level(&row)
                && digest(child)[..] == row.hash.input[..DIGEST]
        };
        if let Some(child) = forged.nodes.iter_mut().find(is_child) {
            (child.level, child.index) = (row.level, row.index);
            forged.expect_as_is("left out, with its child in its place", &["bus tree"]);
            forgeries += 1;
        }
        forgeries += 1;
    }
    Figure::held(1, "levels of walks changed, or skipped", forgeries).print();
}

#[test]
fn what_is_taken_twice() {
    let honest = middle();
    for leaf in &honest.cells {
        let mut forged = honest.clone();
        forged.cells.push(*leaf);
        forged.expect("a leaf", &["bus memory", "bus tree"]);
        // A second birth of the same cells that nobody else sees.
        let mut forged = honest.clone();
        forged.cells.push(CellCols { after: leaf.before, last_clock: leaf.first_clock, ..*leaf });
        forged.expect_as_is("a leaf that nothing touches", &["bus tree"]);
    }
    for page in &honest.pages {
        let mut forged = honest.clone();
        forged.pages.push(*page);
        forged.expect_as_is("a page", &["bus tree"]);
    }
    for row in &honest.nodes {
        let mut forged = honest.clone();
        forged.nodes.push(*row);
        forged.expect_as_is("a node", &["bus tree"]);
    }
    let mut forged = honest.clone();
    forged.nodes.extend_from_slice(&honest.nodes);
    forged.pages.extend_from_slice(&honest.pages);
    forged.cells.extend_from_slice(&honest.cells);
    forged.expect("the whole walk", &["bus memory", "bus tree"]);
}

/// Every column of the walk, but for the permutations: they are what the forger recomputes.
#[test]
fn every_column_with_digests_recomputed() {
    /// Of the rows of nodes, one in so many.
    const NODES_ONE_IN: usize = 9;
    /// The rows with one column changed, and the column's name.
    fn changed<C: Cells<KoalaBear> + Copy>(row: C, skip: &str) -> Vec<(String, C)> {
        let (mut names, mut cells) = (Vec::new(), Vec::new());
        C::names("", &mut names);
        row.put(&mut |cell| cells.push(cell));
        let columns = names.into_iter().enumerate().filter(|(_, name)| !name.starts_with(skip));
        let with = |(column, name): (usize, String)| {
            let row = cells.iter().enumerate().map(|(i, cell)| if i == column { *cell + ONE } else { *cell });
            (name, C::take(&mut row.collect::<Vec<_>>().into_iter()))
        };
        columns.map(with).collect()
    }
    let honest = middle();
    let mut forgeries = 0;
    let mut reject = |what: &str, name: &str, forged: Forged| {
        assert!(!forged.caught_after_rehash().is_empty(), "{what} {name}");
        forgeries += 1;
    };
    for i in 0..honest.cells.len() {
        for (name, row) in changed(honest.cells[i], "-") {
            let mut forged = honest.clone();
            forged.cells[i] = row;
            reject("leaf", &name, forged);
        }
    }
    for i in 0..honest.pages.len() {
        let page = honest.pages[i];
        // Digests are recomputed; no growth made a page of static cells.
        let is_free = |name: &str| {
            name.starts_with("before")
                || name.starts_with("after")
                || page.fixed == ONE && ["from", "to"].contains(&name)
        };
        for (name, row) in changed(page, "-").into_iter().filter(|(name, _)| !is_free(name)) {
            let mut forged = honest.clone();
            forged.pages[i] = row;
            reject("page", &name, forged);
        }
    }
    for i in (0..honest.nodes.len()).step_by(NODES_ONE_IN) {
        for (name, row) in changed(honest.nodes[i], "hash") {
            let mut forged = honest.clone();
            forged.nodes[i] = row;
            reject("node", &name, forged);
        }
    }
    Figure::held(1, "columns of walks changed, digests recomputed", forgeries).print();
}

#[test]
fn digests_that_are_none() {
    let mut forged = middle();
    let row = forged.node(4, 0, Side::After);
    let mut input = row.hash.input;
    input[3] += ONE;
    row.hash.input = input;
    forged.expect_as_is("another input", &["bus tree", "constraint Nodes"]);
    let mut forged = middle();
    let row = forged.node(4, 0, Side::After);
    row.hash.rounds.last = PermutationCols::<KoalaBear>::of(input).rounds.last;
    forged.expect_as_is("the output of another", &["bus tree", "constraint Nodes"]);
}

#[test]
fn roots_of_other_runs() {
    let other = segments(76).into_iter().map(|segment| Forged::of(&segment.traces)).collect::<Vec<_>>();
    for other in &other {
        let mut forged = middle();
        forged.claim.before.root = other.claim.before.root;
        forged.expect_as_is("before", &["bus tree", "start"]);
        let mut forged = middle();
        forged.claim.after.root = other.claim.after.root;
        forged.expect_as_is("after", &["bus tree"]);
    }
    for element in 0..DIGEST {
        let mut forged = middle();
        forged.claim.after.root[element] += ONE;
        forged.expect_as_is("after", &["bus tree"]);
    }
}

#[test]
fn other_states() {
    let mut forged = middle();
    forged.claim.before.pc += ONE;
    forged.expect("another start", &["bus state", "start"]);
    let mut forged = middle();
    forged.claim.before.fp += ONE;
    forged.expect("another frame", &["bus state", "start"]);
    for change in [
        |forged: &mut Forged| forged.claim.after.pc += ONE,
        |forged: &mut Forged| forged.claim.after.fp += ONE,
        |forged: &mut Forged| forged.claim.end_clock += ONE,
    ] {
        let mut forged = middle();
        change(&mut forged);
        forged.expect("another end", &["bus state"]);
    }
}

#[test]
fn ends_that_are_none() {
    let mut forged = middle();
    forged.claim.last = ONE;
    forged.expect("said to be the last", &["bus outcome", "bus state"]);
    let mut forged = middle();
    (forged.claim.last, forged.claim.outcome) = (ONE, f(1));
    forged.expect("said to trap", &["bus outcome", "bus state"]);
    let mut forged = last();
    forged.claim.last = ZERO;
    forged.expect("said to go on", &["bus outcome", "bus state"]);
    let mut forged = last();
    forged.claim.outcome = f(1);
    forged.expect("returned, said to trap", &["bus outcome"]);
}

#[test]
fn results_and_arguments_of_other_segments() {
    let changes: &[fn(&mut Forged)] = &[
        |forged| forged.claim.result_given[0] = ZERO,
        |forged| forged.claim.results[2] += ONE,
        |forged| forged.claim.result_given[1] = ONE,
        |forged| forged.claim.result_given[31] = ONE,
        |forged| forged.claim.argument_taken[0] = ONE,
    ];
    for change in changes {
        let mut forged = last();
        change(&mut forged);
        forged.expect("in the last segment", &["bus io"]);
    }
    type Change = (fn(&mut Forged), &'static [&'static str]);
    let changes: &[Change] = &[
        (|forged| forged.claim.result_given[0] = ONE, &["bus io"]),
        (|forged| forged.claim.argument_taken[0] = ONE, &["bus io"]),
        (|forged| forged.claim.argument_taken[1] = ONE, &["bus io", "constraint Claim"]),
        (|forged| forged.claim.argument_taken[0] = f(2), &["bus io", "constraint Claim"]),
    ];
    for (change, caught) in changes {
        let mut forged = middle();
        change(&mut forged);
        forged.expect("in the middle", caught);
    }
    let mut forged = Forged::of(&segments(77)[0].traces);
    forged.claim.argument_taken[0] = ZERO;
    forged.expect("taken, but not said to be", &["bus io"]);
}

#[test]
fn other_sizes_of_the_memory() {
    for pages in [0, 2, 3, 65_536] {
        let mut forged = middle();
        forged.claim.pages = [f(pages & 0xffff), f(pages >> 16), ZERO, ZERO];
        for page in forged.pages.iter_mut().filter(|page| page.linear == ONE && page.from == ZERO) {
            page.to = f(pages);
        }
        let caught: &[&str] = if pages == 0 { &["bus memory", "bus range"] } else { &["bus memory"] };
        let caught: &[&str] = if pages == 65_536 { &["bus memory"] } else { caught };
        forged.expect("another size than the tree's", caught);
    }
    // The tree says so too: then it is another tree.
    let mut forged = middle();
    forged.claim.pages[1] = ONE;
    forged.page(0).to += f(1 << 16);
    let (limb, size) = (DIGEST / 2 * (SIZE as usize % 2) + 1, ONE);
    forged.leaf(SIZE).before[limb] = size;
    forged.expect("another tree", &["bus memory", "bus range", "start"]);
}

#[test]
fn counts_of_padding() {
    let mut forged = middle();
    set(&mut forged.traces, Chip::MemoryGrow, 1, "size.value[0]", f(4));
    set(&mut forged.traces, Chip::MemoryGrow, 1, "after[0]", f(4));
    forged.expect_as_is("a growth by nothing that nobody looks up", &[]);
    set(&mut forged.traces, Chip::MemoryGrow, 1, "touched", ONE);
    forged.expect_as_is("a growth by padding", &["bus growth", "constraint MemoryGrow"]);
    set(&mut forged.traces, Chip::MemoryGrow, 1, "size.value[0]", ZERO);
    assert_eq!(case(77).program.memory_pages, 1);
    // It is looked up: by a page that is beyond the memory.
    let mut page = *forged.page(1);
    (page.index, page.from, page.to, page.birth) = (f(3), ZERO, f(4), ZERO);
    forged.add_leaf(3 * PAGE_LEAVES, ZERO, page);
    forged.expect("a page by padding", &["constraint MemoryGrow"]);
    // By a row of the claim that is none.
    let mut forged = middle();
    forged.add_leaf(3 * PAGE_LEAVES, ZERO, page);
    forged.padded_claim("pages[0]", f(4));
    forged.expect("a page by the claim's padding", &["constraint Claim"]);
}
