//! A quick share of what `cargo xtask fuzz` does at length, always the same.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use provasm_fuzz::{Plan, Sampling, run};

/// Programs of the quick run: a quarter are single operators.
const PROGRAMS: u64 = 1200;

#[test]
fn programs_end_as_under_wasmtime() {
    let plan = Plan {
        seed: 1,
        programs: PROGRAMS,
        operand_lists: 4,
        sampling: Sampling { check_every: 300, prove_every: 12_000 },
        threads: NonZeroUsize::MIN,
        minimise: false,
    };
    let (tally, found) = run(&plan, &AtomicBool::new(false), &|_, _| {});
    println!("{tally}");
    let found: Vec<String> =
        found.iter().map(|finding| format!("seed {}: {}", finding.seed, finding.divergence)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(tally.calls() > 10 * PROGRAMS && tally.checked > 0 && tally.proved > 0, "little was executed: {tally}");
}
