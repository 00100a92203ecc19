//! An allocator that counts: how many bytes a thread has allocated and not freed, and how many it had at most.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Counts bytes that are allocated, or freed if less than none.
fn count(bytes: isize) {
    // A thread that ends frees what it had when its counters are gone.
    let _ = LIVE.try_with(|live| {
        live.set(live.get() + bytes);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(live.get())));
    });
}

#[expect(unsafe_code, reason = "an allocator is; this one hands everything on to the system's")]
// SAFETY: every method is the system allocator's, called with the same arguments.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        unsafe { System.realloc(memory, layout, size) }
    }
}

/// What `work` returns, and the bytes this thread held for it at most.
pub(crate) fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = LIVE.get();
    PEAK.set(before);
    let result = work();
    (result, usize::try_from(PEAK.get() - before).unwrap_or(0))
}

#[test]
fn bytes_are_counted() {
    let (kept, bytes) = peak(|| {
        drop(vec![0_u8; 3000]);
        let mut kept = vec![1_u8; 1000];
        kept.reserve_exact(1000);
        kept
    });
    assert_eq!(bytes, 3000);
    assert_eq!(peak(|| drop(kept)).1, 0);
    assert!(peak(|| std::thread::spawn(|| vec![0_u8; 1 << 20]).join().is_ok()).1 < 1 << 19, "another thread's");
}
