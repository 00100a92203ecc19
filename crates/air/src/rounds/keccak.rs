//! The rounds of Keccak-f\[1600\].
//!
//! Given a call's clock and a state on the bus, each row proves one round: it takes the state before the round and gives the
//! state after it, under the next number. The call's row gives the state before round 0 and takes that before round 24.
//!
//! A row holds the bits after theta and what theta adds, which is the same for all lanes of a column. The exclusive or of
//! the two is the state before, so nothing else is stored of it; rho and pi are wiring; chi is an expression. That theta adds
//! the right thing is shown by sums. With `c(x, z)` the sum of the five bits after theta in a column and of the bit that
//! theta added to them, which is as odd as the column was before theta, theta adds `e(x, z)` if and only if
//! `e(x, z) + c(x - 1, z) + c(x + 1, z - 1)` is even.
//!
//! Sound because a state before round 0 of a clock comes from the one instruction with this clock alone, and a
//! row gives the number after the one it takes: there is one chain, through 24 rows with the flags 0 to 23 in order. A row
//! that is skipped, repeated or of another call takes a message that is not there, or leaves one that nobody takes. Limbs
//! that come out are numbers of 16 bits, as chi of bits is a bit.

use p3_field::PrimeCharacteristicRing;
use provasm_isa::accel::keccak::{LANES, ROTATIONS, ROUND_CONSTANTS, ROUNDS, pi_source};

use crate::bus::{self, Builder, Var, constant};
use crate::columns::wide_columns;
use crate::gadgets::bits::{composed, xor};
use crate::gadgets::limbs::divided;

/// Bits of a lane.
const LANE: usize = 64;

/// Lanes in a row of lanes, and in a column.
const SIDE: usize = 5;

/// Limbs of a state.
pub const LIMBS: usize = 4 * LANES;

/// Bits of a round constant that are not 0 in every round.
pub const CONSTANT_BITS: [usize; 7] = [0, 1, 3, 7, 15, 31, 63];

wide_columns! {
    /// A round.
    pub struct KeccakRoundCols<T>, KeccakRoundRow {
        /// Clock of the call.
        pub clock: T,
        /// 1 at the round's number; in padding there is none.
        pub round: [T; ROUNDS],
        /// Bits of what theta adds to the lanes with an x: bit z is at 64 x + z.
        pub effect: [T; SIDE * LANE],
        /// Bits of the state after theta: bit z of a lane is at 64 times the lane's number, plus z.
        pub mixed: [T; LANES * LANE],
        /// The [`CONSTANT_BITS`] of lane 0 after chi, before iota.
        pub plain: [T; CONSTANT_BITS.len()],
    }
}

/// A message: the state before a round.
pub(crate) fn message<E>(clock: E, round: E, limb: impl FnMut(usize) -> E) -> [E; 2 + LIMBS] {
    let mut fields = [clock, round].into_iter().chain((0..LIMBS).map(limb));
    #[expect(clippy::expect_used, reason = "as many as are chained")]
    core::array::from_fn(|_| fields.next().expect("a field"))
}

impl<V: Copy> KeccakRoundRow<'_, V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        let mut active = B::Expr::ZERO;
        let mut round = B::Expr::ZERO;
        for (&flag, number) in self.round.iter().zip(0..) {
            b.assert_bool(flag);
            active += flag.into();
            round += flag * constant::<B>(number);
        }
        // At most one flag, so that a round has one constant.
        b.assert_bool(active.clone());
        for &bit in self.effect.iter().chain(self.mixed) {
            b.assert_bool(bit);
        }
        self.check_effect(b, &active);

        let before = message((*self.clock).into(), round.clone(), |i| {
            self.limb::<B>(i, |lane, bit| self.before::<B>(lane, bit))
        });
        bus::receive(b, bus::KECCAK, before, active.clone());
        for (&plain, bit) in self.plain.iter().zip(CONSTANT_BITS) {
            b.assert_eq(plain, self.chi::<B>(0, bit));
        }
        let after = message((*self.clock).into(), round + B::Expr::ONE, |i| {
            self.limb::<B>(i, |lane, bit| self.after::<B>(lane, bit))
        });
        bus::send(b, bus::KECCAK, after, active);
    }

    /// Checks what theta adds: 13 bits have an even sum, half of which is looked up as a byte.
    fn check_effect<B: Builder<Var = V>>(&self, b: &mut B, active: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        let column = |x: usize, z: usize| {
            (0..SIDE)
                .fold(self.effect[LANE * x + z].into(), |sum: B::Expr, y| sum + self.mixed[LANE * (x + SIDE * y) + z])
        };
        let columns: [B::Expr; SIDE * LANE] = core::array::from_fn(|i| column(i / LANE, i % LANE));
        let half = |x: usize, z: usize| {
            let left = &columns[LANE * ((x + SIDE - 1) % SIDE) + z];
            let right = &columns[LANE * ((x + 1) % SIDE) + (z + LANE - 1) % LANE];
            divided(left.clone() + right.clone() + self.effect[LANE * x + z], 2)
        };
        for x in 0..SIDE {
            for z in (0..LANE).step_by(2) {
                bus::send(b, bus::BYTES, [half(x, z), half(x, z + 1)], active.clone());
            }
        }
    }

    /// A limb of a state whose bits are given.
    fn limb<B: Builder<Var = V>>(&self, limb: usize, bit: impl Fn(usize, usize) -> B::Expr) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        composed::<B>((0..16).rev().map(|i| bit(limb / 4, 16 * (limb % 4) + i)))
    }

    /// A bit of a lane before theta.
    fn before<B: Builder<Var = V>>(&self, lane: usize, bit: usize) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        xor::<B>(self.mixed[LANE * lane + bit].into(), self.effect[LANE * (lane % SIDE) + bit].into())
    }

    /// A bit of a lane after rho and pi.
    fn moved(&self, lane: usize, bit: usize) -> V {
        let source = pi_source(lane);
        self.mixed[LANE * source + (bit + LANE - ROTATIONS[source] as usize) % LANE]
    }

    /// A bit of a lane after chi.
    fn chi<B: Builder<Var = V>>(&self, lane: usize, bit: usize) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        let beside = |distance: usize| self.moved((lane + distance) % SIDE + lane / SIDE * SIDE, bit);
        let (first, second) = (beside(1), beside(2));
        // Not the first, and the second.
        xor::<B>(self.moved(lane, bit).into(), second - first * second)
    }

    /// A bit of a lane after iota.
    fn after<B: Builder<Var = V>>(&self, lane: usize, bit: usize) -> B::Expr
    where
        V: Var<B::Expr>,
    {
        match CONSTANT_BITS.iter().position(|&flipped| lane == 0 && flipped == bit) {
            Some(position) => {
                let rounds = self.round.iter().zip(ROUND_CONSTANTS).filter(|(_, constant)| constant >> bit & 1 == 1);
                let flip = rounds.fold(B::Expr::ZERO, |flip, (&flag, _)| flip + flag);
                xor::<B>(self.plain[position].into(), flip)
            }
            None => self.chi::<B>(lane, bit),
        }
    }
}
