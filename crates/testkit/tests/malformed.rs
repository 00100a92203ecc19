//! Operands that no compiled program has: they have no execution, and no row satisfies the
//! constraints on them.

use provasm_air::bus;
use provasm_execute::{ExecuteError, Limits, record, run};
use provasm_isa::layout::{REGISTER_BASE, STATIC_BASE};
use provasm_isa::{Chip, Instr, Op};
use provasm_program::Program;
use provasm_testkit::assemble::{A, Assembly, B, D};
use provasm_testkit::figure::Figure;
use provasm_testkit::tables::{check_used, fill_first, tables_of};
use provasm_testkit::windows::{self, Call};
use provasm_trace::Violation;

/// A register that an index of a static cell would reach.
const REACHED: u16 = 5;

/// A program with one instruction between constants, and where it is.
fn program(op: Op, d: u16, index: u64) -> (Program, u32) {
    let mut assembly = Assembly::new(1, 1);
    assembly.entry("main", &[], &[]);
    assembly.constant(REACHED, 0x1_0002_0003_0004);
    assembly.constant(A, index);
    let b = if op == Op::StaticGet { 0 } else { B };
    let pc = assembly.instr(op, d, A, b, 0);
    assembly.constant(D, 0);
    assembly.constant(REACHED, 0);
    assembly.halt();
    (assembly.finish(), pc)
}

#[test]
fn indices_of_no_static_cell_have_no_execution() {
    for (op, d) in [(Op::StaticGet, D), (Op::StaticSet, 0)] {
        for index in [1, 1 << 24, (1 << 24) + u64::from(REACHED), 1 << 32, u64::MAX] {
            let (program, pc) = program(op, d, index);
            let error = run(&program, "main", &[], Limits::default()).expect_err("no such cell");
            assert_eq!(error, ExecuteError::MalformedProgram { pc }, "{op:?} {index}");
        }
        let (program, _) = program(op, d, 0);
        assert!(run(&program, "main", &[], Limits::default()).is_ok(), "the memory's size");
    }
}

#[test]
fn numbers_of_no_prime_have_no_execution() {
    for (imm, is_prime) in [(0, true), (5, true), (6, false), (0x1_0000, false), (1 << 48, false), (u64::MAX, false)] {
        let program = windows::program(&[Call::new(Op::ModMul, imm, &[3; 8])]);
        let malformed = ExecuteError::MalformedProgram { pc: 8 };
        let error = run(&program, "main", &[], Limits::default()).err();
        assert_eq!(error, Some(malformed).filter(|_| !is_prime), "{imm}");
    }
}

/// Within and beyond the stack, and whatever the element is.
#[test]
fn tail_calls_to_another_frame_have_no_execution() {
    for (frame, element) in [(1, 0), (0xffff, 0), (16, 1)] {
        let mut assembly = Assembly::new(1, 1);
        assembly.entry("main", &[], &[]);
        let start = assembly.constant(A, element);
        let table = assembly.static_cell(Program::element(0, start));
        let pc = assembly.instr(Op::TailCallIndirect, frame, A, 0, u64::from(table) | 1 << 32);
        let error = run(&assembly.finish(), "main", &[], Limits::default()).expect_err("another frame");
        assert_eq!(error, ExecuteError::MalformedProgram { pc });
    }
}

/// A dishonest executor takes a register for a static cell: everything fits, but for the range of
/// the index.
#[test]
fn no_index_reaches_a_register() {
    let index = u64::from(REGISTER_BASE - STATIC_BASE) + u64::from(REACHED);
    for op in [Op::StaticGet, Op::StaticSet] {
        let (program, pc) = program(op, if op == Op::StaticGet { D } else { 0 }, index);
        // An addition accesses the same cells in the same slots.
        let (d, b) = if op == Op::StaticGet { (D, REACHED) } else { (REACHED, B) };
        let mut executed = program.clone();
        executed.code[pc as usize] = Instr::new(Op::Add64, d, A, b, 0);
        let (_, mut recording) = record(&executed, "main", &[], Limits::default()).expect("it runs");
        let step = recording.steps[Chip::Add64 as usize].pop().expect("the addition");
        let overwrites = recording.steps[Chip::Const as usize].iter_mut().find(|later| later.before[2] == step.out);
        overwrites.expect("the constant that overwrites the sum").before[2] = step.before[1];
        recording.steps[Chip::Static as usize].push(step);

        let violations = check_used(&fill_first(&program, &tables_of(&program), &recording));
        let high = (index >> 16) as u32;
        let checks = violations.iter().map(|violation| match violation {
            Violation::Balance { bus, message, .. } if bus == bus::RANGE => message.clone(),
            other => panic!("{op:?}: {other}"),
        });
        assert!(checks.collect::<Vec<_>>().contains(&vec![high, 8]), "{op:?}: {violations:?}");
    }
    Figure::held(4, "registers taken for static cells", 2).measured("the range of the index alone objects").print();
}
