//! Runs programs where there is no provasm: for their tests.

pub(crate) mod blake3;
pub(crate) mod keccak;
pub(crate) mod modmul;
pub(crate) mod poseidon2;
pub(crate) mod sha256;

use alloc::{boxed::Box, vec::Vec};
use core::cell::RefCell;
use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    thread_local,
};

/// What a program did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The public output.
    pub output: Vec<u8>,
    /// The code it gave to `exit`; none if it returned.
    pub exit_code: Option<i32>,
}

#[derive(Default)]
pub(crate) struct Host {
    pub(crate) input: Vec<u8>,
    pub(crate) private: Vec<u8>,
    /// How much of the private input was read.
    pub(crate) private_at: usize,
    pub(crate) output: Vec<u8>,
}

thread_local! {
    static HOST: RefCell<Host> = RefCell::default();
}

/// What a call of `exit` unwinds with.
struct Exit(i32);

pub(crate) fn with<T>(act: impl FnOnce(&mut Host) -> T) -> T {
    HOST.with_borrow_mut(act)
}

/// Runs a program with these inputs, in this thread.
///
/// # Panics
///
/// Where the program does.
pub fn run(input: &[u8], private: &[u8], main: impl FnOnce()) -> Run {
    with(|host| *host = Host { input: input.to_vec(), private: private.to_vec(), ..Host::default() });
    let exit_code = catch_unwind(AssertUnwindSafe(main)).err().map(|payload| match payload.downcast::<Exit>() {
        Ok(exit) => exit.0,
        Err(panic) => resume_unwind(panic),
    });
    Run { output: with(core::mem::take).output, exit_code }
}

/// Ends the run with this exit code. The code is part of what is proven.
pub fn exit(code: i32) -> ! {
    resume_unwind(Box::new(Exit(code)))
}
