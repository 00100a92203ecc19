//! Small scripts and what becomes of their directives.

use std::collections::BTreeSet;

use provasm_script::{Action, Directive, Observer, Options, Report, Standard, Verdict, run};

/// Collects what an observer is told.
#[derive(Default)]
struct Told {
    verdicts: Vec<(usize, &'static str, Verdict)>,
    actions: Vec<(String, bool)>,
    proving: usize,
}

impl Observer for Told {
    fn directive(&mut self, directive: &Directive<'_>) {
        self.verdicts.push((directive.line, directive.kind, directive.verdict.clone()));
    }

    fn action(&mut self, action: &Action<'_>) {
        self.actions.push((action.entry.to_owned(), action.is_first));
    }

    fn proving(&mut self) {
        self.proving += 1;
    }
}

#[track_caller]
fn report(text: &str, options: &Options) -> (Report, Told) {
    let mut told = Told::default();
    let report = run("script", text, options, &mut told).unwrap_or_else(|error| panic!("{error}"));
    (report, told)
}

/// Checks that a script passes, checked and unchecked.
#[track_caller]
fn passes(text: &str) {
    for check_one_in in [0, 1] {
        let (report, _) = report(text, &Options { check_one_in, ..Options::default() });
        assert_eq!((report.failed.as_slice(), report.skips()), (&[][..], 0), "{report}");
        assert_eq!(report.checked, if check_one_in == 1 { report.actions } else { 0 }, "{report}");
    }
}

const COUNTER: &str = r#"(module $counter
    (memory (export "memory") 1 3)
    (table (export "table") 4 funcref)
    (global $count (export "count") (mut i32) (i32.const 0))
    (global (export "wide") v128 (v128.const i32x4 1 2 3 4))
    (func (export "next") (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (global.get $count))
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0)))
    (func (export "pages") (result i32) (memory.size)))
(register "counter" $counter)
"#;

#[test]
fn linked_instances_share_state() {
    passes(&format!(
        r#"{COUNTER}
        (module $user
            (import "counter" "next" (func $next (result i32)))
            (import "counter" "memory" (memory 1))
            (import "counter" "table" (table 4 funcref))
            (import "counter" "count" (global $count (mut i32)))
            (data (i32.const 8) "\2a")
            (elem (i32.const 1) $seven)
            (func $seven (result i32) (i32.const 7))
            (func (export "twice") (result i32) (drop (call $next)) (call $next))
            (func (export "reset") (global.set $count (i32.const 10)))
            (func (export "grow") (result i32) (memory.grow (i32.const 1))))
        (assert_return (invoke $counter "next") (i32.const 1))
        (assert_return (invoke "twice") (i32.const 3))
        (assert_return (get $counter "count") (i32.const 3))
        (invoke "reset")
        (assert_return (invoke $counter "next") (i32.const 11))
        (assert_return (invoke $counter "load" (i32.const 8)) (i32.const 42))
        (assert_return (invoke $counter "call" (i32.const 1)) (i32.const 7))
        (assert_trap (invoke $counter "call" (i32.const 0)) "uninitialized element")
        (assert_return (invoke "grow") (i32.const 1))
        (assert_return (invoke $counter "pages") (i32.const 2))
        (assert_return (get $counter "wide") (v128.const i32x4 1 2 3 4))
        (module (import "counter" "memory" (memory 2)))
        (assert_unlinkable (module (import "counter" "memory" (memory 3))) "incompatible import type")
        (assert_unlinkable (module (import "counter" "none" (func))) "unknown import")
        (assert_return (invoke $counter "next") (i32.const 12))"#
    ));
}

#[test]
fn what_a_module_does_before_it_traps_persists() {
    passes(&format!(
        r#"{COUNTER}
        (assert_trap (module
            (import "counter" "memory" (memory 1))
            (data (i32.const 0) "\01") (data (i32.const 65536) "\01")) "out of bounds memory access")
        (assert_return (invoke "load" (i32.const 0)) (i32.const 1))
        (assert_trap (module
            (import "counter" "memory" (memory 1))
            (import "counter" "table" (table 4 funcref))
            (elem (i32.const 2) $five)
            (func $five (result i32) (i32.const 5))
            (func $start (i32.store (i32.const 4) (i32.const 9)) unreachable)
            (start $start)) "unreachable")
        (assert_return (invoke "load" (i32.const 4)) (i32.const 9))
        (assert_return (invoke "call" (i32.const 2)) (i32.const 5))"#
    ));
}

#[test]
fn instances_of_one_definition_have_their_own_state() {
    passes(
        r#"(module definition $Counter
            (global $count (mut i32) (i32.const 0))
            (func (export "next") (result i32)
                (global.set $count (i32.add (global.get $count) (i32.const 1)))
                (global.get $count)))
        (module instance $one $Counter)
        (module instance $other $Counter)
        (assert_return (invoke $one "next") (i32.const 1))
        (assert_return (invoke $one "next") (i32.const 2))
        (assert_return (invoke $other "next") (i32.const 1))
        (assert_return (invoke "next") (i32.const 2))"#,
    );
}

#[test]
fn start_functions_run_once() {
    passes(
        r#"(module
            (global $count (export "count") (mut i32) (i32.const 0))
            (func $next (export "next") (result i32)
                (global.set $count (i32.add (global.get $count) (i32.const 1)))
                (global.get $count))
            (func $start (drop (call $next)))
            (start $start))
        (assert_return (get "count") (i32.const 1))
        (assert_return (invoke "next") (i32.const 2))
        (assert_return (invoke "next") (i32.const 3))"#,
    );
}

#[test]
fn references_and_vectors_cross_the_boundary() {
    passes(
        r#"(module
            (table $t 2 externref)
            (elem declare func $f)
            (func $f)
            (func (export "same") (param externref) (result externref) (local.get 0))
            (func (export "keep") (param externref) (table.set $t (i32.const 0) (local.get 0)))
            (func (export "kept") (result externref) (table.get $t (i32.const 0)))
            (func (export "f") (result funcref) (ref.func $f))
            (func (export "swap") (param v128 i32) (result i32 v128) (local.get 1) (local.get 0)))
        (assert_return (invoke "same" (ref.extern 0)) (ref.extern 0))
        (assert_return (invoke "same" (ref.null extern)) (ref.null extern))
        (assert_return (invoke "kept") (ref.null))
        (invoke "keep" (ref.extern 7))
        (assert_return (invoke "kept") (ref.extern 7))
        (assert_return (invoke "f") (ref.func))
        (assert_return (invoke "swap" (v128.const i64x2 1 2) (i32.const 3)) (i32.const 3) (v128.const i64x2 1 2))"#,
    );
}

#[test]
fn what_follows_something_skipped_is_skipped_only_if_it_fails() {
    let text = format!(
        r#"{COUNTER}
        (module (import "counter" "memory" (memory 1)) (tag) (data (i32.const 0) "\01"))
        (assert_return (invoke $counter "load" (i32.const 0)) (i32.const 1))
        (assert_return (invoke $counter "load" (i32.const 4)) (i32.const 0))
        (module (func (export "one") (result i32) (i32.const 1)))
        (assert_return (invoke "one") (i32.const 2))"#
    );
    let (report, told) = report(&text, &Options::default());
    assert_eq!((report.passed, report.failed.len(), report.skips()), (4, 1, 2), "{report}");
    let skipped = |verdict: &Verdict, begin: &str| matches!(verdict, Verdict::Skipped(why) if why.starts_with(begin));
    let verdicts: Vec<&Verdict> = told.verdicts.iter().map(|(.., verdict)| verdict).collect();
    assert!(skipped(verdicts[2], "not supported: "), "{report}");
    assert!(skipped(verdicts[3], "depends on what was skipped: not supported: "), "{report}");
    assert!(matches!(verdicts[6], Verdict::Failed(_)), "{report}");
}

#[test]
fn exclusions_are_true_or_fail() {
    let text = "(module (func (export \"one\") (result i32) (i32.const 1)))
        (assert_return (invoke \"one\") (i32.const 1))
        (assert_return (invoke \"one\") (i32.const 2))";
    let excluded = vec![(2, "a reason".to_owned()), (3, "another".to_owned())];
    let (report, _) = report(text, &Options { excluded, ..Options::default() });
    assert_eq!((report.passed, report.skips()), (1, 1), "{report}");
    assert_eq!(report.skipped["another"], 1);
    assert_eq!(report.failed.len(), 1);
    assert_eq!((report.failed[0].line, report.failed[0].reason.as_str()), (2, "it passes, but is excluded: a reason"));
}

#[test]
fn the_standard_decides_what_is_valid_and_linked() {
    let check = |text: &str, standard: Standard, expect: bool| {
        let (report, _) = report(text, &Options { standard, ..Options::default() });
        assert_eq!(report.is_clean(), expect, "{report}");
        assert_eq!(report.skips(), 0, "{report}");
    };
    let two = "(assert_invalid (module (memory 0) (memory 0)) \"multiple memories\")";
    check(two, Standard::V2, true);
    check(two, Standard::V3, false);
    let segment = "(assert_unlinkable (module (memory 0) (data (i32.const 0) \"a\")) \"data segment does not fit\")";
    check(segment, Standard::V1, true);
    check(segment, Standard::V2, false);
}

#[test]
fn chosen_calls_are_proven() {
    let text = format!(
        r#"{COUNTER}
        (assert_return (invoke "next") (i32.const 1))
        (assert_return (invoke "next") (i32.const 2))
        (assert_return (invoke "load" (i32.const 0)) (i32.const 0))
        (assert_trap (invoke "load" (i32.const 65536)) "out of bounds memory access")"#
    );
    let (random, told) = report(&text, &Options { prove: 1, seed: 5, ..Options::default() });
    assert_eq!((random.proved, random.passed, told.proving), (1, 6, 1), "{random}");
    let (all, _) = report(&text, &Options { prove: 9, ..Options::default() });
    assert_eq!((all.proved, all.passed), (4, 6), "{all}");

    let known = BTreeSet::new();
    let (covering, _) = report(&text, &Options { prove_new_operators: Some(known), ..Options::default() });
    // The second call of each function has nothing new.
    assert_eq!(covering.proved, 2, "{covering}");
    let names: BTreeSet<&str> = covering.operators_proved.iter().map(|operator| operator.name).collect();
    assert_eq!(
        names,
        BTreeSet::from(["End", "GlobalGet", "GlobalSet", "I32Add", "I32Const", "I32Load", "LocalGet"]),
        "{covering}"
    );
    let known = covering.operators_proved;
    let (nothing, told) = report(&text, &Options { prove_new_operators: Some(known), ..Options::default() });
    assert_eq!((nothing.proved, nothing.passed, told.proving), (0, 6, 1), "{nothing}");
    let firsts: Vec<bool> = told.actions.iter().map(|(_, is_first)| *is_first).collect();
    assert_eq!(firsts, [true, false, false, false]);
}

#[test]
fn calls_that_are_too_long_are_counted() {
    let text = "(module (func (export \"count\") (param i32) (loop
            (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
        (invoke \"count\" (i32.const 10)) (invoke \"count\" (i32.const 10000))";
    let options = Options {
        check_one_in: 1,
        check_instructions_max: 1000,
        prove: 2,
        prove_instructions_max: 1000,
        ..Options::default()
    };
    let (report, _) = report(text, &options);
    assert_eq!((report.actions, report.checked, report.unchecked, report.proved), (2, 1, 1, 1), "{report}");
}

#[test]
fn what_is_no_script_is_told_by_line() {
    let error = run("script", "(module)\n(module", &Options::default(), &mut Told::default()).unwrap_err();
    assert_eq!((error.name.as_str(), error.line), ("script", 2), "{error}");
    let report = Report::unreadable(&error);
    assert!(!report.is_clean());
}
