//! Lies about which instruction it is: another is executed, with all that follows from it. The rows say that it is the
//! program's, or say what the program is not.

use provasm_isa::layout::PAGE_BYTES;
use provasm_isa::{Family, Format, Instr, Op};
use provasm_program::Program;
use provasm_testkit::assemble::A;

use crate::kind::Kind;
use crate::scene::of_another_family;
use crate::stage::{Lie, Stage, Told};

pub(crate) fn lies(stage: &Stage) -> Vec<Lie<'_>> {
    let mut lies: Vec<Lie> = opcodes(stage.op).into_iter().flat_map(|op| opcode(stage, op)).collect();
    for (name, operand) in operands(stage.op.format()) {
        lies.extend(operand_of(stage, name, operand));
    }
    lies.extend(addresses(stage));
    lies.extend(branch(stage));
    lies
}

/// The program with another instruction.
fn with(stage: &Stage, instr: Instr) -> Program {
    let mut program = stage.scene.program.clone();
    program.code[stage.scene.pc as usize] = instr;
    program
}

/// Tells that `instr` is the instruction: of what was done, and of what it does; then what it does, told of the true one.
pub(crate) fn instead<'s>(stage: &'s Stage, kinds: [Kind; 2], what: &str, instr: Instr) -> Vec<Lie<'s>> {
    let alone = Told { program: with(stage, instr), ..stage.truth() };
    let row = format!("the row is of {what}");
    let both = Lie::later(kinds[0], format!("executed is {what}"), move || {
        let program = with(stage, instr);
        Some(Told { recording: stage.as_if(&program)?.recording, program })
    });
    let executed = format!("executed is {what}, the row is the program's");
    let executed = Lie::later(kinds[1], executed, move || stage.as_if(&with(stage, instr)));
    vec![
        Lie::new(kinds[0], row, alone),
        Lie { free: stage.hinted(instr, instr), ..both },
        Lie { free: stage.hinted(instr, stage.instr()), ..executed },
    ]
}

/// The opcodes that are told instead of one: the others of its family, and one of another.
fn opcodes(op: Op) -> Vec<Op> {
    let siblings = Op::ALL.iter().cycle().skip(op as usize + 1).take(Op::ALL.len() - 1);
    siblings.copied().filter(|other| other.family() == op.family()).chain([of_another_family(op)]).collect()
}

fn opcode(stage: &Stage, op: Op) -> Vec<Lie<'_>> {
    instead(stage, [Kind::Opcode; 2], op.mnemonic(), Instr { op, ..stage.instr() })
}

/// An operand of an instruction.
type Operand = fn(&mut Instr);

/// The operands of a format, each with one that is another.
fn operands(format: Format) -> Vec<(&'static str, Operand)> {
    let d: (&str, Operand) = ("d", |instr| instr.d ^= 1);
    let a: (&str, Operand) = ("a", |instr| instr.a ^= 1);
    let b: (&str, Operand) = ("b", |instr| instr.b ^= 1);
    let imm: (&str, Operand) = ("imm", |instr| instr.imm ^= 1);
    let high: (&str, Operand) = ("the high half of imm", |instr| instr.imm ^= 1 << 32);
    match format {
        Format::None => vec![],
        Format::DI | Format::WindowI => vec![d, imm, high],
        Format::DA => vec![d, a],
        Format::DAB => vec![d, a, b],
        Format::DAI | Format::Load => vec![d, a, imm, high],
        Format::DABC => vec![d, a, b, imm],
        Format::AI | Format::Table => vec![a, imm],
        Format::AB => vec![a, b],
        Format::ABTarget | Format::Store => vec![a, b, imm],
        Format::AITarget => vec![d, a, b, imm],
        Format::Target | Format::Trap => vec![imm],
        Format::Call => vec![d, imm],
        Format::CallIndirect => vec![d, a, b, imm, high],
        Format::A => vec![a],
        Format::Window => vec![d],
    }
}

/// Whether an operand says which cell is accessed.
fn names_cell(op: Op, operand: &str) -> bool {
    match operand {
        "d" => op.format() != Format::AITarget,
        "a" => true,
        "b" => !matches!(op.format(), Format::AITarget | Format::CallIndirect),
        "imm" => {
            matches!(op.family(), Family::Load | Family::Store | Family::CallIndirect)
                || matches!(op, Op::GlobalGet | Op::GlobalSet | Op::Select)
        }
        _ => false,
    }
}

fn operand_of<'s>(stage: &'s Stage, name: &str, operand: Operand) -> Vec<Lie<'s>> {
    let mut instr = stage.instr();
    operand(&mut instr);
    let of_world = if names_cell(stage.op, name) { Kind::Address } else { Kind::Operand };
    instead(stage, [Kind::Operand, of_world], &format!("another {name}"), instr)
}

/// Where the constant is that sets up the base, or the index.
fn base_at(stage: &Stage) -> Option<usize> {
    let is_base = |instr: &Instr| instr.op == Op::Const && instr.d == A;
    stage.scene.program.code[..stage.scene.pc as usize].iter().rposition(is_base)
}

/// Other cells than those that the registers name, and the cells of another frame.
fn addresses(stage: &Stage) -> Vec<Lie<'_>> {
    let mut lies = Vec::new();
    if stage.accesses.is_empty() {
        return lies;
    }
    for fp in [0, stage.step().fp + 1] {
        let mut told = stage.truth();
        told.step(stage.site).fp = fp;
        lies.push(Lie::new(Kind::Address, format!("in the frame at {fp}"), told));
    }
    let is_indexed = matches!(stage.op.family(), Family::Load | Family::Store | Family::Static | Family::CallIndirect);
    let Some(base) = base_at(stage).filter(|_| is_indexed) else { return lies };
    let value = stage.scene.program.code[base].imm;
    for other in [1, 8, 16, PAGE_BYTES, 0xffff_fff0].map(|by| value.wrapping_add(by)).into_iter().chain([value ^ 1, 0])
    {
        lies.push(Lie::later(Kind::Address, format!("the base is {other:x}, not {value:x}"), move || {
            let mut program = stage.scene.program.clone();
            program.code[base].imm = other;
            stage.as_if(&program)
        }));
    }
    if stage.traps() && stage.op.access_bytes() > 0 {
        lies.push(Lie::later(Kind::Address, "a cell beyond the memory is one within", move || beyond(stage, base)));
    }
    lies
}

/// An access beyond the memory that is said to be one within, of cells whose number it does not have.
fn beyond(stage: &Stage, base: usize) -> Option<Told> {
    let value = stage.scene.program.code[base].imm;
    let instr = stage.instr();
    // Around 2^32, or the memory's size, and to the same byte of a cell.
    let at = (value + instr.imm) % PAGE_BYTES;
    let mut program = with(stage, Instr { imm: at & 0xfff, ..instr });
    program.code[base].imm = at & !0xfff;
    let mut told = stage.as_if(&program)?;
    let site = told
        .recording
        .steps
        .iter()
        .enumerate()
        .find_map(|(chip, steps)| Some((chip, steps.iter().position(|step| step.pc == stage.scene.pc)?)))?;
    told.step(site).before[0] = value;
    Some(told)
}

/// The flag of a comparison that negates it.
const NEGATE: u16 = 8;

/// The other ways that a jump could have gone.
fn branch(stage: &Stage) -> Vec<Lie<'_>> {
    if Kind::Branch.untold(stage.op).is_some() {
        return Vec::new();
    }
    let mut lies = Vec::new();
    let next = stage.next().expect("a branch leads on");
    let here = stage.recording.steps[next.0][next.1].pc;
    // Behind it, or two on: the same jump is in both places.
    for way in [1, 2].map(|by| stage.scene.pc + by).into_iter().filter(|way| *way != here) {
        let mut told = stage.truth();
        told.step(next).pc = way;
        told.step(stage.site).out = way.into();
        lies.push(Lie::new(Kind::Branch, "the other way", told));
    }
    let negated = Op::ALL.iter().find(|op| op.family() == stage.op.family() && op.flags() == stage.op.flags() ^ NEGATE);
    lies.extend(negated.map(|&op| {
        let executed = move || stage.as_if(&with(stage, Instr { op, ..stage.instr() }));
        Lie::later(Kind::Branch, "executed is the negation", executed)
    }));
    lies
}
