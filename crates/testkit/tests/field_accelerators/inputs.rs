//! Inputs of the accelerators: numbers at the edges, and random ones.

use provasm_isa::accel::modmul::{Integer, MODULI};
use provasm_testkit::Random;

/// A random integer.
pub(crate) fn integer(random: &mut Random) -> Integer {
    [(); 4].map(|()| random.next_u64())
}

/// `x + added` modulo 2^256.
fn plus(x: Integer, added: i64) -> Integer {
    let mut carry = i128::from(added);
    x.map(|limb| {
        carry += i128::from(limb);
        let sum = carry as u64;
        carry >>= 64;
        sum
    })
}

/// Integers at the edges of a modulus, of limbs and of the whole range.
pub(crate) fn edges(modulus: usize) -> Vec<Integer> {
    let prime = MODULI[modulus];
    let near = |x: Integer| [-2, -1, 0, 1].map(|added| plus(x, added));
    let powers = [(0, 16), (1, 0), (2, 0), (3, 0), (3, 63)].map(|(limb, bit)| {
        let mut power = [0; 4];
        power[limb] = 1 << bit;
        power
    });
    near([0; 4]).into_iter().chain(near(prime)).chain(powers.into_iter().flat_map(near)).collect()
}

/// The window of a multiplication.
pub(crate) fn window(a: &Integer, b: &Integer) -> [u64; 8] {
    core::array::from_fn(|i| if i < 4 { a[i] } else { b[i - 4] })
}

/// The order of the field.
pub(crate) const ORDER: u32 = 0x7f00_0001;

/// A window of 16 words, some of them at the edges of the field and beyond it.
pub(crate) fn words(random: &mut Random) -> [u64; 8] {
    let edges =
        [0, 1, ORDER - 1, ORDER, ORDER + 1, 2 * ORDER - 1, 2 * ORDER, 2 * ORDER + 1, u32::MAX, 0xffff, 0x1_0000];
    let mut word = || {
        let at = random.below(2 * edges.len());
        u64::from(edges.get(at).copied().unwrap_or(random.next_u64() as u32))
    };
    [(); 8].map(|()| word() | word() << 32)
}

/// A window whose first word is this, and zero elsewhere.
pub(crate) fn nonce(first: u32) -> [u64; 8] {
    [first.into(), 0, 0, 0, 0, 0, 0, 0]
}

/// First words whose permutation has the largest element, found by trying, and where.
pub(crate) const LARGEST_OUTPUTS: [(u32, usize); 2] = [(127_963_395, 4), (647_736_834, 1)];
