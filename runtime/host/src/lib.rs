//! The host interface and WASI preview 1 as routines.
//!
//! The compiler links a routine into a program that imports it, in place of the import. A routine is exported as
//! `module.field`. It works on the program's own memory and on the host region, cells outside of that memory
//! ([`region`]); nothing else exists for it: no stack in memory, no globals, no data, no tables. So a routine has no
//! arrays, no strings and no references, and nothing in it can panic.
//!
//! What a routine does is proven like the rest of the program. Only [`intrinsics::private_left`],
//! [`intrinsics::private_word`] and [`intrinsics::log`] are the prover's word, or nobody's.
//!
//! The tests are in `crates/testkit/tests/host`.
#![no_std]
// A loop that copies must stay one: there is no memcpy to call.
#![no_builtins]

/// Defines exported routines.
macro_rules! routines {
    ($($name:literal, $function:ident($($argument:ident: $type:ty),*) $(-> $result:ty)? { $($body:tt)* })*) => { $(
        #[doc = concat!("`", $name, "`.")]
        #[allow(unsafe_code, reason = "exporting under a name")]
        #[unsafe(export_name = $name)]
        pub extern "C" fn $function($($argument: $type),*) $(-> $result)? { $($body)* }
    )* };
}

mod intrinsics;
mod memory;
pub mod provasm;
mod region;
pub mod wasi;

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
