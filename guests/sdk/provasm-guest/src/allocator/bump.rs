//! An allocator that gives memory in order of address and takes back the last piece only.
//!
//! An allocation costs a handful of instructions. The last allocation grows and shrinks in place, which is what a
//! vector does that is filled.

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32,
    cell::Cell,
    ptr,
};

const PAGE_BYTES: usize = 1 << 16;

unsafe extern "C" {
    /// The linker's symbol for the first address beyond data and stack.
    static __heap_base: u8;
}

/// The free memory is from `next` on; to `end` it exists; from `used` on it was never given out and is zero.
pub(super) struct Bump {
    next: Cell<usize>,
    end: Cell<usize>,
    used: Cell<usize>,
}

// SAFETY: the module has no shared memory, so there is one thread.
unsafe impl Sync for Bump {}

impl Bump {
    pub(super) const fn new() -> Self {
        Self { next: Cell::new(0), end: Cell::new(0), used: Cell::new(0) }
    }

    /// Makes `end` the end of the memory in use; says whether there is so much.
    fn extend(&self, end: usize) -> bool {
        let exists = self.reach(end);
        if exists {
            self.next.set(end);
            self.used.set(self.used.get().max(end));
        }
        exists
    }

    /// Makes memory exist up to `end`; says whether it does.
    fn reach(&self, end: usize) -> bool {
        if end <= self.end.get() {
            return true;
        }
        let existing = wasm32::memory_size::<0>();
        let pages = end.div_ceil(PAGE_BYTES);
        if pages > existing && wasm32::memory_grow::<0>(pages - existing) == usize::MAX {
            return false;
        }
        // The last page of 4 GiB has no end in 32 bits; its last byte is left unused.
        self.end.set(pages.max(existing).saturating_mul(PAGE_BYTES));
        true
    }
}

// SAFETY: pieces do not overlap: each begins where no other piece is in use, and `next` goes beyond it. Only the last
// piece is given back or changes its size in place.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.next.get() == 0 {
            self.next.set((&raw const __heap_base) as usize);
        }
        let Some(start) = self.next.get().checked_next_multiple_of(layout.align()) else { return ptr::null_mut() };
        let Some(end) = start.checked_add(layout.size()) else { return ptr::null_mut() };
        if self.extend(end) { start as *mut u8 } else { ptr::null_mut() }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let used = self.used.get();
        // SAFETY: the caller vouches for the layout.
        let piece = unsafe { self.alloc(layout) };
        if !piece.is_null() && (piece as usize) < used {
            // SAFETY: these bytes are within the piece.
            unsafe { ptr::write_bytes(piece, 0, layout.size().min(used - piece as usize)) };
        }
        piece
    }

    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        if piece as usize + layout.size() == self.next.get() {
            self.next.set(piece as usize);
        }
    }

    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if piece as usize + layout.size() == self.next.get() {
            let Some(end) = (piece as usize).checked_add(size) else { return ptr::null_mut() };
            return if self.extend(end) { piece } else { ptr::null_mut() };
        }
        if size <= layout.size() {
            return piece;
        }
        // SAFETY: the caller vouches for size and alignment.
        let larger = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        if !larger.is_null() {
            // SAFETY: the old piece has `layout.size()` bytes, which is less than `size`, and the new one is elsewhere.
            unsafe { ptr::copy_nonoverlapping(piece, larger, layout.size()) };
        }
        larger
    }
}
