//! The buses: named multisets of messages that must balance over all tables.
//!
//! A send adds its count, a receive subtracts it, and a proof exists only when every message's
//! counts sum to zero. docs/buses.md lists producers, consumers and what keeps each bus sound.

use core::ops::{Add, Mul, Sub};

use p3_air::AirBuilder;
use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use p3_lookup::{Count, InteractionBuilder};

macro_rules! buses {
    ($($name:ident, $text:literal, [$($field:literal $(* $times:literal)?),* $(,)?], $doc:literal;)*) => {
        $(#[doc = $doc] pub const $name: &str = $text;)*

        /// Every bus: name, message fields (some with how many there are), what it carries.
        pub const ALL: &[(&str, &[&str], &str)] =
            &[$(($text, &[$(concat!($field $(, " (", $times, ")")?)),*], $doc),)*];

        /// Fields of the longest message on any bus.
        pub const FIELDS_MAX: usize = {
            let mut most = 0;
            $(
                let fields = 0 $(+ 1 $(* $times)?)*;
                if fields > most {
                    most = fields;
                }
            )*
            most
        };
    };
}

buses! {
    STATE, "state", ["pc", "fp", "clock"], "Where execution stands: one token, passed from instruction to instruction.";
    PROGRAM, "program", ["pc", "selector", "d", "a", "b", "i0", "i1", "i2", "i3"], "Fetches: the committed code.";
    MEMORY, "memory", ["address", "v0", "v1", "v2", "v3", "clock"], "Every cell's current value and the clock of its last access.";
    RANGE, "range", ["value", "bits"], "Values below 2^bits, for bits from 0 to 16.";
    AND, "and", ["a", "b", "a and b"], "Bytes and their conjunction.";
    BYTES, "bytes", ["a", "b"], "Pairs of bytes.";
    SHIFT, "shift", ["key", "amount", "routing", "bits", "power"], "How a shift by a register's amount moves limbs.";
    TREE, "tree", ["side", "level", "index", "birth", "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7"],
        "Nodes of the state tree above touched cells: digests before (side 0) and after (1), and of what stays (2).";
    GROWTH, "growth", ["from", "to", "clock"], "Sizes of the linear memory, in pages, and the clock of the growth from one to the other.";
    IO, "io", ["kind", "index", "v0", "v1", "v2", "v3"], "Arguments (kind 1) and results (kind 2) of the entry.";
    OUTCOME, "outcome", ["code", "low", "high"], "How the run ended: 0, a trap's code, or 255 and the limbs of the exit code.";
    SHA256, "sha256", ["clock", "step", "state" * 16, "sums" * 32], "States of SHA-256 within a call, and sums for the schedule's next words.";
    KECCAK, "keccak", ["clock", "round", "limbs" * 100], "States of Keccak-f, between the rounds of a call.";
    BLAKE3, "blake3", ["clock", "round", "state" * 32, "message" * 32], "States of BLAKE3 between the rounds of a call, with the message as it is then permuted.";
}

/// What every constraint builder here can do.
pub trait Builder: AirBuilder<F = KoalaBear> + InteractionBuilder {}

impl<B: AirBuilder<F = KoalaBear> + InteractionBuilder> Builder for B {}

/// What a cell of a row can do: `E` is the builder's expression type.
pub trait Var<E>:
    Copy
    + Into<E>
    + Add<KoalaBear, Output = E>
    + Add<Self, Output = E>
    + Add<E, Output = E>
    + Sub<KoalaBear, Output = E>
    + Sub<Self, Output = E>
    + Sub<E, Output = E>
    + Mul<KoalaBear, Output = E>
    + Mul<Self, Output = E>
    + Mul<E, Output = E>
{
}

impl<E, V> Var<E> for V where
    V: Copy
        + Into<E>
        + Add<KoalaBear, Output = E>
        + Add<V, Output = E>
        + Add<E, Output = E>
        + Sub<KoalaBear, Output = E>
        + Sub<V, Output = E>
        + Sub<E, Output = E>
        + Mul<KoalaBear, Output = E>
        + Mul<V, Output = E>
        + Mul<E, Output = E>
{
}

/// A constant of the field.
#[must_use]
pub fn constant<B: Builder>(value: u32) -> B::Expr {
    B::Expr::from_u32(value)
}

/// Sends `fields`, `active` times: 0 or 1, which the caller constrains.
pub fn send<B: Builder, const N: usize>(b: &mut B, bus: &str, fields: [B::Expr; N], active: B::Expr) {
    b.push_interaction(bus, fields, Count::bounded(active, 1));
}

/// Receives `fields`, `active` times: 0 or 1, which the caller constrains.
pub fn receive<B: Builder, const N: usize>(b: &mut B, bus: &str, fields: [B::Expr; N], active: B::Expr) {
    b.push_interaction(bus, fields, Count::bounded(-active, 1));
}

/// Provides `fields` for lookup as often as the prover says. The fields must be fixed or
/// constrained by their table: the count is free, what it counts is not.
pub fn provide<B: Builder, const N: usize>(b: &mut B, bus: &str, fields: [B::Expr; N], times: B::Expr) {
    b.push_interaction(bus, fields, Count::provided(-times));
}

/// Proves `value < 2^bits` where `active`.
pub fn range<B: Builder>(b: &mut B, value: B::Expr, bits: B::Expr, active: B::Expr) {
    send(b, RANGE, [value, bits], active);
}
