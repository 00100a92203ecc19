//! Programs that call accelerators on windows of registers.

use provasm_isa::{Op, WINDOW_MAX};
use provasm_program::Program;

use crate::assemble::Assembly;

/// First register of the windows.
const FIRST: u16 = 9;

/// A call of an accelerator.
#[derive(Clone, Debug)]
pub struct Call {
    /// The accelerator.
    pub op: Op,
    /// Its immediate.
    pub imm: u64,
    /// The window before.
    pub window: Vec<u64>,
}

impl Call {
    /// A call on a window.
    pub fn new(op: Op, imm: u64, window: &[u64]) -> Self {
        Self { op, imm, window: window.to_vec() }
    }
}

/// A program whose entry `main` makes these calls. Constants fill the window before each, in order, and overwrite it at
/// the end.
#[must_use]
pub fn program(calls: &[Call]) -> Program {
    let mut assembly = Assembly::new(1, 1);
    assembly.entry("main", &[], &[]);
    let constants = |assembly: &mut Assembly, cells: &[u64]| {
        (FIRST..).zip(cells).for_each(|(register, &cell)| {
            assembly.constant(register, cell);
        });
    };
    for call in calls {
        constants(&mut assembly, &call.window);
        assembly.instr(call.op, FIRST, 0, 0, call.imm);
    }
    constants(&mut assembly, &[0; WINDOW_MAX]);
    assembly.halt();
    assembly.finish()
}
