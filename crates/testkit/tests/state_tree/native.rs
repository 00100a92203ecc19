//! The tree that is kept from segment to segment against one that is computed anew from all cells, and its
//! compression against Plonky3's permutation.

use std::collections::BTreeMap;

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use p3_koala_bear::default_koalabear_poseidon2_16;
use p3_symmetric::Permutation;
use provasm_air::KoalaBear as F;
use provasm_air::tree::{DIGEST, Digest, Hasher};
use provasm_execute::{BLOCK_CELLS, CellBlock, Position, Recording};
use provasm_isa::layout::{LINK_BASE, PAGE_CELLS, REGISTER_BASE, STATIC_BASE, TREE_DEPTH};
use provasm_program::Program;
use provasm_testkit::Random;
use provasm_testkit::assemble::Assembly;
use provasm_trace::StateTree;

fn compress(left: &Digest, right: &Digest) -> Digest {
    let input: [F; 2 * DIGEST] = core::array::from_fn(|i| if i < DIGEST { left[i] } else { right[i - DIGEST] });
    let output = default_koalabear_poseidon2_16().permute(input);
    core::array::from_fn(|i| output[i] + input[i])
}

/// The limbs of a cell: four of 16 bits, or two of 32 that a link is made of.
fn limbs(address: u32, value: u64) -> [F; 4] {
    let bits = if address >= LINK_BASE { 32 } else { 16 };
    let limb = |i: u32| if bits * i < 64 { value >> (bits * i) & ((1 << bits) - 1) } else { 0 };
    core::array::from_fn(|i| F::from_u64(limb(i as u32)))
}

/// Digests of subtrees without cells, by level.
struct Zeros(Vec<Digest>);

impl Zeros {
    fn new() -> Self {
        let mut zeros = vec![[F::ZERO; DIGEST]];
        for level in 0..TREE_DEPTH as usize {
            zeros.push(compress(&zeros[level], &zeros[level]));
        }
        Self(zeros)
    }

    /// The digest of a node over these cells, of which it holds those that lie below it.
    fn digest(&self, level: u32, index: u32, cells: &BTreeMap<u32, u64>) -> Digest {
        let below = |level: u32, index: u32| {
            let first = u64::from(index) << (level + 1);
            first as u32..=(first + (2 << level) - 1) as u32
        };
        if cells.range(below(level, index)).next().is_none() {
            return self.0[level as usize];
        }
        if level == 0 {
            let cell = |address: u32| limbs(address, cells.get(&address).copied().unwrap_or(0));
            let (first, second) = (cell(2 * index), cell(2 * index + 1));
            return core::array::from_fn(|i| if i < 4 { first[i] } else { second[i - 4] });
        }
        compress(&self.digest(level - 1, 2 * index, cells), &self.digest(level - 1, 2 * index + 1, cells))
    }
}

/// A segment that writes these cells.
fn recording(cells: &BTreeMap<u32, u64>, writes: &BTreeMap<u32, u64>) -> Recording {
    let number = |address: u32| address / BLOCK_CELLS as u32;
    let mut blocks: BTreeMap<u32, CellBlock> = BTreeMap::new();
    for (&address, &value) in writes {
        let number = number(address);
        let block = blocks.entry(number).or_insert_with(|| {
            let cell = |i: usize| cells.get(&(number * BLOCK_CELLS as u32 + i as u32)).copied().unwrap_or(0);
            let before = core::array::from_fn(cell);
            CellBlock { number, before, after: before, first_clock: [0; BLOCK_CELLS], last_clock: [0; BLOCK_CELLS] }
        });
        block.after[address as usize % BLOCK_CELLS] = value;
        block.last_clock[address as usize % BLOCK_CELLS] = 5;
    }
    let nowhere = Position { pc: 0, fp: 0 };
    Recording {
        index: 0,
        args: Vec::new(),
        begin: nowhere,
        end: nowhere,
        outcome: None,
        instructions: 1,
        end_clock: 8,
        pages: 65_536,
        windows: Vec::new(),
        steps: Vec::new(),
        bridges: Vec::new(),
        blocks: blocks.into_values().collect(),
        grows: Vec::new(),
    }
}

/// An address of each kind of cell, often near others.
fn address(random: &mut Random) -> u32 {
    let near = [4, 64, 4096, 1 << 19][random.below(4)];
    let offset = random.below(near) as u32;
    match random.below(6) {
        0 => offset,
        1 => 3 * PAGE_CELLS - 8 + offset % 16,
        2 => (1 << 29) - 1 - offset,
        3 => STATIC_BASE + offset,
        4 => REGISTER_BASE + offset,
        _ => LINK_BASE + offset,
    }
}

fn program(random: &mut Random) -> Program {
    let mut assembly = Assembly::new(65_536, 65_536);
    for _ in 0..40 {
        assembly.data(address(random) % (1 << 29), random.next_u64());
    }
    for _ in 0..70 {
        assembly.static_cell(random.next_u64() >> 40);
    }
    assembly.finish()
}

#[test]
fn writes_lead_to_the_tree_of_the_cells() {
    let zeros = Zeros::new();
    let mut random = Random::new(0x7ee);
    for _ in 0..6 {
        let program = program(&mut random);
        let mut cells: BTreeMap<u32, u64> = program.cells.iter().map(|cell| (cell.address, cell.value)).collect();
        let mut tree = StateTree::new(&program);
        assert_eq!(tree.root(), zeros.digest(TREE_DEPTH, 0, &cells));
        for _ in 0..8 {
            // Some write nothing new, some write zeros back.
            let mut writes = BTreeMap::new();
            for _ in 0..1 + random.below(60) {
                let known = cells.keys().nth(random.below(cells.len())).copied().expect("a cell");
                let address = if random.below(3) == 0 { known } else { address(&mut random) };
                let old = cells.get(&address).copied().unwrap_or(0);
                let value = [0, old, random.next_u64(), random.next_u64() & 0xffff][random.below(4)];
                // Links hold numbers of instructions and frames, which are field elements.
                writes.insert(address, if address >= LINK_BASE { value & 0x3fff_ffff_3fff_ffff } else { value });
            }
            let before = tree.root();
            let walk = tree.advance(&recording(&cells, &writes));
            cells.extend(writes);
            assert_eq!((walk.root_before, walk.root_after), (before, tree.root()));
            assert_eq!(tree.root(), zeros.digest(TREE_DEPTH, 0, &cells), "{} cells", cells.len());
        }
    }
}

#[test]
fn zeros_have_the_digests_of_zeros() {
    let (zeros, hasher) = (Zeros::new(), Hasher::default());
    for level in 0..=TREE_DEPTH {
        assert_eq!(hasher.zero(level), &zeros.0[level as usize], "level {level}");
    }
    // Written, and written back.
    let mut tree = StateTree::new(&Assembly::new(0, 0).finish());
    let root = tree.root();
    assert_eq!(root, zeros.0[TREE_DEPTH as usize], "a memory of no pages is a zero");
    let (nothing, five, zero) = (BTreeMap::new(), BTreeMap::from([(9, 5)]), BTreeMap::from([(9, 0)]));
    assert_ne!(tree.advance(&recording(&nothing, &five)).root_after, root);
    assert_eq!(tree.advance(&recording(&five, &zero)).root_after, root);
}

#[test]
fn compression_is_that_of_the_paper() {
    let hasher = Hasher::default();
    let mut random = Random::new(0xc0);
    for _ in 0..20 {
        let mut digest = || -> Digest { core::array::from_fn(|_| F::from_u64(random.next_u64())) };
        let (left, right) = (digest(), digest());
        assert_eq!(hasher.compress(&left, &right), compress(&left, &right));
        assert_ne!(hasher.compress(&left, &right), hasher.compress(&right, &left));
    }
    // The digest of two zeros, as Plonky3 0.9 computes it: another permutation would be another format.
    let zero = [F::ZERO; DIGEST];
    let known: [u32; DIGEST] =
        [1_467_453_764, 68_262_570, 2_085_334_433, 1_711_169_726, 869_537_427, 698_494_029, 1_998_923_102, 727_938_840];
    assert_eq!(hasher.compress(&zero, &zero).map(|element| element.as_canonical_u32()), known);
}
