//! The rounds of BLAKE3.
//!
//! Given a call's clock, a state and a message on the bus, each row proves one round: it takes the state before the round and
//! gives the state after it with the message permuted, under the next number. The call's row gives what is before round 0 and
//! takes what is before round 7.
//!
//! Words are bytes, looked up in pairs with their conjunction, from which the exclusive or follows; every byte is looked up,
//! here or, of what comes out, by who takes it. A sum is right if what it exceeds its word by is a small multiple of 2^32,
//! limb by limb. Rotations by 16 and 8 move bytes. Rotations by 12 and 7 are by 16 and 8, and then by 4 and 1 to the left:
//! each byte gives its high bits to the next one, and the result must be bytes. In 16 bits, that is `z = 2^k y - 2^16 h + l`
//! with `h` the high bits of `y`, `l` those of the other half, both below 2^k: only the right `h` brings `z` below 2^16. So
//! the high bits of the odd bytes are checked, and those of the even ones follow, as the bytes of `z` are unique; where
//! `z` is used as limbs alone the latter are not there at all.
//!
//! Sound because a state before round 0 of a clock comes from the one instruction with this clock alone, a row gives the
//! number after the one it takes, and there are fewer rows than would bring the number around the field: there is one chain,
//! from 0 to the 7 that the call takes.

use core::array::from_fn;

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_isa::accel::blake3::{PERMUTATION, STATE};

use crate::bus::{self, Builder, Var, constant};
use crate::columns::wide_columns;
use crate::gadgets::limbs::divided;

/// Limbs of a state, or of a message.
pub const LIMBS: usize = 2 * STATE;

/// Quarter rounds of a round.
const QUARTERS: usize = 8;

/// Those of them that mix columns; the others mix diagonals.
const COLUMNS: usize = 4;

/// Bytes that all quarter rounds have of a word.
const BYTES: usize = 4 * QUARTERS;

wide_columns! {
    /// A round.
    pub struct Blake3RoundCols<T>, Blake3RoundRow {
        /// 1 for a round.
        pub real: T,
        /// Clock of the call.
        pub clock: T,
        /// Number of the round.
        pub round: T,
        /// Limbs of the words 0 to 3 before.
        pub before_a: [T; 8],
        /// Bytes of the words 4 to 7 before.
        pub before_b: [T; 16],
        /// Limbs of the words 8 to 11 before.
        pub before_c: [T; 8],
        /// Bytes of the words 12 to 15 before.
        pub before_d: [T; 16],
        /// Limbs of the message.
        pub message: [T; LIMBS],
        /// Bytes of the word a halfway, of each quarter round.
        pub half_a: [T; BYTES],
        /// Their conjunction with those of d.
        pub half_ad: [T; BYTES],
        /// Bytes of the word c halfway.
        pub half_c: [T; BYTES],
        /// Their conjunction with those of b.
        pub half_bc: [T; BYTES],
        /// High halves of the bytes that are rotated to the word b halfway.
        pub nibbles: [T; BYTES],
        /// Bytes of the word a at the end.
        pub a: [T; BYTES],
        /// Their conjunction with those of d halfway.
        pub ad: [T; BYTES],
        /// Bytes of the word c at the end.
        pub c: [T; BYTES],
        /// Their conjunction with those of b halfway.
        pub bc: [T; BYTES],
        /// Top bits of the bytes that are rotated to the word b at the end, of columns.
        pub tops: [T; 4 * COLUMNS],
        /// Of diagonals: top bits of the odd bytes alone.
        pub odd_tops: [T; 2 * (QUARTERS - COLUMNS)],
    }
}

/// A message: the state before a round, and what it mixes in.
pub(crate) fn message<E>(clock: E, round: E, state: [E; LIMBS], mixed: [E; LIMBS]) -> [E; 2 + 2 * LIMBS] {
    let mut fields = [clock, round].into_iter().chain(state).chain(mixed);
    #[expect(clippy::expect_used, reason = "as many as are chained")]
    from_fn(|_| fields.next().expect("a field"))
}

/// Limbs of a message after it was permuted.
#[must_use]
pub fn permuted<E: Clone>(limbs: &[E; LIMBS]) -> [E; LIMBS] {
    from_fn(|i| limbs[2 * PERMUTATION[i / 2] + i % 2].clone())
}

/// The limbs of bytes.
pub(crate) fn limbs<B: Builder>([b0, b1, b2, b3]: [B::Expr; 4]) -> [B::Expr; 2] {
    let byte = KoalaBear::new(256);
    [b1 * byte + b0, b3 * byte + b2]
}

/// The exclusive or of bytes, given their conjunction.
pub(crate) fn xor_bytes<B: Builder>(
    b: &mut B,
    left: [B::Expr; 4],
    right: [B::Expr; 4],
    and: [B::Expr; 4],
    real: &B::Expr,
) -> [B::Expr; 4] {
    for i in 0..4 {
        bus::send(b, bus::AND, [left[i].clone(), right[i].clone(), and[i].clone()], real.clone());
    }
    from_fn(|i| left[i].clone() + right[i].clone() - and[i].clone() * KoalaBear::TWO)
}

/// Bytes rotated by whole ones, to the right.
fn rotated<E: Clone, const BY: usize>(bytes: &[E; 4]) -> [E; 4] {
    from_fn(|i| bytes[(i + BY) % 4].clone())
}

/// Checks that a sum less its word is 0 or `most` times 2^32, or a multiple between.
fn check_sum<B: Builder>(b: &mut B, sum: [B::Expr; 2], word: [B::Expr; 2], most: u32) {
    let mut carry = B::Expr::ZERO;
    for (sum, word) in sum.into_iter().zip(word) {
        carry = divided(sum + carry - word, 1 << 16);
        let product = (1..=most).fold(carry.clone(), |product, k| product * (carry.clone() - constant::<B>(k)));
        // So the carry is an integer, which the next limb takes.
        b.assert_zero(product);
    }
}

/// The words that a quarter round mixes; at its end, b is before its last rotation, by 1 to the left.
struct Words<E> {
    a: [E; 2],
    b: [E; 4],
    c: [E; 2],
    d: [E; 4],
}

impl<V: Copy> Blake3RoundRow<'_, V> {
    #[inline(never)]
    pub(crate) fn eval<B: Builder<Var = V>>(&self, b: &mut B)
    where
        V: Var<B::Expr>,
    {
        b.assert_bool(*self.real);
        let real = &(*self.real).into();
        for &bit in self.tops.iter().chain(self.odd_tops) {
            b.assert_bool(bit);
        }
        let columns: [Words<B::Expr>; COLUMNS] = from_fn(|i| Words {
            a: from_fn(|j| self.before_a[2 * i + j].into()),
            b: from_fn(|j| self.before_b[4 * i + j].into()),
            c: from_fn(|j| self.before_c[2 * i + j].into()),
            d: from_fn(|j| self.before_d[4 * i + j].into()),
        });
        let mixed = self.message.map(Into::into);
        let before = state_of(
            columns.each_ref().map(|words| words.a.clone()),
            columns.each_ref().map(|words| limbs::<B>(words.b.clone())),
            columns.each_ref().map(|words| words.c.clone()),
            columns.each_ref().map(|words| limbs::<B>(words.d.clone())),
        );
        bus::receive(
            b,
            bus::BLAKE3,
            message((*self.clock).into(), (*self.round).into(), before, mixed.clone()),
            real.clone(),
        );

        let mut quarter = 0;
        let columns = columns.map(|words| {
            let mut words = self.mix(b, quarter, words, real);
            words.b = self.rotated_by_one::<B>(quarter, &words.b);
            quarter += 1;
            words
        });
        let diagonals: [Words<B::Expr>; COLUMNS] = from_fn(|i| Words {
            a: columns[i].a.clone(),
            b: columns[(i + 1) % COLUMNS].b.clone(),
            c: columns[(i + 2) % COLUMNS].c.clone(),
            d: columns[(i + 3) % COLUMNS].d.clone(),
        });
        let diagonals = diagonals.map(|words| {
            let words = self.mix(b, quarter, words, real);
            quarter += 1;
            words
        });
        let back = |by: usize| from_fn::<_, COLUMNS, _>(|i| (i + COLUMNS - by) % COLUMNS);
        let after = state_of(
            diagonals.each_ref().map(|words| words.a.clone()),
            back(1).map(|i| self.limbs_by_one::<B>(i, &diagonals[i].b)),
            back(2).map(|i| diagonals[i].c.clone()),
            back(3).map(|i| limbs::<B>(diagonals[i].d.clone())),
        );
        let next = *self.round + KoalaBear::ONE;
        bus::send(b, bus::BLAKE3, message((*self.clock).into(), next, after, permuted(&mixed)), real.clone());
    }

    /// Bytes of a quarter round.
    fn bytes<B: Builder<Var = V>>(cells: &[V; BYTES], quarter: usize) -> [B::Expr; 4]
    where
        V: Var<B::Expr>,
    {
        from_fn(|i| cells[4 * quarter + i].into())
    }

    /// Mixes words, but for the last rotation.
    fn mix<B: Builder<Var = V>>(
        &self,
        b: &mut B,
        quarter: usize,
        words: Words<B::Expr>,
        real: &B::Expr,
    ) -> Words<B::Expr>
    where
        V: Var<B::Expr>,
    {
        let bytes = |cells: &[V; BYTES]| Self::bytes::<B>(cells, quarter);
        let added = |i: usize| -> [B::Expr; 2] { from_fn(|j| self.message[4 * quarter + 2 * i + j].into()) };
        let plus = |[l0, h0]: [B::Expr; 2], [l1, h1]: [B::Expr; 2]| [l0 + l1, h0 + h1];

        let half_a = limbs::<B>(bytes(self.half_a));
        check_sum(b, plus(plus(words.a, limbs::<B>(words.b.clone())), added(0)), half_a.clone(), 2);
        let d = rotated::<_, 2>(&xor_bytes(b, words.d, bytes(self.half_a), bytes(self.half_ad), real));
        let half_c = limbs::<B>(bytes(self.half_c));
        check_sum(b, plus(words.c, limbs::<B>(d.clone())), half_c.clone(), 1);
        let half_b = rotated::<_, 2>(&xor_bytes(b, words.b, bytes(self.half_c), bytes(self.half_bc), real));
        let half_b = self.rotated_by_four(b, quarter, &half_b, real);

        let a = limbs::<B>(bytes(self.a));
        check_sum(b, plus(plus(half_a, limbs::<B>(half_b.clone())), added(1)), a.clone(), 2);
        let d = rotated::<_, 1>(&xor_bytes(b, d, bytes(self.a), bytes(self.ad), real));
        let c = limbs::<B>(bytes(self.c));
        check_sum(b, plus(half_c, limbs::<B>(d.clone())), c.clone(), 1);
        let b = rotated::<_, 1>(&xor_bytes(b, half_b, bytes(self.c), bytes(self.bc), real));
        Words { a, b, c, d }
    }

    /// Bytes rotated by four bits to the left: right if bytes come out.
    fn rotated_by_four<B: Builder<Var = V>>(
        &self,
        b: &mut B,
        quarter: usize,
        bytes: &[B::Expr; 4],
        real: &B::Expr,
    ) -> [B::Expr; 4]
    where
        V: Var<B::Expr>,
    {
        let nibbles = Self::bytes::<B>(self.nibbles, quarter);
        // Of a byte, the low half is the second and the high half the fourth: both are below 16.
        let [_, second, _, fourth] = &nibbles;
        let pair = fourth.clone() * KoalaBear::new(16) + second.clone();
        bus::send(b, bus::AND, [pair, constant::<B>(15), second.clone()], real.clone());
        from_fn(|i| {
            let low = bytes[i].clone() - nibbles[i].clone() * KoalaBear::new(16);
            low * KoalaBear::new(16) + nibbles[(i + 3) % 4].clone()
        })
    }

    /// Bytes of a column rotated by one bit to the left: right if bytes come out.
    fn rotated_by_one<B: Builder<Var = V>>(&self, column: usize, bytes: &[B::Expr; 4]) -> [B::Expr; 4]
    where
        V: Var<B::Expr>,
    {
        let top = |i: usize| self.tops[4 * column + i % 4];
        from_fn(|i| (bytes[i].clone() - top(i) * KoalaBear::new(128)) * KoalaBear::TWO + top(i + 3))
    }

    /// Limbs of a diagonal's bytes rotated by one bit to the left: right if limbs come out.
    fn limbs_by_one<B: Builder<Var = V>>(&self, diagonal: usize, bytes: &[B::Expr; 4]) -> [B::Expr; 2]
    where
        V: Var<B::Expr>,
    {
        let [low, high] = limbs::<B>(bytes.clone());
        let [low_top, high_top] = [self.odd_tops[2 * diagonal], self.odd_tops[2 * diagonal + 1]];
        let left =
            |limb: B::Expr, top: V, carried: V| (limb - top * KoalaBear::new(1 << 15)) * KoalaBear::TWO + carried;
        [left(low, low_top, high_top), left(high, high_top, low_top)]
    }
}

/// The limbs of a state, row by row.
fn state_of<E: PrimeCharacteristicRing>(
    a: [[E; 2]; COLUMNS],
    b: [[E; 2]; COLUMNS],
    c: [[E; 2]; COLUMNS],
    d: [[E; 2]; COLUMNS],
) -> [E; LIMBS] {
    let mut limbs = a.into_iter().chain(b).chain(c).chain(d).flatten();
    from_fn(|_| limbs.next().unwrap_or(E::ZERO))
}
