//! The table of operators is complete: it and its modules have every operator that computes.

use std::collections::BTreeSet;

use provasm_fuzz::{numeric, operators};
use wasmparser::{Operator, Parser, Payload};

/// Operators of the first version that do not compute: control, variables, and what stands in
/// every generated module anyway.
const CONTROL: &[&str] = &[
    "Unreachable",
    "Nop",
    "Block",
    "Loop",
    "If",
    "Else",
    "End",
    "Br",
    "BrIf",
    "BrTable",
    "Return",
    "Call",
    "CallIndirect",
    "Drop",
    "Select",
    "LocalGet",
    "LocalSet",
    "LocalTee",
    "GlobalGet",
    "GlobalSet",
];

macro_rules! names {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        &[$((stringify!($proposal), stringify!($op)),)*]
    };
}

/// Every operator with its proposal.
const ALL: &[(&str, &str)] = wasmparser::for_each_operator!(names);

/// The variant's name.
fn name(operator: &Operator<'_>) -> String {
    let text = format!("{operator:?}");
    text.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

#[test]
fn every_operator_that_computes_is_fuzzed() {
    let mut fuzzed = BTreeSet::new();
    for operator in operators::operators() {
        for seed in 0..8 {
            let case = numeric::case(&operator, seed, 1);
            for payload in Parser::new(0).parse_all(&case.wasm) {
                if let Payload::CodeSectionEntry(body) = payload.expect("our own module") {
                    let operators = body.get_operators_reader().expect("our own module");
                    fuzzed.extend(operators.into_iter().map(|operator| name(&operator.expect("our own module"))));
                }
            }
        }
    }
    let wanted = |proposal: &str, name: &str| match proposal {
        "mvp" => !CONTROL.contains(&name),
        "sign_extension" | "saturating_float_to_int" | "simd" | "wide_arithmetic" => true,
        // See the table for why these are not.
        "relaxed_simd" => !name.ends_with("Madd") && !name.ends_with("madd") && !name.ends_with("AddS"),
        "bulk_memory" => name.starts_with("Memory") || name.starts_with("Data"),
        _ => false,
    };
    let missing: Vec<_> =
        ALL.iter().filter(|(proposal, name)| wanted(proposal, name) && !fuzzed.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let simd = ALL.iter().filter(|(proposal, _)| *proposal == "simd").count();
    assert_eq!(simd, 236, "the operators of the fixed-width SIMD proposal");
}

#[test]
fn a_seed_makes_the_same_case() {
    use provasm_fuzz::smith::{Size, case};
    use provasm_fuzz::structured;
    for seed in 0..40 {
        let (one, other) = (structured::case(seed), structured::case(seed));
        assert!(one.wasm == other.wasm && one.calls == other.calls, "{seed}");
        let (one, other) = (case(seed, Size::FULL), case(seed, Size::FULL));
        assert_eq!(one.map(|case| (case.wasm, case.calls)), other.map(|case| (case.wasm, case.calls)), "{seed}");
    }
}
