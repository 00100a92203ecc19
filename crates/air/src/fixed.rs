//! The fixed columns: the program's and those that are the same for every program.

use alloc::sync::Arc;
use alloc::vec::Vec;

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use p3_matrix::dense::RowMajorMatrix;
use provasm_isa::{Chip, Family};
use provasm_program::Program;

use crate::columns::Cells;
use crate::rom::{SELECTOR_NONE, rom_fields, shift_rows};
use crate::rounds::Rounds;
use crate::system::{ByteFixed, RangeFixed, RomFixed, ShiftFixed};
use crate::{Fixed, Table, TableId};

/// Base-two logarithm of the smallest table height.
pub const LOG_HEIGHT_MIN: usize = 6;
/// Largest number of bits the range table checks.
pub const RANGE_BITS_MAX: u32 = 16;
/// Base-two logarithm of the range table's height.
pub const RANGE_LOG_HEIGHT: usize = 17;
/// Base-two logarithm of the byte table's height.
pub const BYTES_LOG_HEIGHT: usize = 16;
/// Base-two logarithm of the shift table's height.
pub const SHIFT_LOG_HEIGHT: usize = 9;

/// Base-two logarithm of the height that holds `rows`.
#[must_use]
pub fn log_height_for(rows: usize) -> usize {
    (rows.max(1).next_power_of_two().ilog2() as usize).max(LOG_HEIGHT_MIN)
}

/// Parts an instruction table can be cut into.
pub const PARTS_MAX: usize = 4;

/// Cells below which a table is not worth cutting.
const CELLS_WHOLE: usize = 1 << 18;

/// Heights (base-two logarithms) of the parts that hold `rows` rows of a table with `width` columns and
/// little padding: at most an eighth of the rows, or half as many as a table of 2^18 cells has. There are none
/// when there are no rows. More rows never have lower parts in all.
#[must_use]
pub fn part_log_heights(rows: usize, width: usize) -> Vec<usize> {
    let whole = (CELLS_WHOLE / width.max(1)).max(1).ilog2() as usize;
    let mut parts = Vec::new();
    let mut rest = rows;
    while rest > 0 {
        let log_height = log_height_for(rest);
        let padding = (1 << log_height) - rest;
        if log_height <= whole || padding <= rest / 8 || parts.len() + 1 == PARTS_MAX {
            parts.push(log_height);
            rest = 0;
        } else {
            parts.push(log_height - 1);
            rest -= 1 << (log_height - 1);
        }
    }
    parts
}

/// The families a program's code uses, one bit each.
#[must_use]
pub fn families_of(program: &Program) -> u64 {
    program.code.iter().fold(0, |families, instr| families | 1 << instr.op.family() as u32)
}

/// The tables that prove programs of these families, in proof order.
#[must_use]
pub fn table_ids(families: u64) -> Vec<TableId> {
    let uses = |family: Family| families >> family as u32 & 1 == 1;
    let shifts = uses(Family::ShiftVar32) || uses(Family::ShiftVar64);
    let system = TableId::SYSTEM.into_iter().filter(|&id| id != TableId::Shift || shifts);
    let used = |chip: Chip| Family::ALL.iter().any(|&family| uses(family) && family.chips().contains(&chip));
    let chips = Chip::ALL.iter().copied().filter(|&chip| used(chip)).map(TableId::Chip);
    let rounds = Rounds::ALL.iter().copied().filter(|rounds| used(rounds.chip())).map(TableId::Rounds);
    system.chain(chips).chain(rounds).collect()
}

/// The row of the range table with this value and number of bits.
#[must_use]
pub const fn range_row(value: u32, bits: u32) -> usize {
    (1 << bits) - 1 + value as usize
}

fn matrix<const W: usize>(
    rows: impl Iterator<Item = [u32; W]>,
    padding: [u32; W],
    log_height: usize,
) -> RowMajorMatrix<KoalaBear> {
    let mut values = Vec::with_capacity(W << log_height);
    values.extend(rows.flatten().map(KoalaBear::from_u32));
    while values.len() < W << log_height {
        values.extend(padding.map(KoalaBear::from_u32));
    }
    RowMajorMatrix::new(values, W)
}

/// The fixed columns of a table for a program, if it has any.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "code has fewer than 2^32 instructions")]
pub fn fixed_columns(id: TableId, program: &Program) -> Option<RowMajorMatrix<KoalaBear>> {
    Some(match id {
        TableId::Rom => {
            let rows = program.code.iter().enumerate().map(|(pc, instr)| {
                let [selector, d, a, b, i0, i1, i2, i3] = rom_fields(instr);
                [pc as u32, selector, d, a, b, i0, i1, i2, i3]
            });
            // Padding names a selector that no chip fetches, however often the prover counts it.
            let padding = [0, SELECTOR_NONE, 0, 0, 0, 0, 0, 0, 0];
            matrix::<{ <RomFixed<u8> as Cells<u8>>::WIDTH }>(rows, padding, log_height_for(program.code.len()))
        }
        TableId::Range => {
            let rows = (0..=RANGE_BITS_MAX).flat_map(|bits| (0..1u32 << bits).map(move |value| [value, bits]));
            matrix::<{ <RangeFixed<u8> as Cells<u8>>::WIDTH }>(rows, [0, 0], RANGE_LOG_HEIGHT)
        }
        TableId::Bytes => {
            let rows = (0..256u32).flat_map(|a| (0..256u32).map(move |b| [a, b, a & b]));
            matrix::<{ <ByteFixed<u8> as Cells<u8>>::WIDTH }>(rows, [0, 0, 0], BYTES_LOG_HEIGHT)
        }
        // Padding repeats no key: key 8 + 7 names no shift.
        TableId::Shift => {
            matrix::<{ <ShiftFixed<u8> as Cells<u8>>::WIDTH }>(shift_rows(), [15, 0, 0, 0, 1], SHIFT_LOG_HEIGHT)
        }
        _ => return None,
    })
}

/// The tables that prove a program, with their fixed columns.
#[must_use]
pub fn tables_of(program: &Program) -> Vec<Table> {
    table_ids(families_of(program))
        .into_iter()
        .map(|id| Table { id, fixed: fixed_columns(id, program).map(|columns| Fixed::Known(Arc::new(columns))) })
        .collect()
}
