//! Numbers that are hard for float and integer operators, as bits.

use provasm_testkit::Random;

/// A number type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    I32,
    I64,
    F32,
    F64,
}

impl Type {
    pub(crate) const ALL: [Type; 4] = [Type::I32, Type::I64, Type::F32, Type::F64];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Type::I32 => "i32",
            Type::I64 => "i64",
            Type::F32 => "f32",
            Type::F64 => "f64",
        }
    }

    /// The integer type of the same width.
    pub(crate) const fn integer(self) -> Type {
        match self {
            Type::I32 | Type::F32 => Type::I32,
            Type::I64 | Type::F64 => Type::I64,
        }
    }

    pub(crate) const fn is_float(self) -> bool {
        matches!(self, Type::F32 | Type::F64)
    }

    const fn bits(self) -> u32 {
        if matches!(self.integer(), Type::I32) { 32 } else { 64 }
    }

    const fn significand_bits(self) -> u32 {
        if self.bits() == 32 { 23 } else { 52 }
    }

    const fn infinity(self) -> u64 {
        self.mask() >> 1 & !((1 << self.significand_bits()) - 1)
    }

    const fn mask(self) -> u64 {
        u64::MAX >> (64 - self.bits())
    }

    /// The same bits, with the canonical NaN for every NaN.
    pub(crate) const fn canonical(self, bits: u64) -> u64 {
        let is_nan = self.is_float() && bits & (self.mask() >> 1) > self.infinity();
        if is_nan { self.infinity() | 1 << (self.significand_bits() - 1) } else { bits }
    }

    /// A float nearest to a number.
    fn of(self, number: f64) -> u64 {
        if self.bits() == 32 { u64::from((number as f32).to_bits()) } else { number.to_bits() }
    }

    /// Numbers at the boundaries of something.
    pub(crate) fn edges(self) -> Vec<u64> {
        let mask = self.mask();
        let mut edges: Vec<u64> = Vec::new();
        if self.is_float() {
            let unit = 1 << self.significand_bits();
            edges.extend([0, 1, 2, unit - 1, unit, unit + 1, self.infinity() - 1, self.infinity()]);
            // NaNs, among them signalling ones.
            edges.extend([1, 0x1234, unit / 2, unit / 2 + 1, unit - 1].map(|payload| self.infinity() | payload));
            let exact = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.5, 1e10, 0.1, 255.0, 65_535.0];
            edges.extend(exact.map(|number| self.of(number)));
            for exponent in [15, 22, 23, 24, 31, 32, 51, 52, 53, 62, 63, 64] {
                let power = f64::powi(2.0, exponent);
                for number in [power - 1.0, power - 0.5, power, power + 0.5, power + 1.0] {
                    edges.push(self.of(number));
                }
            }
            let neighbours: Vec<u64> =
                edges.iter().flat_map(|&bits| [bits.saturating_sub(1), bits, bits + 1]).collect();
            edges = neighbours.iter().flat_map(|&bits| [bits, bits | ((mask >> 1) + 1)]).collect();
        } else {
            for shift in 0..self.bits() {
                let power = 1_u64 << shift;
                edges.extend([power - 1, power, power + 1, power.wrapping_neg(), !power].map(|bits| bits & mask));
            }
            // Halfway between floats, and just beside.
            for shift in [1, 5, 8] {
                let half = (1 << 24 | 1) << shift >> 1;
                edges.extend([half - 1, half, half + 1].map(|bits: u64| bits & mask));
            }
        }
        edges.sort_unstable();
        edges.dedup();
        edges
    }

    /// A number at random: any bits, or few significant ones, or one near another number.
    pub(crate) fn random(self, random: &mut Random, near: u64) -> u64 {
        let mask = self.mask();
        let any = random.next_u64() & mask;
        let bits = match random.below(8) {
            0 => any,
            1 => any >> random.below(self.bits() as usize),
            2 => any & (u64::MAX << random.below(self.bits() as usize)),
            3 => near.wrapping_add(random.next_u64() % 33).wrapping_sub(16),
            4 if self.is_float() => any & ((2 << self.significand_bits()) - 1),
            // An exponent near the other number's.
            5 | 6 if self.is_float() => {
                let exponents = random.next_u64() % 64;
                let significand = (1 << self.significand_bits()) - 1;
                let shifted =
                    (near & !significand).wrapping_add((exponents << self.significand_bits()).wrapping_sub(32));
                any & (significand | ((mask >> 1) + 1)) | shifted & (mask >> 1)
            }
            // An exponent that makes the product with the other number small.
            7 if self.is_float() => {
                let bias = self.of(1.0);
                let sum = (near & (mask >> 1)).wrapping_neg().wrapping_add(bias);
                let spread = (random.next_u64() % 64) << self.significand_bits();
                any & ((mask >> 1) + 1) | (sum.wrapping_add(any >> 12).wrapping_sub(spread)) & (mask >> 1)
            }
            _ => any ^ near >> random.below(self.bits() as usize),
        };
        bits & mask
    }
}
