//! Wasmtime, asked for what ours should do.

use std::collections::HashMap;

use provasm_isa::Trap;
use wasmtime::{
    Config, Engine, Extern, ExternRef, Func, HeapType, Instance, Module, OptLevel, Store, V128, Val, WasmFeatures,
};

/// Wasmtime's own fuel: a guard that no generated case reaches.
const FUEL: u64 = 200_000_000;
/// Bytes of stack that Wasmtime may use; threads that run cases have twice that.
const STACK_BYTES: usize = 16 << 20;
/// Stack of a thread that runs cases.
pub const THREAD_STACK_BYTES: usize = 2 * STACK_BYTES;

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Results as register values, as far as they compare.
    Returned(Vec<u64>),
    /// A trap.
    Trapped(Trap),
    /// A guard of the harness stopped it.
    Stopped,
}

/// The engine with the features and the NaNs of ours.
pub(crate) struct Reference {
    engine: Engine,
}

impl Default for Reference {
    fn default() -> Self {
        let mut config = Config::new();
        config.cranelift_nan_canonicalization(true).cranelift_opt_level(OptLevel::None);
        config.wasm_features(WasmFeatures::all(), false);
        config.wasm_features(
            WasmFeatures::WASM2
                | WasmFeatures::TAIL_CALL
                | WasmFeatures::EXTENDED_CONST
                | WasmFeatures::MULTI_MEMORY
                | WasmFeatures::MEMORY64
                | WasmFeatures::RELAXED_SIMD
                | WasmFeatures::WIDE_ARITHMETIC,
            true,
        );
        config.relaxed_simd_deterministic(true).consume_fuel(true);
        // Nothing is asynchronous, but the greater stack has to be allowed there too.
        config.async_stack_size(THREAD_STACK_BYTES).max_wasm_stack(STACK_BYTES);
        Self { engine: Engine::new(&config).expect("a valid configuration of Wasmtime") }
    }
}

impl Reference {
    /// Compiles a module.
    ///
    /// # Errors
    /// Wasmtime's words.
    pub(crate) fn compile(&self, wasm: &[u8]) -> Result<Module, String> {
        Module::new(&self.engine, wasm).map_err(|error| format!("{error:#}"))
    }

    /// Instantiates a module; the inner error is the trap of a segment or of the start function.
    ///
    /// # Errors
    /// Wasmtime's words for anything that is no trap.
    pub(crate) fn instantiate(&self, module: &Module) -> Result<Result<Instantiated, End>, String> {
        let mut store = Store::new(&self.engine, ());
        store.set_fuel(FUEL).map_err(|error| error.to_string())?;
        match Instance::new(&mut store, module, &[]) {
            Ok(instance) => Ok(Ok(Instantiated::new(store, instance))),
            Err(error) => Ok(Err(trapped(&error)?)),
        }
    }
}

fn trapped(error: &wasmtime::Error) -> Result<End, String> {
    use wasmtime::Trap as Theirs;
    let Some(trap) = error.downcast_ref::<Theirs>() else { return Err(format!("{error:#}")) };
    Ok(End::Trapped(match trap {
        Theirs::UnreachableCodeReached => Trap::Unreachable,
        Theirs::IntegerDivisionByZero => Trap::DivideByZero,
        Theirs::IntegerOverflow => Trap::IntegerOverflow,
        Theirs::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        Theirs::TableOutOfBounds => Trap::UndefinedElement,
        Theirs::IndirectCallToNull => Trap::UninitializedElement,
        Theirs::BadSignature => Trap::IndirectCallTypeMismatch,
        Theirs::StackOverflow => Trap::CallStackExhausted,
        Theirs::BadConversionToInteger => Trap::InvalidConversion,
        Theirs::OutOfFuel => return Ok(End::Stopped),
        other => return Err(other.to_string()),
    }))
}

/// What a module's exports of one kind are called.
#[derive(Debug, Default)]
pub(crate) struct ExportNames {
    pub(crate) globals: Vec<String>,
    pub(crate) memories: Vec<String>,
    pub(crate) tables: Vec<String>,
    /// Number by name of the exported functions. Functions compare by number: a function with two
    /// names has the first one's. Numbers begin at 1, a null reference is 0.
    pub(crate) functions: HashMap<String, u64>,
}

/// The number of a function that is not exported.
pub(crate) const UNKNOWN_FUNCTION: u64 = u64::MAX;

/// A live instance.
pub(crate) struct Instantiated {
    store: Store<()>,
    instance: Instance,
    pub(crate) names: ExportNames,
    /// Number by address of the exported functions.
    functions: HashMap<usize, u64>,
}

impl Instantiated {
    fn new(mut store: Store<()>, instance: Instance) -> Self {
        let exports: Vec<(String, Extern)> =
            instance.exports(&mut store).map(|export| (export.name().to_owned(), export.into_extern())).collect();
        let mut names = ExportNames::default();
        let mut functions = HashMap::new();
        for (name, export) in exports {
            match export {
                Extern::Global(_) => names.globals.push(name),
                Extern::Memory(_) => names.memories.push(name),
                Extern::Table(_) => names.tables.push(name),
                Extern::Func(function) => {
                    let next = names.functions.len() as u64 + 1;
                    let number = *functions.entry(function.to_raw(&mut store) as usize).or_insert(next);
                    names.functions.insert(name, number);
                }
                _ => {}
            }
        }
        Self { store, instance, names, functions }
    }

    /// Calls an exported function.
    ///
    /// # Errors
    /// Wasmtime's words for anything that is no trap.
    pub(crate) fn call(&mut self, function: &str, args: &[u64]) -> Result<End, String> {
        let found = self.instance.get_func(&mut self.store, function).ok_or("no such function")?;
        let function_type = found.ty(&self.store);
        let mut registers = args.iter().copied();
        let params: Option<Vec<Val>> = function_type.params().map(|param| value(&param, &mut registers)).collect();
        let params = params.ok_or("too few arguments, or of a type that cannot be made")?;
        let mut results = vec![Val::I32(0); function_type.results().len()];
        match found.call(&mut self.store, &params, &mut results) {
            Ok(()) => Ok(End::Returned(results.iter().flat_map(|result| self.registers(result)).collect())),
            Err(error) => trapped(&error),
        }
    }

    /// The value of an exported global, as registers.
    pub(crate) fn global(&mut self, name: &str) -> Option<Vec<u64>> {
        let global = self.instance.get_global(&mut self.store, name)?;
        let value = global.get(&mut self.store);
        Some(self.registers(&value))
    }

    /// The content of an exported memory.
    pub(crate) fn memory(&mut self, name: &str) -> Option<&[u8]> {
        let memory = self.instance.get_memory(&mut self.store, name)?;
        Some(memory.data(&self.store))
    }

    /// The elements of an exported table, as far as they compare.
    pub(crate) fn table(&mut self, name: &str) -> Option<Vec<u64>> {
        let table = self.instance.get_table(&mut self.store, name)?;
        let size = table.size(&self.store);
        let mut elements = Vec::new();
        for index in 0..size {
            let element = Val::from(table.get(&mut self.store, index)?);
            elements.extend(self.registers(&element));
        }
        Some(elements)
    }

    /// Fuel used since the instance began.
    pub(crate) fn fuel_used(&self) -> u64 {
        FUEL - self.store.get_fuel().unwrap_or(0)
    }

    fn registers(&mut self, value: &Val) -> Vec<u64> {
        match value {
            Val::I32(value) => vec![u64::from(value.cast_unsigned())],
            Val::I64(value) => vec![value.cast_unsigned()],
            Val::F32(bits) => vec![u64::from(*bits)],
            Val::F64(bits) => vec![*bits],
            Val::V128(value) => {
                let value = value.as_u128();
                vec![value as u64, (value >> 64) as u64]
            }
            Val::FuncRef(Some(function)) => {
                let address = function.to_raw(&mut self.store) as usize;
                vec![self.functions.get(&address).copied().unwrap_or(UNKNOWN_FUNCTION)]
            }
            Val::FuncRef(None) | Val::ExternRef(None) => vec![0],
            // Nothing makes references to anything of the host.
            _ => vec![UNKNOWN_FUNCTION],
        }
    }
}

/// The next value of a type from registers; references are null.
fn value(value_type: &wasmtime::ValType, registers: &mut impl Iterator<Item = u64>) -> Option<Val> {
    let low = registers.next()?;
    Some(match value_type {
        wasmtime::ValType::I32 => Val::I32((low as u32).cast_signed()),
        wasmtime::ValType::I64 => Val::I64(low.cast_signed()),
        wasmtime::ValType::F32 => Val::F32(low as u32),
        wasmtime::ValType::F64 => Val::F64(low),
        wasmtime::ValType::V128 => Val::V128(V128::from(u128::from(low) | u128::from(registers.next()?) << 64)),
        wasmtime::ValType::Ref(reference) => match reference.heap_type() {
            HeapType::Func => Val::FuncRef(None::<Func>),
            HeapType::Extern => Val::ExternRef(None::<wasmtime::Rooted<ExternRef>>),
            _ => return None,
        },
    })
}
