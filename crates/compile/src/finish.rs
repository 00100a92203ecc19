//! The end of a function's construction: labels become positions, jumps to jumps go straight to
//! where they end, and a jump to the function's last few instructions becomes a copy of them.

use std::ops::Range;

use provasm_isa::{Format, Instr, Op};

use crate::CompileError;
use crate::emit::{Code, Emitter, LabelState};

/// Jumps that a jump is followed through.
const HOPS_MAX: u32 = 8;
/// Instructions that are copied instead of jumped to.
const TAIL_MAX: usize = 4;

/// Resolves the labels of a function. Targets are relative to its first instruction.
pub(crate) fn finish(emitter: Emitter) -> Result<Code, CompileError> {
    let Emitter { mut code, labels, .. } = emitter;
    for instr in &mut code.instrs {
        if Emitter::is_local_target(instr) {
            *instr = instr.with_target(position(&labels, instr)?);
        }
    }
    for index in 0..code.instrs.len() {
        thread(&mut code, index);
    }
    Ok(copy_tails(&code))
}

fn position(labels: &[LabelState], instr: &Instr) -> Result<u32, CompileError> {
    let label = instr.target().and_then(|number| labels.get(number as usize));
    label
        .and_then(|label| label.position)
        .ok_or(CompileError::Inconsistent { what: "every used label is bound", offset: 0 })
}

/// Follows the jumps at an instruction's target. A conditional branch only skips a jump that
/// stands for no operator, because whether the branch is taken decides whether those count.
fn thread(code: &mut Code, index: usize) {
    for _ in 0..HOPS_MAX {
        let instr = code.instrs[index];
        if !Emitter::is_local_target(&instr) {
            return;
        }
        let Some(target) = instr.target().map(|target| target as usize) else {
            return;
        };
        let Some(next) = code.instrs.get(target).copied() else {
            return;
        };
        let ops = code.wasm_ops[target];
        let threads = match (instr.op, next.op) {
            (Op::Jump, Op::Jump | Op::Return) => true,
            (_, Op::Jump) => ops == 0,
            _ => false,
        };
        if !threads || target == index {
            return;
        }
        code.instrs[index] = match (next.op, next.target()) {
            (Op::Jump, Some(further)) => instr.with_target(further),
            _ => next,
        };
        let jumped = if instr.op == Op::Jump { ops } else { 0 };
        code.wasm_ops[index] = code.wasm_ops[index].saturating_add(jumped);
    }
}

/// Puts a copy of the tail in the place of every jump to one.
fn copy_tails(code: &Code) -> Code {
    let mut result = Code::default();
    let mut positions = Vec::with_capacity(code.instrs.len());
    let mut table_entries = 0;
    for (index, instr) in code.instrs.iter().enumerate() {
        positions.push(result.instrs.len() as u32);
        let is_table_entry = table_entries > 0;
        table_entries = if instr.op == Op::JumpTable { instr.imm + 1 } else { table_entries.saturating_sub(1) };
        match tail(code, instr) {
            Some(tail) if !is_table_entry => {
                let first = result.instrs.len();
                tail.for_each(|index| push(&mut result, code, index));
                result.wasm_ops[first] = result.wasm_ops[first].saturating_add(code.wasm_ops[index]);
            }
            _ => push(&mut result, code, index),
        }
    }
    for instr in &mut result.instrs {
        if Emitter::is_local_target(instr)
            && let Some(target) = instr.target()
            && let Some(position) = positions.get(target as usize)
        {
            *instr = instr.with_target(*position);
        }
    }
    result
}

fn push(result: &mut Code, code: &Code, index: usize) {
    result.instrs.push(code.instrs[index]);
    result.offsets.push(code.offsets[index]);
    result.wasm_ops.push(code.wasm_ops[index]);
}

/// What a jump goes to, if that is a few instructions up to a return.
fn tail(code: &Code, jump: &Instr) -> Option<Range<usize>> {
    let start = jump.target().filter(|_| jump.op == Op::Jump)? as usize;
    for end in start..code.instrs.len().min(start + TAIL_MAX) {
        match code.instrs[end].op {
            Op::Return => return Some(start..end + 1),
            op if leaves_the_line(op) => return None,
            _ => {}
        }
    }
    None
}

/// Whether anything but the next instruction can follow.
fn leaves_the_line(op: Op) -> bool {
    matches!(
        op.format(),
        Format::ABTarget
            | Format::AITarget
            | Format::Target
            | Format::Table
            | Format::Call
            | Format::CallIndirect
            | Format::Trap
            | Format::A
    )
}
