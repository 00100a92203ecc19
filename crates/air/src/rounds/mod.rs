//! Tables of the rounds of accelerators.
//!
//! The row of a call sends what it begins with, under its clock, and receives what it ends with. Rows of
//! rounds stand for themselves: they are linked by messages alone and lie in any order.

pub mod blake3;
pub mod keccak;
pub mod sha256;

use provasm_isa::{Chip, accel};

macro_rules! rounds {
    ($($name:ident, $table:literal, $rows:expr, $doc:literal;)*) => {
        /// Which rounds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rounds { $(#[doc = $doc] $name,)* }

        impl Rounds {
            /// All of them, in table order.
            pub const ALL: &'static [Rounds] = &[$(Rounds::$name,)*];
            /// How many there are.
            pub const COUNT: usize = Rounds::ALL.len();

            /// The chip whose calls they are.
            #[must_use]
            pub const fn chip(self) -> Chip {
                match self { $(Rounds::$name => Chip::$name,)* }
            }

            /// Rows of a call.
            #[must_use]
            pub const fn rows(self) -> usize {
                match self { $(Rounds::$name => $rows,)* }
            }

            /// The name in reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Rounds::$name => $table,)* }
            }
        }
    };
}

rounds! {
    Sha256, "Sha256Rounds", sha256::STEPS, "Of SHA-256, sixteen in a row.";
    Keccak, "KeccakRounds", accel::keccak::ROUNDS, "Of Keccak-f\\[1600\\].";
    Blake3, "Blake3Rounds", accel::blake3::ROUNDS, "Of BLAKE3.";
}
