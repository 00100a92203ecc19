//! Rows of the rounds of SHA-256 as a liar fills them: one thing is told wrongly, and everything after it is what the
//! constraints and lookups make of that, all sums being elements of the field.

use p3_field::{Field, PrimeCharacteristicRing, PrimeField32};
use provasm_air::rounds::Rounds;
use provasm_air::rounds::sha256::{BLOCK_LIMBS, STATE_LIMBS, STEPS};
use provasm_air::{KoalaBear as F, TableId};
use provasm_isa::accel::sha256::{BIG_0, BIG_1, BLOCK, K, SMALL_0, SMALL_1, STATE, Sigma};
use provasm_testkit::delete::column;

/// The table.
pub(crate) const ID: TableId = TableId::Rounds(Rounds::Sha256);

/// Bits of a word, and of a limb.
pub(crate) const WORD: usize = 32;
pub(crate) const LIMB: usize = 16;

/// Words before a row's own of which it has the bits.
const BEFORE: usize = 3;

/// Carries are below.
const CARRY: u32 = 1 << 8;

/// What a row takes or gives: the state, and sums for words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Passed {
    pub(crate) state: [F; STATE_LIMBS],
    pub(crate) sums: [F; BLOCK_LIMBS],
}

/// What is told wrongly.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// The cell of a bit holds so many quarters. The other bits make up for it: of a word that is given they leave the
    /// limb as it is, of one that is made the number modulo 2^32.
    Bit { column: usize, quarters: i64 },
    /// The word that begins at the column is one more than it should be.
    Word { column: usize },
    /// The bit of the message is the other one.
    Message { column: usize },
}

/// Where the columns are.
pub(crate) struct Columns {
    pub(crate) clock: usize,
    pub(crate) step: usize,
    pub(crate) before_a: usize,
    pub(crate) before_e: usize,
    pub(crate) before_d: usize,
    pub(crate) before_h: usize,
    pub(crate) sums: usize,
    pub(crate) words: usize,
    pub(crate) a: usize,
    pub(crate) e: usize,
}

impl Columns {
    pub(crate) fn new() -> Self {
        let at = |name: &str| column(ID, name);
        Self {
            clock: at("clock"),
            step: at("step[0]"),
            before_a: at("before_a[0]"),
            before_e: at("before_e[0]"),
            before_d: at("before_d[0]"),
            before_h: at("before_h[0]"),
            sums: at("sums[0]"),
            words: at("words[0]"),
            a: at("a[0]"),
            e: at("e[0]"),
        }
    }
}

fn xor(a: F, b: F) -> F {
    a + b - a * b * F::TWO
}

fn choose(which: F, one: F, zero: F) -> F {
    zero + which * (one - zero)
}

/// The two limbs of a word.
fn limbs(bit: impl Fn(usize) -> F) -> [F; 2] {
    [0, LIMB].map(|first| (first..first + LIMB).rev().fold(F::ZERO, |limb, i| limb.double() + bit(i)))
}

fn limbs_of(word: &[F]) -> [F; 2] {
    limbs(|i| word[i])
}

fn sigma(function: Sigma, word: &[F]) -> [F; 2] {
    let [first, second, third] = function.by;
    limbs(|i| {
        let two = xor(word[(i + first) % WORD], word[(i + second) % WORD]);
        if function.shifts && i + third >= WORD { two } else { xor(two, word[(i + third) % WORD]) }
    })
}

fn sum<const N: usize>(terms: [[F; 2]; N]) -> [F; 2] {
    [0, 1].map(|limb| terms.iter().map(|term| term[limb]).sum())
}

fn minus([low, high]: [F; 2]) -> [F; 2] {
    [-low, -high]
}

/// A row on the way.
pub(crate) struct Row<'c> {
    columns: &'c Columns,
    pub(crate) cells: Vec<F>,
    fault: Option<Fault>,
}

impl<'c> Row<'c> {
    /// A row that has a clock and flags.
    pub(crate) fn new(columns: &'c Columns, clock: F, flags: [i64; STEPS], fault: Option<Fault>) -> Self {
        let mut cells = vec![F::ZERO; ID.width()];
        cells[columns.clock] = clock;
        flags.iter().enumerate().for_each(|(i, &flag)| cells[columns.step + i] = F::from_i64(flag));
        Self { columns, cells, fault }
    }

    /// The row that takes this; none if the sums are not near multiples of 2^32.
    pub(crate) fn fill(mut self, taken: &Passed) -> Option<Self> {
        let columns = self.columns;
        for (before, last, first) in
            [(columns.before_a, columns.before_d, 0), (columns.before_e, columns.before_h, STATE_LIMBS / 2)]
        {
            for i in 0..2 * BEFORE {
                // The oldest word is the first.
                let limb = taken.state[first + 2 * (BEFORE - 1 - i / 2) + i % 2].as_canonical_u32();
                self.tell(before + LIMB * i, LIMB, u16::try_from(limb).ok()?.into(), true)?;
            }
            self.cells[last..last + 2].copy_from_slice(&taken.state[first + 2 * BEFORE..][..2]);
        }
        self.cells[columns.sums..columns.sums + BLOCK_LIMBS].copy_from_slice(&taken.sums);
        let is_first = self.cells[columns.step] != F::ZERO;
        (0..BLOCK).try_for_each(|i| if is_first { self.message(i) } else { self.schedule(i) })?;
        (0..BLOCK).try_for_each(|round| self.round(round))?;
        Some(self)
    }

    /// A row that gives a state and sums of these words, and whose other cells are zero.
    pub(crate) fn give(mut self, state: &[F; STATE_LIMBS], words: &[F]) -> Option<Self> {
        let columns = self.columns;
        self.cells[columns.words..columns.words + words.len()].copy_from_slice(words);
        for (i, limb) in state.iter().enumerate() {
            let (new, i) = if i < STATE { (columns.a, i) } else { (columns.e, i - STATE) };
            let limb = u16::try_from(limb.as_canonical_u32()).ok()?;
            self.tell(new + WORD * (BLOCK - 1 - i / 2) + LIMB * (i % 2), LIMB, limb.into(), true)?;
        }
        Some(self)
    }

    /// What the row gives.
    pub(crate) fn given(&self) -> Passed {
        let Columns { before_a, before_e, a, e, .. } = *self.columns;
        let mut state = [F::ZERO; STATE_LIMBS];
        for i in 0..STATE / 2 {
            state[2 * i..2 * i + 2].copy_from_slice(&limbs_of(self.word(before_a, a, BLOCK + BEFORE - 1 - i)));
            let e = limbs_of(self.word(before_e, e, BLOCK + BEFORE - 1 - i));
            state[STATE + 2 * i..STATE + 2 * i + 2].copy_from_slice(&e);
        }
        let mut sums = [F::ZERO; BLOCK_LIMBS];
        for i in 0..BLOCK {
            let term = |after: usize, of: &dyn Fn(&[F]) -> [F; 2]| {
                if i + after < BLOCK { of(self.scheduled(i + after)) } else { [F::ZERO; 2] }
            };
            let small = |function: Sigma| move |word: &[F]| sigma(function, word);
            let terms = [term(0, &limbs_of), term(1, &small(SMALL_0)), term(9, &limbs_of), term(14, &small(SMALL_1))];
            sums[2 * i..2 * i + 2].copy_from_slice(&sum(terms));
        }
        Passed { state, sums }
    }

    /// A word a or e of the row: those before it come first.
    fn word(&self, before: usize, new: usize, number: usize) -> &[F] {
        let at = if number < BEFORE { before + WORD * number } else { new + WORD * (number - BEFORE) };
        &self.cells[at..at + WORD]
    }

    fn scheduled(&self, number: usize) -> &[F] {
        &self.cells[self.columns.words + WORD * number..][..WORD]
    }

    /// A word of the message, whose bytes are in the opposite order.
    fn message(&mut self, i: usize) -> Option<()> {
        let limb = |limb: usize| u16::try_from(self.cells[self.columns.sums + 2 * i + limb].as_canonical_u32()).ok();
        let mut word = (u32::from(limb(0)?) | u32::from(limb(1)?) << LIMB).swap_bytes();
        let at = self.columns.words + WORD * i;
        if let Some(Fault::Message { column }) = self.fault
            && (at..at + WORD).contains(&column)
        {
            word ^= 1 << (column - at);
        }
        self.tell(at, WORD, word.into(), true)
    }

    /// A word of the schedule.
    fn schedule(&mut self, i: usize) -> Option<()> {
        let earlier = |by: usize, of: &dyn Fn(&[F]) -> [F; 2]| {
            i.checked_sub(by).map_or([F::ZERO; 2], |number| of(self.scheduled(number)))
        };
        let sums = self.columns.sums + 2 * i;
        let terms = [
            [self.cells[sums], self.cells[sums + 1]],
            earlier(2, &|word| sigma(SMALL_1, word)),
            earlier(7, &limbs_of),
            earlier(15, &|word| sigma(SMALL_0, word)),
        ];
        self.make(self.columns.words + WORD * i, sum(terms), 0)
    }

    /// The words a and e that a round makes.
    fn round(&mut self, round: usize) -> Option<()> {
        let Columns { step, before_a, before_d, before_e, before_h, a, e, .. } = *self.columns;
        let [old_c, old_b, old_a] = [0, 1, 2].map(|i| self.word(before_a, a, round + i));
        let [old_g, old_f, old_e] = [0, 1, 2].map(|i| self.word(before_e, e, round + i));
        let [d, h] = match round.checked_sub(1) {
            None => [before_d, before_h].map(|at| [self.cells[at], self.cells[at + 1]]),
            Some(number) => [self.word(before_a, a, number), self.word(before_e, e, number)].map(limbs_of),
        };
        let constant = [0, LIMB].map(|low| {
            let limb = |step: usize| F::from_u32(K[BLOCK * step + round] >> low & 0xffff);
            (0..STEPS).map(|number| self.cells[step + number] * limb(number)).sum()
        });
        let choice = limbs(|i| choose(old_e[i], old_f[i], old_g[i]));
        let majority = limbs(|i| choose(xor(old_a[i], old_b[i]), old_c[i], old_a[i]));
        let first = sum([d, h, sigma(BIG_1, old_e), choice, constant, limbs_of(self.scheduled(round))]);
        let second = sum([minus(d), sigma(BIG_0, old_a), majority]);
        self.make(e + WORD * round, first, 0)?;
        let new_e = limbs_of(self.word(before_e, e, round + BEFORE));
        self.make(a + WORD * round, sum([new_e, second]), 1)
    }

    /// Makes the word that a sum leaves, the carries of which are at least `-least`.
    fn make(&mut self, at: usize, [low, high]: [F; 2], least: u32) -> Option<()> {
        let least = F::from_u32(least);
        // What a limb leaves, and its carry.
        let split = |limb: F| {
            let above = (limb + least * F::from_u32(1 << LIMB)).as_canonical_u32();
            let (rest, carry) = (above & 0xffff, above >> LIMB);
            (carry < CARRY).then_some((rest, F::from_u32(carry) - least))
        };
        let (low_rest, carry) = split(low)?;
        let (high_rest, _) = split(high + carry)?;
        let number = low_rest | high_rest << LIMB;
        if let Some(Fault::Word { column }) = self.fault
            && column == at
        {
            return self.tell(at, WORD, number.wrapping_add(1).into(), false);
        }
        self.tell(at, WORD, number.into(), false)?;
        // A bit that is none changes the carries.
        let [low_told, high_told] = limbs_of(&self.cells[at..at + WORD]);
        let divided = |value: F| value * F::from_u32(1 << LIMB).inverse();
        let carry = divided(low - low_told);
        let fits = |carry: F| (carry + least).as_canonical_u32() < CARRY;
        (fits(carry) && fits(divided(high + carry - high_told))).then_some(())
    }

    /// Tells a number's bits, which add up to it, or to it modulo a power of two.
    fn tell(&mut self, at: usize, bits: usize, number: i64, is_exact: bool) -> Option<()> {
        let mut rest = number;
        let mut wrong = None;
        if let Some(Fault::Bit { column, quarters }) = self.fault
            && (at..at + bits).contains(&column)
        {
            let of_rest = 4 * number - (quarters << (column - at));
            rest = if is_exact { of_rest } else { of_rest.rem_euclid(4 << bits) };
            if rest % 4 != 0 {
                return None;
            }
            rest /= 4;
            if !(0..1 << bits).contains(&rest) || rest >> (column - at) & 1 == 1 {
                return None;
            }
            wrong = Some((column, F::from_i64(quarters) * F::from_u32(4).inverse()));
        }
        (0..bits).for_each(|i| self.cells[at + i] = F::from_bool(rest >> i & 1 == 1));
        if let Some((column, value)) = wrong {
            self.cells[column] = value;
        }
        Some(())
    }
}
