//! The committed guests give their known results.

use provasm_compile::{Options, compile};
use provasm_execute::{Limits, Outcome, run};
use provasm_testkit::{guest_calls, guest_wasm};

/// Upper bound on processor instructions per WebAssembly operator, in hundredths.
const INSTRUCTIONS_PER_100_OPS_MAX: u64 = 60;
/// Modules whose float operators call routines of many instructions. The bound is not for them.
const FLOAT_FILES: [&str; 3] = ["json-float.wasm", "matmul.wasm", "nbody.wasm"];
/// Operators of a run too short for the bound, because it mostly starts and ends.
const SHORT_OPS_MAX: u64 = 10_000;

#[test]
fn guests_give_known_results() {
    let calls = guest_calls();
    assert!(!calls.is_empty(), "guests/wasm/expected.txt names calls");
    for call in calls {
        let wasm = guest_wasm(&call.file).unwrap_or_else(|| panic!("{} is committed", call.file));
        let program = compile(&wasm, &Options::default()).unwrap_or_else(|error| panic!("{}: {error}", call.file));
        let run = run(&program, &call.entry, &call.args, Limits::default());
        let run = run.unwrap_or_else(|error| panic!("{call:?}: {error}"));
        let static_ops: u64 = program.source.wasm_ops.iter().map(|ops| u64::from(*ops)).sum();
        println!(
            "{} {} {:?}: {} instructions, {} ops, {:.3} per op; static {:.3}",
            call.file,
            call.entry,
            call.args,
            run.instructions,
            run.wasm_ops,
            run.instructions as f64 / run.wasm_ops as f64,
            program.code.len() as f64 / static_ops as f64,
        );
        assert_eq!(run.outcome, Outcome::Returned(vec![call.result]), "{call:?}");
        let is_bounded = run.wasm_ops > SHORT_OPS_MAX && !FLOAT_FILES.contains(&call.file.as_str());
        assert!(
            !is_bounded || run.instructions * 100 <= run.wasm_ops * INSTRUCTIONS_PER_100_OPS_MAX,
            "{call:?}: {run:?}"
        );
    }
}
