//! Programs that call accelerators.

use provasm_execute::{Limits, Outcome, Recording, accelerate, record};
use provasm_isa::Op;
use provasm_program::{Program, ValType};
use provasm_testkit::Random;
use provasm_testkit::assemble::Assembly;

/// The accelerators.
pub(crate) const HASHES: [Op; 3] = [Op::Sha256, Op::Keccak, Op::Blake3];

/// First register of the windows.
const FIRST: u16 = 10;

/// A window as random as its first byte says: zeros, ones, or anything.
pub(crate) fn random_window(op: Op, random: &mut Random) -> Vec<u64> {
    let fill = [0, u64::MAX, 1, 1 << 63].get(random.below(16)).copied();
    (0..op.window()).map(|_| fill.unwrap_or_else(|| random.next_u64())).collect()
}

/// What the accelerator makes of a window.
pub(crate) fn expected(op: Op, window: &[u64]) -> Vec<u64> {
    let mut after = window.to_vec();
    assert!(accelerate(op, 0, &mut after), "{op:?}");
    after
}

/// A program that calls an accelerator on each window in turn, and gives what the last one came to.
pub(crate) fn program_of(op: Op, windows: &[Vec<u64>]) -> Program {
    let mut assembly = Assembly::new(1, 1);
    assembly.entry("main", &[], &vec![ValType::I64; op.window()]);
    for window in windows {
        for (&value, register) in window.iter().zip(FIRST..) {
            assembly.constant(register, value);
        }
        assembly.instr(op, FIRST, 0, 0, 0);
    }
    for (index, register) in (FIRST..).take(op.window()).enumerate() {
        assembly.instr(Op::Result, 0, register, 0, index as u64);
    }
    assembly.halt();
    assembly.finish()
}

/// A program that calls an accelerator as many times on one window.
pub(crate) fn program_of_calls(op: Op, window: &[u64], calls: usize) -> Program {
    let mut assembly = Assembly::new(1, 1);
    assembly.entry("main", &[], &[]);
    for (&value, register) in window.iter().zip(FIRST..) {
        assembly.constant(register, value);
    }
    for _ in 0..calls {
        assembly.instr(op, FIRST, 0, 0, 0);
    }
    assembly.halt();
    assembly.finish()
}

/// Records the program, whose results are held to those expected.
pub(crate) fn recorded(op: Op, windows: &[Vec<u64>]) -> (Program, Recording) {
    let program = program_of(op, windows);
    let recorded = record(&program, "main", &[], Limits::default());
    let (run, recording) = recorded.unwrap_or_else(|error| panic!("{error}"));
    let expect = windows.last().map(|window| expected(op, window)).unwrap_or_default();
    assert_eq!(run.outcome, Outcome::Returned(expect), "{op:?}");
    (program, recording)
}
