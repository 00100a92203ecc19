//! The guests end as under Wasmtime: the same result or trap, and the same memory.

use std::collections::BTreeSet;

use provasm_compile::{Options, Program, compile};
use provasm_execute::{Limits, Machine, Outcome};
use provasm_program::ValType;
use provasm_testkit::{guest_calls, guest_wasm};
use wasmtime::{Engine, Instance, Memory, Module, Store, Val};

/// Arguments tried on every function of one parameter, besides the listed calls.
const SMALL_ARGUMENTS: [u64; 4] = [0, 1, 2, 3];
/// Arguments above this are left out, to keep the test short.
const ARGUMENT_MAX: u64 = 20_000;

/// How a call ended: its results, or that it trapped.
type End = Result<Vec<u64>, ()>;

fn calls() -> BTreeSet<(String, String, Vec<u64>)> {
    let mut calls = BTreeSet::new();
    for call in guest_calls() {
        if let [argument] = call.args[..] {
            let arguments = SMALL_ARGUMENTS.into_iter().chain((argument <= ARGUMENT_MAX).then_some(argument));
            for argument in arguments {
                calls.insert((call.file.clone(), call.entry.clone(), vec![argument]));
            }
        } else {
            calls.insert((call.file, call.entry, call.args));
        }
    }
    calls
}

fn value(value_type: ValType, register: u64) -> Val {
    match value_type {
        ValType::I32 => Val::I32(register as i32),
        ValType::I64 => Val::I64(register.cast_signed()),
        ValType::F32 => Val::F32(register as u32),
        ValType::F64 => Val::F64(register),
        other => panic!("the guests take numbers, no {}", other.name()),
    }
}

fn register(value: &Val) -> u64 {
    match *value {
        Val::I32(value) => u64::from(value.cast_unsigned()),
        Val::I64(value) => value.cast_unsigned(),
        Val::F32(bits) => u64::from(bits),
        Val::F64(bits) => bits,
        _ => panic!("the guests return numbers"),
    }
}

/// The end and the memory after a call under Wasmtime.
fn reference(engine: &Engine, wasm: &[u8], program: &Program, entry: &str, args: &[u64]) -> (End, Vec<u8>) {
    let module = Module::new(engine, wasm).expect("Wasmtime compiles it");
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, &module, &[]).expect("Wasmtime instantiates it");
    let signature = program.entry(entry).expect("the export is an entry");
    let params: Vec<Val> = signature.params.iter().zip(args).map(|(param, arg)| value(*param, *arg)).collect();
    let mut results = vec![Val::I32(0); signature.results.len()];
    let function = instance.get_func(&mut store, entry).expect("the export is a function");
    let end = function.call(&mut store, &params, &mut results);
    let memory: Memory = instance.get_memory(&mut store, "memory").expect("guests export their memory");
    let end = end.map(|()| results.iter().map(register).collect()).map_err(|_| ());
    (end, memory.data(&store).to_vec())
}

#[test]
fn guests_end_as_under_wasmtime() {
    let engine = Engine::default();
    for (file, entry, args) in calls() {
        let wasm = guest_wasm(&file).expect("the guest is committed");
        let program = compile(&wasm, &Options::default()).expect("the guest compiles");
        let mut machine = Machine::new(&program, Limits::default());
        let found = match machine.invoke(&entry, &args).expect("the call runs").outcome {
            Outcome::Returned(results) => Ok(results),
            Outcome::Exited(_) | Outcome::Trapped(_) => Err(()),
        };
        let (expected, memory) = reference(&engine, &wasm, &program, &entry, &args);
        assert_eq!(found, expected, "{file} {entry} {args:?}");
        assert!(machine.memory() == memory, "{file} {entry} {args:?}: the memories differ");
    }
}
