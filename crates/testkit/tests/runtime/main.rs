//! The runtime library: its form, and its routines against the operators they stand for, under Wasmtime.

mod inputs;
mod module;
mod scalar;
mod structure;
