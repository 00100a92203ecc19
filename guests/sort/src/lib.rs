//! The standard library's unstable sort: data-dependent branches over a growing heap allocation.

use guest_fixture::{Checksum, Xorshift};

/// Sorts `n` generated 32-bit numbers and returns a checksum of the sorted sequence.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn sort(n: u32) -> u64 {
    let mut generator = Xorshift::new();
    let mut numbers: Vec<u32> = (0..n).map(|_| generator.next_u32()).collect();
    numbers.sort_unstable();
    let mut checksum = Checksum::new();
    for number in numbers {
        checksum.word(u64::from(number));
    }
    checksum.value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_a_stable_sort() {
        let mut generator = Xorshift::new();
        let mut numbers = [0; 300].map(|_: u32| generator.next_u32());
        numbers.sort();
        let mut checksum = Checksum::new();
        numbers
            .iter()
            .for_each(|&number| checksum.word(u64::from(number)));
        assert_eq!(sort(300), checksum.value());
    }
}
