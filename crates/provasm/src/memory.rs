//! How this process holds on to memory, and how much there is.

/// Tells the system allocator to keep freed memory instead of returning it.
///
/// Proving allocates and frees tables of hundreds of megabytes many times over. Each time they
/// come fresh from the system, every page is faulted in and zeroed again, which can cost as much
/// as the proof itself. Call this once at the start of a program that proves. Does nothing where
/// the system allocator is not glibc's.
pub fn keep_freed_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[expect(unsafe_code, reason = "mallopt has no safe form")]
    {
        // SAFETY: mallopt takes plain integers, changes tuning values only and may be called at any
        // time; an unknown value makes it return 0 and change nothing.
        unsafe {
            // One arena: in those of other threads, freed memory goes back to the system.
            libc::mallopt(libc::M_ARENA_MAX, 1);
            libc::mallopt(libc::M_MMAP_MAX, 0);
            // -1 is documented to disable trimming.
            libc::mallopt(libc::M_TRIM_THRESHOLD, -1);
        }
    }
}

/// Bytes of memory the system says a new program could take, if it says so.
#[must_use]
pub fn available_bytes() -> Option<u64> {
    proc_field("/proc/meminfo", "MemAvailable:")
}

/// Bytes of memory this process has, if the system says so.
#[must_use]
pub fn current_bytes() -> Option<u64> {
    proc_field("/proc/self/status", "VmRSS:")
}

/// The most bytes of memory this process has had, if the system says so.
#[must_use]
pub fn peak_bytes() -> Option<u64> {
    proc_field("/proc/self/status", "VmHWM:")
}

/// A field in kibibytes of a file under `/proc`, in bytes.
fn proc_field(path: &str, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(target_os = "linux")]
    fn the_peak_is_known_and_below_what_there_was() {
        let current = super::current_bytes();
        assert!(current.is_some_and(|current| current > 0));
        assert!(super::peak_bytes() >= current);
        assert!(super::available_bytes().is_some_and(|available| available > 0));
    }
}
