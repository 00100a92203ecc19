//! Bounds on runs, from the memory there is.

use provasm::Limits;
use provasm::memory::available_bytes;
use provasm_verify::INSTRUCTION_ROWS_MAX;

/// Memory that the cheapest instruction takes at least, recorded and as a row.
const RECORDED_INSTRUCTION_BYTES: u64 = 96;

/// Bytes that a page of linear memory takes while a run is recorded: its content, and a clock per cell.
const RECORDED_PAGE_BYTES: u64 = 96 << 10;

/// Pages of linear memory that fit the free memory.
fn memory_pages_max() -> u32 {
    u32::try_from(free_bytes() / RECORDED_PAGE_BYTES).unwrap_or(u32::MAX)
}

fn free_bytes() -> u64 {
    available_bytes().unwrap_or(u64::MAX)
}

/// Bounds on a run that is recorded in one piece: what a proof can have, or what fits the free memory. An endless run or a
/// greedy one then ends with an error before memory does.
pub(crate) fn checked() -> Limits {
    Limits {
        instructions_max: INSTRUCTION_ROWS_MAX.min(free_bytes() / RECORDED_INSTRUCTION_BYTES),
        memory_pages_max: memory_pages_max(),
        ..Limits::default()
    }
}

/// Bounds on a run that is proven in segments: those asked for, and a memory that fits the free one.
pub(crate) fn proven(instructions_max: Option<u64>) -> Limits {
    let instructions_max = instructions_max.unwrap_or(u64::MAX);
    Limits { instructions_max, memory_pages_max: memory_pages_max(), ..Limits::default() }
}
