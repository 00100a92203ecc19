//! Every guest, on a small known input, proves and verifies with its known result.
//! `PROVASM_LONG=1` adds the recovery of a public key.

use std::collections::BTreeMap;

use provasm::{Limits, Outcome, Program, RunOutcome, verify};
use provasm_testkit::{GuestCall, guest_calls, guest_wasm, is_long};

/// Instructions of a run that is proven.
const INSTRUCTIONS_MAX: u64 = 1_500_000;
/// Instructions of a run that is proven in the long mode.
const INSTRUCTIONS_MAX_LONG: u64 = 4_000_000;
/// Shorter runs refuse their input and stand for a guest only when there are no others.
const INSTRUCTIONS_MIN: u64 = 1_000;
/// Calls that stand for their guests although they are not the shortest.
const PREFERRED: &[(&str, &str, &[u64])] =
    &[("matmul.wasm", "matmul_f64", &[8]), ("regex.wasm", "has_decimal_digits_only", &[4660])];
/// Calls that are proven beside the ones that stand for their guests.
const ADDED: &[(&str, &str, &[u64])] = &[("matmul.wasm", "matmul_f32", &[8])];
/// Calls that the long mode adds.
const LONG: &[(&str, &str, &[u64])] = &[("secp256k1.wasm", "secp256k1_recover", &[1])];

fn is_in(list: &[(&str, &str, &[u64])], call: &GuestCall) -> bool {
    list.iter().any(|(file, entry, args)| *file == call.file && *entry == call.entry && *args == call.args)
}

fn compile(call: &GuestCall) -> Program {
    let wasm = guest_wasm(&call.file).unwrap_or_else(|| panic!("{} is committed", call.file));
    Program::compile(&wasm).unwrap_or_else(|error| panic!("{}: {error}", call.file))
}

fn prove_and_verify(program: &Program, call: &GuestCall) {
    let proven = program.prove(&call.entry, &call.args).unwrap_or_else(|error| panic!("{call:?}: {error}"));
    let verified = verify(&proven.proof, &program.id()).unwrap_or_else(|error| panic!("{call:?}: {error}"));
    println!(
        "{} {} {:?}: {} instructions, {:.1} s, {} bytes",
        call.file,
        call.entry,
        call.args,
        proven.run.instructions,
        proven.prove_seconds,
        proven.proof.len()
    );
    assert_eq!(verified.claim, proven.claim, "{call:?}");
    assert_eq!(verified.claim.entry, call.entry, "{call:?}");
    assert_eq!(verified.claim.args, call.args, "{call:?}");
    assert_eq!(verified.claim.outcome, Outcome::Returned(vec![call.result]), "{call:?}");
}

#[test]
fn guests_prove_their_known_results() {
    let mut files: BTreeMap<String, Vec<GuestCall>> = BTreeMap::new();
    for call in guest_calls() {
        files.entry(call.file.clone()).or_default().push(call);
    }
    assert!(!files.is_empty(), "guests/wasm/expected.txt names calls");
    for (file, calls) in files {
        let program = compile(&calls[0]);
        let cost = |call: &GuestCall| {
            let limits = Limits { instructions_max: INSTRUCTIONS_MAX_LONG, ..Limits::default() };
            let run = program.run(&call.entry, &call.args, limits).ok()?;
            assert_eq!(run.outcome, RunOutcome::Returned(vec![call.result]), "{call:?}");
            Some(run.instructions)
        };
        let costs: Vec<(u64, &GuestCall)> = calls.iter().filter_map(|call| Some((cost(call)?, call))).collect();
        let preferred = costs.iter().find(|(_, call)| is_in(PREFERRED, call));
        let provable = costs.iter().filter(|(cost, _)| *cost <= INSTRUCTIONS_MAX);
        let smallest = preferred.or_else(|| provable.min_by_key(|(cost, _)| (*cost < INSTRUCTIONS_MIN, *cost)));
        let &(_, call) = smallest.unwrap_or_else(|| panic!("{file} has a short run"));
        prove_and_verify(&program, call);
        for (_, call) in costs.iter().filter(|(_, call)| is_long() && is_in(LONG, call)) {
            prove_and_verify(&program, call);
        }
    }
}

#[test]
fn added_calls_prove_their_known_results() {
    let calls = guest_calls();
    for added in ADDED {
        let call = calls.iter().find(|call| is_in(std::slice::from_ref(added), call));
        let call = call.unwrap_or_else(|| panic!("guests/wasm/expected.txt lists {added:?}"));
        prove_and_verify(&compile(call), call);
    }
}
