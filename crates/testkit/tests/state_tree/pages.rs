//! Pages that are not there, or not yet.

use p3_field::PrimeCharacteristicRing;
use provasm_air::state::{CellCols, PageCols, TREE_UPPER};
use provasm_air::{KoalaBear as F, TableId};
use provasm_execute::{Grow, Limits, Recording, record};
use provasm_isa::layout::{PAGE_CELLS, STATIC_PAGE, STATIC_PAGES_LOG, TREE_PAGE_LEVEL};
use provasm_isa::{Chip, Op};
use provasm_program::Program;
use provasm_testkit::assemble::{A, Assembly, D};
use provasm_testkit::tables::tables_of;
use provasm_trace::{StateTree, generate};

use crate::forger::{Forged, GROWN, GROWTH, PAGE_LEAVES, SIZE, Side, f, growth_clock, is_below, middle, page_of};

/// A page of linear memory that a growth made.
fn linear(index: u32, (from, to): (u32, u32), birth: F) -> PageCols<F> {
    let digest = [F::ZERO; 8];
    PageCols {
        linear: F::ONE,
        fixed: F::ZERO,
        index: f(index),
        birth,
        from: f(from),
        to: f(to),
        before: digest,
        after: digest,
    }
}

/// A page of static cells, registers or links.
fn fixed(index: u32) -> PageCols<F> {
    PageCols { linear: F::ZERO, fixed: F::ONE, ..linear(index, (0, 0), F::ZERO) }
}

/// The segment, that also walks into an untouched leaf of a page.
fn with_leaf(leaf: u32, page: PageCols<F>) -> Forged {
    let mut forged = middle();
    forged.add_leaf(leaf, page.birth, page);
    forged
}

#[test]
fn pages_that_are_there_can_be_walked_into() {
    let clock = growth_clock();
    // What exists: a page more that the same growth made; the first and the last page of what is not linear.
    with_leaf(2 * PAGE_LEAVES, linear(2, GROWTH, clock)).expect("page 2", &[]);
    with_leaf(PAGE_LEAVES - 1, linear(0, (0, 1), F::ZERO)).expect("a leaf more of page 0", &[]);
    let last = STATIC_PAGE + (1 << STATIC_PAGES_LOG) - 1;
    with_leaf(last * PAGE_LEAVES, fixed(last)).expect("the last page", &[]);
    with_leaf((STATIC_PAGE + 9) * PAGE_LEAVES + 5, fixed(STATIC_PAGE + 9)).expect("a page without cells", &[]);
}

#[test]
fn pages_that_exist_for_no_program() {
    let clock = growth_clock();
    let static_end = STATIC_PAGE + (1 << STATIC_PAGES_LOG);
    // Beyond the memory, the last a memory can have, what lies between it and the static cells, and after the links.
    let pages = [3, 4, 0xfffe, 0xffff, 0x1_0000, 0x1_0001, STATIC_PAGE - 1, static_end, static_end + 1, (1 << 18) - 1];
    for page in pages {
        let leaf = page * PAGE_LEAVES + 17;
        let what = format!("page {page}");
        with_leaf(leaf, linear(page, (0, 1), F::ZERO)).expect(&what, &["bus range"]);
        with_leaf(leaf, linear(page, GROWTH, clock)).expect(&what, &["bus range"]);
        with_leaf(leaf, fixed(page)).expect(&what, &["bus range"]);
        // A growth that contains it, which there is not.
        for (growth, birth) in [((0, page + 1), F::ZERO), ((GROWTH.0, page + 1), clock), ((page, page + 1), clock)] {
            let mut caught = vec!["bus growth"];
            if page - growth.0 > 0xffff {
                caught.push("bus range");
            }
            with_leaf(leaf, linear(page, growth, birth)).expect(&what, &caught);
        }
        let mut born = fixed(page);
        born.birth = clock;
        with_leaf(leaf, born).expect(&what, &["bus range", "constraint Pages"]);
        let both = PageCols { linear: F::ONE, ..fixed(page) };
        let caught = with_leaf(leaf, both).caught_after_rehash();
        assert!(caught.contains("constraint Pages"), "{what}: {caught:?}");
    }
}

/// An even address of another leaf is an odd one modulo the field's order: no page holds such a leaf.
#[test]
fn cells_with_two_addresses() {
    const HALF: u32 = 0x7f00_0001_u32.div_ceil(2);
    for address in [1, GROWN + 1, 3 * PAGE_CELLS + 1] {
        let leaf = address / 2 + HALF;
        assert_eq!(f(2).double().halve() * f(leaf), f(address), "the same cell");
        let page = leaf / PAGE_LEAVES;
        with_leaf(leaf, linear(page, (0, 1), F::ZERO)).expect("linear", &["bus range"]);
        with_leaf(leaf, fixed(page)).expect("fixed", &["bus range"]);
    }
}

#[test]
fn pages_that_are_walked_through_as_nodes() {
    for page in [0, GROWN / PAGE_CELLS, STATIC_PAGE] {
        // All levels of the page are counted as if they were above it.
        let mut forged = middle();
        forged.pages.retain(|row| row.index != f(page));
        for row in forged.nodes.iter_mut().filter(|row| is_below(row, page)) {
            (row.level, row.birth) = (row.level + f(TREE_UPPER), F::ZERO);
        }
        for leaf in forged.cells.iter_mut().filter(|leaf| page_of(leaf) == page) {
            leaf.birth = F::ZERO;
        }
        forged.expect("without its page", &["bus tree"]);
    }
    // With a page further up or further down.
    for by in [F::ONE, -F::ONE] {
        let mut forged = middle();
        forged.page(0).index += by;
        let caught = forged.caught_after_rehash();
        assert!(caught.contains("bus tree"), "{caught:?}");
    }
}

#[test]
fn births_by_other_growths() {
    let clock = growth_clock();
    let grown = GROWN / PAGE_CELLS;
    // The grown page is said to be there from the start, by each growth there is and is not.
    let mut forged = middle();
    forged.set_birth(grown, F::ZERO);
    forged.expect_as_is("a growth at another clock", &["bus growth"]);
    (forged.page(grown).from, forged.page(grown).to) = (F::ZERO, F::ONE);
    forged.expect_as_is("there from the start", &["bus range"]);
    forged.page(grown).to = f(GROWTH.1);
    forged.expect_as_is("there from a start that is not", &["bus growth"]);
    (forged.page(grown).linear, forged.page(grown).fixed) = (F::ZERO, F::ONE);
    forged.expect_as_is("of static cells", &["bus range"]);
    // It is born earlier, later, at no clock of a growth.
    for by in [-F::ONE, F::ONE, -f(4), f(4)] {
        let mut forged = middle();
        forged.set_birth(grown, clock + by);
        forged.expect_as_is("at another clock", &["bus growth", "constraint Cells"]);
        for leaf in forged.cells.iter_mut().filter(|leaf| leaf.birth == clock + by) {
            leaf.first_clock = [leaf.birth; 2];
        }
        forged.expect_as_is("with its cells", &["bus growth", "bus memory"]);
    }
    // The growth is another.
    for (from, to) in [(0, 3), (1, 2), (1, 4), (2, 3)] {
        let mut forged = middle();
        (forged.page(grown).from, forged.page(grown).to) = (f(from), f(to));
        let caught = forged.caught();
        assert!(caught.contains("bus growth"), "{from} to {to}: {caught:?}");
    }
    // A page that was there is said to be born.
    let mut forged = middle();
    (forged.page(0).from, forged.page(0).to) = (f(GROWTH.0), f(GROWTH.1));
    forged.set_birth(0, clock);
    forged.expect_as_is("page 0", &["bus range", "constraint Cells"]);
    let mut forged = middle();
    forged.set_birth(STATIC_PAGE, clock);
    forged.expect_as_is("static cells", &["constraint Cells", "constraint Pages"]);
    // The birth changes on the way down.
    for level in 1..TREE_PAGE_LEVEL {
        let mut forged = middle();
        let index = grown << (TREE_PAGE_LEVEL - level);
        forged.node(level, index, Side::After).birth = F::ZERO;
        forged.expect_as_is("on the way down", &["bus tree"]);
    }
}

/// Writes to page 1, then grows the memory by it, from this many pages.
fn early(pages: u32) -> Program {
    let mut assembly = Assembly::new(pages, 3);
    assembly.entry("main", &[], &[]);
    assembly.access(Op::Store64, 65_552, 0, 5);
    assembly.constant(A, 1);
    assembly.instr(Op::MemoryGrow, D, A, 0, 3);
    assembly.halt();
    assembly.finish()
}

/// A dishonest executor writes to a page, and grows the memory by it afterwards.
fn early_recording() -> Recording {
    let (_, mut recording) = record(&early(2), "main", &[], Limits::default()).expect("it runs");
    // From 1 page to 2 instead of 2 to 3.
    recording.pages = 1;
    let step = &mut recording.steps[Chip::MemoryGrow as usize][0];
    assert_eq!((step.before[1], step.out), (2, 2), "the size before is read and given");
    (step.before[1], step.out) = (1, 1);
    recording.grows = vec![Grow { from: 1, to: 2, clock: step.clock }];
    for block in &mut recording.blocks {
        let values = block.before.iter_mut().chain(&mut block.after);
        let addresses = (0..block.first_clock.len() as u32).map(|i| block.number * 32 + i);
        for (value, address) in values.zip(addresses.clone().chain(addresses)) {
            // The size, and the register that got it.
            if address == SIZE || address == provasm_isa::layout::REGISTER_BASE + u32::from(D) {
                *value -= u64::from(*value > 0);
            }
        }
    }
    recording
}

fn early_forged(recording: &Recording) -> Forged {
    let program = early(1);
    let walk = StateTree::new(&program).advance(recording);
    Forged::of(&generate(&program, &tables_of(&program), recording, &walk))
}

#[test]
fn accesses_before_the_growth() {
    let mut recording = early_recording();
    let (growth, stores) = (recording.grows[0].clock, recording.steps[Chip::StoreWord as usize].clone());
    let birth = f(growth);
    let forged = early_forged(&recording);
    // The cell is there before its page.
    forged.expect_as_is("a cell older than its page", &["constraint Cells"]);
    let mut from_birth = forged.clone();
    for leaf in from_birth.cells.iter_mut().filter(|leaf| leaf.birth == birth) {
        leaf.first_clock = [birth; 2];
    }
    from_birth.expect_as_is("accessed before it is there", &["bus memory"]);
    // The page is there from the start: by the true size, by another one, as static cells.
    let mut at_start = forged.clone();
    at_start.set_birth(1, F::ZERO);
    for leaf in at_start.cells.iter_mut().filter(|leaf| leaf.birth == F::ZERO && leaf.first_clock.contains(&birth)) {
        *leaf = CellCols {
            first_clock: leaf.first_clock.map(|clock| if clock == birth { F::ZERO } else { clock }),
            last_clock: leaf.last_clock.map(|clock| if clock == birth { F::ZERO } else { clock }),
            ..*leaf
        };
    }
    (at_start.page(1).from, at_start.page(1).to) = (F::ZERO, F::ONE);
    at_start.expect_as_is("by the true size", &["bus range"]);
    at_start.page(1).to = f(2);
    at_start.expect_as_is("by another size", &["bus growth"]);
    (at_start.page(1).from, at_start.page(1).to) = (F::ONE, f(2));
    at_start.expect_as_is("by the growth, at the start", &["bus growth"]);
    (at_start.page(1).linear, at_start.page(1).fixed) = (F::ZERO, F::ONE);
    at_start.expect_as_is("as static cells", &["bus range"]);
    // The store says that the access before was at the birth, which is later.
    for (store, step) in stores.iter().zip(&mut recording.steps[Chip::StoreWord as usize]) {
        let first = |slot: &usize| store.previous[*slot] == store.clock + *slot as u32 - 1;
        let slot = (0..4).rev().find(first).expect("a first access");
        step.previous[slot] = growth;
    }
    let mut backwards = early_forged(&recording);
    for leaf in backwards.cells.iter_mut().filter(|leaf| leaf.birth == birth) {
        leaf.first_clock = [birth; 2];
    }
    backwards.expect_as_is("backwards in time", &["bus range"]);
    assert!(backwards.traces.tables.iter().any(|trace| trace.table.id == TableId::Chip(Chip::MemoryGrow)));
}
