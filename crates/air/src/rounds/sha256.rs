//! The rounds of SHA-256.
//!
//! Given a call's clock, a state and a message on the bus, each row proves sixteen rounds: it takes the state before them and
//! gives the state after them, under the next step. The call's row gives the state before step 0 and takes that after
//! step 3; it adds the two.
//!
//! A row holds the bits of every word that its rounds make: a, e and the schedule's word. Rotations are wiring, the other
//! functions expressions, and a sum is right if what it exceeds its word by is a small multiple of 2^32: the carries out of
//! its two limbs are looked up as bytes. A word of the schedule is a sum of four words of the sixteen before it and of the
//! row itself. Of the former, the row that has their bits gives the sum as limbs, not reduced; in step 0 these limbs are the
//! message's own, byte by byte in the other order.
//!
//! Sound because a state before step 0 of a clock comes from the one instruction with this clock alone, and a
//! row gives the step after the one it takes: there is one chain, through 4 rows with the flags 0 to 3 in order. The last one
//! gives no sums of words, which only the call takes. The limbs of the state that come out are composed of bits; those that
//! go into the first row are registers', and all later ones come from rows.

use core::array::from_fn;

use p3_field::PrimeCharacteristicRing;
use provasm_isa::accel::sha256::{BIG_0, BIG_1, BLOCK, K, ROUNDS, SMALL_0, SMALL_1, STATE, Sigma};

use crate::bus::{self, Builder, Var, constant};
use crate::columns::wide_columns;
use crate::gadgets::bits::{choose, composed, xor};
use crate::gadgets::limbs::divided;

/// Rounds of a row.
const ROW: usize = BLOCK;

/// Rows of a call.
pub const STEPS: usize = ROUNDS / ROW;

/// Bits of a word.
const WORD: usize = 32;

/// Words before a row's own of which it has the bits.
const BEFORE: usize = 3;

/// Limbs of a state.
pub const STATE_LIMBS: usize = 2 * STATE;

/// Limbs of a message, or of sums for the words of a row.
pub const BLOCK_LIMBS: usize = 2 * BLOCK;

wide_columns! {
    /// Sixteen rounds.
    pub struct Sha256RoundCols<T>, Sha256RoundRow {
        /// Clock of the call.
        pub clock: T,
        /// 1 at the number of the step; in padding there is none.
        pub step: [T; STEPS],
        /// Bits of the words c, b and a before.
        pub before_a: [T; BEFORE * WORD],
        /// Bits of the words g, f and e before.
        pub before_e: [T; BEFORE * WORD],
        /// Limbs of the word d before.
        pub before_d: [T; 2],
        /// Limbs of the word h before.
        pub before_h: [T; 2],
        /// For each word of the row, the limbs of the sum of earlier words that goes into it; in step 0, the message.
        pub sums: [T; BLOCK_LIMBS],
        /// Bits of the schedule's words.
        pub words: [T; ROW * WORD],
        /// Bits of the word a after each round.
        pub a: [T; ROW * WORD],
        /// Bits of the word e after each round.
        pub e: [T; ROW * WORD],
    }
}

/// A message: the state before a step, and sums for its words.
pub(crate) fn message<E>(
    clock: E,
    step: E,
    state: [E; STATE_LIMBS],
    sums: [E; BLOCK_LIMBS],
) -> [E; 2 + STATE_LIMBS + BLOCK_LIMBS] {
    let mut fields = [clock, step].into_iter().chain(state).chain(sums);
    #[expect(clippy::expect_used, reason = "as many as are chained")]
    from_fn(|_| fields.next().expect("a field"))
}

/// The word with this number.
fn word<V>(bits: &[V], number: usize) -> &[V] {
    &bits[WORD * number..WORD * (number + 1)]
}

/// The two limbs of a word whose bits are given.
fn limbs<B: Builder>(bit: impl Fn(usize) -> B::Expr) -> [B::Expr; 2] {
    from_fn(|half| composed::<B>((16 * half..16 * half + 16).rev().map(&bit)))
}

/// The two limbs of a word.
fn limbs_of<B: Builder>(word: &[B::Var]) -> [B::Expr; 2] {
    limbs::<B>(|i| word[i].into())
}

/// A sigma function of a word.
fn sigma<B: Builder>(function: Sigma, word: &[B::Var]) -> [B::Expr; 2] {
    let [first, second, third] = function.by;
    limbs::<B>(|i| {
        let two = xor::<B>(word[(i + first) % WORD].into(), word[(i + second) % WORD].into());
        if function.shifts && i + third >= WORD { two } else { xor::<B>(two, word[(i + third) % WORD].into()) }
    })
}

fn sum<E: PrimeCharacteristicRing>(terms: impl IntoIterator<Item = [E; 2]>) -> [E; 2] {
    terms.into_iter().fold([E::ZERO, E::ZERO], |[low, high], [l, h]| [low + l, high + h])
}

/// Checks that a sum less its word is a multiple of 2^32, neither below `-least` times that nor much above.
fn check_sum<B: Builder>(b: &mut B, [low, high]: [B::Expr; 2], least: u32, active: &B::Expr) {
    let low = divided(low, 1 << 16);
    let high = divided(high + low.clone(), 1 << 16);
    // As bytes they are integers, and so small that the limbs cannot wrap around the field.
    let carry = |carry: B::Expr| carry + constant::<B>(least);
    bus::send(b, bus::BYTES, [carry(low), carry(high)], active.clone());
}

impl<V: Copy> Sha256RoundRow<'_, V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        let mut active = B::Expr::ZERO;
        let mut step = B::Expr::ZERO;
        for (&flag, number) in self.step.iter().zip(0..) {
            b.assert_bool(flag);
            active += flag.into();
            step += flag * constant::<B>(number);
        }
        // At most one flag, so that the constants are those of one step.
        b.assert_bool(active.clone());
        for &bit in self.before_a.iter().chain(self.before_e).chain(self.words).chain(self.a).chain(self.e) {
            b.assert_bool(bit);
        }

        let sums = self.sums.map(Into::into);
        bus::receive(
            b,
            bus::SHA256,
            message((*self.clock).into(), step.clone(), self.state::<B>(0), sums),
            active.clone(),
        );
        self.check_words(b, &active);
        for round in 0..ROW {
            self.check_round(b, round, &active);
        }
        // The last step gives the state alone.
        let [.., last] = *self.step;
        let sums = self.sums_after::<B>();
        let state = self.state::<B>(ROW);
        let step = step + B::Expr::ONE;
        bus::send(b, bus::SHA256, message((*self.clock).into(), step, state.clone(), sums), active - last);
        #[expect(clippy::cast_possible_truncation, reason = "4")]
        let end = constant::<B>(STEPS as u32);
        let zeros = from_fn(|_| B::Expr::ZERO);
        bus::send(b, bus::SHA256, message((*self.clock).into(), end, state, zeros), last.into());
    }

    /// Bits of the word a before a round, or as many rounds earlier.
    fn a(&self, round: usize, earlier: usize) -> &[V] {
        match (round + BEFORE - 1 - earlier).checked_sub(BEFORE) {
            Some(number) => word(self.a, number),
            None => word(self.before_a, round + BEFORE - 1 - earlier),
        }
    }

    /// Bits of the word e before a round, or as many rounds earlier.
    fn e(&self, round: usize, earlier: usize) -> &[V] {
        match (round + BEFORE - 1 - earlier).checked_sub(BEFORE) {
            Some(number) => word(self.e, number),
            None => word(self.before_e, round + BEFORE - 1 - earlier),
        }
    }

    /// Limbs of the words d and h before a round.
    fn d_and_h<B: Builder<Var = V>>(&self, round: usize) -> [[B::Expr; 2]; 2]
    where
        V: Var<B::Expr>,
    {
        match round {
            0 => [self.before_d.map(Into::into), self.before_h.map(Into::into)],
            _ => [limbs_of::<B>(self.a(round, BEFORE)), limbs_of::<B>(self.e(round, BEFORE))],
        }
    }

    /// Limbs of the state before a round.
    fn state<B: Builder<Var = V>>(&self, round: usize) -> [B::Expr; STATE_LIMBS]
    where
        V: Var<B::Expr>,
    {
        let [d, h] = self.d_and_h::<B>(round);
        let mut words = (0..BEFORE).map(|earlier| limbs_of::<B>(self.a(round, earlier))).chain([d]);
        let words: [[B::Expr; 2]; STATE / 2] = from_fn(|_| words.next().unwrap_or([B::Expr::ZERO, B::Expr::ZERO]));
        let mut others = (0..BEFORE).map(|earlier| limbs_of::<B>(self.e(round, earlier))).chain([h]);
        let others: [[B::Expr; 2]; STATE / 2] = from_fn(|_| others.next().unwrap_or([B::Expr::ZERO, B::Expr::ZERO]));
        let mut limbs = words.into_iter().chain(others).flatten();
        from_fn(|_| limbs.next().unwrap_or(B::Expr::ZERO))
    }

    /// Limbs of a round's constant.
    fn constant<B: Builder<Var = V>>(&self, round: usize) -> [B::Expr; 2]
    where
        V: Var<B::Expr>,
    {
        from_fn(|half| {
            let limb = |step: usize| constant::<B>(K[ROW * step + round] >> (16 * half) & 0xffff);
            self.step.iter().enumerate().fold(B::Expr::ZERO, |sum, (step, &flag)| sum + flag * limb(step))
        })
    }

    /// Checks the words a and e that a round makes.
    fn check_round<B: Builder<Var = V>>(&self, b: &mut B, round: usize, active: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        let [old_a, old_b, old_c] = from_fn(|earlier| self.a(round, earlier));
        let [old_e, old_f, old_g] = from_fn(|earlier| self.e(round, earlier));
        let [d, h] = self.d_and_h::<B>(round);
        let choice = limbs::<B>(|i| choose::<B>(old_e[i].into(), old_f[i].into(), old_g[i].into()));
        // Where a and b differ, c decides.
        let majority =
            limbs::<B>(|i| choose::<B>(xor::<B>(old_a[i].into(), old_b[i].into()), old_c[i].into(), old_a[i].into()));
        let new_a = limbs_of::<B>(word(self.a, round));
        let new_e = limbs_of::<B>(word(self.e, round));
        let added = limbs_of::<B>(word(self.words, round));
        let minus = |[low, high]: [B::Expr; 2]| [-low, -high];
        let first = [d.clone(), h, sigma::<B>(BIG_1, old_e), choice, self.constant::<B>(round), added];
        check_sum(b, sum(first.into_iter().chain([minus(new_e.clone())])), 0, active);
        // e less d is the first of the two sums that a is made of.
        check_sum(b, sum([new_e, minus(d), sigma::<B>(BIG_0, old_a), majority, minus(new_a)]), 1, active);
    }

    /// Checks the words of the schedule.
    fn check_words<B: Builder<Var = V>>(&self, b: &mut B, active: &B::Expr)
    where
        V: Var<B::Expr>,
    {
        let [first, ..] = *self.step;
        let later = active.clone() - first;
        let words = self.words;
        for i in 0..ROW {
            let given = [self.sums[2 * i], self.sums[2 * i + 1]];
            // The message's bytes are in the opposite order.
            let bytes = |limb: usize| {
                let byte = |byte: usize| (8 * byte..8 * byte + 8).rev().map(|bit| word(words, i)[bit].into());
                composed::<B>(byte(2 - 2 * limb).chain(byte(3 - 2 * limb)))
            };
            for (limb, &given) in given.iter().enumerate() {
                b.assert_zero((bytes(limb) - given) * first);
            }
            let mut terms = [Some(given.map(Into::into)), None, None, None];
            if i >= 2 {
                terms[1] = Some(sigma::<B>(SMALL_1, word(words, i - 2)));
            }
            if i >= 7 {
                terms[2] = Some(limbs_of::<B>(word(words, i - 7)));
            }
            if i >= 15 {
                terms[3] = Some(sigma::<B>(SMALL_0, word(words, i - 15)));
            }
            let [low, high] = limbs_of::<B>(word(words, i));
            check_sum(b, sum(terms.into_iter().flatten().chain([[-low, -high]])), 0, &later);
        }
    }

    /// For each word of the next row, the sum of this row's words that goes into it.
    fn sums_after<B: Builder<Var = V>>(&self) -> [B::Expr; BLOCK_LIMBS]
    where
        V: Var<B::Expr>,
    {
        let sums: [[B::Expr; 2]; BLOCK] = from_fn(|i| {
            let mut terms = [Some(limbs_of::<B>(word(self.words, i))), None, None, None];
            if i + 1 < BLOCK {
                terms[1] = Some(sigma::<B>(SMALL_0, word(self.words, i + 1)));
            }
            if i + 9 < BLOCK {
                terms[2] = Some(limbs_of::<B>(word(self.words, i + 9)));
            }
            if i + 14 < BLOCK {
                terms[3] = Some(sigma::<B>(SMALL_1, word(self.words, i + 14)));
            }
            sum(terms.into_iter().flatten())
        });
        let mut limbs = sums.into_iter().flatten();
        from_fn(|_| limbs.next().unwrap_or(B::Expr::ZERO))
    }
}
