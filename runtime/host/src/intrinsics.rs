//! What the processor gives to routines: imports that the compiler replaces by an instruction each.
#![allow(unsafe_code, reason = "calling imports")]

mod import {
    #[link(wasm_import_module = "host")]
    unsafe extern "C" {
        pub(super) safe fn get(cell: u32) -> u64;
        pub(super) safe fn set(cell: u32, value: u64);
        pub(super) safe fn hint(kind: u32) -> u64;
        pub(super) safe fn exit(code: u32);
        pub(super) safe fn refuse();
        pub(super) safe fn log(at: u32, length: u32);
    }
}

/// The value of a cell of the host region.
pub(crate) fn get(cell: u32) -> u64 {
    import::get(cell)
}

/// Sets a cell of the host region.
pub(crate) fn set(cell: u32, value: u64) {
    import::set(cell, value);
}

/// Bytes of private input that were not taken. The prover can say anything.
pub(crate) fn private_left() -> u64 {
    import::hint(0)
}

/// Takes the next eight bytes of private input, or as many as are left with zeros above them. The prover can give
/// anything.
pub(crate) fn private_word() -> u64 {
    import::hint(1)
}

/// Ends the run with an exit code. The caller returns at once, for what follows is never reached.
pub(crate) fn exit(code: u32) {
    import::exit(code);
}

/// Ends the run with the trap "host call refused". The caller returns at once, for what follows is never reached.
pub(crate) fn refuse() {
    import::refuse();
}

/// Shows bytes of memory to who executes the program.
pub(crate) fn log(at: u32, length: u32) {
    import::log(at, length);
}

/// Bytes of memory.
pub(crate) fn memory_bytes() -> u64 {
    (core::arch::wasm32::memory_size(0) as u64) << 16
}
