//! WebAssembly's float and SIMD operators as routines on integers.
//!
//! The compiler links a routine into a program that uses its operator. A routine is exported under the
//! operator's name; it takes and gives the bits of its operands as i32 and i64, calls at most other
//! routines, and uses nothing else of a module: no memory, no globals, no tables, no imports. It computes
//! without float instructions, does not recurse and ends always.
//!
//! - Arithmetic and conversions of floats are those of `compiler_builtins`, the square root is that of `libm`
//!   ([compiler-builtins](https://github.com/rust-lang/compiler-builtins); MIT, or Apache 2.0 with the LLVM
//!   exception). Comparisons, minimum, maximum and rounding to integers are bit logic written here.
//! - A NaN that is computed is the canonical one. `pmin` and `pmax` select and keep the NaN they select.
//! - Wider values are two halves of 64 bits. A routine with the name of a vector operator works on one half of
//!   its operands unless its comment says otherwise; lanes count from the low bits.
//!
//! The tests that hold the routines to the operators are in `crates/testkit/tests/runtime.rs`.
#![no_std]
// Lets the routines of compiler_builtins, which is compiled like this, be inlined into those here.
#![no_builtins]

/// Defines exported routines.
macro_rules! routines {
    ($($name:expr, $function:ident($($argument:ident: $type:ty),*) -> $result:ty { $($body:tt)* })*) => { $(
        #[doc = concat!("`", $name, "`.")]
        #[allow(unsafe_code, reason = "exporting under a name")]
        #[unsafe(export_name = $name)]
        pub extern "C" fn $function($($argument: $type),*) -> $result { $($body)* }
    )* };
}

pub mod float;
pub mod lane;
pub mod vector;
pub mod wide;

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
