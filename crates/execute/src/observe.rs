//! What the interpreter tells about each instruction, for whoever listens.

use provasm_isa::Chip;

/// Listener to the cell accesses of a run. Every call names the cell's value before the access.
///
/// `slot` is the access's place within the instruction: the clock tick it happens at.
pub trait Observer {
    /// Whether the run should pause before the next instruction.
    fn is_full(&self) -> bool;
    /// An instruction begins.
    fn begin(&mut self, pc: u32, fp: u32);
    /// It accesses the register with this absolute index.
    fn register(&mut self, slot: usize, index: u32, before: u64);
    /// It accesses the link of the frame at `fp`.
    fn link(&mut self, slot: usize, fp: u32, before: u64);
    /// It accesses a static cell.
    fn static_cell(&mut self, slot: usize, index: u32, before: u64);
    /// It accesses a cell of the host region.
    fn host_cell(&mut self, slot: usize, index: u32, before: u64);
    /// It accesses the next register of its window, in the first slot.
    fn window(&mut self, index: u32, before: u64);
    /// It accesses a cell of linear memory.
    fn memory(&mut self, slot: usize, cell: u32, before: u64);
    /// The memory grew from one size in pages to another, during this instruction.
    fn grow(&mut self, from: u32, to: u32);
    /// The instruction ends: `out` is what it wrote, or the next pc of a jump.
    fn end(&mut self, chip: Chip, out: u64);
}

/// Listens to nothing and costs nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    #[inline(always)]
    fn is_full(&self) -> bool {
        false
    }
    #[inline(always)]
    fn begin(&mut self, _: u32, _: u32) {}
    #[inline(always)]
    fn register(&mut self, _: usize, _: u32, _: u64) {}
    #[inline(always)]
    fn link(&mut self, _: usize, _: u32, _: u64) {}
    #[inline(always)]
    fn static_cell(&mut self, _: usize, _: u32, _: u64) {}
    #[inline(always)]
    fn host_cell(&mut self, _: usize, _: u32, _: u64) {}
    #[inline(always)]
    fn window(&mut self, _: u32, _: u64) {}
    #[inline(always)]
    fn memory(&mut self, _: usize, _: u32, _: u64) {}
    #[inline(always)]
    fn grow(&mut self, _: u32, _: u32) {}
    #[inline(always)]
    fn end(&mut self, _: Chip, _: u64) {}
}
