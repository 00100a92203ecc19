//! Rows of loads, stores, memory growth and memory traps.

use p3_field::PrimeCharacteristicRing;
use provasm_air::chips::{
    CellPairCols, LoadNarrowCols, LoadUnalignedCols, LoadWordCols, MemoryGrowCols, MemoryTrapCols, StoreNarrowCols,
    StoreUnalignedCols, StoreWordCols,
};
use provasm_air::gadgets::address::AddressCols;
use provasm_execute::Step;
use provasm_isa::{Family, Instr};

use super::{F, Fill, cpu, f, flag, ints, limbs, low_bytes, op_flag, operands, read, write};

/// The effective address of a load or store: its group of cells, and the byte within its cell.
fn address(step: &Step, instr: &Instr) -> (AddressCols<F>, u32) {
    let [_, a, _] = operands(instr);
    let (base, offset) = (ints::<2>(step.before[0]), ints::<2>(instr.imm));
    let low = base[0] + offset[0];
    let cols = AddressCols { a, base: read(step, 0), offset: limbs(instr.imm), carry: f(low >> 16) };
    (cols, low & 7)
}

/// Whether an extending load's value of `bytes` bytes is negative.
fn load_sign(instr: &Instr, raw: u64) -> F {
    let top = 8 * instr.op.access_bytes() - 1;
    flag(instr.op.flags() & 16 != 0 && raw >> top & 1 == 1)
}

impl Fill for LoadWordCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, ..] = operands(instr);
        let (address, byte) = address(step, instr);
        Self {
            cpu: cpu(step),
            word32: op_flag(instr, 2),
            word64: op_flag(instr, 3),
            signed: op_flag(instr, 4),
            d,
            address,
            half: flag(byte >= 4),
            memory: read(step, 1),
            sign: load_sign(instr, step.before[1] >> (8 * byte)),
            write: write(step, 3),
        }
    }
}

fn pick(byte: u32) -> [F; 4] {
    core::array::from_fn(|i| flag(i as u32 == byte / 2))
}

impl Fill for LoadNarrowCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, ..] = operands(instr);
        let (address, byte) = address(step, instr);
        let is_byte = instr.op.access_bytes() == 1;
        let raw = step.before[1] >> (8 * byte);
        let limb = (step.before[1] >> (16 * (byte / 2))) as u32 & 0xffff;
        Self {
            cpu: cpu(step),
            word8: op_flag(instr, 0),
            word16: op_flag(instr, 1),
            signed: op_flag(instr, 4),
            to64: op_flag(instr, 5),
            d,
            address,
            pick: pick(byte),
            odd: f(byte % 2),
            memory: read(step, 1),
            limb: f(limb),
            low: if is_byte { f(limb & 0xff) } else { F::ZERO },
            value: f(raw as u32 & if is_byte { 0xff } else { 0xffff }),
            sign: load_sign(instr, raw),
            write: write(step, 3),
        }
    }
}

/// The two cells of an access, the first of which is in `slot`.
fn cells(step: &Step, slot: usize, byte: u32, instr: &Instr) -> CellPairCols<F> {
    CellPairCols {
        start: core::array::from_fn(|i| flag(i as u32 == byte)),
        crosses: flag(byte + instr.op.access_bytes() > 8),
        first: read(step, slot),
        second: read(step, slot + 1),
        first_low: low_bytes(step.before[slot]),
        second_low: low_bytes(step.before[slot + 1]),
    }
}

impl Fill for LoadUnalignedCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, ..] = operands(instr);
        let (address, byte) = address(step, instr);
        let pair = u128::from(step.before[1]) | u128::from(step.before[2]) << 64;
        Self {
            cpu: cpu(step),
            word16: op_flag(instr, 1),
            word32: op_flag(instr, 2),
            word64: op_flag(instr, 3),
            signed: op_flag(instr, 4),
            to64: op_flag(instr, 5),
            d,
            address,
            cells: cells(step, 1, byte, instr),
            sign: load_sign(instr, (pair >> (8 * byte)) as u64),
            write: write(step, 3),
        }
    }
}

impl Fill for StoreWordCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [_, _, b] = operands(instr);
        let (address, byte) = address(step, instr);
        Self {
            cpu: cpu(step),
            word32: op_flag(instr, 2),
            word64: op_flag(instr, 3),
            b,
            address,
            half: flag(byte >= 4),
            read: read(step, 1),
            memory: read(step, 2),
        }
    }
}

impl Fill for StoreNarrowCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [_, _, b] = operands(instr);
        let (address, byte) = address(step, instr);
        let is_byte = instr.op.access_bytes() == 1;
        let limb = (step.before[2] >> (16 * (byte / 2))) as u32 & 0xffff;
        let value = step.before[1] as u32 & 0xffff;
        let shift = 8 * (byte % 2);
        let merged = limb & !(0xff << shift) | (value & 0xff) << shift;
        let only_byte = |low: u32| if is_byte { f(low & 0xff) } else { F::ZERO };
        Self {
            cpu: cpu(step),
            word8: op_flag(instr, 0),
            word16: op_flag(instr, 1),
            b,
            address,
            pick: pick(byte),
            odd: f(byte % 2),
            read: read(step, 1),
            memory: read(step, 2),
            limb: f(limb),
            low: only_byte(limb),
            byte: only_byte(value),
            after: f(if is_byte { merged } else { value }),
        }
    }
}

impl Fill for StoreUnalignedCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [_, _, b] = operands(instr);
        let (address, byte) = address(step, instr);
        Self {
            cpu: cpu(step),
            word16: op_flag(instr, 1),
            word32: op_flag(instr, 2),
            word64: op_flag(instr, 3),
            b,
            address,
            read: read(step, 1),
            value_low: low_bytes(step.before[1]),
            cells: cells(step, 2, byte, instr),
        }
    }
}

impl Fill for MemoryGrowCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, a, _] = operands(instr);
        let (delta, size, max) = (step.before[0], step.before[1], instr.imm);
        let fits = size + delta <= max;
        let after = if fits { size + delta } else { size };
        let left =
            |i: usize| i64::from(ints::<2>(max)[i]) - i64::from(ints::<2>(size)[i]) - i64::from(ints::<2>(delta)[i]);
        let sign = if fits { 1 } else { -1 };
        let low = sign * left(0) - i64::from(!fits);
        let carry = low >> 16;
        let high = sign * left(1) + carry;
        let magnitude = f(carry.unsigned_abs() as u32);
        Self {
            cpu: cpu(step),
            real: F::ONE,
            d,
            a,
            max: limbs(max),
            delta: read(step, 0),
            size: read(step, 1),
            fits: flag(fits),
            carry: if carry < 0 { -magnitude } else { magnitude },
            slack: [f(low as u32 & 0xffff), f(high as u32 & 0xffff)],
            after: limbs(after),
            write: write(step, 2),
            // Counted when the pages are known.
            touched: F::ZERO,
        }
    }
}

impl Fill for MemoryTrapCols<F> {
    fn fill(step: &Step, instr: &Instr) -> Self {
        let [d, _, b] = operands(instr);
        let (mut address, _) = address(step, instr);
        let (base, offset) = (ints::<2>(step.before[0]), ints::<2>(instr.imm));
        let low = base[0] + offset[0] + instr.op.access_bytes() - 1;
        address.carry = f(low >> 16);
        let page = base[1] + offset[1] + (low >> 16);
        let beyond = page - step.before[1] as u32;
        Self {
            cpu: cpu(step),
            width: core::array::from_fn(|i| op_flag(instr, i as u32)),
            store: flag(instr.op.family() == Family::Store),
            signed: op_flag(instr, 4),
            to64: op_flag(instr, 5),
            d,
            b,
            address,
            size: read(step, 1),
            low: f(low & 0xffff),
            beyond: f(beyond & 0xffff),
            beyond_high: f(beyond >> 16),
        }
    }
}
