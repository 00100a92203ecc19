//! Machine state, limits and the ways to start a run.

use provasm_isa::layout::{
    CELL_BYTES, FRAME_REGISTERS_MAX, HOST_BASE, LINK_BASE, PAGE_BYTES, PAGES_MAX, REGISTER_BASE, STACK_REGISTERS,
    STATIC_BASE, STREAM_BYTES_MAX,
};
use provasm_isa::{EXITED, Op, Trap};
use provasm_program::{InitialCell, Program, registers};
use thiserror::Error;

use crate::host::Host;
use crate::interpret::Cursor;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The entry returned these results, as register values.
    Returned(Vec<u64>),
    /// The program ended the run with this exit code.
    Exited(u32),
    /// The program trapped.
    Trapped(Trap),
}

impl Outcome {
    /// 0 of a run that returned, [`EXITED`] of one that exited, else the trap's code.
    #[must_use]
    pub const fn code(&self) -> u8 {
        match self {
            Outcome::Returned(_) => 0,
            Outcome::Exited(_) => EXITED,
            Outcome::Trapped(trap) => trap.code(),
        }
    }

    /// The exit code of a run that exited, else 0.
    #[must_use]
    pub const fn exit_code(&self) -> u32 {
        match self {
            Outcome::Exited(code) => *code,
            _ => 0,
        }
    }
}

/// A run that could not start, or that a limit stopped. Traps are outcomes, not errors.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExecuteError {
    /// No exported function has this name.
    #[error("the program exports no function named `{name}`")]
    UnknownEntry {
        /// The name asked for.
        name: String,
    },
    /// The number of arguments, as register values, is not the entry's.
    #[error("`{name}` takes {expected} register values, {given} were given")]
    ArgumentCount {
        /// The entry's name.
        name: String,
        /// Register values it takes.
        expected: usize,
        /// Register values it was given.
        given: usize,
    },
    /// The run reached the limit on instructions.
    #[error("stopped after {instructions} instructions, the limit for this run")]
    InstructionLimit {
        /// Instructions executed.
        instructions: u64,
    },
    /// The memory grew beyond the limit for this run. WebAssembly allows it, so it is no trap.
    #[error("stopped at a memory of {pages} pages, {allowed} are the limit for this run")]
    MemoryLimit {
        /// Pages it would have.
        pages: u32,
        /// Pages it may have.
        allowed: u32,
    },
    /// The public input is too long.
    #[error("the public input has {bytes} bytes, at most {STREAM_BYTES_MAX} are supported")]
    InputTooLong {
        /// Its bytes.
        bytes: usize,
    },
    /// The cheapest instruction does not fit into a segment.
    #[error("a segment is too small for any instruction of this program")]
    SegmentTooSmall,
    /// The code left its bounds or an opcode met operands no compiled program has.
    #[error("malformed program at instruction {pc}")]
    MalformedProgram {
        /// Program counter.
        pc: u32,
    },
}

/// Bounds on a run.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Instructions the run may execute.
    pub instructions_max: u64,
    /// Pages the linear memory may reach; a growth beyond stops the run.
    pub memory_pages_max: u32,
    /// Called every 2^20 instructions with the count so far.
    pub progress: Option<fn(u64)>,
    /// Called with every message that the program logs.
    pub log: Option<fn(&[u8])>,
}

/// What a run is given to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inputs<'a> {
    /// The public input, which the claim binds.
    pub public: &'a [u8],
    /// The private input, which nothing binds: a proof says that there is one.
    pub private: &'a [u8],
}

impl Default for Limits {
    fn default() -> Self {
        Self { instructions_max: u64::MAX, memory_pages_max: PAGES_MAX, progress: None, log: None }
    }
}

/// A finished run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// How it ended.
    pub outcome: Outcome,
    /// The public output.
    pub output: Vec<u8>,
    /// Processor instructions executed.
    pub instructions: u64,
    /// WebAssembly operators executed, `block`, `loop` and `end` excluded.
    pub wasm_ops: u64,
}

/// An instruction as the interpreter reads it.
#[derive(Clone, Copy)]
pub(crate) struct Word {
    pub(crate) op: Op,
    /// WebAssembly operators it stands for; 255 when the source map has to be asked.
    pub(crate) wasm_ops: u8,
    pub(crate) d: u16,
    pub(crate) a: u16,
    pub(crate) b: u16,
    pub(crate) imm: u64,
}

/// A program with its memory, globals and tables, which persist between invocations.
pub struct Machine<'p> {
    pub(crate) program: &'p Program,
    pub(crate) code: Vec<Word>,
    pub(crate) registers: Vec<u64>,
    pub(crate) links: Vec<u64>,
    pub(crate) statics: Vec<u64>,
    pub(crate) memory: Vec<u8>,
    pub(crate) host: Host,
    pub(crate) limits: Limits,
    started: bool,
}

impl<'p> Machine<'p> {
    /// A machine in the program's initial state.
    #[must_use]
    pub fn new(program: &'p Program, limits: Limits) -> Self {
        let bytes = u64::from(program.memory_pages) * PAGE_BYTES;
        let mut memory = vec![0; usize::try_from(bytes).unwrap_or(0)];
        let mut statics = Vec::new();
        for cell in &program.cells {
            if cell.address >= STATIC_BASE {
                statics.push(cell.value);
            } else {
                let at = cell.address as usize * 8;
                if let Some(bytes) = memory.get_mut(at..at + 8) {
                    bytes.copy_from_slice(&cell.value.to_le_bytes());
                }
            }
        }
        let code = program.code.iter().enumerate().map(|(pc, instr)| {
            let wasm_ops = program.source.wasm_ops.get(pc).copied().unwrap_or(0);
            Word {
                op: instr.op,
                wasm_ops: u8::try_from(wasm_ops).unwrap_or(u8::MAX),
                d: instr.d,
                a: instr.a,
                b: instr.b,
                imm: instr.imm,
            }
        });
        Self {
            program,
            code: code.collect(),
            registers: vec![0; (STACK_REGISTERS + FRAME_REGISTERS_MAX) as usize],
            links: vec![0; STACK_REGISTERS as usize],
            statics,
            memory,
            host: Host::default(),
            limits,
            started: false,
        }
    }

    /// Gives the machine its inputs, before it has run.
    ///
    /// # Errors
    /// [`ExecuteError::InputTooLong`].
    pub fn set_inputs(&mut self, inputs: Inputs<'_>) -> Result<(), ExecuteError> {
        if inputs.public.len() as u64 > STREAM_BYTES_MAX {
            return Err(ExecuteError::InputTooLong { bytes: inputs.public.len() });
        }
        self.host = Host::new(inputs);
        Ok(())
    }

    /// Runs the start function, if the program has one and it has not run.
    ///
    /// # Errors
    /// As [`Machine::invoke`].
    pub fn start(&mut self) -> Result<Outcome, ExecuteError> {
        match self.program.start {
            Some(pc) if !self.started => {
                self.started = true;
                Ok(self.interpret(Cursor::new(pc, &[], 0))?.outcome)
            }
            _ => Ok(Outcome::Returned(Vec::new())),
        }
    }

    /// Runs an exported function; the first time, the start function before it.
    ///
    /// # Errors
    /// An unknown entry, a wrong number of arguments, or a limit reached.
    pub fn invoke(&mut self, entry: &str, args: &[u64]) -> Result<Run, ExecuteError> {
        let cursor = self.call(entry, args)?;
        self.interpret(cursor)
    }

    /// Where a call of an exported function begins.
    pub(crate) fn call(&mut self, entry: &str, args: &[u64]) -> Result<Cursor, ExecuteError> {
        let found = self.program.entry(entry).ok_or_else(|| ExecuteError::UnknownEntry { name: entry.to_owned() })?;
        let expected = registers(&found.params);
        if expected != args.len() {
            return Err(ExecuteError::ArgumentCount { name: entry.to_owned(), expected, given: args.len() });
        }
        let skip = u32::from(self.started && self.program.start.is_some());
        self.started = true;
        Ok(Cursor::new(found.pc + skip, args, registers(&found.results)))
    }

    /// The cell at an address; zero if it does not exist.
    pub(crate) fn cell(&self, address: u32) -> u64 {
        let found = if address >= LINK_BASE {
            self.links.get((address - LINK_BASE) as usize)
        } else if address >= HOST_BASE {
            return self.host.get(address - HOST_BASE);
        } else if address >= REGISTER_BASE {
            self.registers.get((address - REGISTER_BASE) as usize)
        } else if address >= STATIC_BASE {
            self.statics.get((address - STATIC_BASE) as usize)
        } else {
            let at = address as usize * CELL_BYTES as usize;
            let bytes = self.memory.get(at..).and_then(<[u8]>::first_chunk);
            return bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes));
        };
        found.copied().unwrap_or(0)
    }

    /// The static cell with this index: memory size, globals, table elements.
    #[must_use]
    pub fn static_cell(&self, index: u32) -> Option<u64> {
        self.statics.get(index as usize).copied()
    }

    /// The program that begins where this machine stands.
    ///
    /// Its initial cells are the present memory and static cells; its entries call no start
    /// function that has run. Any invocation is then a run from a program's initial state, which
    /// can be recorded and proven, and ends as the machine's own next invocation would. It is
    /// another program than the machine's, with an id of its own. What is in the host region is left out: inputs are a
    /// run's, not a program's.
    #[must_use]
    pub fn snapshot(&self) -> Program {
        let program = self.program;
        let (words, _) = self.memory.as_chunks::<{ CELL_BYTES as usize }>();
        let data = words.iter().map(|bytes| u64::from_le_bytes(*bytes)).zip(0..).filter(|(value, _)| *value != 0);
        let statics = self.statics.iter().copied().zip(STATIC_BASE..);
        let has_run = self.started && program.start.is_some();
        let mut entries = program.entries.clone();
        // A stub begins with its call of the start function.
        entries.iter_mut().for_each(|entry| entry.pc += u32::from(has_run));
        Program {
            code: program.code.clone(),
            cells: data.chain(statics).map(|(value, address)| InitialCell { address, value }).collect(),
            memory_pages: (self.memory.len() as u64 / PAGE_BYTES) as u32,
            memory_pages_max: program.memory_pages_max,
            entries,
            start: program.start.filter(|_| !has_run),
            source: program.source.clone(),
        }
    }

    /// The linear memory.
    #[must_use]
    pub fn memory(&self) -> &[u8] {
        &self.memory
    }
}

/// Runs an exported function of a program from its initial state, without inputs.
///
/// # Errors
/// As [`Machine::invoke`].
pub fn run(program: &Program, entry: &str, args: &[u64], limits: Limits) -> Result<Run, ExecuteError> {
    Machine::new(program, limits).invoke(entry, args)
}
