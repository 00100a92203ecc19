//! What an honest executor does passes, whatever the operands are.

use provasm_execute::{Limits, record};
use provasm_isa::{Family, Format, Op};
use provasm_testkit::Random;
use provasm_testkit::assemble::{Assembly, EXTREMES, is_defined, is_pure};
use provasm_testkit::corpus::operand_pairs;
use provasm_testkit::tables::{check_used, fill_first, tables_of};

/// Opcodes whose operands are tried in one run.
const OPS_PER_RUN: usize = 24;
/// Random operands of an opcode.
const RANDOM_PAIRS: usize = 80;

/// Every pair of extremes, random pairs, and every amount of a shift.
fn operands(op: Op, random: &mut Random) -> Vec<(u64, u64)> {
    let extremes = EXTREMES.iter().flat_map(|&a| EXTREMES.iter().map(move |&b| (a, b)));
    let mut pairs: Vec<(u64, u64)> = extremes.filter(|&(a, b)| is_defined(op, a, b)).collect();
    pairs.extend(operand_pairs(op, random, RANDOM_PAIRS));
    if matches!(op.family(), Family::ShiftImm32 | Family::ShiftImm64 | Family::ShiftVar32 | Family::ShiftVar64) {
        pairs.extend((0..64).map(|amount| (random.next_u64(), amount)));
    }
    if matches!(op.format(), Format::DI | Format::DA) {
        pairs.sort_unstable();
        pairs.dedup_by_key(|(a, b)| if op == Op::Const { *b } else { *a });
    }
    pairs
}

#[test]
fn honest_runs_of_pure_opcodes_pass() {
    let mut random = Random::new(0x15a);
    let ops: Vec<Op> = Op::ALL.iter().copied().filter(|op| is_pure(*op)).collect();
    for ops in ops.chunks(OPS_PER_RUN) {
        let mut assembly = Assembly::new(1, 1);
        assembly.entry("main", &[], &[]);
        for &op in ops {
            for (a, b) in operands(op, &mut random) {
                let condition = [0, 1, 0x1_0000, 0xffff_ffff, random.next_u64()][random.below(5)];
                assembly.pure(op, a, b, condition);
            }
        }
        assembly.halt();
        let program = assembly.finish();
        let recording = record(&program, "main", &[], Limits::default()).expect("it runs").1;
        let traces = fill_first(&program, &tables_of(&program), &recording);
        assert_eq!(check_used(&traces), [], "{ops:?}");
        println!("{} instructions: {} to {}", recording.instructions, ops[0].mnemonic(), ops[ops.len() - 1].mnemonic());
    }
}
