//! The host library: its form, and its routines under Wasmtime with the processor's instructions played by a map of
//! cells. Programs that use the routines are tested where they are run and proven.

mod files;
mod form;
mod harness;
mod interface;
mod paths;
mod poll;
mod streams;
mod world;
