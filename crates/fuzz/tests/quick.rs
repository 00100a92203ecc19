//! A quick share of what `cargo xtask fuzz` does at length, always the same.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use provasm_fuzz::{Plan, Sampling, run};
use provasm_testkit::figure::Figure;
use provasm_testkit::is_long;

/// Programs of the quick run and of the long one: a quarter are single operators.
const PROGRAMS: [u64; 2] = [1200, 60_000];

#[test]
fn programs_end_as_under_wasmtime() {
    let programs = PROGRAMS[usize::from(is_long())];
    let plan = Plan {
        seed: 1,
        programs,
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
    assert!(tally.calls() > 10 * programs && tally.checked > 0 && tally.proved > 0, "little was executed: {tally}");
    let measured = format!("{} modules, {} calls checked, {} proved", tally.modules, tally.checked, tally.proved);
    Figure::held(9, "calls of generated programs", tally.calls() as usize).measured(measured).print();
}
