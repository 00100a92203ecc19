//! The interpreter loop.

use provasm_isa::layout::{CELL_BYTES, PAGE_BYTES, STACK_REGISTERS, STATIC_CELLS_MAX, STATIC_MEMORY_SIZE};
use provasm_isa::{Chip, Family, Op, Trap, WINDOW_MAX, eval, load_extend};

use crate::host::{accelerate, host_index};
use crate::machine::{ExecuteError, Machine, Outcome, Run, Word};
use crate::observe::{Observer, Silent};

/// Instructions between two looks at the limits.
const CHECK_EVERY: u64 = 1 << 20;

/// What an instruction does to control.
enum Flow {
    Next,
    To(u32),
    Trap(Trap),
    Halt,
    Exit(u32),
    /// The memory would have this many pages, more than the run may.
    TooManyPages(u32),
    /// The operands are such as no compiled program has.
    Malformed,
}

/// Where a run stands between two instructions, and what it counted.
#[derive(Clone, Debug)]
pub(crate) struct Cursor {
    pub(crate) pc: u32,
    pub(crate) fp: u32,
    pub(crate) args: Vec<u64>,
    pub(crate) results: Vec<u64>,
    pub(crate) counts: Counts,
}

/// What a run counted so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) instructions: u64,
    pub(crate) wasm_ops: u64,
}

impl Cursor {
    /// A run that begins at an instruction.
    pub(crate) fn new(pc: u32, args: &[u64], results: usize) -> Self {
        Self { pc, fp: 0, args: args.to_vec(), results: vec![0; results], counts: Counts::default() }
    }
}

impl Cursor {
    /// The run, when it has ended.
    pub(crate) fn run(&self, outcome: Outcome, output: Vec<u8>) -> Run {
        let Counts { instructions, wasm_ops } = self.counts;
        Run { outcome, output, instructions, wasm_ops }
    }
}

/// One run: the machine, its listener and where it stands.
struct Interpreter<'m, 'p, O> {
    machine: &'m mut Machine<'p>,
    observer: &'m mut O,
    args: &'m [u64],
    results: &'m mut [u64],
    pc: u32,
    fp: u32,
}

impl<'p> Machine<'p> {
    /// Runs until the run ends.
    pub(crate) fn interpret(&mut self, mut cursor: Cursor) -> Result<Run, ExecuteError> {
        loop {
            // Nothing stops a silent run but its end.
            if let Some(outcome) = self.go_on(&mut Silent, &mut cursor)? {
                return Ok(cursor.run(outcome, self.host.output()));
            }
        }
    }

    /// As [`Machine::invoke`], with a listener; `None` if it was full before the run ended.
    ///
    /// # Errors
    /// As [`Machine::invoke`].
    pub fn invoke_observed<O: Observer>(
        &mut self,
        entry: &str,
        args: &[u64],
        observer: &mut O,
    ) -> Result<Option<Run>, ExecuteError> {
        let mut cursor = self.call(entry, args)?;
        let outcome = self.go_on(observer, &mut cursor)?;
        Ok(outcome.map(|outcome| cursor.run(outcome, self.host.output())))
    }

    /// Runs until the run ends, or the listener has heard enough.
    pub(crate) fn go_on<O: Observer>(
        &mut self,
        observer: &mut O,
        cursor: &mut Cursor,
    ) -> Result<Option<Outcome>, ExecuteError> {
        let Cursor { pc, fp, args, results, counts } = cursor;
        let mut interpreter = Interpreter { machine: self, observer, args, results, pc: *pc, fp: *fp };
        let outcome = interpreter.run(counts);
        (*pc, *fp) = (interpreter.pc, interpreter.fp);
        outcome
    }
}

impl<O: Observer> Interpreter<'_, '_, O> {
    fn run(&mut self, counts: &mut Counts) -> Result<Option<Outcome>, ExecuteError> {
        let limits = self.machine.limits;
        // Locals, so that they stay in registers.
        let Counts { mut instructions, mut wasm_ops } = *counts;
        let ended = 'run: loop {
            let check = (instructions + CHECK_EVERY).min(limits.instructions_max);
            while instructions < check {
                if self.observer.is_full() {
                    break 'run Ok(None);
                }
                let Some(&word) = self.machine.code.get(self.pc as usize) else {
                    break 'run Err(ExecuteError::MalformedProgram { pc: self.pc });
                };
                instructions += 1;
                wasm_ops += match word.wasm_ops {
                    u8::MAX => self.many_wasm_ops(),
                    few => u64::from(few),
                };
                self.observer.begin(self.pc, self.fp);
                match self.step(word) {
                    Flow::Next => self.pc += 1,
                    Flow::To(pc) => self.pc = pc,
                    Flow::Trap(trap) => break 'run Ok(Some(Outcome::Trapped(trap))),
                    Flow::TooManyPages(pages) => {
                        break 'run Err(ExecuteError::MemoryLimit { pages, allowed: limits.memory_pages_max });
                    }
                    Flow::Malformed => break 'run Err(ExecuteError::MalformedProgram { pc: self.pc }),
                    Flow::Exit(code) => break 'run Ok(Some(Outcome::Exited(code))),
                    Flow::Halt => break 'run Ok(Some(Outcome::Returned(self.results.to_vec()))),
                }
            }
            if instructions >= limits.instructions_max {
                break Err(ExecuteError::InstructionLimit { instructions });
            }
            if let Some(progress) = limits.progress {
                progress(instructions);
            }
        };
        *counts = Counts { instructions, wasm_ops };
        ended
    }

    /// Operators of the current instruction, of which there are more than a word holds.
    #[cold]
    fn many_wasm_ops(&self) -> u64 {
        self.machine.program.source.wasm_ops.get(self.pc as usize).map_or(0, |&ops| ops.into())
    }

    #[inline(always)]
    fn read(&mut self, slot: usize, register: u16) -> u64 {
        let index = self.fp + u32::from(register);
        let value = self.machine.registers[index as usize];
        self.observer.register(slot, index, value);
        value
    }

    #[inline(always)]
    fn write(&mut self, slot: usize, register: u16, value: u64) {
        let index = self.fp + u32::from(register);
        let cell = &mut self.machine.registers[index as usize];
        let before = core::mem::replace(cell, value);
        self.observer.register(slot, index, before);
    }

    #[inline(always)]
    fn step(&mut self, word: Word) -> Flow {
        /// One arm per opcode, so that [`eval`] is compiled for each with the opcode constant.
        macro_rules! dispatch {
            (
                unary [$($unary:ident)*] binary [$($binary:ident)*] immediate [$($immediate:ident)*]
                branch [$($branch:ident)*] branch_immediate [$($branch_immediate:ident)*]
                access [$($access:ident)*] $($pattern:pat => $step:expr,)*
            ) => {
                match word.op {
                    $(Op::$unary => self.unary(word, Op::$unary, |a| eval(Op::$unary, a, 0)),)*
                    $(Op::$binary => self.binary(word, Op::$binary, |a, b| eval(Op::$binary, a, b)),)*
                    $(Op::$immediate => self.immediate(word, Op::$immediate, |a, b| eval(Op::$immediate, a, b)),)*
                    $(Op::$branch => self.branch(word, Op::$branch, |a, b| eval(Op::$branch, a, b)),)*
                    $(Op::$branch_immediate => self.branch_immediate(word, Op::$branch_immediate, |a, b| eval(Op::$branch_immediate, a, b)),)*
                    $(Op::$access => self.access(word, Op::$access),)*
                    $($pattern => $step,)*
                }
            };
        }
        dispatch! {
            unary [
                Wrap64 Extend8To32 Extend16To32 Extend8To64 Extend16To64 Extend32To64
                Clz32 Ctz32 Popcnt32 Clz64 Ctz64 Popcnt64
            ]
            binary [
                Add32 Sub32 Add64 Sub64 And32 Or32 Xor32 And64 Or64 Xor64
                Shl32 ShrU32 ShrS32 Rotl32 Rotr32 Shl64 ShrU64 ShrS64 Rotl64 Rotr64
                Eq32 Ne32 LtU32 GeU32 GtU32 LeU32 LtS32 GeS32 GtS32 LeS32
                Eq64 Ne64 LtU64 GeU64 GtU64 LeU64 LtS64 GeS64 GtS64 LeS64
                Mul32 Mul64 DivU32 DivS32 RemU32 RemS32 DivU64 DivS64 RemU64 RemS64
            ]
            immediate [
                AddImm32 AddImm64 AndImm32 OrImm32 XorImm32 AndImm64 OrImm64 XorImm64
                ShlImm32 ShrUImm32 ShrSImm32 RotlImm32 ShlImm64 ShrUImm64 ShrSImm64 RotlImm64
                EqImm32 NeImm32 LtUImm32 GeUImm32 GtUImm32 LeUImm32 LtSImm32 GeSImm32 GtSImm32 LeSImm32
                EqImm64 NeImm64 LtUImm64 GeUImm64 GtUImm64 LeUImm64 LtSImm64 GeSImm64 GtSImm64 LeSImm64
            ]
            branch [
                BrEq32 BrNe32 BrLtU32 BrGeU32 BrGtU32 BrLeU32 BrLtS32 BrGeS32 BrGtS32 BrLeS32
                BrEq64 BrNe64 BrLtU64 BrGeU64 BrGtU64 BrLeU64 BrLtS64 BrGeS64 BrGtS64 BrLeS64
            ]
            branch_immediate [
                BrEqImm32 BrNeImm32 BrLtUImm32 BrGeUImm32 BrGtUImm32
                BrLeUImm32 BrLtSImm32 BrGeSImm32 BrGtSImm32 BrLeSImm32
                BrEqImm64 BrNeImm64 BrLtUImm64 BrGeUImm64 BrGtUImm64
                BrLeUImm64 BrLtSImm64 BrGeSImm64 BrGtSImm64 BrLeSImm64
            ]
            access [
                Load8U Load16U Load32U Load64 Load8S32 Load16S32 Load8S64 Load16S64 Load32S64
                Store8 Store16 Store32 Store64
            ]
            Op::Const => self.finish(Op::Const, word.d, 2, word.imm),
            Op::Copy => self.copy(word),
            Op::GlobalGet => self.global_get(word),
            Op::GlobalSet => self.global_set(word),
            Op::StaticGet => self.static_get(word),
            Op::StaticSet => self.static_set(word),
            Op::HostGet => self.host_get(word),
            Op::HostSet => self.host_set(word),
            Op::Select => self.select(word),
            Op::MemoryGrow => self.memory_grow(word),
            Op::Jump => self.jump(Op::Jump, word.imm as u32),
            Op::JumpTable => self.jump_table(word),
            Op::Call => self.call(word),
            Op::CallIndirect => self.call_indirect(word, Op::CallIndirect),
            Op::TailCallIndirect => self.call_indirect(word, Op::TailCallIndirect),
            Op::Return => self.return_(),
            Op::Trap => self.trap(Chip::Trap, Trap::from_code(word.imm as u8).unwrap_or(Trap::Unreachable)),
            Op::Arg | Op::Result | Op::Halt => self.io(word.op, word),
            Op::Exit => self.exit(word),
            Op::Hint => self.hint(word),
            Op::Log => self.log(word),
            Op::Sha256 | Op::Keccak | Op::Blake3 | Op::Poseidon2 | Op::ModMul => self.accelerate(word),
        }
    }

    #[inline(always)]
    fn unary(&mut self, word: Word, op: Op, eval: impl Fn(u64) -> Result<u64, Trap>) -> Flow {
        let a = self.read(0, word.a);
        self.pure(op, word, eval(a))
    }

    #[inline(always)]
    fn binary(&mut self, word: Word, op: Op, eval: impl Fn(u64, u64) -> Result<u64, Trap>) -> Flow {
        let a = self.read(0, word.a);
        let b = self.read(1, word.b);
        self.pure(op, word, eval(a, b))
    }

    #[inline(always)]
    fn immediate(&mut self, word: Word, op: Op, eval: impl Fn(u64, u64) -> Result<u64, Trap>) -> Flow {
        let a = self.read(0, word.a);
        self.pure(op, word, eval(a, word.imm))
    }

    #[inline(always)]
    fn branch(&mut self, word: Word, op: Op, eval: impl Fn(u64, u64) -> Result<u64, Trap>) -> Flow {
        let a = self.read(0, word.a);
        let b = self.read(1, word.b);
        let taken = eval(a, b) == Ok(1);
        self.jump(op, if taken { word.imm as u32 } else { self.pc + 1 })
    }

    #[inline(always)]
    fn branch_immediate(&mut self, word: Word, op: Op, eval: impl Fn(u64, u64) -> Result<u64, Trap>) -> Flow {
        let a = self.read(0, word.a);
        let taken = eval(a, word.imm) == Ok(1);
        let target = u32::from(word.d) | u32::from(word.b) << 16;
        self.jump(op, if taken { target } else { self.pc + 1 })
    }

    #[inline(always)]
    fn select(&mut self, word: Word) -> Flow {
        let a = self.read(0, word.a);
        let b = self.read(1, word.b);
        let condition = self.read(2, word.imm as u16);
        self.finish(Op::Select, word.d, 3, if condition as u32 != 0 { a } else { b })
    }

    #[inline(always)]
    fn jump_table(&mut self, word: Word) -> Flow {
        let a = self.read(0, word.a) as u32;
        self.jump(Op::JumpTable, self.pc + 1 + a.min(word.imm as u32))
    }

    #[inline(always)]
    fn return_(&mut self) -> Flow {
        let link = self.machine.links[self.fp as usize];
        self.observer.link(0, self.fp, link);
        self.fp = (link >> 32) as u32;
        self.jump(Op::Return, link as u32)
    }

    #[inline(always)]
    fn finish(&mut self, op: Op, d: u16, slot: usize, out: u64) -> Flow {
        self.write(slot, d, out);
        self.observer.end(op.chip(0), out);
        Flow::Next
    }

    #[inline(always)]
    fn pure(&mut self, op: Op, word: Word, result: Result<u64, Trap>) -> Flow {
        match result {
            Ok(out) => self.finish(op, word.d, 2, out),
            Err(trap) => self.trap(Chip::DivTrap, trap),
        }
    }

    #[inline(always)]
    fn jump(&mut self, op: Op, to: u32) -> Flow {
        self.observer.end(op.chip(0), u64::from(to));
        Flow::To(to)
    }

    #[inline(always)]
    fn trap(&mut self, chip: Chip, trap: Trap) -> Flow {
        self.observer.end(chip, u64::from(trap.code()));
        Flow::Trap(trap)
    }

    #[inline(always)]
    fn copy(&mut self, word: Word) -> Flow {
        let value = self.read(0, word.a);
        self.finish(Op::Copy, word.d, 2, value)
    }

    fn global_get(&mut self, word: Word) -> Flow {
        let index = word.imm as u32;
        let value = self.machine.statics[index as usize];
        self.observer.static_cell(0, index, value);
        self.finish(Op::GlobalGet, word.d, 2, value)
    }

    fn global_set(&mut self, word: Word) -> Flow {
        let value = self.read(0, word.a);
        let index = word.imm as u32;
        let before = core::mem::replace(&mut self.machine.statics[index as usize], value);
        self.observer.static_cell(2, index, before);
        self.observer.end(Chip::Copy, value);
        Flow::Next
    }

    /// The static cell whose index a register holds, if the program has it.
    #[inline(always)]
    fn static_index(&self, index: u64) -> Option<usize> {
        let cells = self.machine.statics.len().min(STATIC_CELLS_MAX as usize);
        usize::try_from(index).ok().filter(|&index| index < cells)
    }

    #[inline(always)]
    fn static_get(&mut self, word: Word) -> Flow {
        let index = self.read(0, word.a);
        let Some(index) = self.static_index(index) else { return Flow::Malformed };
        let value = self.machine.statics[index];
        self.observer.static_cell(1, index as u32, value);
        self.finish(Op::StaticGet, word.d, 2, value)
    }

    #[inline(always)]
    fn static_set(&mut self, word: Word) -> Flow {
        let index = self.read(0, word.a);
        let Some(index) = self.static_index(index) else { return Flow::Malformed };
        let value = self.read(1, word.b);
        let before = core::mem::replace(&mut self.machine.statics[index], value);
        self.observer.static_cell(2, index as u32, before);
        self.observer.end(Chip::Static, value);
        Flow::Next
    }

    fn host_get(&mut self, word: Word) -> Flow {
        let index = self.read(0, word.a);
        let Some(index) = host_index(index) else { return Flow::Malformed };
        let value = self.machine.host.get(index);
        self.observer.host_cell(1, index, value);
        self.finish(Op::HostGet, word.d, 2, value)
    }

    fn host_set(&mut self, word: Word) -> Flow {
        let index = self.read(0, word.a);
        let Some(index) = host_index(index) else { return Flow::Malformed };
        let value = self.read(1, word.b);
        let Some(before) = self.machine.host.set(index, value) else { return Flow::Malformed };
        self.observer.host_cell(2, index, before);
        self.observer.end(Chip::Static, value);
        Flow::Next
    }

    fn hint(&mut self, word: Word) -> Flow {
        let value = self.machine.host.hint(word.imm);
        self.finish(Op::Hint, word.d, 2, value)
    }

    /// Shows a message: of the memory it names, what there is.
    fn log(&mut self, word: Word) -> Flow {
        let at = self.machine.registers[(self.fp + u32::from(word.a)) as usize] as u32 as usize;
        let bytes = self.machine.registers[(self.fp + u32::from(word.b)) as usize] as u32 as usize;
        if let Some(log) = self.machine.limits.log {
            let rest = self.machine.memory.get(at..).unwrap_or(&[]);
            log(rest.get(..bytes).unwrap_or(rest));
        }
        self.observer.end(Chip::Log, 0);
        Flow::Next
    }

    fn exit(&mut self, word: Word) -> Flow {
        let code = self.read(0, word.a);
        self.observer.end(Chip::Io, code);
        Flow::Exit(code as u32)
    }

    /// Transforms a window of registers in place.
    fn accelerate(&mut self, word: Word) -> Flow {
        let first = (self.fp + u32::from(word.d)) as usize;
        let length = word.op.window();
        let mut window = [0; WINDOW_MAX];
        let Some(cells) = self.machine.registers.get_mut(first..first + length) else { return Flow::Malformed };
        window[..length].copy_from_slice(cells);
        if !accelerate(word.op, word.imm, cells) {
            return Flow::Malformed;
        }
        for (&before, index) in window[..length].iter().zip(first as u32..) {
            self.observer.window(index, before);
        }
        self.observer.end(word.op.chip(0), 0);
        Flow::Next
    }

    #[inline(always)]
    fn memory_size(&mut self, slot: usize) -> u64 {
        let pages = self.machine.statics[STATIC_MEMORY_SIZE as usize];
        self.observer.static_cell(slot, STATIC_MEMORY_SIZE, pages);
        pages
    }

    /// Tells the listener of a linear-memory cell and what it holds.
    #[inline(always)]
    fn observe_cell(&mut self, slot: usize, cell: usize) {
        let at = cell * CELL_BYTES as usize;
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.machine.memory[at..at + 8]);
        self.observer.memory(slot, cell as u32, u64::from_le_bytes(bytes));
    }

    /// A load or store.
    #[inline(always)]
    fn access(&mut self, word: Word, op: Op) -> Flow {
        let is_store = matches!(op.family(), Family::Store);
        let base = self.read(0, word.a) as u32;
        let at = u64::from(base) + (word.imm & 0xffff_ffff);
        let bytes = op.access_bytes() as usize;
        let end = at + bytes as u64;
        if end > self.machine.memory.len() as u64 {
            self.memory_size(1);
            return self.trap(Chip::MemoryTrap, Trap::MemoryOutOfBounds);
        }
        let at = at as usize;
        let (cell, offset) = (at / 8, at % 8);
        let chip = op.chip(offset as u32);
        let first_slot = if is_store { 2 } else { 1 };
        let value = if is_store { self.read(1, word.b) } else { 0 };
        self.observe_cell(first_slot, cell);
        if offset + bytes > 8 {
            self.observe_cell(first_slot + 1, cell + 1);
        }
        let target = &mut self.machine.memory[at..at + bytes];
        if is_store {
            target.copy_from_slice(&value.to_le_bytes()[..bytes]);
            self.observer.end(chip, value);
        } else {
            let mut raw = [0; 8];
            raw[..bytes].copy_from_slice(target);
            let out = load_extend(op, u64::from_le_bytes(raw));
            self.write(3, word.d, out);
            self.observer.end(chip, out);
        }
        Flow::Next
    }

    fn memory_grow(&mut self, word: Word) -> Flow {
        let delta = self.read(0, word.a) as u32;
        let pages = self.memory_size(1) as u32;
        let grown = u64::from(pages) + u64::from(delta);
        if grown <= word.imm && grown > u64::from(self.machine.limits.memory_pages_max) {
            return Flow::TooManyPages(grown as u32);
        }
        let out = if grown <= word.imm {
            self.machine.statics[STATIC_MEMORY_SIZE as usize] = grown;
            self.machine.memory.resize((grown * PAGE_BYTES) as usize, 0);
            self.observer.grow(pages, grown as u32);
            u64::from(pages)
        } else {
            u64::from(u32::MAX)
        };
        self.finish(Op::MemoryGrow, word.d, 2, out)
    }

    /// Makes the frame at `fp` the current one; false if it would exceed the stack.
    #[inline(always)]
    fn enter(&mut self, fp: u32) -> bool {
        if fp >= STACK_REGISTERS {
            return false;
        }
        let link = u64::from(self.pc + 1) | u64::from(self.fp) << 32;
        let before = core::mem::replace(&mut self.machine.links[fp as usize], link);
        self.observer.link(2, fp, before);
        self.fp = fp;
        true
    }

    #[inline(always)]
    fn call(&mut self, word: Word) -> Flow {
        if self.enter(self.fp + u32::from(word.d)) {
            self.jump(Op::Call, word.imm as u32)
        } else {
            self.trap(Chip::CallTrap, Trap::CallStackExhausted)
        }
    }

    #[inline(always)]
    fn call_indirect(&mut self, word: Word, op: Op) -> Flow {
        let is_tail = matches!(op, Op::TailCallIndirect);
        if is_tail && word.d != 0 {
            return Flow::Malformed;
        }
        let element = self.read(0, word.a) as u32;
        let (first, size) = (word.imm as u32, (word.imm >> 32) as u32);
        if element >= size {
            return self.trap(Chip::IndirectTrap, Trap::UndefinedElement);
        }
        let index = first + element;
        let value = self.machine.statics[index as usize];
        self.observer.static_cell(1, index, value);
        if value == 0 {
            return self.trap(Chip::IndirectTrap, Trap::UninitializedElement);
        }
        if value & 0xffff != u64::from(word.b) + 1 {
            return self.trap(Chip::IndirectTrap, Trap::IndirectCallTypeMismatch);
        }
        // A tail call stays in its frame and leaves the frame's link alone.
        if is_tail || self.enter(self.fp + u32::from(word.d)) {
            self.jump(op, (value >> 16) as u32)
        } else {
            self.trap(Chip::IndirectTrap, Trap::CallStackExhausted)
        }
    }

    fn io(&mut self, op: Op, word: Word) -> Flow {
        let index = word.imm as usize;
        match op {
            Op::Arg => {
                let value = self.args.get(index).copied().unwrap_or(0);
                self.finish(op, word.d, 2, value)
            }
            Op::Result => {
                let value = self.read(0, word.a);
                if let Some(result) = self.results.get_mut(index) {
                    *result = value;
                }
                self.observer.end(Chip::Io, value);
                Flow::Next
            }
            _ => {
                self.observer.end(Chip::Io, 0);
                Flow::Halt
            }
        }
    }
}
