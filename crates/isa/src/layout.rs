//! The cell address space and the machine's fixed limits.
//!
//! Every cell holds 64 bits. Linear memory, globals, tables, registers and links share one
//! address space, so that one memory argument serves them all. Addresses stay below the proof
//! system's field modulus (2^31 - 2^24 + 1).

/// Bytes in a linear-memory cell.
pub const CELL_BYTES: u64 = 8;
/// Bytes in a WebAssembly page.
pub const PAGE_BYTES: u64 = 65_536;
/// Cells in a WebAssembly page.
pub const PAGE_CELLS: u32 = 8_192;
/// Pages a linear memory can have at most.
pub const PAGES_MAX: u32 = 65_536;

/// First static cell. Linear memory is below 2^29; what lies between exists for no program.
pub const STATIC_BASE: u32 = 1 << 30;
/// Static cells a program can have at most (memory size, globals, table elements).
pub const STATIC_CELLS_MAX: u32 = 1 << 24;
/// Index of the static cell that holds the memory's size in pages.
pub const STATIC_MEMORY_SIZE: u32 = 0;
/// Index of the static cell that holds global 0; global `i` follows at `+ i`.
pub const STATIC_GLOBALS: u32 = 1;

/// Cell of register 0 of a frame whose frame pointer is 0.
pub const REGISTER_BASE: u32 = STATIC_BASE + (1 << 24);
/// First cell of the host region: public input, public output, and what host routines keep.
pub const HOST_BASE: u32 = STATIC_BASE + (1 << 27);
/// Cells in the host region.
pub const HOST_CELLS: u32 = 1 << 28;
/// Base-two logarithm of the cells that the input, and the output, have in it.
pub const HOST_STREAM_LOG_CELLS: u32 = 26;
/// Index within the host region of the public input: its length in bytes, then its bytes.
pub const HOST_INPUT: u32 = 0;
/// Index within the host region of the public output: its length in bytes, then its bytes.
pub const HOST_OUTPUT: u32 = 1 << HOST_STREAM_LOG_CELLS;
/// Index within the host region of the cells that host routines keep between calls, zero at the start.
pub const HOST_SCRATCH: u32 = 1 << 27;
/// How many these are.
pub const HOST_SCRATCH_CELLS: u32 = 1 << 24;
/// Bytes that the input, and the output, can have.
pub const STREAM_BYTES_MAX: u64 = ((1 << HOST_STREAM_LOG_CELLS) - 1) * CELL_BYTES;

/// Frame pointers are below this; a call that would reach it traps.
pub const STACK_REGISTERS: u32 = 1 << 20;
/// Cell of the link of a frame whose frame pointer is 0. Links are the last cells there are: a frame that would begin
/// beyond the stack has none, so that nothing but a trap can be proven of a call that makes one.
pub const LINK_BASE: u32 = STATIC_BASE + (PAGE_CELLS << STATIC_PAGES_LOG) - STACK_REGISTERS;
/// Registers a frame can name.
pub const FRAME_REGISTERS_MAX: u32 = 65_536;

/// Cells in a leaf of the state tree.
pub const LEAF_CELLS: u32 = 2;
/// Levels of the state tree above its leaves: it covers every address below 2^31.
pub const TREE_DEPTH: u32 = 30;
/// Level of the nodes whose subtree is a page of cells.
pub const TREE_PAGE_LEVEL: u32 = 12;
/// First page of static cells, registers, the host region and links.
pub const STATIC_PAGE: u32 = STATIC_BASE / PAGE_CELLS;
/// Base-two logarithm of the pages that they lie in.
pub const STATIC_PAGES_LOG: u32 = 16;

/// Clock at which a segment looks at the memory's size.
pub const CLOCK_SIZE: u32 = 1;
/// Clock of a segment's first instruction. Cells present at the start carry clock 0.
pub const CLOCK_START: u32 = 4;
/// Clock ticks per instruction: one for each cell it can access, where a window of registers is accessed in one tick.
pub const CLOCK_STEP: u32 = 4;
/// The longest clock gap one access can span; a longer one is bridged by an extra row.
pub const CLOCK_GAP_MAX: u32 = 1 << 16;

/// Register values that the arguments of an exported function can take, and its results, for it
/// to be an entry.
pub const ENTRY_VALUES_MAX: usize = 32;

/// A public byte string as the cells of its stream: its length, then its bytes, eight to a cell.
pub fn stream_cells(bytes: &[u8]) -> impl Iterator<Item = u64> + '_ {
    let words = bytes.chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    });
    core::iter::once(bytes.len() as u64).chain(words)
}
