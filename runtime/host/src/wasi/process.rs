//! Ending the program, and what only other threads would notice.

use super::errno::{INVAL, NOTSUP, SUCCESS};
use crate::intrinsics;

/// Signals that there are, by WASI's numbers.
const SIGNALS: u32 = 31;
/// Those that are ignored: none, a broken pipe, a child, continue, urgent data, a changed window.
const IGNORED: u32 = 1 | 1 << 13 | 1 << 16 | 1 << 17 | 1 << 22 | 1 << 27;
/// Those that stop a program until another continues it.
const STOPPING: u32 = 1 << 18 | 1 << 19 | 1 << 20 | 1 << 21;

routines! {
    "wasi_snapshot_preview1.proc_exit", proc_exit(code: u32) { intrinsics::exit(code) }

    "wasi_snapshot_preview1.proc_raise", proc_raise(signal: u32) -> u32 {
        if signal >= SIGNALS {
            return INVAL;
        }
        if IGNORED >> signal & 1 != 0 {
            return SUCCESS;
        }
        if STOPPING >> signal & 1 != 0 {
            return NOTSUP;
        }
        // As shells report a program that a signal ended.
        intrinsics::exit(128 + signal);
        SUCCESS
    }

    "wasi_snapshot_preview1.sched_yield", sched_yield() -> u32 { SUCCESS }
}
