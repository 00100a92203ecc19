//! The constraints against the instruction set: what an honest executor does passes, and what a
//! dishonest one claims does not.

use std::collections::BTreeSet;

use provasm_execute::{Limits, Outcome, Recording, Step, record};
use provasm_isa::layout::HOST_OUTPUT;
use provasm_isa::{Chip, Family, Format, Instr, Op, Trap};
use provasm_program::{Program, ValType};
use provasm_testkit::Random;
use provasm_testkit::assemble::{A, Assembly, B, D, EXTREMES, is_defined, is_pure};
use provasm_testkit::corpus::{ACCESSES, corpus, operand_pairs};
use provasm_testkit::tables::{check_used, fill_first, tables_of};
use provasm_trace::Traces;

/// Opcodes whose operands are tried in one run.
const OPS_PER_RUN: usize = 24;
/// Random operands of an opcode.
const RANDOM_PAIRS: usize = 80;

fn record_main(program: &Program, args: &[u64]) -> Recording {
    record(program, "main", args, Limits::default()).unwrap_or_else(|error| panic!("{error}")).1
}

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
        let recording = record_main(&program, &[]);
        let traces = fill_first(&program, &tables_of(&program), &recording);
        assert_eq!(check_used(&traces), [], "{ops:?}");
        println!("{} instructions: {} to {}", recording.instructions, ops[0].mnemonic(), ops[ops.len() - 1].mnemonic());
    }
}

/// What a dishonest executor says of an instruction. All that follows is consistent with it.
#[derive(Clone, Copy, Debug)]
enum Lie {
    /// It wrote another value, which the instruction at `next` overwrites in its slot 2.
    Wrote { next: u32 },
    /// Execution went on at `twin`, which does the same as what follows.
    WentTo { next: u32, twin: u32 },
    /// The entry's first argument was another.
    Argument,
    /// The entry's first result was another.
    Result,
    /// The run ended in a trap.
    Ending,
}

/// An executed instruction, and the lie about it.
#[derive(Clone, Copy, Debug)]
struct Site {
    op: Op,
    pc: u32,
    lie: Lie,
}

/// A program that executes every opcode but `trap`, once or a few times.
struct Sites {
    assembly: Assembly,
    sites: Vec<Site>,
}

const PAIRS: [(u64, u64); 3] = [(5, 5), (0x9_0000_0005, 6), (0xffff_fffe, 3)];
const ARGUMENT: u64 = 40;

impl Sites {
    fn note(&mut self, op: Op, pc: u32, lie: Lie) {
        self.sites.push(Site { op, pc, lie });
    }

    /// Notes an instruction that wrote [`D`], and overwrites it.
    fn wrote(&mut self, op: Op, pc: u32) {
        let next = self.assembly.constant(D, 0);
        self.note(op, pc, Lie::Wrote { next });
    }

    /// Two jumps to the same place: the first is where execution is, the second its twin.
    fn twins(&mut self) -> (u32, u32) {
        let join = self.assembly.here() + 2;
        (self.assembly.jump(join), self.assembly.jump(join))
    }

    fn pure(&mut self, op: Op) {
        for (a, b) in PAIRS {
            let pc = self.assembly.pure(op, a, b, b);
            let lie = if matches!(op.format(), Format::ABTarget | Format::AITarget) {
                // Which way it goes is told by the recording.
                Lie::WentTo { next: pc + 1, twin: pc + 2 }
            } else {
                Lie::Wrote { next: pc + 1 }
            };
            self.note(op, pc, lie);
        }
    }

    fn access(&mut self, op: Op) {
        for at in [64, 65, 71] {
            let pc = self.assembly.access(op, at, 16, 0x8182_8384_8586_8788);
            if op.family() == Family::Load {
                self.wrote(op, pc);
            } else {
                let next = self.assembly.access(Op::Store64, at & !7, 0, 0xfedc_ba98_7654_3210);
                self.note(op, pc, Lie::Wrote { next });
            }
        }
    }

    fn control(&mut self) {
        let function = self.assembly.here();
        let table = self.assembly.static_cell(Program::element(7, function + 3));
        let tail_table = self.assembly.static_cell(Program::element(7, function + 6));
        let jump = self.assembly.jump(function + 7);
        let called = self.assembly.ret();
        self.assembly.ret();
        let called_indirect = self.assembly.ret();
        self.assembly.constant(A, 0);
        let tail_call = self.assembly.instr(Op::TailCallIndirect, 0, A, 7, u64::from(tail_table) | 1 << 32);
        let called_last = self.assembly.ret();
        debug_assert_eq!((called_indirect, called_last), (function + 3, function + 6));
        let (next, twin) = self.twins();
        self.note(Op::Jump, jump, Lie::WentTo { next, twin });

        let call = self.assembly.call(16, called);
        let (next, twin) = self.twins();
        self.note(Op::Call, call, Lie::WentTo { next: called, twin: called + 1 });
        self.note(Op::Return, called, Lie::WentTo { next, twin });

        self.assembly.constant(A, 0);
        let call = self.assembly.instr(Op::CallIndirect, 16, A, 7, u64::from(table) | 1 << 32);
        self.twins();
        self.note(Op::CallIndirect, call, Lie::WentTo { next: called_indirect, twin: called + 1 });

        self.assembly.call(16, tail_call - 1);
        self.note(Op::TailCallIndirect, tail_call, Lie::WentTo { next: called_last, twin: called + 1 });

        self.assembly.constant(A, 0);
        let pc = self.assembly.instr(Op::JumpTable, 0, A, 0, 1);
        let (next, twin) = self.twins();
        self.note(Op::JumpTable, pc, Lie::WentTo { next, twin });
    }

    fn cells(&mut self) {
        let global = self.assembly.static_cell(3);
        let pc = self.assembly.instr(Op::Copy, D, A, 0, 0);
        self.wrote(Op::Copy, pc);
        let pc = self.assembly.instr(Op::GlobalGet, D, 0, 0, global.into());
        self.wrote(Op::GlobalGet, pc);
        let pc = self.assembly.instr(Op::GlobalSet, 0, A, 0, global.into());
        let next = self.assembly.instr(Op::GlobalSet, 0, B, 0, global.into());
        self.note(Op::GlobalSet, pc, Lie::Wrote { next });
        self.assembly.constant(A, global.into());
        let pc = self.assembly.instr(Op::StaticGet, D, A, 0, 0);
        self.wrote(Op::StaticGet, pc);
        let pc = self.assembly.instr(Op::StaticSet, 0, A, B, 0);
        let next = self.assembly.instr(Op::StaticSet, 0, A, D, 0);
        self.note(Op::StaticSet, pc, Lie::Wrote { next });
        self.assembly.constant(A, HOST_OUTPUT.into());
        let pc = self.assembly.instr(Op::HostGet, D, A, 0, 0);
        self.wrote(Op::HostGet, pc);
        let pc = self.assembly.instr(Op::HostSet, 0, A, B, 0);
        let next = self.assembly.instr(Op::HostSet, 0, A, D, 0);
        self.note(Op::HostSet, pc, Lie::Wrote { next });
        for delta in [1, 5] {
            self.assembly.constant(A, delta);
            let pc = self.assembly.instr(Op::MemoryGrow, D, A, 0, 2);
            self.wrote(Op::MemoryGrow, pc);
        }
    }

    /// The program, and what is told of it.
    fn all() -> (Program, Vec<Site>) {
        let mut sites = Sites { assembly: Assembly::new(1, 2), sites: Vec::new() };
        sites.assembly.entry("main", &[ValType::I64], &[ValType::I64]);
        let pc = sites.assembly.instr(Op::Arg, D, 0, 0, 0);
        sites.note(Op::Arg, pc, Lie::Argument);
        sites.wrote(Op::Arg, pc);
        Op::ALL.iter().filter(|op| is_pure(**op)).for_each(|&op| sites.pure(op));
        ACCESSES.iter().for_each(|&op| sites.access(op));
        sites.cells();
        sites.control();
        let pc = sites.assembly.instr(Op::Result, 0, A, 0, 0);
        sites.note(Op::Result, pc, Lie::Result);
        let pc = sites.assembly.halt();
        sites.note(Op::Halt, pc, Lie::Ending);
        let Sites { assembly, sites } = sites;
        (assembly.finish(), sites)
    }
}

/// Where the step at `pc` is; every instruction here is executed at most once.
fn find(recording: &Recording, pc: u32) -> Option<(usize, usize)> {
    recording.steps.iter().enumerate().find_map(|(chip, steps)| {
        let index = steps.iter().position(|step| step.pc == pc)?;
        Some((chip, index))
    })
}

fn step_at(recording: &mut Recording, pc: u32) -> Option<&mut Step> {
    let (chip, index) = find(recording, pc)?;
    recording.steps.get_mut(chip)?.get_mut(index)
}

/// Tells a lie; telling it again takes it back.
fn tell(recording: &mut Recording, site: &Site) {
    match site.lie {
        Lie::Wrote { next } => {
            step_at(recording, site.pc).expect("the step").out ^= 1;
            step_at(recording, next).expect("the step that overwrites").before[2] ^= 1;
        }
        Lie::WentTo { next, twin } => match step_at(recording, next) {
            Some(step) => step.pc = twin,
            None => step_at(recording, twin).expect("one of the twins").pc = next,
        },
        Lie::Argument => recording.args[0] ^= 1,
        Lie::Result => step_at(recording, site.pc).expect("the step").out ^= 1,
        Lie::Ending => {
            recording.outcome = match recording.outcome {
                Some(Outcome::Returned(_)) => Some(Outcome::Trapped(Trap::Unreachable)),
                _ => Some(Outcome::Returned(vec![0])),
            }
        }
    }
}

fn is_rejected(traces: &Traces) -> bool {
    !check_used(traces).is_empty()
}

#[test]
fn lies_of_the_executor_are_rejected() {
    let (program, sites) = Sites::all();
    let tables = tables_of(&program);
    let mut recording = record_main(&program, &[ARGUMENT]);
    assert_eq!(check_used(&fill_first(&program, &tables, &recording)), []);
    let mut told = BTreeSet::new();
    for site in &sites {
        tell(&mut recording, site);
        assert!(is_rejected(&fill_first(&program, &tables, &recording)), "{site:?}");
        tell(&mut recording, site);
        told.insert(site.op);
    }
    println!("{} lies about {} opcodes", sites.len(), told.len());
    let untold: Vec<&Op> = Op::ALL.iter().filter(|op| !told.contains(op)).collect();
    let told_by_others =
        [Op::Trap, Op::Exit, Op::Sha256, Op::Keccak, Op::Blake3, Op::Poseidon2, Op::ModMul].iter().collect::<Vec<_>>();
    // What a hint gives is the prover's to say, and a message says nothing.
    let free = [Op::Hint, Op::Log];
    let untold: Vec<&Op> = untold.into_iter().filter(|op| !free.contains(op)).collect();
    assert_eq!(untold, told_by_others, "the next tests, and those of the accelerators");
}

#[test]
fn lies_about_exits_are_rejected() {
    for case in corpus().into_iter().filter(|case| case.entry == "exit") {
        let (run, mut recording) = record(&case.program, &case.entry, &case.args, Limits::default()).expect("it runs");
        let Outcome::Exited(code) = run.outcome else { panic!("{}: {:?}", case.name, run.outcome) };
        assert_eq!(u64::from(code), case.args[0]);
        let tables = tables_of(&case.program);
        assert_eq!(check_used(&fill_first(&case.program, &tables, &recording)), []);
        let others = [code ^ 1, code ^ 0x1_0000, !code].map(Outcome::Exited);
        let ends = Trap::ALL.iter().map(|&trap| Outcome::Trapped(trap)).chain([Outcome::Returned(Vec::new())]);
        for outcome in others.into_iter().chain(ends) {
            recording.outcome = Some(outcome.clone());
            assert!(is_rejected(&fill_first(&case.program, &tables, &recording)), "{}: {outcome:?}", case.name);
        }
    }
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
    println!("{lies} lies about {} traps", kinds.len());
    assert_eq!(kinds.len(), Trap::ALL.len());
}

#[test]
fn values_that_were_not_there_are_rejected() {
    let (program, sites) = Sites::all();
    let tables = tables_of(&program);
    let mut recording = record_main(&program, &[ARGUMENT]);
    let honest = fill_first(&program, &tables, &recording);
    let mut seen = BTreeSet::new();
    let mut lies = 0;
    // Of an opcode's sites, one. A halt accesses nothing, and its row's columns for that are free.
    for site in sites.iter().filter(|site| site.op != Op::Halt && seen.insert(site.op)) {
        for slot in 0..4 {
            let flip = |recording: &mut Recording| {
                step_at(recording, site.pc).expect("the step").before[slot] ^= 1;
            };
            flip(&mut recording);
            let traces = fill_first(&program, &tables, &recording);
            flip(&mut recording);
            // An instruction does not access every slot.
            let same = traces.tables.iter().zip(&honest.tables).all(|(a, b)| a.rows.values == b.rows.values);
            if !same {
                assert!(is_rejected(&traces), "{site:?} slot {slot}");
                lies += 1;
            }
        }
    }
    println!("{lies} values");
    assert!(lies > Op::ALL.len(), "most instructions read and write");
}

/// The instruction with another opcode of its family, and with one more in each operand it has.
fn other_instrs(instr: Instr) -> Vec<Instr> {
    let Instr { d, a, b, imm, .. } = instr;
    let [with_d, with_a, with_b, with_imm] = [
        Instr { d: d ^ 1, ..instr },
        Instr { a: a ^ 1, ..instr },
        Instr { b: b ^ 1, ..instr },
        Instr { imm: imm ^ 1, ..instr },
    ];
    let mut others = match instr.op.format() {
        Format::None => vec![],
        Format::DI => vec![with_d, with_imm],
        Format::DA => vec![with_d, with_a],
        Format::DAB => vec![with_d, with_a, with_b],
        Format::DAI | Format::Load => vec![with_d, with_a, with_imm],
        Format::DABC | Format::CallIndirect => vec![with_d, with_a, with_b, with_imm],
        Format::AI | Format::Table => vec![with_a, with_imm],
        Format::AB => vec![with_a, with_b],
        Format::ABTarget | Format::Store => vec![with_a, with_b, with_imm],
        Format::AITarget => vec![with_a, with_imm, with_d, with_b],
        Format::Target | Format::Trap => vec![with_imm],
        Format::Call | Format::WindowI => vec![with_d, with_imm],
        Format::A => vec![with_a],
        Format::Window => vec![with_d],
    };
    let sibling = Op::ALL.iter().find(|op| op.family() == instr.op.family() && **op != instr.op);
    others.extend(sibling.map(|&op| Instr { op, ..instr }));
    others
}

#[test]
fn instructions_not_in_the_program_are_rejected() {
    let (program, sites) = Sites::all();
    let tables = tables_of(&program);
    let recording = record_main(&program, &[ARGUMENT]);
    let mut forged = program.clone();
    let mut seen = BTreeSet::new();
    let mut lies = 0;
    for site in sites.iter().filter(|site| seen.insert(site.op)) {
        let instr = program.code[site.pc as usize];
        for other in other_instrs(instr) {
            forged.code[site.pc as usize] = other;
            assert!(is_rejected(&fill_first(&forged, &tables, &recording)), "{other:?} instead of {instr:?}");
            lies += 1;
        }
        forged.code[site.pc as usize] = instr;
    }
    println!("{lies} instructions");
}
