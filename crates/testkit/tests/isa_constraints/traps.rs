//! Every run of the corpus that traps, told as if it had ended otherwise.

use std::collections::BTreeSet;

use provasm_execute::{Limits, Outcome, record};
use provasm_isa::{Chip, Trap};
use provasm_testkit::corpus::corpus;
use provasm_testkit::figure::Figure;
use provasm_testkit::tables::{check_used, fill_first, tables_of};
use provasm_trace::Traces;

fn is_rejected(traces: &Traces) -> bool {
    !check_used(traces).is_empty()
}

#[test]
fn lies_about_traps_are_rejected() {
    let mut kinds = BTreeSet::new();
    let mut lies = 0;
    for case in corpus() {
        let (run, mut recording) = record(&case.program, &case.entry, &case.args, Limits::default()).expect("it runs");
        let Outcome::Trapped(trap) = run.outcome else { continue };
        kinds.insert(trap.code());
        let tables = tables_of(&case.program);
        let chips = [Chip::Trap, Chip::DivTrap, Chip::MemoryTrap, Chip::CallTrap, Chip::IndirectTrap];
        for &other in Trap::ALL.iter().filter(|other| **other != trap) {
            for chip in chips {
                recording.steps[chip as usize].iter_mut().for_each(|step| step.out = other.code().into());
            }
            recording.outcome = Some(Outcome::Trapped(other));
            assert!(is_rejected(&fill_first(&case.program, &tables, &recording)), "{}: {other}", case.name);
            lies += 1;
        }
        recording.outcome = Some(Outcome::Returned(Vec::new()));
        assert!(is_rejected(&fill_first(&case.program, &tables, &recording)), "{}", case.name);
        lies += 1;
    }
    assert_eq!(kinds.len(), Trap::ALL.len());
    let measured = format!("{} kinds of trap", kinds.len());
    Figure::held(4, "traps of the corpus, told as other ends", lies).measured(measured).print();
}
