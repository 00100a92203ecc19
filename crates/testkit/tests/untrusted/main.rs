//! WebAssembly that is made to exhaust something: a typed error or an ordinary result, and memory that is bounded by what
//! the module has and the run may do.

#[path = "../proof_bytes/allocator.rs"]
mod allocator;
#[path = "../../../compile/examples/hostile/modules.rs"]
mod modules;
mod modules_in_bounds;
mod runs;
