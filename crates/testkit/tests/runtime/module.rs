//! Calling functions of a module by name, all values being bits.

use std::collections::HashMap;

use wasmtime::{Engine, Func, Instance, Module, Store, Trap, Val, ValType};

/// The runtime library.
pub(crate) const RUNTIME: &[u8] = include_bytes!("../../../compile/runtime/runtime.wasm");

/// An instance of a module of functions on integers.
pub(crate) struct Functions {
    store: Store<()>,
    functions: HashMap<String, (Func, Vec<ValType>)>,
}

impl Functions {
    pub(crate) fn new(wasm: &[u8]) -> Self {
        let engine = Engine::default();
        let module = Module::new(&engine, wasm).expect("Wasmtime compiles it");
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).expect("Wasmtime instantiates it");
        let exports: Vec<(String, Func)> = instance
            .exports(&mut store)
            .map(|export| (export.name().to_owned(), export.into_func().expect("only functions are exported")))
            .collect();
        let functions = exports
            .into_iter()
            .map(|(name, function)| {
                let params = function.ty(&store).params().collect();
                (name, (function, params))
            })
            .collect();
        Self { store, functions }
    }

    /// The results of a function, or the trap.
    pub(crate) fn call(&mut self, name: &str, args: &[u64]) -> Result<Vec<u64>, Trap> {
        let (function, params) = self.functions.get(name).unwrap_or_else(|| panic!("{name} is not exported"));
        assert_eq!(params.len(), args.len(), "{name}");
        let args: Vec<Val> = params.iter().zip(args).map(|(param, bits)| value(param, *bits)).collect();
        let mut results = vec![Val::I32(0); function.ty(&self.store).results().len()];
        match function.call(&mut self.store, &args, &mut results) {
            Ok(()) => Ok(results.iter().map(bits).collect()),
            Err(error) => Err(*error.downcast_ref::<Trap>().expect("a call fails by a trap")),
        }
    }

    /// The one result of a routine, which never traps.
    pub(crate) fn routine(&mut self, name: &str, args: &[u64]) -> u64 {
        match self.call(name, args).expect("a routine does not trap")[..] {
            [result] => result,
            _ => panic!("{name} has not one result"),
        }
    }
}

fn value(value_type: &ValType, bits: u64) -> Val {
    match value_type {
        ValType::I32 => Val::I32(bits as u32 as i32),
        ValType::I64 => Val::I64(bits.cast_signed()),
        _ => panic!("not an integer type: {value_type}"),
    }
}

fn bits(value: &Val) -> u64 {
    match *value {
        Val::I32(value) => u64::from(value.cast_unsigned()),
        Val::I64(value) => value.cast_unsigned(),
        _ => panic!("not an integer: {value:?}"),
    }
}
