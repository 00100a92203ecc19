//! Sizes of memory and of segments: as text, and how one follows from the other.

use provasm::{SEGMENT_LOG_CELLS, SEGMENT_LOG_CELLS_RANGE, Workload};

/// Suffixes of bytes and what they stand for.
const UNITS: [(&str, u64); 9] = [
    ("Ki", 1 << 10),
    ("Mi", 1 << 20),
    ("Gi", 1 << 30),
    ("Ti", 1 << 40),
    ("K", 1_000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
    ("T", 1_000_000_000_000),
    ("", 1),
];

/// Reads bytes: `500000000`, `500M`, `2Gi`.
pub(crate) fn memory_bytes(text: &str) -> Result<u64, String> {
    let known = UNITS.iter().find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?, unit)));
    let bytes = known.and_then(|(digits, unit)| {
        // A sign would be read, too.
        let plain = digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse::<u64>().ok().filter(|_| plain)?.checked_mul(*unit)
    });
    bytes.ok_or_else(|| format!("`{text}` is no size: a number, and K, M, G, T, Ki, Mi, Gi or Ti after it or nothing"))
}

/// Reads a segment's cells, as a base-two logarithm: `2^24` or `24`.
pub(crate) fn log_cells(text: &str) -> Result<u32, String> {
    let log = text.strip_prefix("2^").unwrap_or(text).parse().ok().filter(|log| SEGMENT_LOG_CELLS_RANGE.contains(log));
    let (least, most) = (SEGMENT_LOG_CELLS_RANGE.start(), SEGMENT_LOG_CELLS_RANGE.end());
    log.ok_or_else(|| format!("a segment can have 2^{least} to 2^{most} cells, written like that"))
}

/// What `--segment-cells` is.
pub(crate) fn log_cells_help() -> String {
    let (least, most) = (SEGMENT_LOG_CELLS_RANGE.start(), SEGMENT_LOG_CELLS_RANGE.end());
    format!(
        "Committed cells of a segment, 2^{least} to 2^{most}; 2^{SEGMENT_LOG_CELLS} or what fits the memory if not given"
    )
}

/// Bytes for people: `512 MiB`, `1.5 GiB`.
#[expect(clippy::cast_precision_loss, reason = "a number for people")]
pub(crate) fn shown_bytes(bytes: u64) -> String {
    match bytes {
        0..1_073_741_824 => format!("{} MiB", bytes.div_ceil(1 << 20)),
        _ => format!("{:.1} GiB", bytes as f64 / (1u64 << 30) as f64),
    }
}

/// Checks that segments of this size fit the memory that may be taken.
pub(crate) fn check_fits(log_cells: u32, workload: Workload, allowed: u64) -> Result<(), String> {
    let needed = workload.memory_bytes(log_cells);
    if needed <= allowed {
        return Ok(());
    }
    let (needed, allowed) = (shown_bytes(needed), shown_bytes(allowed));
    let each = if workload.jobs == 1 { String::new() } else { format!(", {} at a time", workload.jobs) };
    Err(format!("segments of 2^{log_cells} cells{each} take about {needed} of memory, --max-memory allows {allowed}"))
}

/// The size of a new run's segments: the one asked for, else the largest that fits the memory allowed, else the default
/// one or what fits the free memory.
pub(crate) fn segment_log_cells(
    asked: Option<u32>,
    allowed: Option<u64>,
    workload: Workload,
    free: Option<u64>,
) -> Result<u32, String> {
    let (least, most) = (*SEGMENT_LOG_CELLS_RANGE.start(), *SEGMENT_LOG_CELLS_RANGE.end());
    let largest = |most: u32, memory: u64| (least..=most).rev().find(|&log| workload.memory_bytes(log) <= memory);
    match (asked, allowed) {
        (Some(asked), Some(allowed)) => check_fits(asked, workload, allowed).map(|()| asked),
        (Some(asked), None) => Ok(asked),
        (None, Some(allowed)) => {
            largest(most, allowed).map_or_else(|| check_fits(least, workload, allowed).map(|()| least), Ok)
        }
        (None, None) => Ok(free.map_or(SEGMENT_LOG_CELLS, |free| {
            // The free memory is an estimate, so it refuses nothing.
            largest(SEGMENT_LOG_CELLS, free).unwrap_or(least)
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read() {
        let check = |text: &str, expect: Option<u64>| assert_eq!(memory_bytes(text).ok(), expect, "{text}");
        check("0", Some(0));
        check("123", Some(123));
        check("5K", Some(5_000));
        check("5Ki", Some(5 << 10));
        check("7M", Some(7_000_000));
        check("3Gi", Some(3 << 30));
        check("2T", Some(2_000_000_000_000));
        check("18446744073709551615", Some(u64::MAX));
        check("16777216Ti", None);
        for text in ["", "K", "Gi", "+5", "-5", "1.5G", "5 G", "5g", "5GiB", "0x5", "٣"] {
            check(text, None);
        }
    }

    #[test]
    fn cells_are_read() {
        let check = |text: &str, expect: Option<u32>| assert_eq!(log_cells(text).ok(), expect, "{text}");
        check("2^20", Some(20));
        check("28", Some(28));
        for text in ["2^19", "29", "", "2^", "2^x", "1048576", "3^20"] {
            check(text, None);
        }
    }

    #[test]
    fn bytes_are_shown() {
        let check = |bytes, expect: &str| assert_eq!(shown_bytes(bytes), expect);
        check(1, "1 MiB");
        check(512 << 20, "512 MiB");
        check(3 << 29, "1.5 GiB");
    }

    #[test]
    fn the_largest_size_that_fits_is_chosen() {
        let check = |asked, allowed, jobs, free, expect: Option<u32>| {
            assert_eq!(
                segment_log_cells(asked, allowed, Workload { jobs, code: 1_000 }, free).ok(),
                expect,
                "{asked:?} {allowed:?} {jobs} {free:?}"
            );
        };
        let needed = |log_cells, jobs| Workload { jobs, code: 1_000 }.memory_bytes(log_cells);
        check(None, None, 1, None, Some(SEGMENT_LOG_CELLS));
        check(None, None, 1, Some(u64::MAX), Some(SEGMENT_LOG_CELLS));
        check(None, None, 1, Some(needed(23, 1)), Some(23));
        check(None, None, 4, Some(needed(23, 4) - 1), Some(22));
        check(None, None, 1, Some(0), Some(20));
        check(None, Some(u64::MAX), 1, Some(0), Some(28));
        check(None, Some(needed(21, 2)), 2, None, Some(21));
        check(None, Some(needed(20, 2) - 1), 2, None, None);
        check(Some(24), None, 1, Some(0), Some(24));
        check(Some(24), Some(needed(24, 3)), 3, Some(0), Some(24));
        check(Some(24), Some(needed(24, 3) - 1), 3, None, None);
    }

    #[test]
    fn what_is_needed_is_said() {
        let workload = Workload { jobs: 2, code: 1_000 };
        let error = segment_log_cells(None, Some(1 << 20), workload, None).unwrap_err();
        let needed = shown_bytes(workload.memory_bytes(20));
        assert!(error.contains("2^20 cells, 2 at a time") && error.contains(&needed), "{error}");
    }
}
