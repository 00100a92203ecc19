//! Stands in for the crate `keccak` 0.2: Keccak-f\[1600\] is provasm's. The smaller permutations, and those with other
//! numbers of rounds, are computed. The feature `parallel` is not here.
#![no_std]

mod rounds;

use rounds::permute;

/// Lanes of a state.
pub const PLEN: usize = 25;
/// Rounds of Keccak-f\[200\].
pub const F200_ROUNDS: usize = 18;
/// Rounds of Keccak-f\[400\].
pub const F400_ROUNDS: usize = 20;
/// Rounds of Keccak-f\[800\].
pub const F800_ROUNDS: usize = 22;
/// Rounds of Keccak-f\[1600\].
pub const F1600_ROUNDS: usize = 24;

/// A state of 200 bits.
pub type State200 = [u8; PLEN];
/// A state of 400 bits.
pub type State400 = [u16; PLEN];
/// A state of 800 bits.
pub type State800 = [u32; PLEN];
/// A state of 1600 bits.
pub type State1600 = [u64; PLEN];

/// A permutation of 200 bits.
pub type Fn200 = fn(&mut State200);
/// A permutation of 400 bits.
pub type Fn400 = fn(&mut State400);
/// A permutation of 800 bits.
pub type Fn800 = fn(&mut State800);
/// A permutation of 1600 bits.
pub type Fn1600 = fn(&mut State1600);

/// What is to be done with a backend.
pub trait BackendClosure {
    /// Does it.
    fn call_once<B: Backend>(self);
}

/// How permutations are computed. There is one way.
pub trait Backend {
    /// The last `ROUNDS` rounds of Keccak-f\[1600\].
    #[must_use]
    fn get_p1600<const ROUNDS: usize>() -> Fn1600;

    /// Keccak-f\[1600\].
    #[must_use]
    fn get_f1600() -> Fn1600 {
        Self::get_p1600::<F1600_ROUNDS>()
    }
}

struct Accelerated;

impl Backend for Accelerated {
    fn get_p1600<const ROUNDS: usize>() -> Fn1600 {
        if ROUNDS == F1600_ROUNDS { provasm_guest::keccak_f1600 } else { permute::<u64, ROUNDS> }
    }
}

/// Gives permutations to closures.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keccak(());

impl Keccak {
    /// The only one.
    #[must_use]
    pub fn new() -> Self {
        Self(())
    }

    /// Calls with the backend.
    pub fn with_backend(&self, closure: impl BackendClosure) {
        closure.call_once::<Accelerated>();
    }

    /// Calls with Keccak-f\[200\].
    pub fn with_f200(&self, call: impl FnOnce(Fn200)) {
        self.with_p200::<F200_ROUNDS>(call);
    }

    /// Calls with Keccak-f\[400\].
    pub fn with_f400(&self, call: impl FnOnce(Fn400)) {
        self.with_p400::<F400_ROUNDS>(call);
    }

    /// Calls with Keccak-f\[800\].
    pub fn with_f800(&self, call: impl FnOnce(Fn800)) {
        self.with_p800::<F800_ROUNDS>(call);
    }

    /// Calls with Keccak-f\[1600\].
    pub fn with_f1600(&self, call: impl FnOnce(Fn1600)) {
        self.with_p1600::<F1600_ROUNDS>(call);
    }

    /// Calls with the last `ROUNDS` rounds of Keccak-f\[200\].
    pub fn with_p200<const ROUNDS: usize>(&self, call: impl FnOnce(Fn200)) {
        call(permute::<u8, ROUNDS>);
    }

    /// Calls with the last `ROUNDS` rounds of Keccak-f\[400\].
    pub fn with_p400<const ROUNDS: usize>(&self, call: impl FnOnce(Fn400)) {
        call(permute::<u16, ROUNDS>);
    }

    /// Calls with the last `ROUNDS` rounds of Keccak-f\[800\].
    pub fn with_p800<const ROUNDS: usize>(&self, call: impl FnOnce(Fn800)) {
        call(permute::<u32, ROUNDS>);
    }

    /// Calls with the last `ROUNDS` rounds of Keccak-f\[1600\].
    pub fn with_p1600<const ROUNDS: usize>(&self, call: impl FnOnce(Fn1600)) {
        call(Accelerated::get_p1600::<ROUNDS>());
    }
}
