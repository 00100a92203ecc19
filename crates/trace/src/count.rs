//! Counting how often fixed rows are used.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use p3_koala_bear::KoalaBear;
use provasm_air::bus;
use provasm_air::fixed::{BYTES_LOG_HEIGHT, RANGE_BITS_MAX, RANGE_LOG_HEIGHT, SHIFT_LOG_HEIGHT, range_row};
use provasm_air::row::Sink;

/// Uses of every fixed row.
#[derive(Clone, Debug)]
pub(crate) struct Uses {
    pub(crate) rom: Vec<u32>,
    pub(crate) range: Vec<u32>,
    pub(crate) and: Vec<u32>,
    pub(crate) bytes: Vec<u32>,
    pub(crate) shift: Vec<u32>,
}

impl Uses {
    pub(crate) fn new(code: usize) -> Self {
        Self {
            rom: vec![0; code],
            range: vec![0; 1 << RANGE_LOG_HEIGHT],
            and: vec![0; 1 << BYTES_LOG_HEIGHT],
            bytes: vec![0; 1 << BYTES_LOG_HEIGHT],
            shift: vec![0; 1 << SHIFT_LOG_HEIGHT],
        }
    }

    /// The sum of two counts.
    pub(crate) fn merge(mut self, other: &Self) -> Self {
        let pairs = [
            (&mut self.rom, &other.rom),
            (&mut self.range, &other.range),
            (&mut self.and, &other.and),
            (&mut self.bytes, &other.bytes),
            (&mut self.shift, &other.shift),
        ];
        for (counts, others) in pairs {
            for (count, other) in counts.iter_mut().zip(others) {
                *count += other;
            }
        }
        self
    }
}

/// The row of the shift table with this key and amount, as [`provasm_air::rom::shift_rows`] orders them.
fn shift_row(key: u32, amount: u32) -> usize {
    let (kind, is64) = (key & 7, key >> 3);
    (if is64 == 1 { 160 + 64 * kind } else { 32 * kind } + amount) as usize
}

impl Sink for Uses {
    #[inline(always)]
    fn constraint(&mut self, _: usize, _: KoalaBear) {}

    #[inline(always)]
    fn message(&mut self, bus: &str, fields: &[KoalaBear], count: KoalaBear) {
        // An inactive lookup can have any fields.
        if count == KoalaBear::ZERO {
            return;
        }
        let field = |i: usize| fields[i].as_canonical_u32();
        let bytes = || 256 * field(0) as usize + field(1) as usize;
        let (counts, row) = match bus {
            bus::RANGE => (&mut self.range, range_row(field(0), field(1).min(RANGE_BITS_MAX))),
            bus::AND => (&mut self.and, bytes()),
            bus::BYTES => (&mut self.bytes, bytes()),
            bus::PROGRAM => (&mut self.rom, field(0) as usize),
            bus::SHIFT => (&mut self.shift, shift_row(field(0), field(1))),
            _ => return,
        };
        // A value out of range has no row to count; the balance of the bus shows it.
        if let Some(uses) = counts.get_mut(row) {
            *uses += count.as_canonical_u32();
        }
    }
}
