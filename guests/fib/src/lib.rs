//! Fibonacci numbers by plain recursion: a guest made of calls, branches and 64-bit additions.

use core::hint::black_box;

/// The `n`-th Fibonacci number modulo 2^64, by the doubly recursive definition, starting 0, 1, 1, 2.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
#[inline(never)]
pub extern "C" fn fib(n: u32) -> u64 {
    if n < 2 {
        u64::from(n)
    } else {
        // The black boxes keep the compiler from turning one of the two calls into a loop.
        black_box(fib(n - 1)).wrapping_add(black_box(fib(n - 2)))
    }
}

#[cfg(test)]
mod tests {
    use super::fib;

    #[test]
    fn first_numbers() {
        let numbers: Vec<u64> = (0..10).map(|n| fib(n)).collect();
        assert_eq!(numbers, [0, 1, 1, 2, 3, 5, 8, 13, 21, 34]);
    }
}
