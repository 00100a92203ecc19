//! Calling routines with a memory and a host region of the test's own.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use provasm::wasi::World;
use wasmtime::{Caller, Engine, Func, Instance, Linker, Memory, MemoryType, Module, Store, Trap, Val, ValType};

/// The host library.
pub(crate) const HOST: &[u8] = include_bytes!("../../../compile/runtime/host.wasm");

/// The host region, as `runtime/host` has it.
const INPUT: u32 = 0;
const OUTPUT: u32 = 1 << 26;
const SCRATCH: u32 = 1 << 27;
const SCRATCH_CELLS: u32 = 1 << 24;

/// Bytes of a page.
const PAGE: usize = 1 << 16;

/// Errnos.
pub(crate) const SUCCESS: u64 = 0;
pub(crate) const BADF: u64 = 8;
pub(crate) const EXIST: u64 = 20;
pub(crate) const FAULT: u64 = 21;
pub(crate) const INVAL: u64 = 28;
pub(crate) const ISDIR: u64 = 31;
pub(crate) const MFILE: u64 = 33;
pub(crate) const NAMETOOLONG: u64 = 37;
pub(crate) const NOENT: u64 = 44;
pub(crate) const NOSPC: u64 = 51;
pub(crate) const NOTDIR: u64 = 54;
pub(crate) const NOTSOCK: u64 = 57;
pub(crate) const NOTSUP: u64 = 58;
pub(crate) const PERM: u64 = 63;
pub(crate) const ROFS: u64 = 69;
pub(crate) const SPIPE: u64 = 70;

/// How a call ended that did not return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Exit(u32),
    Refused,
    Trap(Trap),
}

impl fmt::Display for End {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}

impl std::error::Error for End {}

/// What the processor has beside the memory.
#[derive(Default)]
pub(crate) struct Machine {
    cells: HashMap<u32, u64>,
    /// Private input that was not taken.
    pub(crate) private: Vec<u8>,
    /// What a prover says is left of it, instead of the truth.
    pub(crate) private_left: Option<u64>,
    pub(crate) log: Vec<u8>,
    /// Accesses to cells.
    pub(crate) accesses: u64,
    memory: Option<Memory>,
}

impl Machine {
    fn new(input: &[u8]) -> Self {
        let mut machine = Machine::default();
        machine.set_bytes(INPUT, input);
        machine
    }

    fn set_bytes(&mut self, at: u32, bytes: &[u8]) {
        self.cells.insert(at, bytes.len() as u64);
        for (index, chunk) in (1..).zip(bytes.chunks(8)) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.cells.insert(at + index, u64::from_le_bytes(word));
        }
    }

    fn get(&mut self, cell: u32) -> u64 {
        self.accesses += 1;
        let input_cells = self.cells[&INPUT].div_ceil(8) as u32;
        assert!(cell <= input_cells || cell >= OUTPUT, "cell {cell} is behind the input");
        assert!(cell < SCRATCH + SCRATCH_CELLS, "cell {cell} is behind the region");
        self.cells.get(&cell).copied().unwrap_or(0)
    }

    fn set(&mut self, cell: u32, value: u64) {
        self.accesses += 1;
        assert!((OUTPUT..SCRATCH + SCRATCH_CELLS).contains(&cell), "cell {cell} is not for routines");
        self.cells.insert(cell, value);
    }

    fn hint(&mut self, kind: u32) -> u64 {
        match kind {
            0 => self.private_left.unwrap_or(self.private.len() as u64),
            1 => {
                let rest = self.private.split_off(self.private.len().min(8));
                let mut word = [0; 8];
                word[..self.private.len()].copy_from_slice(&self.private);
                self.private = rest;
                u64::from_le_bytes(word)
            }
            _ => panic!("there is no hint {kind}"),
        }
    }
}

/// The routines, a memory and a machine.
pub(crate) struct Host {
    store: Store<Machine>,
    memory: Memory,
    instance: Instance,
}

/// The start of the memory that tests use for results.
pub(crate) const RESULT: u64 = 16;

impl Host {
    /// Routines for a program with this public input and one page of memory.
    pub(crate) fn new(input: &[u8]) -> Self {
        Self::with_pages(input, 1)
    }

    /// Routines for a program that sees a world.
    pub(crate) fn world(world: &World) -> Self {
        Self::new(&world.encode().expect("a world that can be"))
    }

    pub(crate) fn with_pages(input: &[u8], pages: u32) -> Self {
        static MODULE: LazyLock<Module> =
            LazyLock::new(|| Module::new(&Engine::default(), HOST).expect("Wasmtime compiles it"));
        let engine = MODULE.engine();
        let mut store = Store::new(engine, Machine::new(input));
        let memory = Memory::new(&mut store, MemoryType::new(pages, None)).expect("a memory");
        store.data_mut().memory = Some(memory);
        let mut linker = Linker::new(engine);
        define_instructions(&mut linker).expect("the processor's instructions");
        linker.define(&store, "env", "memory", memory).expect("a memory");
        let instance = linker.instantiate(&mut store, &MODULE).expect("Wasmtime instantiates it");
        Self { store, memory, instance }
    }

    pub(crate) fn machine(&mut self) -> &mut Machine {
        self.store.data_mut()
    }

    /// The result of a routine, 0 if it has none, or how the run ended.
    pub(crate) fn call(&mut self, name: &str, args: &[u64]) -> Result<u64, End> {
        let function: Func =
            self.instance.get_func(&mut self.store, name).unwrap_or_else(|| panic!("{name} is not exported"));
        let params: Vec<ValType> = function.ty(&self.store).params().collect();
        assert_eq!(params.len(), args.len(), "{name}");
        let args: Vec<Val> = params.iter().zip(args).map(|(param, bits)| value(param, *bits)).collect();
        let mut results = vec![Val::I32(0); function.ty(&self.store).results().len()];
        match function.call(&mut self.store, &args, &mut results) {
            Ok(()) => Ok(results.first().map_or(0, |result| u64::from(result.unwrap_i32().cast_unsigned()))),
            Err(error) => match (error.downcast_ref::<End>(), error.downcast_ref::<Trap>()) {
                (Some(end), _) => Err(*end),
                (None, Some(trap)) => Err(End::Trap(*trap)),
                (None, None) => panic!("{name}: {error}"),
            },
        }
    }

    /// The errno of a WASI function, which returns.
    pub(crate) fn wasi(&mut self, name: &str, args: &[u64]) -> u64 {
        self.call(&format!("wasi_snapshot_preview1.{name}"), args).unwrap_or_else(|end| panic!("{name}: {end}"))
    }

    pub(crate) fn write(&mut self, at: u64, bytes: &[u8]) {
        self.memory.write(&mut self.store, at as usize, bytes).expect("within the memory");
    }

    pub(crate) fn read(&self, at: u64, length: u64) -> Vec<u8> {
        self.memory.data(&self.store)[at as usize..][..length as usize].to_vec()
    }

    pub(crate) fn u32(&self, at: u64) -> u64 {
        u64::from(u32::from_le_bytes(self.read(at, 4).try_into().expect("four bytes")))
    }

    pub(crate) fn u64(&self, at: u64) -> u64 {
        u64::from_le_bytes(self.read(at, 8).try_into().expect("eight bytes"))
    }

    /// Writes the words of a structure.
    pub(crate) fn write_u32s(&mut self, at: u64, words: &[u64]) {
        let bytes: Vec<u8> = words.iter().flat_map(|word| (*word as u32).to_le_bytes()).collect();
        self.write(at, &bytes);
    }

    /// Bytes of the memory.
    pub(crate) fn memory_bytes(&self) -> u64 {
        self.memory.size(&self.store) * PAGE as u64
    }

    /// All of the memory, to see what changed.
    pub(crate) fn memory_image(&self) -> Vec<u8> {
        self.read(0, self.memory_bytes())
    }

    /// The public output. Every cell of it is as it has to be.
    pub(crate) fn output(&self) -> Vec<u8> {
        let cells = &self.store.data().cells;
        let length = cells.get(&OUTPUT).copied().unwrap_or(0) as usize;
        let words = length.div_ceil(8) as u32;
        let cell = |index: u32| cells.get(&(OUTPUT + 1 + index)).copied().unwrap_or(0);
        let mut bytes: Vec<u8> = (0..words).flat_map(|index| cell(index).to_le_bytes()).collect();
        assert!(bytes.split_off(length).iter().all(|&byte| byte == 0), "bytes behind the output's end");
        let last = cells.keys().filter(|&&cell| (OUTPUT..SCRATCH).contains(&cell)).max();
        assert!(last.is_none_or(|&last| last <= OUTPUT + words), "a cell behind the output's end");
        bytes
    }

    /// Sets the length of the public output, as if so much had been written.
    pub(crate) fn set_output_length(&mut self, length: u64) {
        self.machine().cells.insert(OUTPUT, length);
    }
}

/// Defines the processor's instructions.
fn define_instructions(linker: &mut Linker<Machine>) -> wasmtime::Result<()> {
    linker.func_wrap("host", "get", |mut caller: Caller<'_, Machine>, cell: u32| caller.data_mut().get(cell))?;
    linker.func_wrap("host", "set", |mut caller: Caller<'_, Machine>, cell: u32, value: u64| {
        caller.data_mut().set(cell, value);
    })?;
    linker.func_wrap("host", "hint", |mut caller: Caller<'_, Machine>, kind: u32| caller.data_mut().hint(kind))?;
    linker.func_wrap("host", "exit", |code: u32| -> wasmtime::Result<()> { Err(End::Exit(code).into()) })?;
    linker.func_wrap("host", "refuse", || -> wasmtime::Result<()> { Err(End::Refused.into()) })?;
    linker.func_wrap("host", "log", |mut caller: Caller<'_, Machine>, at: u32, length: u32| {
        let memory = caller.data().memory.expect("a memory");
        let bytes = memory.data(&caller).get(at as usize..at as usize + length as usize).map(<[u8]>::to_vec);
        caller.data_mut().log.extend(bytes.unwrap_or_default());
    })?;
    Ok(())
}

fn value(value_type: &ValType, bits: u64) -> Val {
    match value_type {
        ValType::I32 => Val::I32(bits as u32 as i32),
        ValType::I64 => Val::I64(bits.cast_signed()),
        _ => panic!("not an integer type: {value_type}"),
    }
}
