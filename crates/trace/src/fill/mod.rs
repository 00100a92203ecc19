//! Filling one row from one record, by family.

mod accel;
mod alu;
mod control;
mod div;
mod host;
mod memory;
mod modmul;
mod moves;
mod poseidon2;
mod rounds;
mod system;

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use provasm_air::chips as c;
use provasm_air::columns::Cells;
use provasm_air::gadgets::cpu::CpuCols;
use provasm_air::gadgets::register::{ReadCols, WriteCols};
use provasm_execute::{Step, WindowAccess};
use provasm_isa::{Chip, Instr};

pub(crate) use rounds::FillRound;
pub(crate) use system::{bridge_row, cell_limbs, cell_row, node_rows, page_row};

pub(crate) type F = KoalaBear;

/// A row that one executed instruction fills.
pub(crate) trait Fill: Cells<F> {
    fn fill(step: &Step, instr: &Instr) -> Self;
}

/// A row that one call of an accelerator fills.
pub(crate) trait FillCall: Cells<F> {
    fn fill(step: &Step, instr: &Instr, window: &[WindowAccess]) -> Self;
}

pub(crate) fn f(value: u32) -> F {
    F::from_u32(value)
}

pub(crate) fn flag(value: bool) -> F {
    F::from_bool(value)
}

/// Bit `bit` of an opcode's flags.
pub(crate) fn op_flag(instr: &Instr, bit: u32) -> F {
    flag(instr.op.flags() >> bit & 1 == 1)
}

/// The low `W` limbs of a value, as integers.
pub(crate) fn ints<const W: usize>(value: u64) -> [u32; W] {
    core::array::from_fn(|i| (value >> (16 * i)) as u32 & 0xffff)
}

/// The low `W` limbs of a value.
pub(crate) fn limbs<const W: usize>(value: u64) -> [F; W] {
    ints::<W>(value).map(f)
}

/// The low bytes of the low `W` limbs.
pub(crate) fn low_bytes<const W: usize>(value: u64) -> [F; W] {
    ints::<W>(value).map(|limb| f(limb & 0xff))
}

/// A row of zeros.
pub(crate) fn zero<C: Cells<F>>() -> C {
    C::take(&mut core::iter::repeat(F::ZERO))
}

pub(crate) fn cpu(step: &Step) -> CpuCols<F> {
    CpuCols { pc: f(step.pc), fp: f(step.fp), clock: f(step.clock) }
}

pub(crate) fn read<const W: usize>(step: &Step, slot: usize) -> ReadCols<F, W> {
    ReadCols { value: limbs(step.before[slot]), previous: f(step.previous[slot]) }
}

pub(crate) fn write(step: &Step, slot: usize) -> WriteCols<F> {
    WriteCols { before: limbs(step.before[slot]), previous: f(step.previous[slot]) }
}

/// Operand indices of an instruction: d, a, b.
pub(crate) fn operands(instr: &Instr) -> [F; 3] {
    [instr.d, instr.a, instr.b].map(|index| f(u32::from(index)))
}

fn put_cells<C: Cells<F>>(filled: C, row: &mut [F]) {
    let mut cells = row.iter_mut();
    filled.put(&mut |cell| {
        if let Some(slot) = cells.next() {
            *slot = cell;
        }
    });
}

fn put<C: Fill>(step: &Step, instr: &Instr, row: &mut [F]) {
    put_cells(C::fill(step, instr), row);
}

fn put_call<C: FillCall>(step: &Step, instr: &Instr, window: &[WindowAccess], row: &mut [F]) {
    put_cells(C::fill(step, instr, window), row);
}

/// Fills the row of `chip` for a call that transformed a window; a chip of other instructions leaves it zero.
pub(crate) fn fill_call(chip: Chip, step: &Step, instr: &Instr, window: &[WindowAccess], row: &mut [F]) {
    match chip {
        Chip::Sha256 => put_call::<c::Sha256Cols<F>>(step, instr, window, row),
        Chip::Keccak => put_call::<c::KeccakCols<F>>(step, instr, window, row),
        Chip::Blake3 => put_call::<c::Blake3Cols<F>>(step, instr, window, row),
        Chip::Poseidon2 => put_call::<c::Poseidon2Cols<F>>(step, instr, window, row),
        Chip::ModMul => put_call::<c::ModMulCols<F>>(step, instr, window, row),
        _ => {}
    }
}

/// Fills the row of `chip` for an executed instruction; one of a call leaves it zero, see [`fill_call`].
pub(crate) fn fill_row(chip: Chip, step: &Step, instr: &Instr, row: &mut [F]) {
    match chip {
        Chip::Const => put::<c::ConstCols<F>>(step, instr, row),
        Chip::Copy => put::<c::CopyCols<F>>(step, instr, row),
        Chip::Static => put::<c::StaticCols<F>>(step, instr, row),
        Chip::Extend => put::<c::ExtendCols<F>>(step, instr, row),
        Chip::Add32 => put::<c::AddCols<F, 2>>(step, instr, row),
        Chip::Add64 => put::<c::AddCols<F, 4>>(step, instr, row),
        Chip::AddImm32 => put::<c::AddImmCols<F, 2>>(step, instr, row),
        Chip::AddImm64 => put::<c::AddImmCols<F, 4>>(step, instr, row),
        Chip::Bitwise32 => put::<c::BitwiseCols<F, 2>>(step, instr, row),
        Chip::Bitwise64 => put::<c::BitwiseCols<F, 4>>(step, instr, row),
        Chip::BitwiseImm32 => put::<c::BitwiseImmCols<F, 2>>(step, instr, row),
        Chip::BitwiseImm64 => put::<c::BitwiseImmCols<F, 4>>(step, instr, row),
        Chip::ShiftImm32 => put::<c::ShiftImmCols<F, 2>>(step, instr, row),
        Chip::ShiftImm64 => put::<c::ShiftImmCols<F, 4>>(step, instr, row),
        Chip::ShiftVar32 => put::<c::ShiftVarCols<F, 2>>(step, instr, row),
        Chip::ShiftVar64 => put::<c::ShiftVarCols<F, 4>>(step, instr, row),
        Chip::Compare32 => put::<c::SetCols<F, 2>>(step, instr, row),
        Chip::Compare64 => put::<c::SetCols<F, 4>>(step, instr, row),
        Chip::CompareImm32 => put::<c::SetImmCols<F, 2>>(step, instr, row),
        Chip::CompareImm64 => put::<c::SetImmCols<F, 4>>(step, instr, row),
        Chip::Branch32 => put::<c::BranchCols<F, 2>>(step, instr, row),
        Chip::Branch64 => put::<c::BranchCols<F, 4>>(step, instr, row),
        Chip::BranchImm32 => put::<c::BranchImmCols<F, 2>>(step, instr, row),
        Chip::BranchImm64 => put::<c::BranchImmCols<F, 4>>(step, instr, row),
        Chip::Mul32 => put::<c::MulCols<F, 2>>(step, instr, row),
        Chip::Mul64 => put::<c::MulCols<F, 4>>(step, instr, row),
        Chip::Div => put::<c::DivCols<F>>(step, instr, row),
        Chip::BitCount => put::<c::BitCountCols<F>>(step, instr, row),
        Chip::Select => put::<c::SelectCols<F>>(step, instr, row),
        Chip::LoadWord => put::<c::LoadWordCols<F>>(step, instr, row),
        Chip::LoadNarrow => put::<c::LoadNarrowCols<F>>(step, instr, row),
        Chip::LoadUnaligned => put::<c::LoadUnalignedCols<F>>(step, instr, row),
        Chip::StoreWord => put::<c::StoreWordCols<F>>(step, instr, row),
        Chip::StoreNarrow => put::<c::StoreNarrowCols<F>>(step, instr, row),
        Chip::StoreUnaligned => put::<c::StoreUnalignedCols<F>>(step, instr, row),
        Chip::MemoryGrow => put::<c::MemoryGrowCols<F>>(step, instr, row),
        Chip::Jump => put::<c::JumpCols<F>>(step, instr, row),
        Chip::JumpTable => put::<c::JumpTableCols<F>>(step, instr, row),
        Chip::Call => put::<c::CallCols<F>>(step, instr, row),
        Chip::CallIndirect => put::<c::CallIndirectCols<F>>(step, instr, row),
        Chip::Return => put::<c::ReturnCols<F>>(step, instr, row),
        Chip::Io => put::<c::IoCols<F>>(step, instr, row),
        Chip::Hint => put::<c::HintCols<F>>(step, instr, row),
        Chip::Log => put::<c::LogCols<F>>(step, instr, row),
        Chip::Sha256 | Chip::Keccak | Chip::Blake3 | Chip::Poseidon2 | Chip::ModMul => {}
        Chip::Trap => put::<c::TrapCols<F>>(step, instr, row),
        Chip::DivTrap => put::<c::DivTrapCols<F>>(step, instr, row),
        Chip::MemoryTrap => put::<c::MemoryTrapCols<F>>(step, instr, row),
        Chip::CallTrap => put::<c::CallTrapCols<F>>(step, instr, row),
        Chip::IndirectTrap => put::<c::IndirectTrapCols<F>>(step, instr, row),
    }
}
